"""Every odd kind of value a student may return: compared rightly, or refused with what to return instead."""

import warnings

import numpy as np
import pytest
import torch

from torchgrade import expect
from torchgrade.errors import AuthorError, CheckFailed
from torchgrade.sandbox.inprocess import direct_client
from torchgrade.sandbox.program import Program
from torchgrade.submission import Handle, Submission

SOURCE = """
import collections
import decimal
import enum
import warnings

import numpy as np
import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.masked import masked_tensor

warnings.simplefilter("ignore")

class Tagged(torch.Tensor): pass

class Stubborn(torch.Tensor):
    @classmethod
    def __torch_function__(cls, func, types, args=(), kwargs=None):
        raise ValueError("not with me")

class Hollow(torch.Tensor):
    @staticmethod
    def __new__(cls, x):
        return torch.Tensor._make_wrapper_subclass(cls, x.shape, dtype=x.dtype)
    @classmethod
    def __torch_dispatch__(cls, func, types, args=(), kwargs=None):
        raise ValueError("hollow")

class Colour(enum.IntEnum):
    RED = 1

ONES = torch.ones(2)

def tagged(): return ONES.as_subclass(Tagged)
def stubborn(): return ONES.as_subclass(Stubborn)
def parameter(): return torch.nn.Parameter(ONES.clone())
def buffer(): return torch.nn.Buffer(ONES.clone())
def tracked(): return ONES.clone().requires_grad_() * 1
def inferred():
    with torch.inference_mode():
        return torch.ones(2)
def conjugated(): return torch.tensor([1 + 2j]).conj()
def negated(): return torch.tensor([1 + 2j]).conj().imag
def no_memory(): return torch._efficientzerotensor((2,))
def from_grad():
    kept = []
    torch.func.grad(lambda x: (kept.append(x), x.sum())[1])(ONES)
    return kept[0]
def bfloat16(): return ONES.to(torch.bfloat16)
def float8(): return ONES.to(torch.float8_e4m3fn)
def half(): return ONES.half()
def complex32(): return ONES.to(torch.complex32)
def complex64(): return ONES.to(torch.complex64)
def zero_d(): return torch.tensor(2.5)
def numpy_float(): return np.float64(2.5)
def numpy_int(): return np.int64(2)
def numpy_bool(): return np.bool_(True)
def numpy_zero_d(): return np.array(2.5)
def foreign_bytes(): return np.ones(2, dtype=">f4")
def matrix(): return np.matrix([[1.0, 1.0]])
def named_tuple(): return collections.namedtuple("Pair", "x y")(1, 2)
def ordered(): return collections.OrderedDict(a=1)
def counted(): return collections.Counter("aab")
def member(): return Colour.RED

def sparse(): return torch.eye(2).to_sparse()
def sparse_rows(): return torch.eye(2).to_sparse_csr()
def mkldnn(): return torch.eye(2).to_mkldnn()
def quantised(): return torch.quantize_per_tensor(ONES, 0.1, 0, torch.quint8)
def nested(): return torch.nested.nested_tensor([torch.ones(2), torch.ones(3)])
def jagged(): return torch.nested.nested_tensor([torch.ones(2), torch.ones(3)], layout=torch.jagged)
def masked(): return masked_tensor(ONES, torch.tensor([True, False]))
def fake():
    with FakeTensorMode():
        return torch.ones(2)
def hollow(): return Hollow(ONES)
def in_vmap():
    kept = []
    torch.func.vmap(lambda x: (kept.append(x), x)[1])(torch.ones(2, 3))
    return kept[0]
def lazy(): return torch.nn.LazyLinear(2).weight
def float4(): return torch.zeros(2, dtype=torch.uint8).view(torch.float4_e2m1fn_x2)
def masked_array(): return np.ma.masked_array([1.0, 2.0], mask=[False, True])
def objects(): return np.array([None, 1], dtype=object)
def strings(): return np.array(["a", "b"])
def records(): return np.zeros(2, dtype=[("a", "i4"), ("b", "f4")])
def dates(): return np.array(["2020-01-01"], dtype="datetime64[D]")
def long_doubles(): return np.ones(2, dtype=np.longdouble)
def long_double(): return np.longdouble(2)
def inside(): return {"weights": [torch.eye(2).to_sparse()]}

def meta(): return torch.ones(2, device="meta")
def exact(): return decimal.Decimal("1.0")
"""
ONES = torch.ones(2)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # complex32 is called experimental
    HALF_COMPLEX = ONES.to(torch.complex32)
