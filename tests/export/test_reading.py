import pytest

from torchgrade.export import read_results
from torchgrade.export.reading import choose, results_of
from torchgrade.grade.ledger import Ledger

from .samples import a_check, a_result, right, small_class


def text_of(*results):
    return "".join(f"{result.to_json()}\n" for result in results)


def test_what_the_ledger_writes_is_read(tmp_path):
    ledger = Ledger(tmp_path, "key")
    for result in small_class():
        ledger.add(result)
    assert read_results(tmp_path) == read_results(tmp_path / "results.jsonl") == small_class()  # a run under way
    ledger.close()
    assert read_results(tmp_path) == small_class()


def test_the_last_line_of_a_submission_counts():
    old, new = a_result(a_check("failed")), a_result(a_check())
    assert results_of(text_of(old, right(), new)) == [new, right()]


def test_a_torn_last_line_is_passed_over():
    text = text_of(right(), a_result(a_check()))
    assert results_of(text[:-30]) == [right()]


@pytest.mark.parametrize("line", ["{", "[]", '{"format": 2}', '{"format": 1}', "null"])
def test_any_other_line_is_named(line):
    with pytest.raises(ValueError, match=r"^OUT/results\.jsonl, line 2: not a line that"):
        results_of(text_of(right()) + line + "\n" + text_of(right()), "OUT/results.jsonl")


def test_two_assignments_are_not_mixed():
    with pytest.raises(ValueError, match="01-tensors and 02-autograd"):
        results_of(text_of(right(), a_result(a_check(), assignment="02-autograd")))


def test_an_empty_class():
    assert results_of("") == []


def test_what_is_not_there_says_who_writes_it(tmp_path):
    with pytest.raises(FileNotFoundError, match="torchgrade grade"):
        read_results(tmp_path)


def test_an_unknown_submission_names_those_there_are():
    assert choose([right()], "right", "OUT") == right()
    with pytest.raises(ValueError, match=r"'bob'; it holds right$"):
        choose([right()], "bob", "OUT")
