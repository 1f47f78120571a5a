from torchgrade.similarity.prints import ROW, WINDOW, fingerprints
from torchgrade.similarity.tokens import parts_of, symbols_of

PARTS = """import a
@deco
def f(x):
  y = [
  1,
]
  return y
print(f)
async def g():
  pass
class f:
  z = 1
"""


def texts(source):
    return [one.text for one in symbols_of(source)]


def lines(part):
    return {one.line for one in part.symbols}


def test_names_comments_and_layout_make_no_difference():
    one = "def f(a, b):\n    '''Doc.'''\n    c = a.sum(dim=0)  # add\n    return c - b\n"
    other = "def g( x,y ) :\n\n    total = x.sum(axis = 0)\n    # done\n    return    total - y\n"
    assert texts(other) == texts(one)


def test_what_is_called_makes_a_difference():
    assert texts("x = y.sum(1)") != texts("x = y.mean(1)")
    assert texts("x = len(y)") != texts("x = sum(y)")
    assert texts("x = 1") != texts("x = 2")
    assert texts("self.mine = 1") == texts("self.other = 1")


def test_lines_are_counted_through_strings():
    found = list(symbols_of('x = """a\nb\n"""\ny = 2\n'))
    assert [(one.text, one.line) for one in found if one.text in ("V", "2")] == [("V", 1), ("V", 4), ("2", 4)]


def test_parts_are_what_is_defined_at_the_margin():
    parts = parts_of(symbols_of(PARTS), ["f", "g"])
    assert lines(parts["f"]) == {3, 4, 5, 6, 7, 11, 12}
    assert lines(parts["g"]) == {9, 10}
    assert lines(parts[""]) == {1, 2, 3, 8, 9, 11}


def test_any_row_that_two_share_and_is_long_enough_has_a_fingerprint():
    source = " ".join(f"x.f{number}(y, {number})" for number in range(30))
    symbols = list(symbols_of(source))
    whole = set(fingerprints(symbols)[0].tolist())
    for start in range(len(symbols) - ROW - WINDOW + 1):
        cut = fingerprints(symbols[start : start + ROW + WINDOW - 1])[0].tolist()
        assert whole & set(cut)


def test_fingerprints_are_the_same_in_every_process():
    symbols = list(symbols_of("def f(a): return a.sum(1) + a.mean(2) - 3"))
    assert fingerprints(symbols)[0].tolist()[:1] == [7837118364489324640]
