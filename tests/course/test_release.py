import os
from pathlib import Path

import pytest

from torchgrade.course import new_assignment, release, released_files, stale

SLUGS = ["01-tensors"]
NAMES = [
    ".github/workflows/checks.yml",
    ".gitignore",
    ".gitlab-ci.yml",
    "01-tensors/README.md",
    "01-tensors/assignment.toml",
    "01-tensors/handout.md",
    "01-tensors/lesson_tensors.ipynb",
    "01-tensors/lesson_tensors.py",
    "01-tensors/test_lesson_tensors.py",
    "README.md",
    "checks.sh",
    "pytest.ini",
    "requirements.txt",
]


@pytest.fixture(autouse=True)
def renamed(course):
    """Give the module a name that is not its assignment's, so that no test passes by mixing them up."""
    file = course.assignment("01-tensors").folder / "assignment.toml"
    edit(file, 'module = "tensors"', 'module = "lesson_tensors"')
    old = course.graders("01-tensors") / "test_tensors.py"
    old.rename(old.with_name("test_lesson_tensors.py"))


@pytest.fixture
def to(course):
    return course.template


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


def write(file: Path, content: bytes = b"x = 1\n") -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


def names_in(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_students_receive_these_files_and_no_answer(course):
    files = released_files(course, "01-tensors")
    assert list(files) == NAMES
    assert b"NotImplementedError" in files["01-tensors/lesson_tensors.py"]
    assert b"2 * x" not in b"".join(files.values())
    assert b"test_argument_is_left_alone" not in b"".join(files.values())
    assert (
        files["01-tensors/assignment.toml"] == (course.assignment("01-tensors").folder / "assignment.toml").read_bytes()
    )
    assert files["requirements.txt"] == b"torchgrade\n"
    assert b"__pycache__/" in files[".gitignore"]


def test_the_readme_says_what_to_do(course):
    edit(course.assignment("01-tensors").folder / "assignment.toml", "# [due]\n# at", "[due]\nat")
    readme = released_files(course, "01-tensors")["01-tensors/README.md"].decode()
    for words in (
        "# Tensors",
        "lesson_tensors.py",
        "pytest --torchgrade-hints",
        "- `double`: Twice as much",
        "2030-12-01 23:59",
    ):
        assert words in readme


def test_a_grader_file_without_visible_checks_stays_at_home(course):
    write(course.graders("01-tensors") / "test_secret.py", b'@check("double")\ndef test_a(submission): ...\n')
    write(course.graders("01-tensors") / "conftest.py")
    assert list(released_files(course, "01-tensors")) == NAMES


def test_shared_fixtures_travel_without_caches_and_the_other_fixtures_stay(course):
    write(course.shared / "__init__.py", b"A = 1\r\n")
    write(course.shared / "data" / "small.bin", b"\x00\r\n\xff")
    for name in ("__pycache__/a.pyc", "stale.pyc", ".DS_Store", ".cache/x.py", "../submissions/right.py"):
        write(course.shared / name)
    files = released_files(course, "01-tensors")
    assert [name for name in files if "fixtures" in name] == [
        "fixtures/shared/__init__.py",
        "fixtures/shared/data/small.bin",
    ]
    assert files["fixtures/shared/__init__.py"] == b"A = 1\n"
    assert files["fixtures/shared/data/small.bin"] == b"\x00\r\n\xff"


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_link_among_the_shared_fixtures_is_refused(course, refused):
    course.shared.mkdir(parents=True)
    link = course.shared / "all"
    link.symlink_to(course.graders("01-tensors"))
    with refused(link, "", "is a link", "put the file itself"):
        released_files(course, "01-tensors")


def test_an_assignment_that_is_not_in_order_is_refused_before_anything_is_written(course, refused, to):
    new_assignment(course, "02-nets")
    solution = course.assignment("02-nets").solution
    edit(solution, "# BEGIN SOLUTION", "")
    with refused(solution, "line 19", "END SOLUTION without BEGIN"):
        release(course, ["01-tensors", "02-nets"], to)
    assert not to.exists()


def test_a_missing_handout_is_refused(course, refused):
    handout = course.assignment("01-tensors").handout
    handout.unlink()
    with refused(handout, "", "cannot be read", "create the file"):
        released_files(course, "01-tensors")


def test_release_writes_what_stale_misses_and_then_nothing(course, to):
    expected = [to / name for name in NAMES]
    assert stale(course, SLUGS, to) == expected
    assert release(course, SLUGS, to) == expected
    assert {to / name: (to / name).read_bytes() for name in NAMES} == {
        to / name: content for name, content in released_files(course, "01-tensors").items()
    }
    assert names_in(to) == NAMES  # and no half-written file
    assert stale(course, SLUGS, to) == []
    assert release(course, SLUGS, to) == []


def test_only_a_file_that_differs_is_written(course, to):
    release(course, SLUGS, to)
    for name in NAMES:
        os.utime(to / name, ns=(0, 0))
    changed = to / "01-tensors" / "handout.md"
    os.chmod(changed, 0o644)
    changed.write_text("edited", encoding="utf-8")
    assert stale(course, SLUGS, to) == [changed]
    assert release(course, SLUGS, to) == [changed]
    assert [name for name in NAMES if (to / name).stat().st_mtime_ns == 0] == [n for n in NAMES if "handout" not in n]


def test_what_nothing_produces_any_more_is_stale_and_only_old_python_is_removed(course, to):
    release(course, SLUGS, to)
    old = [write(to / "01-tensors" / name) for name in ("test_old.py", "tensors.py")]
    mine = write(to / "01-tensors" / "alice.ipynb")
    shared = write(to / "fixtures" / "shared" / "gone.py")
    elsewhere = [write(to / "02-nets" / "nets.py"), write(to / "tool.py")]
    caches = [
        write(to / "01-tensors" / name) for name in ("__pycache__/a.pyc", ".pytest_cache/b", ".ipynb_checkpoints/c.py")
    ]
    assert stale(course, SLUGS, to) == sorted([*old, mine, shared])
    assert release(course, SLUGS, to) == []
    assert not any(path.exists() for path in old)
    assert all(path.exists() for path in (mine, shared, *elsewhere, *caches))


def test_several_assignments_share_one_folder(course, to):
    new_assignment(course, "02-nets")
    release(course, course.slugs, to)
    assert (to / "02-nets" / "nets.py").is_file()
    assert stale(course, course.slugs, to) == []
    assert stale(course, ["02-nets"], to) == []


def test_nothing_to_release_is_current(course, to):
    assert release(course, [], to) == []
    assert stale(course, [], to) == []


@pytest.mark.parametrize("place", [".", "..", "assignments", "assignments/01-tensors", "graders/x", "fixtures/shared"])
def test_the_course_itself_is_never_overwritten(course, refused, place):
    before = names_in(course.root)
    with refused(course.root / place, "", "overwrite the course itself", "student_template"):
        release(course, SLUGS, course.root / place)
    assert names_in(course.root) == before


def test_a_place_that_cannot_be_written_is_refused(course, refused, tmp_path):
    blocker = write(tmp_path / "file")
    with refused(blocker / ".github" / "workflows" / "checks.yml", "", "cannot be written", "choose another one"):
        release(course, SLUGS, blocker)
