import json

import pytest

from torchgrade.cli import main


@pytest.fixture(autouse=True)
def inside(mini, monkeypatch):
    monkeypatch.chdir(mini)


def change(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


def test_a_sound_assignment_holds(mini, capsys):
    assert main(["verify", "--seeds", "2"]) == 0
    assert "01-mini: holds: reference full on 2/2 seeds" in capsys.readouterr().out


def test_json_lists_what_was_tried(mini, capsys):
    main(["verify", "--seeds", "1", "--json"])
    (proof,) = json.loads(capsys.readouterr().out)
    assert proof["holds"]
    assert [(one["kind"], one["name"]) for one in proof["findings"]] == [
        ("reference", "seed 0"),
        ("stub", "untouched"),
        ("alternative", "by_full"),
        ("misconception", "from_numpy"),
        ("misconception", "in_place"),
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("assignments/01-mini/solution.py", "return x / 2", "return x / 3", "reference seed 0: graders/01-mini"),
        (
            "assignments/01-mini/misconceptions.py",
            "x.div_(2)",
            "x / 2",
            "misconception halve.in_place: it loses no points",
        ),
        ("fixtures/alternatives/01-mini/by_full.py", "0.0", "1.0", "alternative by_full: graders/01-mini"),
        (
            "graders/01-mini/test_mini.py",
            "expect(submission.zeros_matrix(3, 4)).equal(torch.zeros(3, 4))",
            "pass",
            "stub untouched: graders/01-mini/test_mini.py::test_shape_and_dtype passes on the untouched stub",
        ),
        (
            "graders/01-mini/test_mini.py",
            "expect(submission.zeros_matrix(3, 4))",
            "submission.halve(torch.ones(1))\n    expect(submission.zeros_matrix(3, 4, 5))",
            "does not pass",
        ),
    ],
)
def test_whatever_falls_short_is_named_and_exits_1(mini, capsys, file, old, new, words):
    change(mini / file, old, new)
    assert main(["verify", "--seeds", "1"]) == 1
    out = capsys.readouterr().out
    assert words in out
    assert "falls short" in out
