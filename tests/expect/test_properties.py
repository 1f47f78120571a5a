"""Over random values: a copy passes, one changed element fails and is named, and no pair of values breaks the words."""

import warnings

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from torchgrade import expect
from torchgrade.errors import AuthorError, CheckFailed

from .situations import handle

DTYPES = [
    torch.bool, torch.uint8, torch.int32, torch.int64, torch.uint16, torch.uint64, torch.float16, torch.bfloat16,
    torch.float32, torch.float64, torch.float8_e5m2, torch.complex64,
]  # fmt: skip
shapes = st.lists(st.integers(1, 4), max_size=4)
plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.complex_numbers()
    | st.builds(lambda shape, dtype: torch.ones(shape).to(dtype), shapes, st.sampled_from(DTYPES))
    | st.builds(lambda shape: torch.rand(shape).numpy(), shapes)
    | st.builds(handle, st.text(max_size=300)),
    lambda inner: st.lists(inner, max_size=4) | st.lists(inner, max_size=4).map(tuple)
    | st.dictionaries(st.text(max_size=5) | st.integers() | st.floats(), inner, max_size=3),
    max_leaves=8,
)  # fmt: skip
quick = settings(max_examples=60, deadline=None)


def random_tensor(shape: list[int], dtype: torch.dtype, seed: int) -> torch.Tensor:
    values = torch.randint(0, 8, shape, generator=torch.Generator().manual_seed(seed))
    return values.to(dtype)


@quick
@given(shapes, st.sampled_from(DTYPES), st.integers(0, 1000))
def test_a_copy_is_equal(shape, dtype, seed):
    tensor = random_tensor(shape, dtype, seed)
    expect(tensor.clone()).equal(tensor).close(tensor)


@quick
@given(shapes, st.sampled_from(DTYPES), st.integers(0, 1000), st.data())
def test_a_changed_element_is_named(shape, dtype, seed, data):
    asked = random_tensor(shape, dtype, seed)
    index = tuple(data.draw(st.integers(0, size - 1)) for size in shape)
    came = asked.to(torch.complex64 if dtype.is_complex else torch.float32, copy=True)
    came[index] = 1 - came[index] if dtype == torch.bool else came[index] + 16
    with pytest.raises(CheckFailed) as caught:
        expect(came.to(dtype)).close(asked)
    assert (f"at {list(index)} is" if index else "The value is") in caught.value.rationale.partition("\n")[0]


@settings(max_examples=300, deadline=None)
@given(plain, plain)
def test_any_two_values_are_compared_in_few_lines(came, asked):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for value in (asked, came):
            for call in (lambda value=value: expect(came).equal(value), lambda: expect(came).finite()):
                try:
                    call()
                except CheckFailed as error:
                    lines = str(error).splitlines()
                except AuthorError:  # a handle was asked for
                    continue
                else:
                    continue
                assert len(lines) <= 7


extremes = st.sampled_from(
    [0, 1, -1, 2, 0.5, 1e-8, 3e38, 1e300, -1e300, float("inf"), -float("inf"), float("nan"), 7.25]
)
integers = st.sampled_from([0, 1, -1, 2, 5, 2**31, -(2**31), 2**63 - 1, -(2**63), 2**62])


@settings(max_examples=300, deadline=None)
@given(st.integers(1, 4), st.integers(1, 4), st.booleans(), st.data())
def test_no_pair_of_tensors_breaks_the_rules(rows, columns, whole, data):
    values = st.lists(integers if whole else extremes, min_size=rows * columns, max_size=rows * columns)
    dtype = data.draw(st.sampled_from([torch.int64] if whole else [torch.float64, torch.float32, torch.complex64]))
    came, asked = (torch.tensor(data.draw(values), dtype=dtype).reshape(rows, columns) for _ in range(2))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            expect(came).close(asked)
        except CheckFailed as error:
            failure = error
        else:
            return
    assert failure.rationale.startswith("The value at [")
