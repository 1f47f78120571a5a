"""`torchgrade new` where there is nothing yet: what is said leads to a course."""

import re

from torchgrade.cli import main


def test_what_is_said_outside_of_a_course_begins_one(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["new", "01-first"]) == 2
    (folders,) = re.findall(r"To begin a course: mkdir (\w+) (\w+)$", capsys.readouterr().err.strip())
    for folder in folders:
        (tmp_path / folder).mkdir()
    assert main(["new", "01-first"]) == 0
