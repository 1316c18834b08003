"""The language that a request speaks: the one whose code its address begins with, else Dutch (decision 8)."""

from flask import has_request_context, request

from knelpunt.adapters.catalogues import catalogue
from knelpunt.domain.languages import DUTCH, OTHERS, Language

LANGUAGE_KEY = "knelpunt.language"
"""Where the code stands among the variables of a request, once it was taken off the address."""
BY_CODE = {language.code: language for language in OTHERS}


def current_language() -> Language:
    """The language of this request; outside a request Dutch."""
    if not has_request_context():
        return DUTCH
    return BY_CODE.get(request.environ.get(LANGUAGE_KEY, ""), DUTCH)


def said(dutch: str) -> str:
    """A text for a script in the language of this request; texts on a page are translated where they are shown."""
    language = current_language()
    return dutch if language is DUTCH else catalogue(language).say(dutch)
