"""What a handout shows as output is what its code prints."""

import contextlib
import io
import re
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
HANDOUTS = sorted(REPOSITORY.glob("assignments/*/handout.md"))
BLOCK = re.compile(r"^```python\n(?P<code>.*?)^```\n(?:\s*^```text\n(?P<output>.*?)^```$)?", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("handout", HANDOUTS, ids=lambda path: path.parent.name)
def test_every_block_prints_what_stands_under_it(handout):
    text = handout.read_text(encoding="utf-8")
    blocks = list(BLOCK.finditer(text))
    assert blocks
    namespace = {}
    for block in blocks:
        line = text.count("\n", 0, block.start()) + 2
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile("\n" * (line - 1) + block["code"], str(handout), "exec"), namespace)
        assert printed.getvalue() == (block["output"] or ""), f"{handout.name}, line {line}"


@pytest.mark.parametrize(
    "translated",
    sorted(REPOSITORY.glob("assignments/*/handout.*.md")),
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_a_translated_handout_has_the_parts_and_the_code_of_the_original(translated):
    def skeleton(path: Path) -> tuple[list[str], list[str]]:
        text = path.read_text(encoding="utf-8")
        headings = re.findall(r"^(#+)[^`\n]*(`\w+`)?$", BLOCK.sub("", text), re.MULTILINE)
        return [block[0] for block in BLOCK.finditer(text)], headings

    assert skeleton(translated) == skeleton(translated.with_name("handout.md"))
