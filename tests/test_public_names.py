import importlib
import pkgutil
import subprocess
import sys

import pytest

import torchgrade

MODULES = [
    found.name
    for found in pkgutil.walk_packages(torchgrade.__path__, "torchgrade.")
    if not found.name.endswith("__main__")
]


@pytest.mark.parametrize("name", ["torchgrade", *MODULES])
def test_all_is_sorted_and_names_what_is_there(name):
    module = importlib.import_module(name)
    names = getattr(module, "__all__", [])
    assert list(names) == sorted(names, key=lambda name: (not name.isupper(), not name[0].isupper(), name))
    assert all(hasattr(module, one) for one in names)


def test_the_plugin_loads_neither_torch_nor_numpy():
    code = (
        "import torchgrade.plugin, sys; print([m for m in ('torch', 'numpy', 'rich', 'msgspec') if m in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_check_is_the_function_even_after_its_module_was_imported():
    importlib.import_module("torchgrade.expect")
    assert callable(torchgrade.expect)
    assert callable(torchgrade.check)
    with pytest.raises(AttributeError, match="nothing_like_it"):
        torchgrade.nothing_like_it  # noqa: B018
