"""Failures about a call that `situations` does not have: in-place work, generators, repetition, operation counts."""

from typing import Any

import numpy as np
import torch

from torchgrade import expect
from torchgrade.sandbox.inprocess import direct_client
from torchgrade.sandbox.program import Program
from torchgrade.submission import Submission

from .situations import ONES, RAMP, handle, seen

STUDENT = b"""
import numpy
import torch

def doubled(x):
    return x * 2

def looped(x):
    result = torch.empty_like(x)
    for i in range(len(x)):
        result[i] = x[i] * 2
    return result

def listed(x):
    return torch.tensor([value * 2 for value in x.tolist()])

def by_numpy(x):
    return torch.from_numpy(numpy.array([value * 2 for value in x.numpy()]))

def by_array(x):
    return torch.tensor([value * 2 for value in numpy.asarray(x)])

def applied(x):
    return x.clone().apply_(lambda value: value * 2)
"""


def vectorised(name: str, **options: Any) -> object:
    submission = Submission(direct_client, Program("calls", {"calls": STUDENT}), seed=0)
    return expect.vectorised(getattr(submission, name), (torch.arange(3.0),), (torch.arange(300.0),), **options)


CALL_SITUATIONS = {
    "in_place_not": lambda: seen().written_in_place("args[0]"),
    "in_place_part_not": lambda: seen(before=(1, [ONES, RAMP]), args=(1, [ONES, RAMP])).written_in_place("args[1][1]"),
    "in_place_moved": lambda: seen(moved=frozenset({"args[0]"})).written_in_place("args[0]"),
    "in_place_array_not": lambda: seen(before=(np.ones(2),), args=(np.ones(2),)).written_in_place("args[0]"),
    "in_place_wrong_values": lambda: seen(args=(ONES,)).argument(0).equal(ONES * 2),
    "argument_lost": lambda: seen(args=()).argument(0),
    "untouched_one": lambda: seen(before=(ONES, RAMP), args=(ONES + 1, RAMP + 1)).untouched("args[1]"),
    "generators_torch": lambda: seen(generators=frozenset({"torch"})).leaves_generators(),
    "generators_numpy": lambda: seen(generators=frozenset({"numpy"})).leaves_generators("numpy"),
    "draws_from_nothing": lambda: seen().draws_from("torch"),
    "draws_from_another": lambda: seen(generators=frozenset({"torch", "random"})).draws_from("torch"),
    "repeats_not": lambda: expect(RAMP).repeats(RAMP + 1),
    "repeats_number_not": lambda: expect(0.5).repeats(0.25),
    "repeats_other_kind": lambda: expect(ONES).repeats(handle("Linear")),
    "differs_not": lambda: expect(ONES).differs_from(ONES.clone()),
    "differs_not_number": lambda: expect(7).differs_from(7),
    "vectorised_loop": lambda: vectorised("looped"),
    "vectorised_loop_because": lambda: vectorised("looped", because="No loop over the elements."),
    "vectorised_by_list": lambda: vectorised("listed"),
    "vectorised_by_numpy": lambda: vectorised("by_numpy", because="No loop over the elements."),
    "vectorised_by_array": lambda: vectorised("by_array"),
    "vectorised_by_apply": lambda: vectorised("applied"),
}  # fmt: skip
