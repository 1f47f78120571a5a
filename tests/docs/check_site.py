"""Tell what is wrong with the built site: a request to another host, a link that leads nowhere, a fence left as text.

    python tests/docs/check_site.py site

The generator checks the links in the pages' Markdown. Those that it makes itself, from docstrings, are checked here.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

LOADS = {("link", "href"), ("base", "href"), ("form", "action"), ("use", "href"), ("object", "data")}
LEADS = {("a", "href"), ("area", "href")}


@dataclass
class Page(HTMLParser):
    """What one page loads, where it leads, and which places it has.

    Attributes:
        loads: Addresses that a browser fetches by itself.
        leads: Addresses that a reader may follow.
        places: Names that an address may end with.
        text: What is read, apart from code.
    """

    loads: list[str] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)
    places: set[str] = field(default_factory=set)
    text: list[str] = field(default_factory=list)
    apart: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element's addresses and its name."""
        self.apart += tag in ("code", "script", "style")
        for name, value in attrs:
            if value and name in ("id", "name"):
                self.places.add(value)
            elif value and (name in ("src", "srcset", "poster") or (tag, name) in LOADS):
                self.loads.append(value)
            elif value and (tag, name) in LEADS:
                self.leads.append(value)

    def handle_endtag(self, tag: str) -> None:
        """Leave code."""
        self.apart -= tag in ("code", "script", "style")

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        if not self.apart:
            self.text.append(data)


def read(file: Path) -> Page:
    """Read one page."""
    page = Page()
    page.feed(file.read_text(encoding="utf-8"))
    return page


def problems(site: Path) -> list[str]:
    """Return a sentence for each thing that is wrong, the file first."""
    pages = {file.resolve(): read(file) for file in sorted(site.rglob("*.html"))}
    found = [] if len(pages) > 10 else [f"{site}: {len(pages)} pages; build the site first"]
    for file, page in pages.items():
        name = file.relative_to(site.resolve())
        found += [f"{name}: loads {url}" for url in page.loads if urlsplit(url).scheme or url.startswith("//")]
        found += [f"{name}: a fence is left as text" for text in page.text if "```" in text]
        found += [f"{name}: {url} leads nowhere" for url in page.leads if not leads_on(file, url, pages)]
    for sheet in site.rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        found += [f"{sheet.name}: loads from {host}" for host in ("url(http", "url(//", "@import") if host in text]
    return found


def leads_on(file: Path, url: str, pages: dict[Path, Page]) -> bool:
    """Tell whether a link within the site leads to a page, and to a place on it; others are not followed."""
    parts = urlsplit(url)
    if parts.scheme or parts.netloc:
        return True
    if file.name == "404.html":  # its links start at the site's root, wherever that will be
        return True
    target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
    target = target / "index.html" if target.is_dir() else target
    if target not in pages:
        return target.is_file()
    return not parts.fragment or unquote(parts.fragment) in pages[target].places


if __name__ == "__main__":
    wrong = problems(Path(sys.argv[1]))
    print(*wrong or ["every link leads somewhere, and no page asks another host for anything"], sep="\n")
    sys.exit(bool(wrong))
