import os
import shutil
import time

import pytest

from torchgrade.errors import CourseError
from torchgrade.watch.places import Looker, find_assignments, first_of

from .samples import hand_out, save


def found(place):
    assignments, name = find_assignments(place)
    return [assignment.slug for assignment in assignments], name


def test_a_file_an_assignment_or_all_of_them(handed_out):
    hand_out(handed_out.parent / "02-more")
    assert found(handed_out / "steps.py") == (["01-steps"], "steps.py")
    assert found(handed_out) == (["01-steps"], "")
    assert found(handed_out.parent) == (["01-steps", "02-more"], "")


@pytest.mark.parametrize(
    ("spoil", "name", "words"),
    [
        (lambda folder: None, "stepps.py", "is not there"),
        (lambda folder: None, "assignment.toml", "neither .py nor .ipynb"),
        (lambda folder: (folder / "assignment.toml").unlink(), "steps.py", "no assignment.toml beside it"),
        (lambda folder: (folder / "assignment.toml").unlink(), "", "neither this folder nor one in it"),
        (lambda folder: (folder / "test_steps.py").unlink(), "", "there are no checks"),
    ],
)
def test_where_there_is_nothing_to_watch_it_says_what_to_do(handed_out, spoil, name, words):
    spoil(handed_out)
    with pytest.raises(CourseError, match=words):
        find_assignments(handed_out / name)


def test_it_begins_where_the_student_was_last(handed_out):
    for slug in ("02-more", "03-most"):
        shutil.copytree(handed_out, handed_out.parent / slug)
    assignments, _ = find_assignments(handed_out.parent)
    assert first_of(assignments).slug == "01-steps"  # nothing was touched: the first, though copied first as well
    later = time.time() + 3600
    os.utime(handed_out.parent / "02-more" / "steps.py", (later, later))
    assert first_of(assignments).slug == "02-more"


def test_where_nothing_was_touched_what_is_full_is_passed_over(handed_out):
    hand_out(handed_out.parent / "02-more")
    (handed_out / "steps.py").write_text("def one(): return 1\n")
    assert first_of(find_assignments(handed_out.parent)[0]).slug == "02-more"


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "a.py"
    path.write_text("1")
    return path


def watching(*paths):
    looker = Looker()
    looker.watch(paths)
    return looker


def test_a_change_is_told_once_and_only_when_the_file_has_come_to_rest(file):
    looker = watching(file)
    assert looker.saved() == []
    file.write_text("12")
    assert looker.saved() == []
    assert looker.restless
    file.write_text("123")
    assert looker.saved() == []
    assert looker.saved() == [file]
    assert looker.saved() == []
    assert not looker.restless


def test_a_file_that_another_takes_the_place_of_is_told(file):
    looker = watching(file)
    before = file.stat()
    save(file, "2")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    looker.saved()
    assert looker.saved() == [file]


def test_a_file_that_is_gone_for_a_moment_is_not_missed(file):
    looker = watching(file)
    file.unlink()
    assert [looker.saved(), looker.saved(), looker.saved()] == [[], [], []]
    file.write_text("later")
    looker.saved()
    assert looker.saved() == [file]


def test_a_file_that_stays_away_is_told(file, monkeypatch):
    monkeypatch.setattr("torchgrade.watch.places.MISSING_SECONDS", 0)
    looker = watching(file)
    file.unlink()
    looker.saved()
    assert looker.saved() == [file]


def test_a_file_may_come_later_and_the_newest_is_told_last(file):
    other = file.with_name("b.py")
    looker = watching(other, file)
    other.write_text("new")
    os.utime(file, (0, 0))
    looker.saved()
    assert looker.saved() == [file, other]
