"""The site's table of contents, and what tells that a built page is not in order."""

import pytest
import yaml

from ..conftest import REPOSITORY
from .check_site import problems
from .pages import DOCS


def listed(entry) -> list[str]:
    if isinstance(entry, str):
        return [entry]
    return [page for one in (entry if isinstance(entry, list) else entry.values()) for page in listed(one)]


def test_every_page_stands_in_the_contents_once():
    nav = listed(yaml.safe_load((REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8"))["nav"])
    assert sorted(nav) == sorted(page.relative_to(DOCS).as_posix() for page in DOCS.rglob("*.md"))


@pytest.fixture
def site(tmp_path):
    for number in range(12):
        (tmp_path / f"{number}.html").write_text('<h1 id="top">A</h1><a href="0.html#top">on</a>', encoding="utf-8")
    assert problems(tmp_path) == []
    return tmp_path


@pytest.mark.parametrize(
    ("html", "said"),
    [
        ('<img src="https://host.example/a.png">', "loads https://host.example/a.png"),
        ('<script src="//host.example/a.js"></script>', "loads //host.example/a.js"),
        ('<link rel="stylesheet" href="https://host.example/a.css">', "loads https://host.example/a.css"),
        ('<a href="nowhere.html">on</a>', "nowhere.html leads nowhere"),
        ('<a href="1.html#nowhere">on</a>', "1.html#nowhere leads nowhere"),
        ("<p>```python student</p>", "a fence is left as text"),
    ],
)
def test_what_is_wrong_with_a_page_is_told(site, html, said):
    (site / "3.html").write_text(html, encoding="utf-8")
    assert problems(site) == [f"3.html: {said}"]


def test_a_style_that_loads_from_elsewhere_is_told(site):
    (site / "a.css").write_text("@font-face { src: url(https://host.example/f.woff) }", encoding="utf-8")
    assert problems(site) == ["a.css: loads from url(http"]


def test_a_link_out_is_no_request_and_code_may_show_fences(site):
    (site / "3.html").write_text('<a href="https://host.example">out</a><code>```</code>', encoding="utf-8")
    assert problems(site) == []


def test_a_folder_without_pages_is_no_site(tmp_path):
    assert problems(tmp_path) == [f"{tmp_path}: 0 pages; build the site first"]
