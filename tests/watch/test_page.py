import io
from types import SimpleNamespace

import pytest
from rich.console import Console

from torchgrade.watch.messages import Check
from torchgrade.watch.page import list_of, page_of
from torchgrade.watch.places import find_assignments
from torchgrade.watch.progress import Progress, Said
from torchgrade.watch.screen import Lines, Page

from .samples import NAMES, hand_out


@pytest.fixture
def session(handed_out):
    return session_of(handed_out)


def session_of(place):
    (first, *_), _ = assignments, _ = find_assignments(place)
    progresses = {one.folder: Progress(one) for one in assignments}
    progress = progresses[first.folder]
    progress.learn([Check(name, name, f"The number of {name}.") for name in NAMES])
    following = SimpleNamespace(assignment=assignments[1]) if assignments[1:] else None
    return SimpleNamespace(
        progress=progress, all=progresses, folder=first.folder, name="steps.py", problem="", run=None, wanted=None,
        busy=False, runs=1, next_assignment=lambda: following,
    )  # fmt: skip


def text_of(page):
    console = Console(file=io.StringIO(), width=80, highlight=False)
    console.print(page)
    return "\n".join(line.rstrip() for line in console.file.getvalue().splitlines())


def hear(session, **said):
    for name, one in said.items():
        session.progress.hear(name, one)


def test_the_page_of_a_wrong_answer(session):
    hear(session, one=Said("passed"), two=Said("failed", "came: 3\nasked: 2", printed="here\n", size=5))
    page = text_of(page_of(session, hint=True, keyboard=True))
    assert page == "\n".join([
        "Steps   01-steps/steps.py",
        "",
        "✗ two  The second step  (2 of 3)",
        "",
        "    The number of two.",
        "      came: 3",
        "      asked: 2",
        "",
        "    printed:",
        "      here",
        "",
        "    hint: One more than one.",
        "",
        "━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━  1 of 3 exercises solved",
        "h hint   l list   n next   p previous   r run again   q quit",
    ])  # fmt: skip


def test_the_hint_waits_to_be_asked_for_and_keys_for_a_keyboard(session):
    hear(session, one=Said("failed", "no"))
    page = text_of(page_of(session, hint=False, keyboard=False))
    assert "hint" not in page


def test_success_is_said_with_the_next_exercise(session):
    hear(session, one=Said("failed", "no"))
    hear(session, one=Said("passed"))
    page = text_of(page_of(session, hint=False, keyboard=True))
    assert "✓ one is solved." in page
    assert "· two  The second step" in page


def test_the_end_says_what_is_not_known_yet_and_where_to_go_on(handed_out):
    hand_out(handed_out.parent / "02-more", "More")
    session = session_of(handed_out.parent)
    hear(session, **dict.fromkeys(NAMES, Said("passed")))
    page = text_of(page_of(session, hint=False, keyboard=True))
    assert "All 3 exercises of Steps are solved." in page
    assert "more are run on what you hand in: steps.py" in page.replace("\n", " ")
    assert "n goes on to 02-more: More." in page


def test_what_is_printed_is_bounded_and_cannot_act(session):
    flood = "\x1b[2Jline\n" * 1000
    hear(session, one=Said("failed", "no", printed=flood[:8000], size=len(flood)))
    page = text_of(page_of(session, hint=False, keyboard=True))
    assert "\x1b" not in page
    assert page.count("line") == 20
    assert "more bytes" in page


def test_markup_in_what_a_student_writes_is_text(session):
    hear(session, one=Said("failed", "came: [red]x[/red]"))
    assert "[red]x[/red]" in text_of(page_of(session, hint=False, keyboard=True))


def test_the_list_shows_all_exercises_and_other_assignments(handed_out):
    hand_out(handed_out.parent / "02-more", "More")
    session = session_of(handed_out.parent)
    hear(session, one=Said("passed"), two=Said("failed", "", untouched=True))
    page = text_of(list_of(session))
    assert "   ✓  one    The first step" in page
    assert "›  ○  two    The second step" in page
    assert "02-more" in page


def test_a_page_is_painted_only_when_it_changes(session):
    console = Console(file=io.StringIO(), width=80, force_terminal=True)
    view = Page(console, keyboard=True)
    view.show(session)
    once = console.file.getvalue()
    view.show(session)
    assert console.file.getvalue() == once
    view.press("h")
    view.show(session)
    assert "The first step" in console.file.getvalue()[len(once) :]


def test_a_hint_is_for_the_exercise_that_it_was_asked_for(session):
    console = Console(file=io.StringIO(), width=80, force_terminal=True)
    view = Page(console, keyboard=True)
    hear(session, one=Said("failed", "no"))
    view.show(session)
    view.press("h")
    view.show(session)
    assert "hint: It is a number" in console.file.getvalue()
    hear(session, one=Said("passed"))
    view.show(session)
    assert "hint: One more than one." not in console.file.getvalue()


def test_lines_are_written_once_a_run(session):
    console = Console(file=io.StringIO(), width=80)
    view = Lines(console)
    hear(session, one=Said("failed", "came: 3", printed="here", size=4))
    view.show(session)
    view.show(session)
    assert console.file.getvalue().splitlines() == [
        "01-steps/steps.py: 0 of 3 solved",
        "✗ one: The first step",
        "    The number of one.",
        "      came: 3",
        "      | here",
    ]


def test_lines_say_a_problem_once(session):
    console = Console(file=io.StringIO(), width=80)
    view = Lines(console)
    session.problem = "steps.py is not there"
    view.show(session)
    view.show(session)
    assert console.file.getvalue() == "steps.py is not there\n"
