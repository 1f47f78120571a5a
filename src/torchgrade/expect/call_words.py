"""The matchers about a call: what it did to its arguments, to memory and to the random generators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import AuthorError
from .containers import missing_item
from .describe import show
from .failing import fail
from .memory import changed_argument, shared_memory, unshared_memory, unwritten_argument
from .randomness import GENERATORS, drawn_difference, moved_generators, repeated_difference, same_difference
from .words import Words

if TYPE_CHECKING:
    from typing_extensions import Self

__all__ = ["CallWords"]
__tracebackhide__ = True


class CallWords(Words):
    """Matchers that read what `submission.observe` saw, and two that compare one call with another."""

    def untouched(self, *paths: str) -> Self:
        """Ask that arguments are as they were: values, dtype, shape, memory; no in-place write was counted.

        Args:
            paths: Which ones, such as ``"args[1]"``; all of them when none is named.
        """
        return self._unless(changed_argument(self._observed("untouched"), paths))

    def written_in_place(self, *paths: str) -> Self:
        """Ask that these arguments were written to, in the memory that they had.

        That the new values are right is asked with `argument`.

        Args:
            paths: Arguments or parts of them, such as ``"args[0]"`` or ``"args[0][1]"``.
        """
        seen = self._observed("written_in_place")
        if not paths:
            raise AuthorError('written_in_place: name the arguments, as "args[0]"')
        for path in paths:
            self._unless(unwritten_argument(seen, path))
        return self

    def argument(self, index: int) -> Self:
        """Go on with an argument as it is after the call."""
        args = self._observed("argument").args
        if not 0 <= index < len(args):
            fail(missing_item(args, index, "args"), self._because)
        return type(self)(args[index], self._because, f"args[{show(index)}]")

    def fresh(self) -> Self:
        """Ask that no tensor or array in the result shares memory with an argument."""
        return self._unless(shared_memory(self._observed("fresh")))

    def shares_memory(self) -> Self:
        """Ask that some tensor or array in the result shares memory with an argument."""
        return self._unless(unshared_memory(self._observed("shares_memory")))

    def leaves_generators(self, *names: str) -> Self:
        """Ask that the call neither drew from the global generators nor seeded them.

        Args:
            names: Which of ``"torch"``, ``"numpy"`` and ``"random"``; all of them when none is named.
        """
        return self._unless(moved_generators(self._observed("leaves_generators"), _known(names) or GENERATORS))

    def draws_from(self, *names: str) -> Self:
        """Ask that the call drew from these global generators, and from no other.

        Args:
            names: Of ``"torch"``, ``"numpy"`` and ``"random"``.
        """
        return self._unless(drawn_difference(self._observed("draws_from"), _known(names)))

    def repeats(self, again: Any) -> Self:
        """Ask that another call with the same arguments, or the same seed, gave exactly the same.

        Args:
            again: What the other call gave back.
        """
        return self._unless(repeated_difference(self._value, again, self._place))

    def differs_from(self, other: Any) -> Self:
        """Ask that a call with another seed, or a later draw, did not give exactly the same.

        Args:
            other: What the other call gave back.
        """
        return self._unless(same_difference(self._value, other, self._place))


def _known(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in GENERATORS:
            raise AuthorError(f"there is no generator {name!r}; there are {', '.join(GENERATORS)}")
    return names
