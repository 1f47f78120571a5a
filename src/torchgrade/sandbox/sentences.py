"""What the worker, and whoever reads a submission's files, has to say to the student.

In a worker no language is known, and a submission's digest must not depend on one. So all of it is said in English,
and the trusted side says it again in the student's language (`torchgrade.language.retold`).
"""

from __future__ import annotations

from ..language import N_

__all__ = ["SENTENCES"]

# of files
NOT_THERE = N_("{file} is not there")
A_LINK = N_("{file} is a symbolic link; hand in the file itself")
TOO_LARGE = N_("{file} is larger than {size} MiB")
NO_CELLS = N_("{file} is no notebook: there are no cells in it")
MUCH_CODE = N_("{file} holds more than {size} MiB of code")
EMPTY = N_("{file} is empty; save the notebook and hand it in again")
CUT_OFF = N_("{file} is cut off: its end is missing; save the notebook and hand it in again")
NO_JSON = N_("{file} is no notebook ({error}); save the notebook and hand it in again")
TOO_DEEP = N_("{file} is no notebook: it is nested too deeply")
# of what is in them
LINE_LEFT_OUT = N_("Cell {cell}, line {line}, was left out: {text}")
MORE_LEFT_OUT = N_("{count} more lines were left out.")
CODE_TOO_DEEP = N_("this is nested too deeply")
NOT_DECODED = N_("byte {byte} is not {encoding}: save the file as UTF-8")
# of running it
NO_MESSAGE = N_("(its message could not be read: {kind})")
NEEDS_GPU = N_("This needs a real GPU: the pretended device does not have it.")
NO_CUDA = N_("there is no CUDA in the student's process")
CANNOT_PRETEND = N_("torch {version} cannot pretend a device ({problem}): the check ran on meta, without values")

# the more particular first: of two that fit a text the first is taken
SENTENCES = (
    NOT_THERE, A_LINK, TOO_LARGE, NO_CELLS, MUCH_CODE, EMPTY, CUT_OFF, TOO_DEEP, NO_JSON,
    LINE_LEFT_OUT, MORE_LEFT_OUT, CODE_TOO_DEEP, NOT_DECODED, NO_MESSAGE, NEEDS_GPU, NO_CUDA, CANNOT_PRETEND,
)  # fmt: skip
