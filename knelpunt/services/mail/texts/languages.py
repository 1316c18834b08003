"""Mails in the language in which a case was filed or something is followed. What a person wrote stays as it is."""

import re

from knelpunt.adapters.catalogues import Catalogue, catalogue
from knelpunt.domain.languages import DUTCH, language_of
from knelpunt.services.mail.texts.letter import WRITTEN, WRITTEN_END, MailText

_WRITTEN = re.compile(f"{WRITTEN}(.*?){WRITTEN_END}", re.DOTALL)


def in_language(text: MailText, code: str) -> MailText:
    """A mail that was put together in Dutch, in the language with this code."""
    language = language_of(code)
    if language is DUTCH:
        return MailText(text.subject, _WRITTEN.sub(r"\1", text.body)) if WRITTEN in text.body else text
    texts = catalogue(language)
    written: list[str] = _WRITTEN.findall(text.body)
    numbers = iter(range(len(written)))
    ours = _WRITTEN.sub(lambda _: f"{WRITTEN}{next(numbers)}{WRITTEN_END}", text.body)
    said = "\n\n".join(_said(texts, paragraph) for paragraph in ours.split("\n\n"))
    body = _WRITTEN.sub(lambda place: written[int(place[1])], said)
    return MailText(_subject(texts, text.subject), body)


def _subject(texts: Catalogue, subject: str) -> str:
    words, bracket, number = subject.rpartition(" (")
    return f"{texts.say(words)}{bracket}{number}" if bracket else texts.say(subject)


def _said(texts: Catalogue, paragraph: str) -> str:
    """A paragraph; where only its first line is ours, such as one over a list of files, that line."""
    said = texts.say(paragraph, longest=len(paragraph))
    head, line_end, rest = paragraph.partition("\n")
    return f"{texts.say(head)}{line_end}{rest}" if said == paragraph and line_end else said
