"""The instructor's pages in a real browser: nothing serious for axe, no requests, and tables that work."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from torchgrade.cli import main

from ..browser import chromium, serious, watch
from ..classroom.samples import class_of, result_of, write
from ..conftest import MINI
from ..similarity.samples import honest

PAGES = ["index.html", "01-tensors.html", "students/student-0007.html"]
EVIL = "<script>document.title='taken'</script><img src=x onerror=alert(1)>"


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    with chromium(tmp_path_factory.mktemp("profile")) as context:
        yield context


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Pages about a term of two assignments, one student of which attacks whoever reads."""
    root = tmp_path_factory.mktemp("term")
    results = list(class_of(110))
    spoiled = [_spoil(check) for check in results[7].checks]
    results += [result_of(EVIL, spoiled), result_of("zoë ß 10", list(results[0].checks))]
    one = write(root / "one" / "results.jsonl", results)
    other = write(root / "other" / "results.jsonl", class_of(100, slug="02-arithmetic"))
    assert main(["report", str(one), str(other), "--out", str(root / "pages")]) == 0
    return root / "pages"


def _spoil(check):
    return replace(check, status="error", message=EVIL, misconception=EVIL, belief=EVIL, hint=EVIL, title=check.title)


@pytest.fixture(scope="module")
def alike(tmp_path_factory):
    """The page about a copy, one of whose authors attacks whoever reads."""
    root = tmp_path_factory.mktemp("alike")
    course = Path(shutil.copytree(MINI, root / "course"))
    code = honest("12-attention")[0].source
    (course / "subs").mkdir()
    (course / "subs" / "ada.py").write_text(code, encoding="utf-8")
    (course / "subs" / "ben.py").write_text(
        code.replace("\n    return", f"\n    # {EVIL}\n    return"), encoding="utf-8"
    )
    given = ["similar", "mini", str(course / "subs"), "--course", str(course), "--out", str(root)]
    assert main(given) == 0
    return root / "01-mini.html"


@pytest.fixture
def page(browser):
    page = browser.new_page()
    yield page
    page.close()


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_serious(page, folder, name, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto((folder / name).as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    # A tenth of the rows is enough, and takes a tenth of the time.
    page.evaluate("document.querySelectorAll('tbody tr:nth-child(n + 12)').forEach((row) => row.remove())")
    assert serious(page) == []
    if width > 320:  # colours do not depend on the width, nor anything else on them
        page.emulate_media(color_scheme="dark")
        assert serious(page, "color-contrast") == []


@pytest.mark.parametrize("width", [320, 1280])
def test_axe_finds_nothing_serious_about_pairs_that_are_alike(page, alike, width):
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(alike.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("details[open] .row.shared").first.is_visible()
    assert serious(page) == []
    if width > 320:
        page.emulate_media(color_scheme="dark")
        assert serious(page, "color-contrast") == []


def test_the_page_about_pairs_asks_for_nothing_and_runs_nothing_of_a_students(page, alike):
    seen = watch(page)
    page.goto(alike.as_uri())
    page.wait_for_load_state("networkidle")
    assert seen.requests == [alike.as_uri()]
    assert seen.complaints == []
    assert page.evaluate("document.images.length") == 0
    assert EVIL in page.text_content("body")


def test_axe_would_find_something(page, folder):
    page.goto((folder / "01-tensors.html").as_uri())
    page.evaluate("document.querySelector('input').parentElement.replaceWith(document.querySelector('input'))")
    assert any(found.startswith("label:") for found in serious(page, "label"))


@pytest.mark.parametrize("name", PAGES)
def test_a_page_asks_for_nothing_and_complains_of_nothing(page, folder, name):
    seen = watch(page)
    address = (folder / name).as_uri()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    assert seen.requests == [address]
    assert seen.complaints == []
    assert page.evaluate("performance.getEntriesByType('resource').length") == 0


def test_text_of_a_student_never_acts(page, folder):
    seen = watch(page)
    for file in (folder / "01-tensors.html", next(folder.glob("students/script*"))):
        page.goto(file.as_uri())
        assert "taken" not in page.title().replace(EVIL, "")
        assert page.evaluate("document.images.length") == 0
        assert EVIL in page.inner_text("body")
    assert seen.complaints == []


def names(page):
    return page.eval_on_selector_all("#all tbody tr:not([hidden]) th", "cells => cells.map(cell => cell.innerText)")


def numbers(page, column):
    texts = page.eval_on_selector_all(
        "#all tbody tr:not([hidden])", f"rows => rows.map(row => row.cells[{column}].innerText)"
    )
    return [float(text) for text in texts]


@pytest.fixture
def students(page, folder):
    page.goto((folder / "01-tensors.html").as_uri())
    page.evaluate("document.querySelector('table[data-what=students]').id = 'all'")
    return page


def test_students_are_sorted_by_a_click_on_a_heading(students):
    button = students.get_by_role("region", name="Students").get_by_role("button", name="points")
    button.click()
    found = numbers(students, 1)
    assert found == sorted(found)
    button.press("Enter")
    found = numbers(students, 1)
    assert found == sorted(found, reverse=True)
    assert found[0] > found[-1]
    assert students.get_attribute("#all th:nth-child(2)", "aria-sort") == "descending"


def test_what_is_unknown_is_last_in_both_directions(page, folder):
    page.goto((folder / "01-tensors.html").as_uri())
    button = page.get_by_role("region", name="Checks").get_by_role("button", name="discrimination")
    for _ in range(2):
        button.click()
        texts = page.eval_on_selector_all(
            "table[data-what=checks] tbody tr", "rows => rows.map(row => row.cells[3].innerText)"
        )
        unknown = [place for place, text in enumerate(texts) if text == "–"]
        assert unknown == list(range(len(texts) - len(unknown), len(texts)))
        assert unknown


def test_search_finds_students_beyond_the_rows_that_are_shown(students):
    assert len(names(students)) == 100
    search = students.get_by_role("searchbox", name="Search students")
    search.fill("ZOË 10")
    assert names(students) == ["zoë ß 10"]
    assert "1 found, of 112" in students.inner_text("body")
    search.fill("nobody at all")
    assert names(students) == []
    search.fill("")
    students.get_by_role("button", name="Show all").last.click()
    assert len(names(students)) == 112


def test_links_lead_to_the_student_and_back(students, folder):
    students.get_by_role("link", name="student-0007").last.click()
    assert students.inner_text("h1") == "student-0007"
    students.get_by_role("link", name="Arithmetic").click()
    assert students.url == (folder / "02-arithmetic.html").as_uri()
    students.get_by_role("link", name="The term").click()
    assert students.inner_text("h1") == "The term"


def test_every_row_is_there_without_scripts(browser, folder):
    plain = browser.browser or browser
    if plain is browser:
        pytest.skip("this browser gives no second context")
    context = plain.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((folder / "01-tensors.html").as_uri())
    assert page.get_by_role("region", name="Students").locator("tbody tr:visible").count() == 112
    context.close()


def test_the_slides_print_alone(page, folder):
    page.goto((folder / "01-tensors.html").as_uri())
    page.evaluate("location.hash = '#slides'")
    page.emulate_media(media="print")
    assert page.locator(".slide h3").first.is_visible()
    assert not page.locator("#students").is_visible()
    page.evaluate("location.hash = ''")
    assert page.locator("#students").is_visible()
