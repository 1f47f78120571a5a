"""What a check's author asks of a value: matchers that pass it on or fail with words for the student."""

from __future__ import annotations

from typing import Any

import torch

from ..submission.handles import Handle
from ..submission.observation import Observation
from .compare import dtype_difference, find_difference, kind_difference, shape_difference
from .containers import length_difference, listed, missing_key
from .describe import kind_of, named_kind, plural, show, with_article
from .difference import Difference, opening
from .failing import fail
from .facts import device_difference, finite_difference, gradient_difference, is_of_type, length_of, type_words
from .memory import changed_argument, shared_memory, unshared_memory
from .numbers import Tolerance

__all__ = ["Expectation"]
__tracebackhide__ = True  # pytest then shows the check's line, not ours
