"""Which assertions `expect` says as well."""

import ast

import pytest

from torchgrade.importing.expecting import as_expect

SAME = {
    "assert s == 'a'": "equal('a')",
    "assert 3 == s": "equal(3)",
    "assert s is None": "equal(None)",
    "assert s.shape == torch.Size([2, 3])": "shape(2, 3)",
    "assert s.shape == other.shape": "shape(tuple(other.shape))",
    "assert s.dtype is torch.float32": "dtype(torch.float32)",
    "assert len(s) == 2": "length(2)",
    "assert s in (1, 2)": "one_of(1, 2)",
    "assert isinstance(s, (int, float))": "is_a(int, float)",
    "assert s.requires_grad": "requires_grad()",
    "assert not s.requires_grad": "requires_grad(False)",
    "assert torch.allclose(y, s)": "close(y, rtol=1e-05, atol=1e-08)",
    "assert bool(torch.isclose(s, y, atol=0.1).all())": "close(y, rtol=1e-05, atol=0.1)",
    "assert math.isclose(s, y, rel_tol=0.1)": "close(y, rtol=0.1, atol=0.0)",
    "assert torch.equal(s, y)": "equal(y)",
    "assert abs(y - s) < 0.01": "close(y, rtol=0.0, atol=0.01)",
    "np.testing.assert_allclose(s, y)": "close(y, rtol=1e-07, atol=0.0)",
    "np.testing.assert_array_equal(s, y)": "equal(y)",
    "np.testing.assert_almost_equal(s, y, decimal=2)": "close(y, rtol=0.0, atol=0.015)",
    "torch.testing.assert_close(s, y)": "close(y)",
}
OTHER = [
    "assert s > 3", "assert s == pytest.approx(2)", "assert x == 3", "assert s", "assert s != 2", "print(s)",
    "assert torch.allclose(s, y, equal_nan=True)", "assert s == 1 or s == 2", "assert 1 < s < 2",
]  # fmt: skip


def written(source: str, **more: bool) -> str | None:
    def is_students(node: ast.expr) -> bool:
        return any(isinstance(one, ast.Name) and one.id == "s" for one in ast.walk(node))

    return as_expect(ast.parse(source).body[0], is_students, "", **more)


@pytest.mark.parametrize("source", SAME)
def test_the_same_in_other_words(source):
    assert written(source) == f"expect(s).{SAME[source]}"


@pytest.mark.parametrize("source", OTHER)
def test_anything_else_stays(source):
    assert written(source) is None


def test_plain_equality_can_be_left_alone():
    assert written("assert s == 2", plain=True) is None
    assert written("assert len(s) == 2", plain=True) == "expect(s).length(2)"
