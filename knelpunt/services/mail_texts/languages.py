"""Mails in the language in which a case was filed. What a person wrote in them stays as it was written."""

from knelpunt.adapters.catalogues import Catalogue, catalogue
from knelpunt.domain.languages import DUTCH, language_of
from knelpunt.services.mail_texts.letter import MailText


def in_language(text: MailText, code: str) -> MailText:
    """A mail that was put together in Dutch, in the language with this code."""
    language = language_of(code)
    if language is DUTCH:
        return text
    texts = catalogue(language)
    paragraphs = (_said(texts, paragraph) for paragraph in text.body.split("\n\n"))
    return MailText(_subject(texts, text.subject), "\n\n".join(paragraphs))


def _subject(texts: Catalogue, subject: str) -> str:
    words, bracket, number = subject.rpartition(" (")
    return f"{texts.say(words)}{bracket}{number}" if bracket else texts.say(subject)


def _said(texts: Catalogue, paragraph: str) -> str:
    """A paragraph; where only its first line is ours, such as one over a list of files, that line."""
    said = texts.say(paragraph, longest=len(paragraph))
    head, line_end, rest = paragraph.partition("\n")
    return f"{texts.say(head)}{line_end}{rest}" if said == paragraph and line_end else said
