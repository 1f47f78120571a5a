"""`expect.raises`: the student's code must raise an exception of a certain kind."""

from __future__ import annotations

from types import TracebackType
from typing import NoReturn

from ..errors import AuthorError, Raised, raised_by_student
from ..language import _
from .describe import begun, clip, either, with_article
from .failing import fail_with

__all__ = ["Raises"]
__tracebackhide__ = True


class Raises:
    """The context manager behind ``with expect.raises(ValueError) as caught:``.

    Only what the student's code raises counts; anything else, a mistake in the check among it, goes its way.
    """

    def __init__(self, kinds: type[Exception] | tuple[type[Exception], ...], because: str | None = None) -> None:
        self._kinds = kinds if isinstance(kinds, tuple) else (kinds,)
        self._because = because
        self._value: Exception | None = None

    @property
    def value(self) -> Exception:
        """The exception that was raised.

        Raises:
            AuthorError: The block has not ended yet.
        """
        if self._value is None:
            raise AuthorError("expect.raises: read .value after the with block")
        return self._value

    def __enter__(self) -> Raises:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if error is None:
            self._fail_for_nothing()
        raised = raised_by_student(error)
        if raised is None or not isinstance(error, Exception):
            return False
        if not self._matches(error):
            self._fail_for_another(error, raised)
        self._value = error
        return True

    def _matches(self, error: Exception) -> bool:
        # A stub raises NotImplementedError, which is a RuntimeError: not a word of the answer is written then.
        if isinstance(error, NotImplementedError):
            return any(issubclass(kind, NotImplementedError) for kind in self._kinds)
        return isinstance(error, self._kinds)

    def _fail_for_nothing(self) -> NoReturn:
        help_ = _("Look for the case that this check is about, and raise {kind}(...) when it comes.")
        sentence = _("Nothing was raised; {kinds} was asked for.").format(kinds=self._wanted())
        fail_with(sentence, help_.format(kind=self._kinds[0].__name__), self._because)

    def _fail_for_another(self, error: Exception, raised: Raised) -> NoReturn:
        help_ = _("Test for this case before that line, and raise {kind}(...) there.")
        help_ = help_.format(kind=self._kinds[0].__name__)
        if isinstance(error, NotImplementedError):
            help_ = _("raise NotImplementedError(...) only holds the place: put your code there.")
        wanted = begun(_("{kinds} was asked for.").format(kinds=self._wanted()))
        fail_with(f"{_told(error, raised)}\n{wanted}", help_, self._because)

    def _wanted(self) -> str:
        return either([with_article(kind.__name__) for kind in self._kinds])


def _told(error: Exception, raised: Raised) -> str:
    # str(KeyError("a")) is "'a'"
    text = error.args[0] if len(error.args) == 1 and isinstance(error.args[0], str) else str(error)
    if raised.line:
        said = (
            _("{kind} was raised in {place}: {message}")
            if text
            else _("{kind} was raised in {place} without a message")
        )
    else:
        said = _("{kind} was raised: {message}") if text else _("{kind} was raised without a message")
    kind = with_article(clip(raised.kind, 60))
    source = f"\n    {clip(raised.source, 100)}" if raised.source else ""
    return begun(said.format(kind=kind, place=raised.place, message=clip(text, 120))) + source
