"""What passes, what fails, and that the two are as strict as promised."""

import numpy as np
import pytest
import torch

from torchgrade import expect
from torchgrade.errors import AuthorError, CheckFailed

from .situations import came_from, handle

NAN = float("nan")
SAME = [
    None, True, 3, 2.5, NAN, float("inf"), 1 + 2j, "text", b"raw", 10**400, (1, 2.0, "x"), [[1], [2, 3]], [],
    {"a": [1.0, NAN], 2: None}, {1, 2, NAN}, frozenset({(1, 2)}), torch.Size([2, 3]), range(3), slice(1, None),
    torch.float32, torch.device("cuda:0"), np.float32(2.5), np.arange(4), np.array([NAN, 1.0]), np.array(3),
    torch.tensor([NAN, torch.inf, -torch.inf, 0.0]), torch.zeros(0, 3), torch.tensor(1 + 2j),
    torch.nn.Parameter(torch.ones(2)), [torch.ones(2), {"w": torch.zeros(1, 2)}],
]  # fmt: skip
UNEQUAL = [
    (True, 1), (1, True), (1, 1.0), (1.0, 1), (1.0, 1 + 0j), ("1", 1), (None, 0), ([1], (1,)), ((1,), [1]), ({1}, [1]),
    ({1}, {True}), ({1: "a"}, {True: "a"}), ({"a": 1}, {"a": 1.0}), (torch.Size([2]), (2,)), (np.float64(1), 1.0),
    (torch.tensor(1.0), 1.0), (torch.tensor([1.0]), torch.tensor(1.0)), (torch.ones(2), torch.ones(2).double()),
    (torch.ones(2), np.ones(2, dtype=np.float32)), (torch.inf, -torch.inf), (NAN, 1.0), (np.int64(1), np.int32(1)),
    (frozenset({1}), {1}), (b"a", "a"), ([], [None]), ((), ((),)), (torch.zeros(0, 3), torch.zeros(3, 0)),
    (torch.float32, torch.float64), (range(3), range(4)), (slice(1), slice(1.0)), (10**400, 10**400 + 1),
]  # fmt: skip
DTYPES = [
    torch.bool, torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.uint16, torch.uint32,
    torch.uint64, torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.float8_e4m3fn, torch.float8_e5m2,
    torch.float8_e4m3fnuz, torch.float8_e5m2fnuz, torch.float8_e8m0fnu, torch.complex32, torch.complex64,
    torch.complex128,
]  # fmt: skip


def fails(call) -> CheckFailed:
    with pytest.raises(CheckFailed) as caught:
        call()
    return caught.value


@pytest.mark.parametrize("value", SAME, ids=lambda value: type(value).__name__)
def test_a_value_equals_and_is_close_to_itself(value):
    expect(value).equal(value).close(value)


@pytest.mark.parametrize(("came", "asked"), UNEQUAL, ids=lambda value: type(value).__name__)
def test_values_of_another_type_dtype_shape_or_size_are_not_equal(came, asked):
    fails(lambda: expect(came).equal(asked))
    fails(lambda: expect([came]).close([asked]))


@pytest.mark.parametrize("dtype", DTYPES, ids=repr)
@pytest.mark.filterwarnings("ignore:ComplexHalf")
def test_every_dtype_that_travels_can_be_compared_and_described(dtype):
    one, two = (torch.tensor([[1.0, 0.0], [values, 0.0]]).to(dtype) for values in (1.0, 0.0))
    expect(one.clone()).equal(one).close(one).finite().dtype(dtype).shape(2, 2)
    fails(lambda: expect(one).equal(two))
    assert "[1, 0]" in fails(lambda: expect(one).close(two)).rationale


@pytest.mark.parametrize("dtype", [dtype for dtype in DTYPES if dtype.is_floating_point or dtype.is_complex], ids=repr)
def test_tolerances_are_those_of_torch_testing(dtype):
    from torch.testing._comparison import default_tolerances

    from torchgrade.expect.numbers import Tolerance

    assert Tolerance(exact=False).of(str(dtype).removeprefix("torch.")) == default_tolerances(dtype)


def test_close_allows_the_sum_of_both_tolerances_and_no_more():
    asked = torch.tensor([1.0, 100.0], dtype=torch.float64)
    expect(asked + torch.tensor([0.1, 1.0])).close(asked, rtol=0.0099, atol=0.0902)
    error = fails(lambda: expect(asked + torch.tensor([0.1, 1.2])).close(asked, rtol=0.0099, atol=0.0902))
    assert "[1]" in error.rationale.partition("\n")[0]


def test_one_tolerance_given_leaves_the_other_as_the_dtype_has_it():
    expect(torch.tensor([0.0])).close(torch.tensor([1e-6]), rtol=0.1)
    fails(lambda: expect(torch.tensor([0.0])).close(torch.tensor([1e-6]), rtol=0.1, atol=0))


