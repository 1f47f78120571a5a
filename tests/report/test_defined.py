from __future__ import annotations

import pytest

from torchgrade.report.defined import cut, defined_in


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("def f(x):\n    return x\n\nclass Net:\n    def forward(self): ...\n", {"f", "Net"}),
        ("f = lambda x: x\ng: int = 3\nh == 2\n", {"f", "g"}),
        ("async def f(): ...", {"f"}),
        ("@torch.no_grad()\ndef f(): ...", {"f"}),
        ('"""\ndef f(): ...\n"""\ng = """\ndef h(): ...\n"""', {"g"}),
        ("# def f(): ...\nprint('def g(): ...')", set()),
        ("if True:\n    def f():\n        def inner(): ...\nelse:\n    g = 1", {"f", "g"}),
        ("def f(\n    x,\n):\n    inner = 1\n    return inner\nlast = 2", {"f", "last"}),
        ("def f(:\n    return\n\ndef g(): ...", {"f", "g"}),
        ("%time f = 1\n!ls\n%%bash", {"f"}),
        ("%%bash\ndef f(): ...", set()),
        ("def größe(): ...\ndef 面积(): ...", {"größe", "面积"}),
        ("    def f():\n        return 1\n", {"f"}),
        ("x = [\ndef f(): ...", {"x", "f"}),
        ("", set()),
    ],
)
def test_names_that_a_cell_binds_at_the_top(cell, names):
    assert defined_in(cell) == names


def test_a_module_is_cut_above_and_below_each_function():
    source = (
        '"""About."""\n\nimport torch\n\n\n# how it works\n@torch.no_grad()\ndef f(x):\n    y = x\n\n    return y\n\n\n'
        "LIMIT = 3\n\n\nclass Net:\n    size = 1\n\n    def forward(self): ...\n\n\ndef g(): ...\n"
    )
    assert cut(source) == [
        (1, '"""About."""\n\nimport torch'),
        (6, "# how it works\n@torch.no_grad()\ndef f(x):\n    y = x\n\n    return y"),
        (14, "LIMIT = 3"),
        (17, "class Net:\n    size = 1\n\n    def forward(self): ..."),
        (23, "def g(): ..."),
    ]


def test_what_is_cut_is_all_there():
    source = "x = [\n1,\n]\ndef f(:\n    return (\n\ndef g():\n    return '''\ndef h(): ...\n"
    assert "\n".join(text for _, text in cut(source)).replace("\n", "") == source.replace("\n", "")


@pytest.mark.parametrize("source", ["", "\n\n", "# only words\n"])
def test_a_module_without_code_has_one_cell_or_none(source):
    assert len(cut(source)) == bool(source.strip())
