import contextlib
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from torchgrade.course import Assignment, Due, Exercise, Limits, read_manifest
from torchgrade.errors import CourseError

SAMPLES = sorted((Path(__file__).parent / "samples" / "manifest").glob("*.toml"))
FULL = """format = 1
title = "Tensors"
module = "tensors"
[due]
at = 2026-12-01T23:59:00+01:00
zone = "Europe/Berlin"
grace = "10 min"
penalty_per_day = 0.1
of = "max_score"
most = 0.5
closes = "1 week"
attempts = "best"
most_attempts = 3
[limits]
seconds = 2
import_seconds = 30.5
memory_mb = 512
processes = 4
output_kb = 8
scratch_mb = 16
[[exercise]]
name = "zeros"
title = "Zeros"
hint = "torch.zeros"
[[exercise]]
name = "Net"
title = "A net – größer"
hint = "torch.nn"
"""


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_each_bad_sample_is_refused_with_key_and_remedy(sample, refused):
    # The first line of a sample: key | words of the problem | words of the remedy.
    key, *words = sample.read_text(encoding="utf-8").partition("\n")[0].removeprefix("# ").split(" | ")
    with refused(sample, key, *words):
        read_manifest(sample)


def test_a_full_manifest_is_read(manifest):
    manifest.write_text(FULL, encoding="utf-8")
    assert read_manifest(manifest) == Assignment(
        slug="01-tensors",
        title="Tensors",
        module="tensors",
        exercises=(Exercise("zeros", "Zeros", "torch.zeros"), Exercise("Net", "A net – größer", "torch.nn")),
        limits=Limits(2.0, 30.5, 512, 4, 8, 16),
        folder=manifest.parent,
        due=Due(
            at=datetime(2026, 12, 1, 23, 59, tzinfo=timezone(timedelta(hours=1))),
            zone="Europe/Berlin",
            grace="10 min",
            penalty_per_day=0.1,
            of="max_score",
            most=0.5,
            closes="1 week",
            attempts="best",
            most_attempts=3,
        ),
    )


def test_the_short_form_of_the_rules_says_the_same(manifest):
    text = manifest.read_text(encoding="utf-8")
    short = "due = 2026-12-01T23:59:00Z\nlate = { penalty_per_day = 0.1, max_days = 3 }\n"
    manifest.write_text(short + text, encoding="utf-8")
    at = datetime(2026, 12, 1, 23, 59, tzinfo=timezone.utc)
    assert read_manifest(manifest).due == Due(at, penalty_per_day=0.1, closes="3 days")
    manifest.write_text(short.partition("\n")[0] + "\n" + text, encoding="utf-8")
    assert read_manifest(manifest).due == Due(at)


def test_everything_optional_has_its_default(manifest):
    assignment = read_manifest(manifest)
    assert assignment.limits == Limits(10.0, 20.0, 2048, 32, 64, 64)
    assert assignment.due is None


def test_the_slug_is_the_folders_name_also_from_inside_it(manifest, monkeypatch):
    monkeypatch.chdir(manifest.parent)
    assert read_manifest(Path("assignment.toml")).slug == "01-tensors"


def test_a_byte_order_mark_and_windows_line_ends_are_no_trouble(manifest):
    manifest.write_bytes(b"\xef\xbb\xbf" + manifest.read_bytes().replace(b"\n", b"\r\n"))
    assert read_manifest(manifest).title == "Tensors"


def test_a_file_that_is_not_utf_8_is_refused(manifest, refused):
    manifest.write_bytes(manifest.read_bytes() + 'x = "ü"'.encode("latin-1"))
    with refused(manifest, "", "not UTF-8", "encoding UTF-8"):
        read_manifest(manifest)


def test_a_missing_file_and_a_folder_in_its_place_are_refused(tmp_path, refused):
    for path in (tmp_path / "assignment.toml", tmp_path):
        with refused(path, "", "cannot be read", "make it readable"):
            read_manifest(path)


@pytest.mark.parametrize("text", ["a = " + "[" * 5000, "a = " + "9" * 5000], ids=["deep", "long_number"])
def test_what_breaks_the_parser_itself_is_refused(manifest, refused, text):
    manifest.write_text(text, encoding="utf-8")
    with refused(manifest, "line 1", "not TOML"):
        read_manifest(manifest)


@pytest.mark.parametrize("digits", [300, 400, 4299])
def test_a_huge_number_is_refused_as_a_limit(manifest, refused, digits):
    manifest.write_text(
        manifest.read_text(encoding="utf-8") + f"[limits]\nseconds = {'9' * digits}\n", encoding="utf-8"
    )
    with refused(manifest, "limits.seconds", "at most 86400"):
        read_manifest(manifest)


PIECES = st.sampled_from(
    ["", "[", "]", "[[", "]]", "=", '"', "'", "\n", "{", "}", ".", ",", "-1", "0", "1e999", "nan", "true", "[]", "{}",
     "2026-12-01", "2026-12-01T23:59:00", "12:00:00", "exercise", "limits", "late", "due = ", "[due]\n", "zone",
     "closes", "[limits]\n",
     "[[exercise]]\n", "#", "\\", "\\u00e9", "\x00", "ü", "9" * 30, "format"]
)  # fmt: skip
CUTS = st.lists(st.tuples(st.integers(0, len(FULL)), st.integers(0, 30), PIECES | st.text(max_size=5)), max_size=6)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=CUTS)
def test_whatever_is_done_to_a_manifest_only_course_errors_come(manifest, cuts):
    text = FULL
    for start, length, piece in cuts:
        text = text[:start] + piece + text[start + length :]
    manifest.write_text(text, encoding="utf-8")
    with contextlib.suppress(CourseError):
        assignment = read_manifest(manifest)
        assert assignment.exercises
        assert 0 < assignment.limits.seconds <= 86_400
