import pytest

from torchgrade.cli import main


def test_a_sound_assignment_holds_and_a_second_run_tries_nothing(mini, verify, verify_json):
    code, out = verify("--seeds", "4")
    assert code == 0
    assert "01-mini: holds: reference full on 4/4 seeds" in out
    assert "mutants killed" in out
    page = (mini / "OUT" / "verify" / "01-mini.html").read_text(encoding="utf-8")
    assert "Everything holds" in page
    code, record = verify_json("--seeds", "4")
    assert code == 0
    assert all(part["attempts"] == part["kept"] for part in record["parts"])
    assert record["counts"]["right_kept"] == 8
    assert {part["name"]: part["attempts"] for part in record["parts"]}["under load"] == 1
    assert all(one["runs"] == 8 and one["failures"] == 0 for one in record["checks"])
    assert {one["id"].rpartition("::")[2] for one in record["checks"] if one["loaded_seconds"]} == {
        "test_shape_and_dtype",
        "test_other_sizes[1]",
        "test_other_sizes[2]",
        "test_other_sizes[5]",
        "test_halves",
    }


def test_in_a_hurry_misconceptions_meet_the_checks_of_their_own_exercise_only(verify_json):
    points = {}
    for option in ("--again", "--quick"):
        code, record = verify_json("--mutants", "0", "--seeds", "1", option)
        assert (code, record["quick"]) == (0, option == "--quick")
        points[option] = [one["max_score"] for one in record["findings"] if one["kind"] == "misconception"]
    assert points == {"--again": pytest.approx([6, 6]), "--quick": pytest.approx([3, 3])}


def test_json_lists_what_was_tried(verify_json):
    _, record = verify_json("--mutants", "0")
    assert record["holds"]
    assert record["mutants"] == []
    assert record["mutation_score"] is None
    assert [(one["kind"], one["name"]) for one in record["findings"]] == [
        ("reference", "solution"),
        ("alternative", "by_full"),
        ("stub", "untouched"),
        ("misconception", "from_numpy"),
        ("misconception", "in_place"),
    ]


@pytest.mark.parametrize(
    ("file", "old", "new", "words"),
    [
        ("assignments/01-mini/solution.py", "return x / 2", "return x / 3", "reference solution: graders/01-mini"),
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
def test_whatever_falls_short_is_named_and_exits_1(mini, verify, change, file, old, new, words):
    change(mini / file, old, new)
    code, out = verify("--mutants", "0")
    assert code == 1
    assert words in out
    assert "falls short" in out


def test_survivors_are_shown_with_their_change_and_counted(mini, verify, verify_json, change):
    graders = mini / "graders/01-mini/test_mini.py"
    change(graders, ".untouched().equal(SECRET / 2)", ".untouched()")
    change(mini / "assignments/01-mini/misconceptions.py", "return torch.from_numpy", "return None or torch.from_numpy")
    code, out = verify()
    assert code == 1
    assert "  +    return x / 3" in out
    assert "of the mutants are caught, and 95% are asked for" in out
    code, record = verify_json()
    survivor = next(one for one in record["mutants"] if one["change"] == "return x / 2 → return x / 3")
    assert survivor["verdict"] == "survived"
    assert record["mutation_score"] < 0.95
    assert "no check notices" not in str(record)


def test_an_equivalent_is_counted_apart_a_false_one_falls_short_and_a_stale_one_is_reported(
    mini, verify_json, verify, change
):
    change(mini / "graders/01-mini/test_mini.py", ".untouched().equal(SECRET / 2)", ".untouched()")
    code, record = verify_json()
    ids = {one["change"]: one for one in record["mutants"]}
    survived = [one["id"] for one in record["mutants"] if one["verdict"] == "survived"]
    killed = ids["return torch.zeros(rows, columns) → return torch.ones(rows, columns)"]["id"]
    entry = '[[equivalent]]\nexercise = "halve"\nmutant = "{}"\nchange = "c"\nreason = "It is so."\n'
    file = mini / "assignments/01-mini/equivalent.toml"
    file.write_text("".join(entry.format(name) for name in [*survived, "halve-00000000"]), encoding="utf-8")
    code, record = verify_json()
    assert code == 0
    assert record["mutation_score"] == 1
    assert record["counts"]["equivalent"] == len(survived)
    assert [one["mutant"] for one in record["stale_equivalents"]] == ["halve-00000000"]
    file.write_text(entry.format(killed), encoding="utf-8")
    code, out = verify()
    assert code == 1
    assert f"mutant {killed}: equivalent.toml has it, but graders/01-mini/test_mini.py" in out


def test_a_loop_is_killed_by_the_clock_long_before_the_assignments_own(mini, verify_json, change):
    change(mini / "assignments/01-mini/assignment.toml", "seconds = 2", "seconds = 60")
    change(
        mini / "assignments/01-mini/solution.py",
        "return x / 2",
        "left = 1\n    while left > 0:\n        left -= 1\n    return x / 2",
    )
    _, record = verify_json()
    loops = [one for one in record["mutants"] if one["status"] == "timeout"]
    assert "left -= 1 → left += 1" in {one["change"] for one in loops}
    assert all(one["verdict"] == "killed" for one in loops)
    assert record["counts"]["by_clock"] == len(loops)
    assert next(part for part in record["parts"] if part["name"] == "mutants")["seconds"] < 50


def test_no_mutants_are_tried_while_the_reference_loses_points(mini, verify_json, change):
    change(mini / "assignments/01-mini/solution.py", "return x / 2", "return x / 3")
    code, record = verify_json()
    assert code == 1
    assert record["mutants"] == []


@pytest.mark.parametrize("arguments", [["--seeds", "0"], ["--mutants", "-1"], ["--jobs", "none"]])
def test_a_wrong_option_exits_2(arguments, mini, monkeypatch, capsys):
    monkeypatch.chdir(mini)
    with pytest.raises(SystemExit) as stop:
        main(["verify", *arguments])
    assert stop.value.code == 2
    assert "give a whole number" in capsys.readouterr().err


def test_a_mistake_in_equivalent_toml_exits_2(mini, monkeypatch, capsys):
    monkeypatch.chdir(mini)
    (mini / "assignments/01-mini/equivalent.toml").write_text("[[equivalent]]\n", encoding="utf-8")
    assert main(["verify"]) == 2
    assert "equivalent.toml: equivalent[0].exercise: the key is missing" in capsys.readouterr().err
