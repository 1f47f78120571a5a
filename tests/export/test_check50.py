import json

import pytest

from torchgrade.export.check50 import check50

from .samples import NAMES, WISHES, a_result, mixed, right, unreadable, waiting

KEYS = {"name", "description", "passed", "log", "cause", "data", "dependency"}
EVERY = [right(), mixed(), unreadable(), waiting(), a_result(), *map(right, NAMES)]


def record(result):
    return json.loads(check50([result], WISHES).text)


@pytest.mark.parametrize("result", EVERY)
def test_it_has_the_fields_of_check50(result):
    found = record(result)
    assert set(found) == {"slug", "results", "version"}
    for one in found["results"]:
        assert set(one) == KEYS
        assert one["passed"] in (True, False, None)
        assert (one["cause"] is None) == (one["passed"] is True)
        assert one["cause"] is None or one["cause"]["rationale"]


def test_unknown_is_not_wrong():
    assert [one["passed"] for one in record(mixed())["results"]] == [True, False, False, None, None]


@pytest.mark.parametrize("result", EVERY)
def test_check50_renders_it(result):
    renderer = pytest.importorskip("check50.renderer")
    found = record(result)
    assert json.loads(renderer.to_json(**found)) == found
    assert "<h1>check50</h1>" in renderer.to_html(**found)
    ansi = renderer.to_ansi(**found)
    assert [ansi.count(mark) >= 1 for mark in (":) ", ":( ", ":| ")] == [
        any(one["passed"] is passed for one in found["results"]) for passed in (True, False, None)
    ]
