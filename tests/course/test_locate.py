from pathlib import Path

from torchgrade.course import Course, find_course


def test_the_course_is_found_from_its_root_and_from_anywhere_below(course):
    root = course.root.resolve()
    for start in (root, root / "assignments" / "01-tensors", root / "graders", root / "not" / "there"):
        assert find_course(start) == Course(root)


def test_a_file_is_as_good_a_start_as_a_folder(course):
    assert find_course(course.assignment("01-tensors").solution).root == course.root.resolve()


def test_a_relative_start_is_taken_from_the_working_folder(course, monkeypatch):
    monkeypatch.chdir(course.root / "graders")
    assert find_course(Path()) == find_course(Path("..")) == Course(course.root.resolve())


def test_a_folder_with_one_of_the_two_is_no_course(tmp_path, refused):
    (tmp_path / "assignments").mkdir()
    (tmp_path / "graders").touch()
    with refused(tmp_path.resolve(), "", "assignments/ and graders/", "--course DIR"):
        find_course(tmp_path)
