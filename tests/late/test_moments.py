"""Time zones, and the two nights on which clocks change."""

from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torchgrade.course.due import Due, Span, span_of
from torchgrade.late.moments import Clock, lateness_text

from .samples import DUE, MOMENTS, UTC, due, rules

BERLIN = Clock(DUE)
FIXED = Clock(due(zone=None))


def moment(text):
    return datetime.fromisoformat(text).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("2026-11-30T22:10:05+01:00", "2026-11-30T21:10:05+00:00"),
        ("2026-11-30 22:10", "2026-11-30T21:10:00+00:00"),
        ("2026-07-01 22:10", "2026-07-01T20:10:00+00:00"),
        (" 2026-11-30T21:10Z ", "2026-11-30T21:10:00+00:00"),
        ("2026-11-30 21:10:00.123456 UTC", "2026-11-30T21:10:00+00:00"),
        ("2026-11-30T22-10-00", "2026-11-30T21:10:00+00:00"),
        ("2026-11-30T22-10-00+0530", "2026-11-30T16:40:00+00:00"),
        ("2026-11-30T12:10-0500", "2026-11-30T17:10:00+00:00"),
    ],
)
def test_a_time_is_read_by_its_offset_or_by_the_courses_clock(text, read):
    assert BERLIN.read(text) == moment(read)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-11-30", "22:10", "2026-13-01T10:00", "2026-11-30T24:01", "2026-11-30T10:00+25:00",
             "2026-11-30T10:00+01:77", "0001-01-01T00:00+10:00", "9999-12-31T23:59Z", "30.11.2026 22:10",
             "٢٠٢٦-11-30T22:10"]
)  # fmt: skip
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match="no date and time"):
        BERLIN.read(text)


def test_a_time_without_an_offset_is_refused_where_the_course_names_no_zone():
    for clock in (FIXED, Clock(None)):
        with pytest.raises(ValueError, match="no offset"):
            clock.read("2026-11-30T22:10")


def test_an_hour_that_comes_twice_is_read_in_the_students_favour():
    assert BERLIN.read("2026-10-25T02:30") == moment("2026-10-25T02:30:00+02:00")
    assert BERLIN.read("2026-10-25T02:30", deadline=True) == moment("2026-10-25T02:30:00+01:00")


def test_an_hour_that_never_comes_is_read_in_the_students_favour():
    assert BERLIN.read("2026-03-29T02:30") == moment("2026-03-29T01:30:00+01:00")
    assert BERLIN.read("2026-03-29T02:30", deadline=True) == moment("2026-03-29T03:30:00+02:00")


def test_a_day_ends_at_the_time_of_day_at_which_it_began():
    start = moment("2026-10-24T23:59:00+02:00")
    assert BERLIN.after(start, Span(days=1)) - start == timedelta(hours=25)
    assert FIXED.after(start, Span(days=1)) - start == timedelta(hours=24)
    start = moment("2026-03-28T23:59:00+01:00")
    assert BERLIN.after(start, span_of("1 day")) - start == timedelta(hours=23)
    assert BERLIN.after(start, span_of("24 hours")) - start == timedelta(hours=24)


def test_a_day_that_ends_in_the_hour_that_comes_twice_ends_the_second_time():
    assert BERLIN.after(moment("2026-10-24T02:30:00+02:00"), Span(days=1)) == moment("2026-10-25T02:30:00+01:00")


def test_whole_days_and_the_rest():
    start = moment("2026-10-24T23:59:00+02:00")
    assert BERLIN.days_between(start, start + timedelta(hours=25)) == (1, timedelta(0))
    assert BERLIN.days_between(start, start + timedelta(hours=24)) == (0, timedelta(hours=24))
    assert BERLIN.days_between(start, start) == BERLIN.days_between(start, start - timedelta(1)) == (0, timedelta(0))


def test_a_moment_is_shown_with_its_offset():
    assert BERLIN.show(moment("2026-11-30T22:59:00+00:00")) == "2026-11-30 23:59 (UTC+01:00)"
    assert BERLIN.show(moment("2026-07-01T21:59:07+00:00")) == "2026-07-01 23:59:07 (UTC+02:00)"
    assert Clock(None).show(moment("2026-07-01T21:59:00+00:00")) == "2026-07-01 21:59 (UTC)"


@pytest.mark.parametrize(
    ("days", "rest", "text"),
    [
        (1, timedelta(hours=3), "1 day 3 hours"),
        (2, timedelta(seconds=61), "2 days 1 minute"),
        (0, timedelta(hours=1, minutes=2, seconds=3), "1 hour 2 minutes"),
        (0, timedelta(seconds=1), "1 second"),
        (0, timedelta(microseconds=1), "less than a second"),
    ],
)
def test_lateness_by_its_two_largest_units(days, rest, text):
    assert lateness_text(days, rest) == text


@pytest.mark.parametrize(
    ("text", "said"),
    [("10 min", "10 minutes"), ("1minute", "1 minute"), ("60 min", "1 hour"), ("2 h", "2 hours"), ("1 day", "1 day"),
     ("1 week", "7 days"), (" 3 d ", "3 days"), ("0 days", "0 minutes")],
)  # fmt: skip
def test_spans(text, said):
    assert str(span_of(text)) == said


@pytest.mark.parametrize("text", ["", "day", "-1 day", "1.5 days", "1 fortnight", "9999 days", "2026-11-30"])
def test_what_is_no_span_is_refused(text):
    with pytest.raises(ValueError, match="no span"):
        span_of(text)


@given(due=rules(), start=MOMENTS, first=st.integers(0, 9), second=st.integers(0, 9))
def test_more_days_never_end_earlier(due: Due, start, first, second):
    clock, start = Clock(due), start.replace(tzinfo=timezone.utc)
    if first <= second:
        assert clock.after(start, Span(first)) <= clock.after(start, Span(second))


@given(due=rules(), start=MOMENTS, late=st.timedeltas(timedelta(0), timedelta(9)))
def test_days_and_rest_lead_back_to_the_end(due: Due, start, late):
    clock, start = Clock(due), start.replace(tzinfo=timezone.utc)
    days, rest = clock.days_between(start, start + late)
    assert clock.after(start, Span(days)) + rest == start + late
    assert rest >= timedelta(0)
    assert clock.after(start, Span(days + 1)) > start + late
