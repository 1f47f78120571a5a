import contextlib

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from torchgrade.wire import Handle, Named, WireError, WireLimits, origin_of, pack, unpack

SMALL = WireLimits(total_bytes=1 << 16)


def refuse(value):
    raise WireError("not data")


def travel(value, *, keep_strides=True, leaf=True, limits=None, opaque=refuse):
    header, buffers = pack(value, opaque, limits or WireLimits(), keep_strides=keep_strides)
    arrived = [np.frombuffer(bytearray(buffer), dtype="u1") for buffer in buffers]
    return unpack(header, arrived, lambda stand_in: stand_in, limits or WireLimits(), leaf=leaf)


scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text()
    | st.binary()
    | st.complex_numbers(allow_nan=False)
)
keys = st.text() | st.integers() | st.tuples(st.integers(), st.booleans())
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(keys, inner, max_size=4)
        | st.frozensets(keys, max_size=4)
    ),
    max_leaves=20,
)


def same(a, b):
    if isinstance(a, (list, tuple)):
        return type(a) is type(b) and len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, dict):
        return type(a) is type(b) and list(a) == list(b) and all(same(a[key], b[key]) for key in a)
    return type(a) is type(b) and a == b


@given(values)
@settings(max_examples=200, deadline=None)
def test_plain_data_arrives_as_it_was(value):
    assert same(travel(value), value)


@pytest.mark.parametrize(
    "value",
    [
        slice(1, None, 2),
        range(3, 9, 2),
        torch.Size([2, 3]),
        torch.float16,
        torch.device("cuda:1"),
        {1, 2},
        "\ud800",
        1 << 70,
        -(1 << 64),
    ],
)
def test_rarer_kinds_arrive_as_they_were(value):
    assert same(travel(value), value)


@pytest.mark.parametrize(
    "dtype",
    [
        "bool",
        "uint8",
        "int8",
        "int16",
        "int32",
        "int64",
        "uint16",
        "uint32",
        "uint64",
        "float16",
        "bfloat16",
        "float32",
        "float64",
        "complex64",
        "complex128",
        "float8_e4m3fn",
        "float8_e5m2",
    ],
)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 4), (2, 3)])
def test_every_dtype_and_shape_arrives(dtype, shape):
    tensor = torch.ones(shape).to(getattr(torch, dtype))
    arrived = travel(tensor)
    assert (arrived.dtype, arrived.shape) == (tensor.dtype, tensor.shape)
    assert torch.equal(
        arrived.to(torch.float64 if not tensor.is_complex() else torch.complex128).real,
        torch.ones(shape, dtype=torch.float64),
    )


def test_complex_views_arrive_resolved():
    tensor = torch.tensor([1 + 2j, 3 - 4j]).conj()
    assert travel(tensor).tolist() == [1 - 2j, 3 + 4j]


@pytest.mark.parametrize("kind", [torch.float32, torch.bool])
@pytest.mark.parametrize(
    "view", [lambda x: x.T, lambda x: x[:, 1:3], lambda x: x[::2], lambda x: x[0].expand(5, 4), lambda x: x[1, 2]]
)
def test_strides_are_kept_when_asked(view, kind):
    tensor = view(torch.arange(12.0).reshape(3, 4).fmod(3).to(kind))
    arrived = travel(tensor)
    assert torch.equal(arrived, tensor)
    assert arrived.stride() == tensor.stride()


@pytest.mark.parametrize("kind", [np.int64, np.bool_])
def test_negative_numpy_strides_are_kept(kind):
    array = np.array([0, 1, 0, 0, 0, 5], kind)[::-2]
    arrived = travel(array)
    assert arrived.tolist() == array.tolist()
    assert arrived.strides == array.strides


def test_what_lies_between_the_elements_of_a_view_does_not_travel():
    whole = torch.tensor([[1.0, 99.0], [2.0, 99.0]])
    _, buffers = pack(whole[:, 0], refuse, WireLimits(), keep_strides=True)
    assert not any(np.frombuffer(buffer, dtype="f4").tolist().count(99.0) for buffer in buffers)


