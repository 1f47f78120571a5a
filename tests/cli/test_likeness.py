"""`torchgrade similar`: the page, the JSON and the table."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from torchgrade.cli import main

from ..similarity.samples import COURSE, disguised, honest, notebook

EVIL = "<script>alert('1')</script>"


@pytest.fixture
def course(mini, monkeypatch):
    monkeypatch.chdir(mini)
    monkeypatch.setenv("COLUMNS", "200")
    subs = mini / "subs"
    subs.mkdir()
    long = honest("12-attention")[0].source
    (subs / "ada.py").write_text(long, encoding="utf-8")
    (subs / "ben.ipynb").write_text(notebook(disguised(long)), encoding="utf-8")
    (subs / "cleo.py").write_text(honest("08-modules-data")[0].source, encoding="utf-8")
    return mini


def run(*arguments):
    assert main(["similar", "mini", "subs", "--out", "out", *arguments]) == 0
    return json.loads(Path("out/01-mini.json").read_text("utf-8"))


def test_a_copy_in_a_notebook_is_found_and_nothing_is_run(course, capsys):
    (course / "subs" / "dan.py").write_text("open('ran', 'w')\n", encoding="utf-8")
    record = run()
    assert [pair["submissions"] for pair in record["pairs"]] == [["ada", "ben"]]
    assert record["pairs"][0]["share"] > 0.6
    assert all(one["lines"][0] and one["lines"][1] for one in record["pairs"][0]["exercises"])
    assert "not a verdict" in record["note"]
    said = capsys.readouterr().out
    assert "ada" in said
    assert "not a verdict" in said
    page = (course / "out" / "01-mini.html").read_text("utf-8")
    assert "not a verdict" in page
    assert 'class="row shared"' in page
    assert not (course / "ran").exists()


def test_what_cannot_be_read_is_named_and_does_not_stop_it(course):
    (course / "subs" / "eve.ipynb").write_text("{", encoding="utf-8")
    (course / "subs" / "far.py").write_text("x = 1\n" * 20_000, encoding="utf-8")
    (course / "subs" / "latin.py").write_bytes(b"# -*- coding: latin-1 -*-\nname = '\xe9'\n")
    record = run()
    assert [one["submission"] for one in record["troubles"]] == ["eve", "far"]
    assert "cut off" in record["troubles"][0]["why"]
    assert len(record["pairs"]) == 1


def test_whatever_a_student_wrote_is_text(course):
    code = (course / "subs" / "ada.py").read_text("utf-8").replace("\n    return", f"\n    # {EVIL}\n    return")
    (course / "subs" / f"{EVIL.replace('/', '')}.py").write_text(code, encoding="utf-8")
    run()
    page = (course / "out" / "01-mini.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_code_that_anyone_may_have_is_named(course):
    assert run("--known", "subs/ada.py")["pairs"] == []


def test_attempts_of_one_student_are_no_pair(course):
    code = (course / "subs" / "ada.py").rename(course / "subs" / "ada__1.py").read_text("utf-8")
    (course / "subs" / "ada__2.py").write_text(code, encoding="utf-8")
    pairs = {tuple(pair["submissions"]) for pair in run("--times", "names")["pairs"]}
    assert pairs == {("ada__1", "ben"), ("ada__2", "ben")}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["similar", "mini", "nowhere"], "nowhere does not exist"),
        (["similar", "mini", "subs", "--known", "none.py"], "none.py does not exist"),
        (["similar", "other", "subs"], "other"),
    ],
)
def test_what_is_wrong_is_said_and_ends_with_2(course, capsys, arguments, words):
    assert main(arguments) == 2
    assert words in capsys.readouterr().err


def test_no_torch_is_loaded(course):
    code = (
        "import sys; from torchgrade.cli import main; code = main(['similar', 'mini', 'subs', '--out', 'out']);"
        "print(code, 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 False"


def test_the_courses_own_answers_are_known(tmp_path):
    folder = COURSE.root / "fixtures" / "alternatives" / "01-tensors"
    given = ["similar", "01-tensors", str(folder), "--course", str(COURSE.root), "--out", str(tmp_path)]
    assert main(given) == 0
    assert json.loads((tmp_path / "01-tensors.json").read_text("utf-8"))["pairs"] == []
