"""The language that a request speaks: the one whose code its address begins with, else Dutch (decision 8)."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial

from knelpunt.adapters.translations import Translator, translator
from knelpunt.domain.languages import DUTCH, OTHERS, Language

BY_CODE = {language.code: language for language in OTHERS}
_spoken: ContextVar[Translator] = ContextVar("spoken")
current_translator = partial(_spoken.get, translator(DUTCH))
"""Who says texts in the language of this request; outside a request in Dutch."""


def current_language() -> Language:
    """The language of this request; outside a request Dutch."""
    return current_translator().language


@contextmanager
def spoken_in(language: Language) -> Iterator[None]:
    """Let everything inside be said in a language."""
    token = _spoken.set(translator(language))
    try:
        yield
    finally:
        _spoken.reset(token)


class _IsDutch:
    """True in a template while a Dutch page is made."""

    def __bool__(self) -> bool:
        return current_language() is DUTCH


is_dutch = _IsDutch()