def test_a_tensor_sent_twice_is_one_tensor():
    x = torch.ones(2)
    first, second = travel([x, x])
    first.add_(1)
    assert second.tolist() == [2, 2]


def test_the_worker_gets_leaves_and_parameters():
    assert travel(torch.ones(2, requires_grad=True)).requires_grad
    assert isinstance(travel(torch.nn.Parameter(torch.ones(2))), torch.nn.Parameter)


def test_the_trusted_side_keeps_what_a_tensor_was_beside_it():
    arrived = travel(torch.nn.Parameter(torch.ones(3, 2)).T, keep_strides=False, leaf=False)
    assert not arrived.requires_grad
    assert origin_of(arrived).requires_grad
    assert origin_of(arrived).stride == (1, 2)
    assert arrived.is_contiguous()


def test_meta_tensors_travel_without_data():
    arrived = travel(torch.empty(10**12, device="meta"))
    assert arrived.device.type == "meta"
    assert arrived.shape == (10**12,)


def test_numpy_scalars_stay_numpy_scalars():
    arrived = travel(np.float32(3))
    assert type(arrived) is np.float32
    assert arrived == 3


def test_stand_ins_come_through():
    assert travel([object()], opaque=lambda value: Handle(7, "object")) == [Handle(7, "object")]
    assert travel([object()], opaque=lambda value: Named("torch:relu")) == [Named("torch:relu")]


def nested(depth):
    value = []
    for _ in range(depth):
        value = [value]
    return value


def cyclic():
    value = []
    value.append(value)
    return value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (nested(10**6), "nested deeper"),
        (cyclic(), "contains itself"),
        (torch.zeros(1).expand(10**12), "too large"),
        (torch.zeros(2, 2).to_sparse(), "sparse_coo"),
        (np.array(["a"], dtype=object), "dtype object"),
        ([0] * 1_000_001, "more than 1,000,000 values"),
        (1 << (1 << 17), "too large"),
    ],
    ids=["deep", "cyclic", "expanded", "sparse", "object", "long", "integer"],
)
def test_what_cannot_be_sent_is_refused_with_a_sentence(value, words):
    with pytest.raises(WireError, match=words):
        travel(value)


def test_many_tensors_together_count_as_much_as_one():
    with pytest.raises(WireError, match="too large"):
        travel([torch.zeros(1 << 12) for _ in range(5)], limits=SMALL)


@pytest.mark.parametrize(
    "note",
    [
        ["torch", "float32", [1 << 40], [0], 0, "cpu", False, [], False],
        ["torch", "float32", [3], [4], 0, "cpu", False, [], False],
        ["torch", "float32", [2], [-4], 0, "cpu", False, [], False],
        ["torch", "float32", [2], [3], 0, "cpu", False, [], False],
        ["torch", "float32", [-2], [4], 0, "cpu", False, [], False],
        ["torch", "float32", [2, 2], [4], 0, "cpu", False, [], False],
        ["torch", "object", [2], [4], 0, "cpu", False, [], False],
        ["numpy", "O", [1], [8], 0, "cpu", False, [], False],
        ["pickle", "float32", [2], [4], 0, "cpu", False, [], False],
        ["torch", "float32", [(1 << 62) - 1] * 1_000_000, [], 0, "cpu", False, [], False],
        ["torch", "float32", [1 << 62, 4], [4, 4], 0, "meta", False, [], False],
    ],
)
def test_lying_descriptions_of_tensors_are_refused(note):
    import msgspec

    header = msgspec.msgpack.encode([[note], ["tensor", 0]])
    with pytest.raises(WireError):
        unpack(header, [np.zeros(8, dtype="u1")], refuse, WireLimits(), leaf=False)


@given(st.binary(max_size=200))
@settings(max_examples=500, deadline=None)
def test_junk_raises_nothing_but_the_decoders_own_error(junk):
    with contextlib.suppress(WireError):
        unpack(junk, [], refuse, WireLimits(), leaf=False)