def test_integers_are_close_only_when_equal_or_when_a_tolerance_says_so():
    fails(lambda: expect(3).close(4))
    expect(3).close(4, atol=1)
    expect(torch.tensor([2**62])).close(torch.tensor([2**62 - 5]), atol=10)


def test_numbers_in_lists_and_sets_may_be_close():
    expect([0.1 + 0.2, {"x": 1.0}]).close([0.3, {"x": 1.0 + 1e-9}])
    expect({0.1 + 0.2, 5.0}).close({0.3, 5.0})
    fails(lambda: expect({0.1 + 0.2, 5.0}).equal({0.3, 5.0}))


@pytest.mark.parametrize(
    "asked",
    [lambda x: x, object(), [print], torch.ones(2, device="meta")],
    ids=["function", "object", "list of functions", "meta tensor"],
)
def test_what_cannot_be_compared_is_the_authors_error(asked):
    came = [print] if isinstance(asked, list) else torch.ones(2)
    with pytest.raises(AuthorError):
        expect(came).equal(asked)


def test_a_negative_tolerance_is_the_authors_error():
    with pytest.raises(AuthorError, match="tolerances"):
        expect(1.0).close(1.0, atol=-1)


def test_shape_takes_numbers_a_tuple_or_nothing():
    expect(torch.zeros(2, 3)).shape(2, 3).shape((2, 3)).shape(torch.Size([2, 3]))
    expect(torch.tensor(1.0)).shape()
    expect(np.zeros(4)).shape(4).dtype(np.float64)
    fails(lambda: expect(torch.zeros(2)).shape())


def test_device_reads_where_the_tensor_lay():
    far = came_from(torch.ones(2), "cuda:0", requires_grad=True)
    expect(far).device("cuda").device("cuda:0").device(torch.device("cuda")).requires_grad().equal(torch.ones(2))
    expect(torch.ones(2)).device("cpu").requires_grad(False)
    expect(torch.ones(2, device="meta")).device("meta").shape(2).dtype(torch.float32)
    fails(lambda: expect(far).device("cpu"))


def test_types_are_exact_for_numbers_and_by_class_for_the_rest():
    expect(3).is_a(int)
    expect(2.5).is_a(int, float)
    expect(None).is_a(None)
    expect(torch.Size([2])).is_a(tuple)
    expect(torch.nn.Parameter(torch.ones(1))).is_a(torch.Tensor).is_a(torch.nn.Parameter)
    for value, kind in ((True, int), (np.float64(1), float), (1, float), (None, int), ([], tuple)):
        fails(lambda value=value, kind=kind: expect(value).is_a(kind))


def test_the_worker_says_what_its_objects_are():
    expect(handle("Linear", is_a=True)).is_a(torch.nn.Module)
    fails(lambda: expect(handle("Linear", is_a=False)).is_a(torch.nn.Module))
    fails(lambda: expect(handle("Linear", is_a=True)).is_a(list, torch.Tensor))


def test_items_are_expectations_of_their_own():
    value = {"loss": [1.0, 2.0], "shape": torch.Size([4])}
    assert expect(value).at("loss").length(2).at(-1).equal(2.0).value == 2.0
    expect(value).at("shape").at(0).equal(4)
    expect(handle("Data", item=5, length=7)).length(7).at(3).equal(5)
    expect("abc").length(3)
    expect(torch.zeros(4, 2)).length(4)


def test_one_of_is_as_strict_as_equal():
    expect(2).one_of(1, 2)
    expect([1.0]).one_of(None, [1.0])
    fails(lambda: expect(2.0).one_of(1, 2))


def test_finite_looks_into_containers_and_leaves_integers_alone():
    expect(torch.tensor([1, 2])).finite()
    expect([1, 2.0, {"a": torch.ones(2), "b": "nan"}]).finite()
    assert "result[1]['b']" in fails(lambda: expect([1.0, {"b": np.array([NAN])}]).finite()).rationale


def test_because_stands_beside_every_failure_also_of_items():
    for call in (
        lambda: expect(1, because="The mean.").equal(2),
        lambda: expect([1], because="The mean.").at(0).equal(2),
        lambda: expect([1], "The mean.").at(1),
        lambda: expect(1, "The mean.").length(3),
        lambda: expect.fail("It failed.", because="The mean."),
    ):
        assert fails(call).because == "The mean."


def test_the_value_is_handed_on_as_it_came():
    value = torch.ones(2)
    assert expect(value).shape(2).value is value


def test_large_tensors_are_read_to_their_end():
    asked = torch.zeros(3, 1 << 20)
    came = asked.clone()
    came[1, 7], came[2, 9] = 1.0, 5.0
    first, extent = fails(lambda: expect(came).equal(asked)).rationale.splitlines()[:2]
    assert "at [1, 7] is 1.0" in first
    assert extent == "2 of 3145728 values differ; the largest error is 5.0, at [2, 9]."
    came[2, 9] = torch.inf
    came[2, 10] = torch.nan
    assert "1 nan and 1 inf among 3145728 values; the first, inf, is at [2, 9]" in str(fails(expect(came).finite))
