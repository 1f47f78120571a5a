"""Every situation in which an expectation fails: one line for each golden text."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import torch

from torchgrade import expect
from torchgrade.errors import Raised, mark_raised
from torchgrade.submission.handles import Handle
from torchgrade.submission.observation import Observation
from torchgrade.wire import Handle as Reference
from torchgrade.wire import Origin, remember_origin

SEEN = Observation(
    result=torch.tensor([1.0, 2.0]),
    args=(torch.tensor([1.0, 2.0]),),
    before=(torch.tensor([1.0, 2.0]),),
    aliases=frozenset(),
    versions={"args[0]": 0},
    moved=frozenset(),
    ops={},
    generators=frozenset(),
    stdout="",
    warnings=[],
    seconds=0.0,
)


class Worker:
    """Stands in for the student's process: it knows the answers to the questions a handle asks."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers

    def _ask(self, verb: str, *fields: Any) -> Any:
        answer = self.answers[verb]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def _call(self, target: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        raise AssertionError("no expectation calls a student's object")


def handle(kind: str, **answers: Any) -> Handle:
    return Handle(Worker(**answers), Reference(1, kind))


def student_raises(error: Exception, line: int | None = 12, source: str = "return x / len(x)") -> None:
    mark_raised(error, Raised(type(error).__name__, line, source, "mean_of"))
    raise error


def came_from(tensor: torch.Tensor, device: str = "cpu", requires_grad: bool = False) -> torch.Tensor:
    return remember_origin(tensor, Origin(device, requires_grad, tuple(tensor.stride()), False))


def raising(kinds: Any, error: Exception | None) -> None:
    with expect.raises(kinds):
        if error is not None:
            student_raises(error)


def seen(**changes: Any) -> Any:
    return expect(replace(SEEN, **changes))


def grid(rows: int, columns: int) -> torch.Tensor:
    return torch.arange(rows * columns, dtype=torch.float32).reshape(rows, columns)


ONES, RAMP = torch.ones(3), torch.tensor([0.5, 1.5, 4.0, 8.25])
BOX = torch.arange(18).reshape(3, 2, 3)
TALL = torch.tensor([[1.0], [2.0], [3.0]])
SPIKE = torch.zeros(100, 200).index_put((torch.tensor(40), torch.tensor(50)), torch.tensor(1.0))


def equal(came: Any, asked: Any) -> Callable[[], object]:
    return lambda: expect(came).equal(asked)


def close(came: Any, asked: Any, **tolerances: float) -> Callable[[], object]:
    return lambda: expect(came).close(asked, **tolerances)


KINDS = {
    "kind_none": equal(None, ONES),
    "kind_none_inside": equal([ONES, None], [ONES, ONES]),
    "kind_none_asked": equal(ONES, None),
    "kind_list_for_tensor": equal([1.0, 1.0, 1.0], ONES),
    "kind_pair_for_tensor": equal((ONES, torch.tensor([0, 1, 2])), ONES),
    "kind_array_for_tensor": equal(np.ones(3), ONES),
    "kind_tensor_for_array": equal(ONES, np.ones(3)),
    "kind_number_for_tensor": equal(3, torch.tensor(3)),
    "kind_scalar_tensor_for_float": equal(torch.tensor(2.5), 2.5),
    "kind_tensor_for_float": equal(ONES, 3.0),
    "kind_numpy_float_for_float": equal(np.float64(2.5), 2.5),
    "kind_numpy_bool_for_bool": equal(np.True_, True),
    "kind_float_for_int": equal(2.0, 2),
    "kind_int_for_float": equal(2, 2.0),
    "kind_bool_for_int": equal(True, 1),
    "kind_int_for_bool": equal(1, True),
    "kind_size_for_tuple": equal(torch.Size([3, 4]), (3, 4)),
    "kind_tuple_for_size": equal((3, 4), torch.Size([3, 4])),
    "kind_list_for_tuple": equal([3, 4], (3, 4)),
    "kind_tuple_for_list": equal((3, 4), [3, 4]),
    "kind_tensor_for_tuple": equal(ONES, (ONES, ONES)),
    "kind_string_for_dtype": equal("float32", torch.float32),
    "kind_object": equal(handle("Foo"), ONES),
    "kind_function": equal(handle("function"), 3),
    "kind_generator": equal(handle("generator"), [1, 2]),
    "kind_hostile_class_name": equal(handle("Foo\n\x1b[31m" * 90), ONES),
    "is_a_int_came_bool": lambda: expect(True).is_a(int),
    "is_a_one_of_two": lambda: expect("3").is_a(int, float),
    "is_a_module": lambda: expect(handle("function", is_a=False)).is_a(torch.nn.Module),
    "is_a_other_module": lambda: expect(handle("Linear", is_a=False)).is_a(torch.nn.Conv2d),
    "is_a_parameter": lambda: expect(ONES).is_a(torch.nn.Parameter),
}
SHAPES = {
    "shape_swapped": equal(grid(4, 3), grid(3, 4)),
    "shape_opposite_order": lambda: expect(torch.zeros(2, 3, 4)).shape(4, 3, 2),
    "shape_permuted": lambda: expect(torch.zeros(2, 3, 4)).shape(3, 2, 4),
    "shape_extra_axis": lambda: expect(TALL).shape(3),
    "shape_missing_axis": lambda: expect(ONES).shape(3, 1),
    "shape_two_extra_axes": lambda: expect(torch.ones(1, 3, 1)).shape((3,)),
    "shape_broadcast": lambda: expect(torch.zeros(5, 5)).shape(5, 1),
    "shape_one_too_few": lambda: expect(torch.arange(9)).shape(10),
    "shape_one_too_many": lambda: expect(torch.zeros(2, 5)).shape(2, 4),
    "shape_reduced_to_one": lambda: expect(torch.zeros(2, 1)).shape(2, 4),
    "shape_one_axis": lambda: expect(torch.zeros(2, 9)).shape(2, 4),
    "shape_single_number": lambda: expect(torch.tensor(1.0)).shape(2, 4),
    "shape_axis_left_over": lambda: expect(torch.zeros(5, 3)).shape(3),
    "shape_axis_missing": lambda: expect(torch.zeros(3)).shape(5, 3),
    "shape_flattened": lambda: expect(torch.zeros(12)).shape(3, 4),
    "shape_unrelated": lambda: expect(torch.zeros(2, 7)).shape(3, 5),
    "shape_many_axes": lambda: expect(torch.zeros((1,) * 30)).shape(3, 5),
    "shape_of_object": lambda: expect(handle("Foo")).shape(3),
    "shape_of_list": lambda: expect([1, 2]).shape(2),
}
DTYPES = {
    "dtype_float64_for_float32": equal(ONES.double(), ONES),
    "dtype_float32_for_float64": equal(ONES, ONES.double()),
    "dtype_int64_for_float32": equal(ONES.long(), ONES),
    "dtype_float32_for_int64": lambda: expect(ONES).dtype(torch.int64),
    "dtype_bool_for_float32": lambda: expect(ONES > 0).dtype(torch.float32),
    "dtype_float32_for_bool": lambda: expect(ONES).dtype(torch.bool),
    "dtype_complex_for_float": lambda: expect(ONES.cfloat()).dtype(torch.float32),
    "dtype_int32_for_int64": lambda: expect(ONES.int()).dtype(torch.int64),
    "dtype_numpy": equal(np.ones(3), np.ones(3, dtype=np.float32)),
    "dtype_of_array_asked_of_torch": lambda: expect(np.ones(3)).dtype(torch.float64),
}
ORIGINS = {
    "device_cpu_for_cuda": lambda: expect(came_from(ONES.clone())).device("cuda"),
    "device_cuda_for_cpu": lambda: expect(came_from(ONES.clone(), "cuda:0")).device("cpu"),
    "device_other_number": lambda: expect(came_from(ONES.clone(), "cuda:0")).device("cuda:1"),
    "device_meta": lambda: expect(torch.ones(3, device="meta")).device("cpu"),
    "meta_has_no_values": equal(torch.ones(3, device="meta"), ONES),
    "gradient_missing": lambda: expect(came_from(ONES.clone())).requires_grad(),
    "gradient_unwanted": lambda: expect(came_from(ONES.clone(), requires_grad=True)).requires_grad(False),
    "gradient_of_object": lambda: expect(handle("Linear")).requires_grad(),
}
VALUES = {
    "values_one": equal(torch.tensor([1.0, 2.0, 3.0]), torch.tensor([1.0, 2.5, 3.0])),
    "values_grid": equal(torch.tensor([[1.0, 2.0], [3.0, 9.0]]), torch.tensor([[1.0, 2.0], [5.0, 4.0]])),
    "values_large": equal(SPIKE, torch.zeros(100, 200)),
    "values_close": close(torch.tensor([1.0, 2.1]), torch.tensor([1.0, 2.0])),
    "values_close_own_tolerance": close(torch.tensor([1.0, 2.1]), torch.tensor([1.0, 2.0]), atol=0.01),
    "values_close_float": close(2.51, 2.5),
    "values_int": equal(3, 4),
    "values_int_huge": equal(10**400, 10**400 + 1),
    "values_bool": equal(True, False),
    "values_complex": equal(1 + 2j, 1 - 2j),
    "values_many_digits": equal(torch.tensor([1.0, 1.0 + 2**-22]), torch.tensor([1.0, 1.0])),
    "values_list": equal([1, 2, 3, 9, 5], [1, 2, 3, 4, 5]),
    "values_nested": equal({"loss": [1.0, 2.0]}, {"loss": [1.0, 2.5]}),
    "values_uint64": equal(torch.tensor([2**64 - 1], dtype=torch.uint64), torch.tensor([1], dtype=torch.uint64)),
    "values_float8": equal(RAMP.to(torch.float8_e4m3fn), (RAMP + 2).to(torch.float8_e4m3fn)),
    "values_numpy": equal(np.array([1.0, 2.0, 7.0]), np.array([1.0, 2.0, 3.0])),
    "values_device": equal(torch.device("cpu"), torch.device("cuda:0")),
    "values_range": equal(range(3), range(1, 3)),
    "values_slice": equal(slice(1, 3), slice(1, None)),
    "one_of": lambda: expect(2.5).one_of(1.0, 2.0),
    "one_of_other_kind": lambda: expect(2).one_of(1.0, 2.0),
    "finite_tensor": lambda: expect(torch.tensor([[1.0, 2.0], [torch.nan, -torch.inf]])).finite(),
    "finite_inf": lambda: expect(torch.tensor([1.0, torch.inf])).finite(),
    "finite_number": lambda: expect(float("nan")).finite(),
    "finite_inside": lambda: expect({"loss": [ONES, ONES / 0]}).finite(),
    "finite_of_string": lambda: expect("3").finite(),
}
DIAGNOSES = {
    "diagnosis_all_nan": equal(RAMP * torch.nan, RAMP),
    "diagnosis_nan": equal(torch.tensor([0.0, torch.nan]), torch.tensor([0.0, 1.0])),
    "diagnosis_nan_loss": equal(float("nan"), 0.25),
    "diagnosis_inf": equal(torch.tensor([0.0, torch.inf]), torch.tensor([0.0, 1.0])),
    "diagnosis_rounding": equal(RAMP * (1 + 2**-22), RAMP),
    "diagnosis_float32_precision": equal((RAMP / 3).double(), RAMP.double() / 3),
    "diagnosis_negated": equal(-RAMP, RAMP),
    "diagnosis_conjugate": equal(torch.tensor([1 + 1j, 2 - 3j]), torch.tensor([1 - 1j, 2 + 3j])),
    "diagnosis_condition_reversed": equal(RAMP > 2, RAMP <= 2),
    "diagnosis_all_zero": equal(torch.zeros(4), RAMP),
    "diagnosis_all_same": equal(torch.full((4,), 7.5), RAMP),
    "diagnosis_offset": equal(torch.arange(1, 6), torch.arange(5)),
    "diagnosis_doubled": equal(RAMP * 2, RAMP),
    "diagnosis_sum_for_mean": equal(RAMP * 4, RAMP),
    "diagnosis_truncated": equal(RAMP.trunc(), RAMP),
    "diagnosis_rounded": equal((RAMP + 0.2).round(), RAMP + 0.2),
    "diagnosis_squared": equal(RAMP**2, RAMP),
    "diagnosis_logarithm": equal(RAMP.log(), RAMP),
    "diagnosis_transposed": equal(grid(3, 3).T, grid(3, 3)),
    "diagnosis_swapped_axes": equal(BOX.transpose(0, 2), BOX),
    "diagnosis_reversed": equal(RAMP.flip(0), RAMP),
    "diagnosis_too_late": equal(RAMP.roll(1), RAMP),
    "diagnosis_too_early": equal(RAMP.roll(-1), RAMP),
    "diagnosis_shuffled": equal(RAMP[[2, 0, 3, 1]], RAMP),
    "diagnosis_signs": equal(RAMP * torch.tensor([1, -1, 1, -1]), RAMP),
    "diagnosis_last_value": equal(torch.tensor([1.0, 2.0, 4.0, 0.0]), torch.tensor([1.0, 2.0, 4.0, 7.0])),
    "diagnosis_one_row": equal(grid(3, 3).index_fill(0, torch.tensor(1), 9.5), grid(3, 3)),
}  # fmt: skip
CONTAINERS = {
    "list_too_short": equal([1, 2, 3], [1, 2, 3, 4]),
    "list_empty": equal([], [1, 2, 3]),
    "list_huge": equal(list(range(100_000)), [1, 2]),
    "list_item_kind": equal([1.0, 2, 3.0], [1.0, 2.0, 3.0]),
    "dict_missing_key": equal({"lss": 1.0}, {"loss": 1.0}),
    "dict_missing_key_of_other_kind": equal({"1": 1.0}, {1: 1.0}),
    "dict_empty": equal({}, {"loss": 1.0}),
    "dict_surplus_key": equal({"loss": 1.0, "x": 2}, {"loss": 1.0}),
    "dict_value": equal({"w": torch.zeros(2, 3)}, {"w": torch.zeros(3, 2)}),
    "set_differs": equal({1, 2, 9}, {1, 2, 3}),
    "set_lacks": equal({1, 2}, {1, 2, 3}),
    "set_of_true": equal({True}, {1}),
    "string_differs": equal("3 right out of 4", "3 right of 4"),
    "string_long": equal("a" * 10_000, "a" * 9_000 + "b"),
    "string_capitals": equal("Accuracy", "accuracy"),
    "string_blanks": equal("a b\n", "a b"),
    "string_empty": equal("", "a"),
    "length_list": lambda: expect([1, 2]).length(3),
    "length_of_object": lambda: expect(handle("Data", length=TypeError("no len"))).length(3),
    "length_of_object_wrong": lambda: expect(handle("Data", length=4)).length(3),
    "length_of_int": lambda: expect(3).length(3),
    "length_of_scalar_tensor": lambda: expect(torch.tensor(1.0)).length(3),
    "at_missing_key": lambda: expect({"weights": 1, "bias": 2}).at("weight"),
    "at_missing_index": lambda: expect([1, 2]).at(2),
    "at_missing_in_object": lambda: expect(handle("Data", item=IndexError("no"))).at(2),
    "at_of_tensor": lambda: expect(ONES).at("loss"),
    "at_of_none": lambda: expect(None).at(0),
    "at_then_shape": lambda: expect({"loss": [ONES]}).at("loss").at(0).shape(4),
}
CALLS = {
    "raises_nothing": lambda: raising(ValueError, None),
    "raises_another": lambda: raising((ValueError, TypeError), ZeroDivisionError("division by zero")),
    "raises_stub": lambda: raising(RuntimeError, NotImplementedError("TODO: mean_of")),
    "raises_endless_message": lambda: raising(ValueError, KeyError("line\n" * 1000)),
    "fail": lambda: expect.fail("The loss went up.", "Is the step taken against the gradient?"),
    "because": lambda: expect(ONES, because="The mean is taken over the batch.").shape(4),
    "untouched_value": lambda: seen(args=(torch.tensor([1.0, 7.0]),)).untouched(),
    "untouched_list": lambda: seen(before=([3, 1],), args=([1, 3],)).untouched(),
    "untouched_list_longer": lambda: seen(before=(1, [3]), args=(1, [3, 4])).untouched(),
    "untouched_dict_inside": lambda: seen(before=(1, {"w": ONES}), args=(1, {"w": ONES + 1})).untouched(),
    "untouched_shape": lambda: seen(args=(torch.tensor([[1.0, 2.0]]),)).untouched(),
    "untouched_but_written": lambda: seen(versions={"args[0]": 2}).untouched(),
    "untouched_moved": lambda: seen(moved=frozenset({"args[11][0]"})).untouched(),
    "untouched_lost": lambda: seen(args=()).untouched(),
    "fresh_result": lambda: seen(aliases=frozenset({("result", "args[0]")})).fresh(),
    "fresh_inside": lambda: seen(aliases=frozenset({("result['add']", "args[1][0]")})).fresh(),
    "fresh_hostile": lambda: seen(aliases=frozenset({("r\n" * 900, "a" * 9000), (1,), ()})).fresh(),
    "shares_memory_not": lambda: seen().shares_memory(),
    "shares_memory_of_number": lambda: seen(result=3).shares_memory(),
    "observation_result": lambda: seen().equal(torch.tensor([1.0, 3.0])),
}  # fmt: skip
SITUATIONS = KINDS | SHAPES | DTYPES | ORIGINS | VALUES | DIAGNOSES | CONTAINERS | CALLS
