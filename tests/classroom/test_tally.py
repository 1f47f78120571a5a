from dataclasses import replace

import pytest

from torchgrade.classroom import Counted, ResultsFile, Tally, term_rows
from torchgrade.grade.results import CheckResult

from .samples import class_of, result_of, write


def check(name, status="passed", exercise="f", points=2.0, **changes):
    score = changes.pop("score", points if status == "passed" else 0.0)
    return CheckResult(f"t.py::{name}", exercise, f"Title {name}", points, score, status, True, **changes)


def tally(*results, counted=None):
    return Tally("01-tensors", counted).add_all(results).figures()


def test_rates_leave_out_what_nobody_knows():
    figures = tally(
        result_of("a", [check("x"), check("y", "deferred")]),
        result_of("b", [check("x", "failed"), check("y", "error", message="no file")]),
        result_of("c", [check("x", "timeout", seconds=5.0), check("y")]),
    )
    x, y = figures.checks
    assert (x.passed, x.judged, x.rate, x.statuses["timeout"]) == (1, 3, pytest.approx(1 / 3), 1)
    assert (y.passed, y.judged, y.rate) == (1, 1, 1.0)
    assert [(row.waiting, row.unsure, row.stopped) for row in figures.rows] == [(2, 0, 0), (0, 2, 0), (0, 0, 1)]
    assert [(one.student, one.words) for one in figures.errors] == [("b", "no file")]
    (exercise,) = figures.exercises
    assert (exercise.solved, exercise.judged) == (1, 3)
    assert exercise.share == pytest.approx((1 + 0 + 0.5) / 3)
    assert x.seconds.most == 5.0


def test_unreadable_submissions_are_in_the_scores_and_in_no_check():
    lost = replace(check("x", "failed"), message="line 3: no")
    figures = tally(result_of("a", [check("x")]), result_of("b", [lost], "unreadable"))
    assert figures.spread.mean == 1
    assert figures.checks[0].judged == 1
    assert [(one.student, one.words) for one in figures.unreadable] == [("b", "line 3: no")]
    assert figures.readable == 1


def test_a_student_is_counted_once_for_a_misconception_of_many_checks():
    mistaken = [check(name, "failed", misconception="m", belief="B", hint="H", alike=("n",)) for name in "xy"]
    other = [check("x", "failed", misconception="o", belief="C"), check("y")]
    figures = tally(result_of("b", mistaken), result_of("a", other), result_of("c", mistaken))
    assert [(one.name, one.students) for one in figures.mistakes] == [("m", ("b", "c")), ("o", ("a",))]
    assert (figures.mistakes[0].belief, figures.mistakes[0].hint, figures.mistakes[0].alike) == ("B", "H", ("n",))
    assert [row.mistakes for row in figures.rows] == [1, 1, 1]


def test_discrimination_compares_with_the_other_checks_only():
    """A check that goes against all the others is below 0, though the total would lift it."""
    results = []
    for number in range(40):
        good = number % 2 == 0
        parts = [check("odd", "failed" if good else "passed", points=9.0)]
        parts += [check(f"even{place}", "passed" if good else "failed", points=1.0) for place in range(3)]
        results.append(result_of(f"s{number}", parts))
    figures = tally(*results)
    assert figures.checks[0].discrimination == pytest.approx(-1)


def test_only_what_counts_is_counted_and_for_what_it_counts():
    counted = {"ann__2": Counted("ann", 1.5, "late")}
    figures = tally(result_of("ann__1", [check("x")]), result_of("ann__2", [check("x")]), counted=counted)
    assert [(row.student, row.submission, row.points, row.share) for row in figures.rows] == [
        ("ann", "ann__2", 1.5, 0.75)
    ]


def test_a_class_without_results_has_no_figures():
    figures = tally()
    assert (figures.rows, figures.spread, figures.bins, figures.checks) == ((), None, (), ())


def test_classes_graded_by_other_checks_are_told_apart():
    assert tally(result_of("a", [check("x")]), result_of("b", [check("x"), check("y")])).worths == (2.0, 4.0)


def test_a_term_joins_students_and_counts_what_was_not_handed_in_as_nothing():
    first = tally(result_of("a", [check("x")]), result_of("b", [check("x", "failed"), check("y")]))
    second = tally(result_of("b", [check("x")]))
    assert [(row.student, row.shares, row.mean, row.handed_in) for row in term_rows([first, second])] == [
        ("a", (1.0, None), 0.5, 1),
        ("b", (0.5, 1.0), 0.75, 2),
    ]


def test_results_are_read_one_at_a_time_and_the_last_line_of_a_submission_counts(tmp_path):
    old, new = result_of("a", [check("x", "failed")]), result_of("a", [check("x")])
    file = write(tmp_path / "results.jsonl", [result_of("b", [check("x")]), old, new])
    with file.open("a", encoding="utf-8") as lines:
        lines.write(result_of("c", [check("x")]).to_json()[:-5])
    source = ResultsFile(tmp_path)
    assert [(result.submission, result.score) for result in source] == [("a", 2.0), ("b", 2.0)]
    assert "b" in source
    assert "c" not in source


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{}\n", "line 1: not a line that"),
        ("nonsense\n", "line 1: not a line that"),
        ('{"format": 9, "assignment": "a", "submission": "s"}\n', "format 9, where 1 was expected"),
        ("", "holds no results"),
        ("[" * 100_000 + "\n", "line 1: not a line that"),
    ],
)
def test_what_is_no_results_file_is_refused(tmp_path, text, words):
    (tmp_path / "results.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=words):
        ResultsFile(tmp_path)


def test_a_line_that_lacks_something_is_named(tmp_path):
    (tmp_path / "results.jsonl").write_text('{"format": 1, "assignment": "a", "submission": "s"}\n', encoding="utf-8")
    with pytest.raises(ValueError, match="submission 's': not a line"):
        list(ResultsFile(tmp_path))


def test_two_assignments_in_one_file_are_refused(tmp_path):
    file = write(tmp_path / "r.jsonl", [result_of("a", []), result_of("a", [], slug="02-other")])
    with pytest.raises(ValueError, match="01-tensors and 02-other"):
        ResultsFile(file)


def test_the_made_up_class_is_the_same_each_time():
    assert [one.to_json() for one in class_of(5)] == [one.to_json() for one in class_of(5)]
