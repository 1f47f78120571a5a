"""Why a value is not sent, in sentences for the student.

Where a value is packed no language is known. So it is said in English, and the trusted side says it again in the
student's language (`torchgrade.language.retold`): that is why the sentences stand here, together.
"""

from __future__ import annotations

from ..language import N_

__all__ = ["REFUSALS"]

OF_CLASS = N_("a tensor of class {name} cannot be checked: return an ordinary torch.Tensor")
OF_DTYPE = N_("a tensor of dtype {dtype} cannot be checked: return one of an ordinary dtype, as torch.float32")
LAYOUT = N_("a {kind} tensor cannot be checked: return an ordinary one, as x.to_dense() gives")
LAZY = N_("a parameter of a lazy layer has no shape before the first call: call the layer once before")
MASKED = N_("a MaskedTensor cannot be checked: return an ordinary tensor, as x.to_tensor(0.0) gives")
NESTED = N_("a nested tensor cannot be checked: return a list of tensors, as list(x.unbind()) gives")
QUANTIZED = N_("a quantized tensor cannot be checked: return an ordinary one, as x.dequantize() gives")
VMAPPED = N_("a tensor from inside torch.func.vmap cannot be checked: return what vmap(f)(x) itself gives")
ARRAY_MASKED = N_("a masked array cannot be checked: return an ordinary one, as x.filled(0) gives")
ARRAY_OF_DTYPE = N_("an array of dtype {dtype} cannot be checked: return numbers or bools")
ARRAY_OF_NUMBERS = N_("numbers of dtype {dtype} cannot be checked: convert them with x.astype(numpy.float64)")
ARRAY_OF_STRINGS = N_("an array of strings cannot be checked: return a list, as x.tolist() gives")
DEEP = N_("the result is nested deeper than {levels} levels, or contains itself")
INTEGER = N_("an integer of {bits} bits is too large to check")
LARGE = N_("the result is too large to check: shape {shape} takes {bytes} bytes and the limit is {limit}")
LARGE_TREE = N_("the result is too large to check: {bytes} bytes without its tensors")
LARGE_IN_ALL = N_("the result is too large to check: more than {bytes} bytes of tensors")
MANY_KEYS = N_("the result holds more than {count} numbers or tuples as keys")
MANY_TENSORS = N_("the result holds more than {count} tensors")
MANY_VALUES = N_("the result holds more than {count} values")

# the more particular first: of two that fit a text the first is taken
REFUSALS = (
    MASKED, NESTED, QUANTIZED, VMAPPED, LAYOUT, LAZY, OF_CLASS, OF_DTYPE,
    ARRAY_MASKED, ARRAY_OF_STRINGS, ARRAY_OF_NUMBERS, ARRAY_OF_DTYPE,
    DEEP, INTEGER, LARGE, LARGE_TREE, LARGE_IN_ALL, MANY_KEYS, MANY_TENSORS, MANY_VALUES,
)  # fmt: skip
