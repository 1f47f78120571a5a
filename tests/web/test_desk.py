"""Behind the door: a restart loses nothing."""

import time

import pytest

from torchgrade.web.desk import Desk, Full, Opening
from torchgrade.web.tickets import student_name

from .visitors import RIGHT


def wait_for(ticket, state="done"):
    end = time.monotonic() + 120
    while ticket.state != state:
        assert time.monotonic() < end, ticket.state
        time.sleep(0.1)
    return ticket


def test_after_a_restart_results_are_known_and_what_waited_is_graded(course, tmp_path):
    first = Desk(course, course.slugs, Opening(tmp_path))
    graded = wait_for(first.hand_in("01-mini", "one", "browser", "mini.py", RIGHT.encode()))
    kept = first.tickets.add("01-mini", "two", "browser", "mini.py", RIGHT.encode())  # handed in as it went down
    first.close()

    second = Desk(course, course.slugs, Opening(tmp_path))
    assert second.tickets.get(graded.id).result == graded.result
    assert wait_for(second.tickets.get(kept.id)).result.score == graded.result.score
    second.close()


def test_attempts_are_counted_and_named_as_scores_reads_them(course, tmp_path):
    from torchgrade.late import handed_in

    desk = Desk(course, [], Opening(tmp_path))
    tickets = [desk.tickets.add("01-mini", "one", "browser", "mini.py", b"") for _ in range(3)]
    found = handed_in(course.assignment("01-mini"), {one.name: one.path for one in tickets}, "names")
    assert [found.attempts[one.name].number for one in tickets] == [1, 2, 3]
    assert {attempt.student for attempt in found.attempts.values()} == {"one"}
    desk.close()


def test_a_full_queue_takes_no_more_and_keeps_nothing(course, tmp_path):
    desk = Desk(course, course.slugs, Opening(tmp_path, jobs=0, most_waiting=1))
    desk.hand_in("01-mini", "one", "browser", "mini.py", b"")
    with pytest.raises(Full):
        desk.hand_in("01-mini", "two", "browser", "mini.py", b"")
    assert len(desk.tickets.all()) == 1
    desk.close()


def test_all_that_an_earlier_run_left_waits_again_however_many_may_now(course, tmp_path):
    first = Desk(course, course.slugs, Opening(tmp_path, jobs=0))
    for name in ("one", "two", "three"):
        first.hand_in("01-mini", name, "browser", "mini.py", b"")
    first.close()

    second = Desk(course, course.slugs, Opening(tmp_path, jobs=0, most_waiting=1))
    assert second.lines["01-mini"].waiting.qsize() == 3
    with pytest.raises(Full):
        second.hand_in("01-mini", "four", "browser", "mini.py", b"")
    second.close()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Ada  B.", "Ada-B"), ("学生 一", "学生-一"), ("a__2", "a_2"), ("../../etc/passwd", "etc-passwd"),
        ("x" * 99, "x" * 60), ("\u202egro", "gro"), ("---", ""), ("a@b.example", "a@b.example"),
    ],
)  # fmt: skip
def test_a_name_is_made_plain(typed, name):
    assert student_name(typed) == name
