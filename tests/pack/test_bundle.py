import io
import json
import shutil
import subprocess
import sys
import zipfile

import pytest

from torchgrade.course import Course, new_assignment
from torchgrade.errors import CourseError
from torchgrade.pack.archive import zip_of
from torchgrade.pack.bundle import Choice, bundle_files, read_packed
from torchgrade.pack.wheel import own_wheel
from torchgrade.pack.writing import write_files

from ..conftest import REPOSITORY


def refused(course, choice, *words):
    with pytest.raises(CourseError) as caught:
        bundle_files(course, course.assignment(course.slugs[0]), choice)
    for word in words:
        assert word in str(caught.value)


def test_a_bundle_holds_what_grading_needs_and_nothing_of_other_assignments(course, assignment):
    new_assignment(course, "02-other")
    for name in ("fixtures/submissions/01-mini/right.py", "fixtures/data.csv", "fixtures/.cache/x", "secret.txt"):
        (course.root / name).parent.mkdir(parents=True, exist_ok=True)
        (course.root / name).write_text("x")
    files = bundle_files(course, assignment, Choice())
    assert sorted(name for name in files if not name.endswith(".whl")) == [
        "constraints.txt",
        "course/assignments/01-mini/assignment.toml",
        "course/assignments/01-mini/handout.md",
        "course/assignments/01-mini/misconceptions.py",
        "course/assignments/01-mini/solution.py",
        "course/fixtures/data.csv",
        "course/fixtures/shared/__init__.py",
        "course/fixtures/shared/shapes.py",
        "course/graders/01-mini/test_mini.py",
        "course/pyproject.toml",
        "install.sh",
        "pack.json",
    ]


def test_the_same_course_gives_the_same_bytes(course, assignment, tmp_path):
    again = Course(shutil.copytree(course.root, tmp_path / "elsewhere"))
    one = zip_of(bundle_files(course, assignment, Choice()))
    assert one == zip_of(bundle_files(again, again.assignment("01-mini"), Choice()))
    with zipfile.ZipFile(io.BytesIO(one)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist() == sorted(archive.namelist())


def test_versions_are_the_courses_or_those_of_this_machine(course, assignment):
    torch = bundle_files(course, assignment, Choice())["constraints.txt"].decode()
    assert torch.startswith("torch==2.")
    assert "+" not in torch  # a build's own name is on no other index
    (course.root / "constraints.txt").write_text("torch==2.9.1\nnumpy<3\n")
    assert bundle_files(course, assignment, Choice())["constraints.txt"] == b"torch==2.9.1\nnumpy<3\n"


def test_the_level_that_the_course_asks_for_travels_and_its_other_settings_do_not(course, assignment):
    (course.root / "pyproject.toml").write_text('[tool.torchgrade]\nleast_level = "B"\n[tool.other]\ntoken = "t"\n')
    settings = bundle_files(course, assignment, Choice())["course/pyproject.toml"]
    assert settings == b'[tool.torchgrade]\nleast_level = "B"\n'


def test_an_index_is_written_where_pip_reads_it(course, assignment):
    files = bundle_files(course, assignment, Choice(index="https://wheels.example/cpu"))
    assert files["pip.conf"] == b"[global]\nextra-index-url = https://wheels.example/cpu\n"
    assert "pip.conf" not in bundle_files(course, assignment, Choice())


@pytest.mark.parametrize("index", ["https://me:word@x.example/", "file:///etc", "x", "https://x.example/ y"])
def test_an_index_with_a_password_or_another_odd_address_is_refused(course, index):
    refused(course, Choice(index=index), "--index", "needs no password")


def test_a_slug_that_a_script_could_misread_is_refused(course):
    (course.root / "assignments" / "01-mini").rename(course.root / "assignments" / "01 $(id)")
    refused(course, Choice(), "cannot stand in a script")


def test_a_link_is_refused(course):
    (course.graders("01-mini") / "more.py").symlink_to("/etc/passwd")
    refused(course, Choice(), "more.py", "is a link")


def test_a_bundle_is_read_as_it_was_written(course, assignment, tmp_path):
    choice = Choice(scale=True, hidden="after_published", allow_unconfined=True, language="zh_CN")
    write_files(bundle_files(course, assignment, choice), tmp_path / "bundle")
    packed = read_packed(tmp_path / "bundle", "01-mini")
    assert (packed.slug, packed.module, packed.choice) == ("01-mini", "mini", choice)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 2}', '{"format": 1, "slug": "02-other"}'])
def test_another_bundle_is_refused(tmp_path, text):
    (tmp_path / "pack.json").write_text(text)
    with pytest.raises(CourseError, match=r"pack\.json"):
        read_packed(tmp_path, "01-mini")


def test_the_wheel_is_what_the_build_backend_makes(tmp_path):
    if not (REPOSITORY / "src").is_dir():
        pytest.skip("not a checkout")
    pytest.importorskip("hatchling", reason="the build backend is not installed")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*command, "-w", tmp_path, REPOSITORY], check=True)
    (built,) = tmp_path.glob("*.whl")
    name, content = own_wheel()
    assert name == built.name
    with zipfile.ZipFile(io.BytesIO(content)) as ours, zipfile.ZipFile(built) as theirs:
        package = [entry for entry in theirs.namelist() if entry.startswith("torchgrade/")]
        assert sorted(theirs.namelist()) == sorted(ours.namelist())
        assert all(ours.read(entry) == theirs.read(entry) for entry in package)
        points = next(entry for entry in theirs.namelist() if entry.endswith("entry_points.txt"))
        assert ours.read(points).split() == theirs.read(points).split()


def test_pack_json_holds_no_address(course, assignment):
    pack = json.loads(bundle_files(course, assignment, Choice(index="https://x.example"))["pack.json"])
    assert set(pack) == {"format", "slug", "module", "scale", "hidden", "allow_unconfined", "language"}
