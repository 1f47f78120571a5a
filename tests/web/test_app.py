"""The door: what comes in, who sees what, and what is refused."""

import io
import re
from concurrent.futures import ThreadPoolExecutor

import nbformat
import pytest

from .visitors import RIGHT, Visitor

WRONG = RIGHT.replace("0.5", "0.25")


def notebook(source):
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    return io.BytesIO(nbformat.writes(made).encode()), "mini.ipynb"


def test_pasted_code_is_graded_and_the_page_fills_on_the_way(visitor):
    page, seen = visitor.feedback(visitor.hand_in(RIGHT))
    assert "Feedback for" in page
    assert "<b>5 / 6 points</b>" in page  # one point waits for a GPU
    assert "done" in seen[-1] or len(seen) == 1


def test_a_file_and_a_notebook_get_the_same_result(visitor):
    pages = [
        visitor.feedback(visitor.hand_in(file=(io.BytesIO(WRONG.encode()), "mini.py")))[0],
        visitor.feedback(visitor.hand_in(file=notebook(WRONG)))[0],
    ]
    scores = [re.search(r"<b>(\S+ / \S+ points)</b>", page)[1] for page in pages]
    assert scores[0] == scores[1] != "5 / 6 points"


def test_while_it_fills_a_page_shows_no_more_of_a_hidden_check_than_the_feedback(visitor, desk):
    _, seen = visitor.feedback(visitor.hand_in("def halve(x): raise ValueError(f'seen: {x}')\n"))
    assert all("seen:" not in part for part in seen)


def test_another_browser_does_not_see_a_submission_and_the_instructor_does(visitor, app):
    place = visitor.hand_in(RIGHT, student="somebody").location
    other = Visitor(app)
    assert [other.get(place + end).status_code for end in ("", "/progress", "/feedback")] == [404, 404, 404]
    assert other.sign_in("a guess").status_code == 403
    assert "somebody" not in other.get("/instructor").text
    assert other.sign_in().status_code == 303
    assert "somebody" in other.get("/instructor").text
    assert other.get(place).status_code in (200, 303)


@pytest.mark.parametrize("path", ["/hand-in", "/instructor"])
def test_a_form_without_its_token_is_refused(visitor, path):
    answer = visitor.client.post(path, data={"assignment": "01-mini", "student": "x", "pasted": RIGHT, "key": "x"})
    assert answer.status_code == 400
    assert "no longer valid" in answer.text


def test_a_token_of_another_browser_is_refused(visitor, app):
    assert visitor.hand_in(RIGHT, token=Visitor(app).token()).status_code == 400


def test_a_page_under_another_name_cannot_speak_to_the_server(visitor):
    assert visitor.get("/", headers={"Host": "elsewhere.example"}).status_code == 400


@pytest.mark.parametrize(
    ("handed_in", "said"),
    [
        ({"text": "  "}, "Choose a file, or paste"),
        ({"text": RIGHT, "student": " ../.. "}, "Say who you are"),
        ({"text": RIGHT, "assignment": "../01-mini"}, "Choose the assignment"),
        ({"file": (io.BytesIO(b"x"), "mini.exe")}, "Hand in a .py or an .ipynb file"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_stays(visitor, handed_in, said):
    answer = visitor.hand_in(**handed_in)
    assert answer.status_code == 400
    assert said in answer.text
    assert handed_in.get("text", "").strip() in answer.text


def test_an_upload_is_bounded(visitor, desk):
    before = len(desk.tickets.all())
    token = visitor.token()
    assert visitor.hand_in(file=(io.BytesIO(b"#" * (80 << 20)), "mini.py"), token=token).status_code == 413
    assert visitor.hand_in("#" * (2 << 20), token=token).status_code == 413
    assert len(desk.tickets.all()) == before


def test_one_browser_cannot_flood_the_queue(visitor, app):
    token = visitor.token()
    answers = [visitor.hand_in("", token=token).status_code for _ in range(14)]
    assert answers[:12] == [400] * 12
    assert answers[12:] == [429, 429]
    assert Visitor(app).hand_in("").status_code == 400  # another one behind the same address goes on


def test_the_key_cannot_be_guessed_quickly(app):
    answers = [Visitor(app).sign_in(f"guess {number}").status_code for number in range(12)]
    assert answers == [403] * 10 + [429] * 2


def test_names_are_words_on_a_page_and_plain_in_the_results(visitor, desk, app):
    place = visitor.hand_in(RIGHT, student="<script>alert(1)</script>__9 学生 Ω").location
    ticket = desk.tickets.get(place.rpartition("/")[2])
    assert ticket.student == "script-alert-1-script-_9-学生-Ω"
    assert ticket.name.startswith(f"{ticket.student}__1__")
    assert "<script>alert" not in visitor.get("/").text
    assert ticket.path.name == "mini.py"
    assert ticket.path.is_relative_to(desk.opening.folder)


def test_every_page_may_load_nothing_but_itself(visitor):
    place = visitor.hand_in(RIGHT).location
    for path in ("/", "/instructor", place, "/nothing"):
        policy = visitor.get(path).headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


def test_many_at_once_each_get_their_own_result(app):
    def one(number):
        answers = [RIGHT, WRONG, "def halve(x): return\n", "import os; os._exit(0)\n", "def f(:\n"]
        browser = Visitor(app)
        page, _ = browser.feedback(browser.hand_in(answers[number % 5] + f"# {number}\n", student=f"student {number}"))
        return number % 5, re.search(r"<b>(\S+) / (\S+) points</b>", page).groups()

    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(one, range(20)))
    scores = {kind: {score for other, score in found if other == kind} for kind in range(5)}
    assert all(len(kinds) == 1 for kinds in scores.values())
    assert scores[0] == {("5", "6")}  # one point waits for a GPU
    assert scores[1] != scores[0]
    assert scores[3] == scores[4] == {("0", "6")}
