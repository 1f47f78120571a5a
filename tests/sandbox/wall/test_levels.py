"""What layers add up to."""

import pytest

from torchgrade.sandbox.wall import LAYERS, Layer, level_of

EVERY = set(LAYERS)
KERNEL = {"landlock", "seccomp"}


@pytest.mark.parametrize(
    ("on", "level"),
    [
        (EVERY, "A"),
        ({"namespaces", "private-root"} | KERNEL, "A"),
        (EVERY - {"namespaces"}, "B"),
        (EVERY - {"private-root"}, "B"),
        ({"own-uid"} | KERNEL, "B"),
        (KERNEL, "C"),
        ({"namespaces"} | KERNEL, "C"),
        (EVERY - {"landlock"}, "D"),
        (EVERY - {"seccomp"}, "D"),
        ({"own-uid", "rlimits", "no-new-privs"}, "D"),
        (set(), "D"),
    ],
)
def test_the_level_is_that_of_the_layers_that_hold(on, level):
    tried = {name: Layer(name, name in on) for name in LAYERS}
    assert level_of(tried, []) == level
    assert level_of({name: layer for name, layer in tried.items() if layer.on}, []) == level


def test_a_canary_that_got_out_outweighs_every_layer():
    assert level_of({name: Layer(name, True) for name in LAYERS}, ["read a file outside"]) == "D"
