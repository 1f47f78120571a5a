"""The results file: what counts as done after kills, changes and Ctrl-C, and how little of it is in memory."""

import json
import tracemalloc

import pytest

from torchgrade.errors import CourseError
from torchgrade.grade.ledger import Ledger, refuse_another
from torchgrade.grade.results import CheckResult, Confinement, SubmissionResult


def result_of(name, digest="sha256:1", status="passed", message="", score=1.0):
    check = CheckResult("graders/x.py::test", "one", "A title", 1.0, score, status, True, message)
    return SubmissionResult(
        "01", name, f"{name}.py", digest, "graded", score, 1.0, 0.0, 0.1, Confinement("A", ()), (check,)
    )


def names_in(folder):
    return [json.loads(line)["submission"] for line in (folder / "results.jsonl").read_text().splitlines()]


def killed(ledger):
    """Leave a ledger as a kill does."""
    import os

    os.close(ledger.file)


@pytest.fixture
def ledger(tmp_path):
    ledger = Ledger(tmp_path, "key")
    for name in ("b", "a", "c"):
        ledger.add(result_of(name))
    return ledger


def test_lines_come_in_the_order_of_grading_and_end_in_that_of_names(tmp_path, ledger):
    assert names_in(tmp_path) == ["b", "a", "c"]
    ledger.close()
    assert names_in(tmp_path) == ["a", "b", "c"]
    assert [result.submission for result in ledger.results(["c", "x", "a"])] == ["c", "a"]


def test_what_is_there_counts_after_a_kill(tmp_path, ledger):
    killed(ledger)
    again = Ledger(tmp_path, "key")
    assert all(again.finished(name, "sha256:1") for name in "abc")
    assert not again.finished("a", "sha256:2")
    assert not again.finished("x", "sha256:1")


def test_the_later_of_two_lines_counts(tmp_path, ledger):
    ledger.add(result_of("a", "sha256:2", score=0.0))
    killed(ledger)
    again = Ledger(tmp_path, "key")
    assert names_in(tmp_path).count("a") == 1
    assert next(again.results(["a"])).score == 0.0


def test_a_torn_last_line_is_dropped(tmp_path, ledger):
    killed(ledger)
    with (tmp_path / "results.jsonl").open("a") as file:
        file.write(result_of("d").to_json()[:-20])
    again = Ledger(tmp_path, "key")
    assert names_in(tmp_path) == ["b", "a", "c"]
    again.add(result_of("d"))
    again.close()
    assert names_in(tmp_path) == ["a", "b", "c", "d"]


def test_unreadable_files_and_errors_of_the_graders_own_are_tried_again(tmp_path, ledger):
    ledger.add(result_of("nothing", "sha256:"))
    ledger.add(result_of("error", status="error"))
    assert not ledger.finished("nothing", "sha256:")
    assert not ledger.finished("error", "sha256:1")
    assert not ledger.sure("error")
    assert ledger.sure("nothing")
    assert not ledger.sure("x")


def test_results_of_another_key_stay_but_are_not_done(tmp_path, ledger):
    ledger.close()
    other = Ledger(tmp_path, "another")
    assert not any(other.finished(name, "sha256:1") for name in "abc")
    assert [result.submission for result in other.results("abc")] == ["a", "b", "c"]


@pytest.mark.parametrize("leave", [killed, Ledger.close])
def test_what_was_graded_under_another_key_is_not_done_in_the_next_run_either(tmp_path, ledger, leave):
    ledger.close()
    other = Ledger(tmp_path, "another")
    other.add(result_of("b"))
    leave(other)
    again = Ledger(tmp_path, "another")
    assert [name for name in "abc" if again.finished(name, "sha256:1")] == ["b"]


def test_a_line_that_ctrl_c_kept_from_being_noted_is_not_lost(tmp_path, ledger):
    with (tmp_path / "results.jsonl").open("a") as file:
        file.write(result_of("d").to_json() + "\n")
    ledger.close()
    assert names_in(tmp_path) == ["a", "b", "c", "d"]


def test_names_of_any_kind_keep_their_results(tmp_path):
    names = ["new\nline", "u\u2028line", "quote\"'", "\x85"]
    first = Ledger(tmp_path, "key")
    for name in names:
        first.add(result_of(name))
    first.close()
    other = Ledger(tmp_path, "another")
    other.add(result_of(names[0]))
    other.close()
    again = Ledger(tmp_path, "another")
    assert [again.finished(name, "sha256:1") for name in names] == [True, False, False, False]
    assert [result.submission for result in again.results(names)] == names


def test_memory_does_not_grow_with_what_results_say(tmp_path):
    ledger = Ledger(tmp_path, "key")
    tracemalloc.start()
    for number in range(300):
        ledger.add(result_of(f"s{number}", message="x" * 10_000))
    held, _ = tracemalloc.get_traced_memory()
    ledger.close()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (tmp_path / "results.jsonl").stat().st_size > 3_000_000
    assert held < 300_000
    assert most < 1_000_000


def test_a_folder_belongs_to_one_assignment(tmp_path, ledger):
    ledger.close()
    refuse_another(tmp_path, "01")
    with pytest.raises(CourseError, match=r"(?s)it has the results of 01.*--out .*02"):
        refuse_another(tmp_path, "02")


@pytest.mark.parametrize("text", [None, "", "{}\n", "no json\n"])
def test_a_folder_without_a_whole_result_is_anybodys(tmp_path, text):
    if text is not None:
        (tmp_path / "results.jsonl").write_text(text, encoding="utf-8")
    refuse_another(tmp_path, "02")
