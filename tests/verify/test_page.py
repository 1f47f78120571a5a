"""The instructor's page."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from torchgrade.expect.margins import Margin
from torchgrade.report.verification import verification_html, write_verification
from torchgrade.verify.equivalents import Equivalent
from torchgrade.verify.findings import Finding, MutantFinding
from torchgrade.verify.margins import MarginFigures
from torchgrade.verify.mutants import Mutant
from torchgrade.verify.proof import Part, Plan, Proof
from torchgrade.verify.statistics import CheckFigures

ATTACK = "</pre></main><script>alert(1)</script>"
VOID = {"meta"}


class Page(HTMLParser):
    """What a browser would make of the page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.errors: list[str] = []
        self.tags: list[str] = []
        self.names: set[str] = set()
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.words.append(" " if tag in ("p", "td", "th") else "")
        self.names |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.errors.append(f"</{tag}> at {self.getpos()}")

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


def mutant(name: str) -> Mutant:
    return Mutant(name, "halve", ("halve",), "constant", 7, (" def halve(x):", "-    x / 2", "+    x / 3"), "", "")


@pytest.fixture
def proof() -> Proof:
    return Proof(
        "01-mini", "A small course", ("zeros", "halve"), Plan(),
        findings=[
            Finding("reference", "solution", "", 6.0, 7.0, 20, 19, problems=("a check does not pass",)),
            Finding("stub", "untouched", "", 0.0, 7.0),
            Finding("misconception", "in_place", "halve", 5.0, 7.0, naming="named"),
        ],
        mutants=[
            MutantFinding(mutant("halve-1"), "killed", "graders/x.py::test_a", "timeout"),
            MutantFinding(mutant("halve-2"), "survived"),
            MutantFinding(mutant("halve-3"), "equivalent", reason="It is the same."),
        ],
        figures=[CheckFigures("graders/x.py::test_a", "halve", 40, 1, 0.114, 0.0123, 1.5, None)],
        margins=[MarginFigures("graders/x.py::test_b", "halve", "loss", Margin("loss", 0.1, 0.4), None)],
        stale=[Equivalent("halve", "halve-9", "c", "r")],
        parts=[Part("right answers", 20, 3, 12.0)],
        shortfalls=["50.0% of the mutants are caught"],
    )  # fmt: skip


def test_the_page_is_well_formed_and_stands_alone(proof):
    page = Page(verification_html(proof))
    assert page.errors == []
    assert page.open == []
    assert not set(page.tags) & {"script", "link", "img", "iframe", "a", "form"}
    assert not {name for name in page.names if name.startswith("on") or name in ("src", "href", "style")}
    assert page.tags.count("h1") == 1


@pytest.mark.parametrize(
    "words",
    [
        "✗ It falls short",
        "19 / 20 gradings of right answers kept every point",
        "2 / 2 known wrong answers were caught, the stub among them",
        "50.0 % of the mutants killed: 1 of 2",
        "1 / 1 misconceptions were named rightly by replay",
        "reference solution: a check does not pass",
        "50.0% of the mutants are caught",
        "halve-2 constant, line 7",
        'mutant = "halve-2"',
        "- x / 2+ x / 3",
        "It is the same.",
        "halve-9 stale",
        "1 / 40 11.4 % 12 ms 1.5 s –",
        "loss 0.1 (0.25 × 0.4) –",
        "test_a by the clock",
        "right answers: 20 tried, 3 of them known from an earlier run, 12.0 s",
    ],
)
def test_the_page_says_what_was_found(proof, words):
    assert words in Page(verification_html(proof)).text


def test_a_proof_that_holds_has_nothing_to_do(proof):
    sound = replace(proof.findings[0], as_asked=20, problems=())
    held = replace(proof, findings=[sound], mutants=proof.mutants[:1], shortfalls=[], stale=[], margins=[])
    text = Page(verification_html(held)).text
    assert "✓ Everything holds" in text
    assert "What falls short" not in text
    assert "Margins" not in text
    assert "equivalent.toml" not in text


def test_markup_from_outside_is_text(proof):
    plain = Page(verification_html(proof)).tags
    hostile = replace(
        proof,
        title=ATTACK,
        findings=[replace(proof.findings[0], name=ATTACK, problems=(ATTACK,)), *proof.findings[1:]],
        mutants=[replace(one, reason=ATTACK, caught_by=ATTACK) for one in proof.mutants],
    )
    assert Page(verification_html(hostile)).tags == plain


@pytest.mark.parametrize(("score", "shown"), [(0.99999, "99.9 %"), (1.0, "100 %"), (0.0, "0 %")])
def test_almost_all_is_never_shown_as_all(proof, score, shown):
    page = verification_html(replace(proof, figures=[replace(proof.figures[0], flake_bound=score)]))
    assert f'<td class="n">{shown}</td>' in page


def test_the_page_is_written_where_it_is_asked_for(proof, tmp_path):
    write_verification(proof, tmp_path / "deep" / "page.html")
    assert (tmp_path / "deep" / "page.html").read_text(encoding="utf-8") == verification_html(proof)
