"""The folder of a zygote's: there while its grader lives, and swept away by the next one."""

import os
import sys
import tempfile

import pytest

if sys.platform != "linux":
    pytest.skip("there are no zygotes elsewhere", allow_module_level=True)

from torchgrade.sandbox.folder import PREFIX, Folder


@pytest.fixture(autouse=True)
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_it_holds_a_mount_point_and_a_canary_that_is_its_owners(temporary):
    folder = Folder()
    assert folder.path.parent == temporary
    assert names(folder.path) == ["canary", "root"]
    assert (folder.path / "canary").stat().st_mode & 0o777 == 0o600
    folder.remove()
    folder.remove()
    assert names(temporary) == []


def test_one_whose_grader_lives_is_not_swept(temporary):
    folder = Folder()
    Folder.sweep()
    assert names(folder.path) == ["canary", "root"]


@pytest.mark.parametrize("left", [["root", "canary"], ["root"], []])
def test_one_whose_grader_was_killed_is_swept(temporary, left):
    folder = Folder()
    os.close(folder.lock)
    for name in {"root", "canary"} - set(left):
        (os.rmdir if name == "root" else os.unlink)(folder.path / name)
    Folder.sweep()
    assert names(temporary) == []


def test_what_else_is_in_one_stays(temporary):
    folder = Folder()
    os.close(folder.lock)
    (folder.path / "scratch-3").mkdir()
    (folder.path / "scratch-3" / "mine").touch()
    Folder.sweep()
    assert names(folder.path) == ["scratch-3"]


def test_a_link_and_a_file_of_that_name_stay(temporary):
    (temporary / "other").mkdir()
    (temporary / f"{PREFIX}link").symlink_to(temporary / "other")
    (temporary / f"{PREFIX}file").touch()
    Folder.sweep()
    assert len(names(temporary)) == 3
