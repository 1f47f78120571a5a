from __future__ import annotations

import os

import pytest

from torchgrade.report import feedback_html, feedback_markdown, write_feedback


def test_both_pages_are_written_under_the_submissions_name(tmp_path, assignment, make_check, make_result):
    result = make_result(make_check())
    paths = write_feedback(result, assignment, tmp_path / "out" / "feedback")
    assert [path.name for path in paths] == ["alice.md", "alice.html"]
    assert paths[0].read_bytes().decode() == feedback_markdown(result, assignment)
    assert paths[1].read_bytes().decode() == feedback_html(result, assignment)


@pytest.mark.parametrize("name", ["../../escape", "/etc/passwd", "a/b", "nul", "", "\udcff\x00", "x" * 5000])
def test_no_name_leaves_the_folder(name, tmp_path, assignment, make_check, make_result):
    folder = tmp_path / "feedback"
    paths = write_feedback(make_result(make_check("failed", title="\ud800"), submission=name), assignment, folder)
    assert sorted(folder.iterdir()) == sorted(paths)
    assert list(tmp_path.iterdir()) == [folder]


def test_a_second_grading_replaces_the_first(tmp_path, assignment, make_check, make_result):
    write_feedback(make_result(make_check("failed")), assignment, tmp_path)
    markdown, _ = write_feedback(make_result(make_check()), assignment, tmp_path)
    assert "2 / 2 points" in markdown.read_text(encoding="utf-8")
    assert len(list(tmp_path.iterdir())) == 2


def test_what_fails_midway_leaves_the_old_page_and_no_litter(
    tmp_path, monkeypatch, assignment, make_check, make_result
):
    markdown, html = write_feedback(make_result(make_check()), assignment, tmp_path)
    before = markdown.read_bytes(), html.read_bytes()

    def refuse(*args: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError, match="no space left"):
        write_feedback(make_result(make_check("failed")), assignment, tmp_path)
    assert (markdown.read_bytes(), html.read_bytes()) == before
    assert len(list(tmp_path.iterdir())) == 2


def test_a_link_in_the_way_is_replaced_not_followed(tmp_path, assignment, make_check, make_result):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_text("mine")
    folder = tmp_path / "feedback"
    folder.mkdir()
    (folder / "alice.md").symlink_to(elsewhere)
    write_feedback(make_result(make_check()), assignment, folder)
    assert elsewhere.read_text() == "mine"