COMPARED = {
    "tagged": ONES, "stubborn": ONES, "parameter": ONES, "buffer": ONES, "tracked": ONES, "inferred": ONES,
    "conjugated": torch.tensor([1 - 2j]), "negated": torch.tensor([-2.0]), "no_memory": torch.zeros(2),
    "from_grad": ONES, "bfloat16": ONES.bfloat16(), "float8": ONES.to(torch.float8_e4m3fn), "half": ONES.half(),
    "complex32": HALF_COMPLEX, "complex64": ONES.to(torch.complex64), "zero_d": torch.tensor(2.5),
    "numpy_float": np.float64(2.5), "numpy_int": np.int64(2), "numpy_bool": np.True_, "numpy_zero_d": np.array(2.5),
    "foreign_bytes": np.ones(2, dtype=np.float32), "matrix": np.ones((1, 2)), "named_tuple": (1, 2),
    "ordered": {"a": 1}, "counted": {"a": 2, "b": 1}, "member": 1,
}  # fmt: skip
REFUSED = {
    "sparse": "x.to_dense()", "sparse_rows": "x.to_dense()", "mkldnn": "x.to_dense()", "quantised": "x.dequantize()",
    "nested": "x.unbind()", "jagged": "x.unbind()", "masked": "x.to_tensor(0.0)", "fake": "an ordinary torch.Tensor",
    "hollow": "an ordinary torch.Tensor", "in_vmap": "vmap(f)(x) itself", "lazy": "call the layer once",
    "float4": "torch.float32", "masked_array": "x.filled(0)", "objects": "return numbers or bools",
    "strings": "x.tolist()", "records": "return numbers or bools", "dates": "return numbers or bools",
    "long_doubles": "x.astype(numpy.float64)", "long_double": "x.astype(numpy.float64)", "inside": "x.to_dense()",
}  # fmt: skip
# what came, what was asked for, and a word of the help
OTHER_KINDS = [
    ("zero_d", 2.5, "A tensor came, a float was asked for", "x.item()"),
    ("numpy_float", 2.5, "A NumPy scalar came, a float was asked for", "x.item()"),
    ("numpy_int", 2, "A NumPy scalar came, an int was asked for", "x.item()"),
    ("numpy_bool", True, "A NumPy scalar came, a bool was asked for", "x.item()"),
    ("numpy_zero_d", 2.5, "A NumPy array came, a float was asked for", "x.item()"),
    ("numpy_zero_d", torch.tensor(2.5), "A NumPy array came, a tensor was asked for", "torch.from_numpy"),
    ("bfloat16", ONES, "the dtype is torch.bfloat16; torch.float32", "x.to(torch.float32)"),
    ("float8", ONES, "the dtype is torch.float8_e4m3fn; torch.float32", "x.to(torch.float32)"),
    ("complex64", ONES, "the dtype is torch.complex64; torch.float32", "x.real"),
    ("meta", ONES, "A tensor on the meta device came", 'device="meta"'),
    ("exact", 1.0, "An object of class Decimal came, a float was asked for", "Return the value itself"),
]  # fmt: skip


@pytest.fixture(params=["process", "direct"])
def submission(request, sandbox):
    opener = direct_client if request.param == "direct" else lambda: sandbox.open(5.0, 5.0)
    proxy = Submission(opener, Program("kinds", {"kinds": SOURCE.encode()}), seed=3)
    yield proxy
    proxy._close()


@pytest.mark.filterwarnings("ignore:ComplexHalf")
def test_what_holds_ordinary_numbers_is_compared(submission):
    for name, asked in COMPARED.items():
        expect(getattr(submission, name)(), because=name).equal(asked).close(asked)


def test_what_cannot_be_compared_is_refused_with_what_to_return_instead(submission):
    for name, words in REFUSED.items():
        with pytest.raises(CheckFailed) as caught:
            getattr(submission, name)()
        text = str(caught.value)
        assert "cannot be checked" in text or name == "lazy", text
        assert words in text, text
        assert len(text.splitlines()) <= 2


def test_a_submission_goes_on_after_a_refusal(submission):
    with pytest.raises(CheckFailed):
        submission.sparse()
    expect(submission.tagged()).equal(ONES)


def test_near_misses_of_kind_and_dtype_say_what_to_write(submission):
    for name, asked, words, help_ in OTHER_KINDS:
        with pytest.raises(CheckFailed) as caught:
            expect(getattr(submission, name)()).equal(asked)
        assert words.lower() in caught.value.rationale.lower(), caught.value
        assert help_ in caught.value.help, caught.value


def test_what_a_tensor_was_is_still_known(submission):
    expect(submission.tracked()).requires_grad()
    expect(submission.parameter()).is_a(torch.nn.Parameter).requires_grad()
    expect(submission.inferred()).requires_grad(False)
    expect(submission.meta()).device("meta").shape(2)
    assert isinstance(submission.exact(), Handle)


@pytest.mark.skipif(not hasattr(torch.Tensor, "rename"), reason="this torch has no named tensors")
def test_names_of_axes_are_no_matter(sandbox):
    source = b"import torch\ndef named(): return torch.ones(2, 3, names=('a', 'b'))\n"
    proxy = Submission(lambda: sandbox.open(5.0, 5.0), Program("kinds", {"kinds": source}), seed=3)
    expect(proxy.named()).equal(torch.ones(2, 3))


def test_an_author_cannot_ask_for_what_cannot_be_compared():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        asked = [
            torch.eye(2).to_sparse(),
            torch.eye(2).to_sparse_csr(),
            torch.quantize_per_tensor(ONES, 0.1, 0, torch.quint8),
            torch.nested.nested_tensor([ONES, ONES]),
            torch.ones(2, device="meta"),
            np.array([None, 1], dtype=object),
        ]
    for one in asked:
        came = np.array([1, 2]) if isinstance(one, np.ndarray) else torch.eye(2)
        with pytest.raises((AuthorError, CheckFailed)) as caught:
            expect(came).equal(one)
        assert isinstance(caught.value, AuthorError) or isinstance(one, np.ndarray)
