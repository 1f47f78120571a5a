from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

import torchgrade.report
from torchgrade.report import feedback_html

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.html"))
CSS = (Path(torchgrade.report.__file__).parent / "templates" / "feedback.css").read_text(encoding="utf-8")
VOID = {"meta", "rect"}
ATTACK = "</pre></main><script>alert(1)</script><img src=x onerror='alert(1)'>\" onclick=\"alert(1) <h1>12 / 12</h1>"


class Page(HTMLParser):
    """What a browser would make of the page; a tag that does not match is kept as an error."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.errors: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID and (not self.open or self.open.pop() != tag):
            self.errors.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data):
        self.texts.append((self.open[-1] if self.open else "", data))

    def texts_in(self, tag: str) -> list[str]:
        return [text for inside, text in self.texts if inside == tag]


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_pages_are_well_formed(file):
    text = file.read_text(encoding="utf-8")
    page = Page(text)
    assert text.startswith('<!doctype html>\n<html lang="en">')
    assert page.errors == []
    assert page.open == []


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_pages_stand_alone(file):
    page = Page(file.read_text(encoding="utf-8"))
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "form", "input", "base", "a"}
    names = {name for _, attributes in page.tags for name in attributes}
    assert not {name for name in names if name.startswith("on") or name in ("src", "href", "style")}
    assert "url(" not in CSS
    assert "@import" not in CSS


@pytest.mark.parametrize("file", GOLDEN, ids=lambda file: file.stem)
def test_headings_are_real_and_in_order(file):
    tags = [tag for tag, _ in Page(file.read_text(encoding="utf-8")).tags]
    headings = [tag for tag in tags if re.fullmatch("h[1-6]", tag)]
    assert headings[0] == "h1"
    assert set(headings[1:]) == {"h2"}
    assert tags.count("title") == 1


def test_markup_from_outside_is_text_wherever_it_stands(assignment, make_check, make_result):
    plain = feedback_html(make_result(make_check("failed", message="m", hint="h")), assignment)
    check = make_check("failed", message=ATTACK, hint=ATTACK, title=ATTACK)
    page = Page(feedback_html(make_result(check, submission=ATTACK), assignment))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in Page(plain).tags]
    assert page.texts_in("pre") == [f"\n{ATTACK}"]  # HTML drops a line end that follows <pre>
    assert page.texts_in("bdi")[0].startswith("</pre></main><script>")


def test_code_in_backticks_is_an_element_and_still_escaped(assignment, make_check, make_result):
    page = Page(feedback_html(make_result(make_check("failed", title="Uses `a < b & c`.")), assignment))
    assert "a < b & c" in page.texts_in("code")


def test_templates_in_a_message_are_not_run(assignment, make_check, make_result):
    assert "{{ 7 * 7 }}" in feedback_html(make_result(make_check("failed", message="{{ 7 * 7 }}")), assignment)


@pytest.mark.parametrize("message", ["\n".join(f"line {n}" for n in range(100)), "x" * 3000, "line\n" * 14 + "end"])
def test_folding_a_long_message_loses_nothing(message, assignment, make_check, make_result):
    page = Page(feedback_html(make_result(make_check("failed", message=message)), assignment))
    blocks = page.texts_in("pre")
    assert "".join("".join(blocks).split()) == "".join(message.split())
    assert len(blocks) == (1 if message.endswith("end") else 2)


def test_passed_checks_are_folded_and_others_are_not(assignment, make_check, make_result):
    text = feedback_html(make_result(make_check(title="Right."), make_check("failed", title="Wrong.")), assignment)
    assert text.index("Wrong.") < text.index("<details") < text.index("Right.")


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["page", "card", "quote", "tip"])
@pytest.mark.parametrize("ink", ["text", "soft", "good", "bad", "open", "tip-line"])
def test_text_has_contrast(ink, ground, theme):
    """WCAG 2.2, success criterion 1.4.3: at least 4.5 to 1."""
    pair = sorted((luminance(colour(ink, theme)), luminance(colour(ground, theme))))
    assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5


def colour(name: str, theme: int) -> str:
    return re.findall(rf"^ +--{name}: #(\w{{6}});$", CSS, re.MULTILINE)[theme]


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
