"""Functions as arguments: they travel by name, when both sides can import them."""

from __future__ import annotations

import importlib
import sys
from typing import Any

from ..errors import AuthorError
from ..wire import Named

__all__ = ["name_of"]

_HOMES = ("torch", "fixtures.shared")
# Functions that torch implements in C do not say which module they are in.
_PLACES = (
    "torch", "torch.nn.functional", "torch.linalg", "torch.fft", "torch.special", "torch:Tensor",
)  # fmt: skip


def name_of(value: Any) -> Named:
    """Return the name under which the worker can import a function or class.

    Raises:
        AuthorError: It can be imported from neither torch nor fixtures.shared.
    """
    module, qualname = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if isinstance(module, str) and isinstance(qualname, str) and _is_shared(module):
        found = Named(f"{module}:{qualname}")
        if _lookup(found.path) is value:
            return found
    for place in _PLACES:
        home, _, owner = place.partition(":")
        path = f"{home}:{owner + '.' if owner else ''}{getattr(value, '__name__', '')}"
        if _lookup(path) is value:
            return Named(path)
    raise AuthorError(_refusal(value))


def _is_shared(module: str) -> bool:
    return any(module == home or module.startswith(f"{home}.") for home in _HOMES)


def _lookup(path: str) -> Any:
    module, _, qualname = path.partition(":")
    try:
        found: Any = sys.modules.get(module) or importlib.import_module(module)
        for part in qualname.split("."):
            found = getattr(found, part)
    except (ImportError, AttributeError):
        return None
    return found


def _refusal(value: Any) -> str:
    name = getattr(value, "__name__", None)
    if name is None:
        what = f"An object of class {type(value).__name__}"
        return (
            f"{what} cannot be sent to the student's process: send data, or build it there with submission.make(...)."
        )
    what = "A lambda" if name == "<lambda>" else f"The function {name}"
    return (
        f"{what} cannot be sent to the student's process: functions travel by name. "
        "Define it in fixtures/shared/ and import it from fixtures.shared, or use one of torch's."
    )
