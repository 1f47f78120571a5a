"""What to look at when a value of the wrong type or dtype came."""

from __future__ import annotations

from typing import Any

import torch

from ..language import N_, _
from .describe import OBJECT, class_name, dtype_name, is_plain_word, kind_of

__all__ = ["dtype_help", "kind_help"]

_UNCALLED = ("function", "method", "builtin_function_or_method", "method-wrapper", "type")
_NUMBERS = ("bool", "int", "float", "complex number")
# (came, asked): what to look at
_KIND_HELP = {
    ("list", "tensor"): N_(
        "torch.tensor(x) makes a tensor of a list of numbers, torch.stack(x) one of a list of tensors."
    ),
    ("tuple", "tensor"): N_("Several values after return, or a comma too many, make a tuple."),
    ("NumPy array", "tensor"): N_("torch.from_numpy(x) makes a tensor of a NumPy array."),
    ("NumPy scalar", "tensor"): N_("torch.tensor(x) makes a tensor of a number."),
    ("string", "tensor"): N_("A string only shows what a tensor holds: return the tensor itself."),
    ("tensor", "NumPy array"): N_("x.numpy() makes a NumPy array of a tensor."),
    ("list", "NumPy array"): N_("numpy.array(x) makes an array of a list."),
    ("tensor", "list"): N_("x.tolist() makes a list of a tensor."),
    ("NumPy array", "list"): N_("x.tolist() makes a list of an array."),
    ("tuple", "list"): N_("Square brackets make a list, round brackets a tuple; list(x) converts."),
    ("list", "tuple"): N_("Round brackets make a tuple, square brackets a list; tuple(x) converts."),
    ("torch.Size", "tuple"): N_("tuple(x.shape) makes a plain tuple of a shape."),
    ("tuple", "torch.Size"): N_("x.shape is a torch.Size; torch.Size(...) makes one of a tuple."),
    ("torch.Size", "list"): N_("list(x.shape) makes a plain list of a shape."),
    ("tensor", "torch.Size"): N_("x.shape is the shape of the tensor x."),
    ("tensor", "dtype"): N_("x.dtype is the dtype of the tensor x."),
    ("string", "dtype"): N_("A dtype is written without quotes: torch.float32."),
    ("float", "int"): N_("/ always gives a float; // and int(x) give an int."),
    ("int", "float"): N_("An int has no decimal point: write 2.0 for 2, or float(x)."),
    ("bool", "int"): N_("int(x) makes 1 of True and 0 of False."),
    ("bool", "float"): N_("float(x) makes 1.0 of True and 0.0 of False."),
    ("int", "bool"): N_("A comparison such as x > 0 gives True or False; so does bool(x)."),
    ("string", "int"): N_("int(x) reads a number from a string."),
    ("string", "float"): N_("float(x) reads a number from a string."),
    ("list", "set"): N_("set(x) makes a set of a list."),
    ("set", "list"): N_("sorted(x) makes a list of a set."),
    ("dict", "list"): N_("list(x) gives the keys of a dict, list(x.values()) its values."),
    ("tensor", "Parameter"): N_("torch.nn.Parameter(x) makes a parameter of a tensor."),
    ("dict", "tensor"): N_("The tensor may be one of the dict's values."),
}  # fmt: skip


def kind_help(came: Any, asked: str, place: str) -> str:
    """Say what to look at when ``came`` is not of the kind ``asked``; empty when nothing can be known.

    Args:
        came: The value that came.
        asked: The word of `kind_of` for what was asked.
        place: Where it came: ``"result"``, ``"result[0]"``.
    """
    kind = kind_of(came)
    if kind == "None":
        if place == "result":
            return _("Your function returned None: is a return missing?")
        return _("{place} was never given a value.").format(place=place)
    if asked == "None":
        return _("A function that has no return, or a return with nothing after it, gives None.")
    if kind == OBJECT:
        return _object_help(class_name(came), asked)
    if kind == "tuple" and asked == "tensor" and _is_values_and_indices(came):
        return _("max, min, sort and topk with dim give a pair: [0] has the values, [1] the indices.")
    if asked in _NUMBERS and kind in ("tensor", "NumPy array", "NumPy scalar"):
        return _item_help(came, kind)
    if kind in _NUMBERS and asked == "tensor":
        return _("torch.tensor(x) makes a tensor of a number; .item(), len() and x.shape[0] give plain numbers.")
    if (kind, asked) in _KIND_HELP:
        return _(_KIND_HELP[kind, asked])
    return _("Several values after return, with commas between them, make a tuple.") if asked == "tuple" else ""


def _object_help(name: str, asked: str) -> str:
    if name in _UNCALLED:
        return _("It was not called: are the round brackets ( ) after its name missing?")
    if name == "generator":
        return _("yield makes a generator: list(x) collects what it gives, and return gives one value.")
    if name in ("map", "filter", "zip", "enumerate", "reversed", "dict_keys", "dict_values", "dict_items"):
        return _("list(x) collects what it gives.")
    return _("Return the value itself, not the object that makes or holds it.") if is_plain_word(asked) else ""


def _is_values_and_indices(pair: Any) -> bool:
    if len(pair) != 2 or not all(isinstance(part, torch.Tensor) for part in pair):
        return False
    return bool(pair[1].dtype == torch.int64 and pair[0].shape == pair[1].shape)


def _item_help(came: Any, kind: str) -> str:
    total = came.numel() if kind == "tensor" else came.size
    if total == 1:
        return _(_ITEM_HELP[kind])
    return _(_ITEMS_HELP[kind]).format(total=total)


_ITEM_HELP = {
    "tensor": N_("x.item() gives the Python number that the tensor holds."),
    "NumPy array": N_("x.item() gives the Python number that the NumPy array holds."),
    "NumPy scalar": N_("x.item() gives the Python number that the NumPy scalar holds."),
}
_ITEMS_HELP = {
    "tensor": N_(
        "The tensor holds {total} values: a sum, a mean or an index gives one; then x.item() gives the Python number."
    ),
    "NumPy array": N_(
        "The NumPy array holds {total} values: a sum, a mean or an index gives one; "
        "then x.item() gives the Python number."
    ),
}


def dtype_help(came: Any, asked: Any) -> str:
    """Say where the dtype that came is likely to come from, and how to get the one that was asked for."""
    if not isinstance(came, torch.dtype):
        name = f"numpy.{dtype_name(asked)}"
        return _("Make it with dtype={dtype}, or convert it with x.astype({dtype}).").format(dtype=name)
    convert = _("Make it with dtype={dtype}, or convert it with x.to({dtype}).").format(dtype=asked)
    cause = _dtype_cause(came, asked)
    # translators: two sentences; a language without blanks between them leaves it out
    return _("{sentence} {another}").format(sentence=cause, another=convert) if cause else convert


def _dtype_cause(came: torch.dtype, asked: torch.dtype) -> str:
    if came == torch.float64 and asked == torch.float32:
        return _("NumPy's default is float64, torch's is float32.")
    if came == torch.float32 and asked == torch.float64:
        return _("torch's default is float32.")
    if came == torch.bool:
        return _("A comparison gives bool.")
    if asked == torch.bool:
        return _("A comparison such as x > 0 gives bool.")
    if came == torch.int64 and asked.is_floating_point:
        return _("Whole Python numbers give int64: write 1.0 for 1.")
    if came.is_floating_point and not (asked.is_floating_point or asked.is_complex):
        return _("Numbers with a decimal point, / and mean() give floats.")
    if came.is_complex and not asked.is_complex:
        return _("x.real and x.abs() turn complex numbers into real ones.")
    return ""
