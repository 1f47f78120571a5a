"""An assignment's own texts in another language: gathered, kept up to date, released as far as students have them."""

import gettext
import io

import pytest

from torchgrade.course import released_files
from torchgrade.course.words import author_texts, compiled
from torchgrade.errors import CourseError
from torchgrade.language import authored_in, speaking

pytest.importorskip("babel", reason="Babel reads and writes catalogues: pip install babel")
SLUG = "01-tensors"


def catalogue_of(course, language="zh_CN"):
    from torchgrade.course.translate import catalogue_of

    return catalogue_of(course, course.assignment(SLUG), language)


def translate(course, **words):
    """Write translations for texts into the catalogue."""
    found = catalogue_of(course)
    found.write()
    text = found.source.read_text(encoding="utf-8")
    for key, value in words.items():
        line = f'msgid "{key}"\nmsgstr ""'
        assert line in text
        text = text.replace(line, f'msgid "{key}"\nmsgstr "{value}"')
    found.source.write_text(text, encoding="utf-8")
    catalogue_of(course).write()


def read(data: bytes) -> gettext.GNUTranslations:
    return gettext.GNUTranslations(io.BytesIO(data))


def a_text(course) -> str:
    return course.assignment(SLUG).title


def test_all_that_an_author_says_is_gathered_and_nothing_else(course):
    texts = author_texts(course, course.assignment(SLUG))
    assignment = course.assignment(SLUG)
    assert {assignment.title, assignment.exercises[0].title, assignment.exercises[0].hint} <= set(texts)
    assert texts[assignment.title] == f"assignments/{SLUG}/assignment.toml"
    assert any(place.startswith(f"graders/{SLUG}/") for place in texts.values())
    assert not any(text.startswith("Checks of") for text in texts)  # a docstring of a module


def test_a_catalogue_begins_empty_and_keeps_what_is_filled_in(course):
    found = catalogue_of(course)
    assert set(found.missing) == set(author_texts(course, course.assignment(SLUG)))
    translate(course, **{a_text(course): "张量"})
    again = catalogue_of(course)
    assert again.stale() == []
    assert a_text(course) not in again.missing
    assert read(again.mo).gettext(a_text(course)) == "张量"


def test_a_text_that_changed_is_to_be_translated_anew(course):
    title = a_text(course)
    translate(course, **{title: "张量"})
    manifest = course.assignment(SLUG).folder / "assignment.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace(title, f"{title} again"), encoding="utf-8")
    found = catalogue_of(course)
    assert f"{title} again" in found.missing
    assert len(found.stale()) == 2


def test_titles_and_hints_are_told_in_the_language_that_is_spoken(course):
    translate(course, **{a_text(course): "张量"})
    assert course.assignment(SLUG).translated().title == a_text(course)
    with speaking("zh_CN"):
        assert course.assignment(SLUG).translated().title == "张量"
        assert authored_in(course.assignment(SLUG).folder)("never said") == "never said"


def test_students_receive_the_words_of_what_they_have(course):
    texts = author_texts(course, course.assignment(SLUG))
    folder = course.assignment(SLUG).folder / "locale"
    folder.mkdir()
    (folder / "zh_CN.mo").write_bytes(compiled({text: f"译：{text}" for text in texts}))
    words = read(released_files(course, SLUG)[f"{SLUG}/locale/zh_CN.mo"])
    theirs = {text for text in texts if words.gettext(text) != text}
    assert a_text(course) in theirs
    hidden = {text for text, place in texts.items() if place.endswith("misconceptions.py")}
    assert not theirs & hidden


def test_what_is_compiled_is_read_by_gettext():
    found = read(compiled({"b": "乙", "a": "甲", "two\nlines": "两\n行"}))
    assert [found.gettext(key) for key in ("a", "b", "two\nlines", "c")] == ["甲", "乙", "两\n行", "c"]


def test_a_broken_catalogue_and_a_language_that_is_none_are_named(course):
    folder = course.assignment(SLUG).folder / "locale"
    folder.mkdir()
    (folder / "zh_CN.po").write_text('msgid "a"\nnonsense\n', encoding="utf-8")
    with pytest.raises(CourseError, match=r"zh_CN\.po: is no catalogue"):
        catalogue_of(course)
    with pytest.raises(CourseError, match="'nonsense' is no language"):
        catalogue_of(course, "nonsense")
