"""Catalogues of translations: complete, current and compiled; of the engine, and of the course's assignments."""

import ast
import gettext
import re
from collections import Counter
from pathlib import Path

import pytest

import torchgrade

babel_po = pytest.importorskip("babel.messages.pofile", reason="babel reads catalogues: pip install babel")

PACKAGE = Path(torchgrade.__file__).parent
CATALOGUES = sorted(PACKAGE.glob("locale/*/LC_MESSAGES/*.po"))
PLACEHOLDER = re.compile(r"\{(\w*)\}")
HOW = "run `tox run -e languages`, and translate what it leaves empty"
MARKS = {"_": 1, "N_": 1, "ngettext": 2}


def catalogue_of(path: Path):
    with path.open("rb") as file:
        return babel_po.read_po(file, locale=path.parent.parent.name)


def messages_of(path: Path):
    return [message for message in catalogue_of(path) if message.id]


def texts(value) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def in_the_code() -> set[str]:
    """Return the first form of every message that the code and the templates look up."""
    found = set()
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "id", "")
            if name in MARKS and isinstance(node.args[0], ast.Constant):
                found.add(node.args[0].value)
    pages = ("report/templates/feedback*.html", "report/templates/notebook*.html", "web/templates/*.html")
    for path in (path for pattern in pages for path in PACKAGE.glob(pattern)):
        calls = re.finditer(r"""\b(?:_|ngettext)\(\s*(?:"([^"]*)"|'([^']*)')""", path.read_text(encoding="utf-8"))
        found |= {call[1] or call[2] for call in calls}
    return found


@pytest.fixture(params=CATALOGUES, ids=lambda path: path.parent.parent.name)
def catalogue(request) -> Path:
    return request.param


def test_there_is_a_catalogue_of_simplified_chinese():
    assert "zh_CN" in [path.parent.parent.name for path in CATALOGUES]


def test_every_message_of_the_code_is_in_the_catalogue_and_no_other(catalogue):
    there = {texts(message.id)[0] for message in messages_of(catalogue)}
    assert in_the_code() - there == set(), HOW
    assert there - in_the_code() == set(), HOW


def test_every_message_is_translated_and_none_is_a_guess(catalogue):
    messages = messages_of(catalogue)
    assert [message.id for message in messages if not all(texts(message.string))] == []
    assert [message.id for message in messages if message.fuzzy] == []


def test_translations_have_the_placeholders_of_their_messages(catalogue):
    for message in messages_of(catalogue):
        asked = set(PLACEHOLDER.findall(texts(message.id)[-1]))
        for text in texts(message.string):
            assert set(PLACEHOLDER.findall(text)) == asked, message.id
            assert text.count("\n") == texts(message.id)[-1].count("\n"), message.id


def test_no_two_sentences_are_translated_alike(catalogue):
    # what is compared to tell misconceptions apart is then the same in every language
    sentences = [message for message in messages_of(catalogue) if re.search(r"[.?]$", texts(message.id)[0])]
    several = Counter(text for message in sentences for text in set(texts(message.string)))
    assert [text for text, count in several.items() if count > 1] == []


def test_no_message_is_looked_up_both_with_and_without_a_plural(catalogue):
    # Python's gettext finds the one by the other from 3.12 on only
    ids = Counter(texts(message.id)[0] for message in messages_of(catalogue))
    assert [text for text, count in ids.items() if count > 1] == []


def test_chinese_is_written_with_chinese_marks():
    for message in messages_of(PACKAGE / "locale/zh_CN/LC_MESSAGES/torchgrade.po"):
        for text in texts(message.string):
            assert not re.search(r"[\u4e00-\u9fff][,;:?!]|[\u4e00-\u9fff]\.(?:\s|$)", text), text


def test_the_compiled_catalogue_says_what_its_source_says(catalogue):
    with catalogue.with_suffix(".mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    for message in messages_of(catalogue):
        one, *many = texts(message.id)
        said = compiled.ngettext(one, many[0], 1) if many else compiled.gettext(one)
        assert said == texts(message.string)[0], HOW
    assert len([key for key in compiled._catalog if key]) == sum(len(texts(m.string)) for m in messages_of(catalogue))
