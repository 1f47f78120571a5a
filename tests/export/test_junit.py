import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from torchgrade.export.junit import junit
from torchgrade.export.shown import xml_text

from .samples import NAMES, WISHES, a_check, a_result, mixed, right, small_class, unreadable

# The attributes and children that Jenkins' schema, junit-10.xsd, allows.
ALLOWED = {
    "testsuites": ({"name", "time", "tests", "failures", "errors"}, {"testsuite"}),
    "testsuite": ({"name", "time", "tests", "failures", "errors", "skipped"}, {"properties", "testcase"}),
    "properties": (set(), {"property"}),
    "property": ({"name", "value"}, set()),
    "testcase": ({"name", "time", "classname"}, {"skipped", "error", "failure", "system-out"}),
    **{name: ({"type", "message"}, set()) for name in ("skipped", "error", "failure")},
    "system-out": (set(), set()),
}


def tree(*results):
    return ET.fromstring(junit(results, WISHES).text.encode())


def test_nothing_is_in_it_that_jenkins_refuses():
    for node in tree(*small_class()).iter():
        attributes, children = ALLOWED[node.tag]
        assert set(node.attrib) <= attributes, node.tag
        assert {child.tag for child in node} <= children, node.tag


def test_deferred_is_skipped_and_the_graders_fault_an_error():
    suite = tree(mixed())[0]
    assert {key: suite.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "5", "failures": "2", "errors": "1", "skipped": "1",
    }  # fmt: skip
    assert [case.find("skipped") is not None for case in suite.iter("testcase")] == [False, False, False, True, False]


def test_an_unreadable_submission_says_why_in_each_case():
    causes = {found.get("message") for found in tree(unreadable()).iter("failure")}
    assert causes == {"tensors.py, line 3: SyntaxError: '(' was never closed"}


def test_no_two_cases_are_alike():
    alike = a_result(a_check(), a_check(), a_check(), submission="b")
    cases = [(case.get("classname"), case.get("name")) for case in tree(right("a"), alike).iter("testcase")]
    assert len(set(cases)) == len(cases) == 6


def test_an_empty_class():
    assert list(tree()) == []


@given(st.text(max_size=40), st.text(max_size=40))
def test_any_name_and_message_can_be_read_again(name, message):
    suite = tree(a_result(a_check("failed", message=message), submission=name))[0]
    assert suite.get("name") == xml_text(name)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=40))
def test_text_that_xml_may_hold_is_not_changed(text):
    assert xml_text(text) == text


def test_junitparser_reads_it():
    junitparser = pytest.importorskip("junitparser")
    results = [*small_class(), *(right(name) for name in NAMES)]
    report = junitparser.JUnitXml.fromstring(junit(results, WISHES).text.encode())
    assert [suite.name for suite in report] == [xml_text(result.submission) for result in results]
    assert (report.tests, report.failures, report.errors) == (10 + 3 * len(NAMES), 4, 1)
    kinds = [type(found).__name__ for case in next(iter(report)) for found in case.result]
    assert kinds == ["Failure", "Failure", "Skipped", "Error"]
