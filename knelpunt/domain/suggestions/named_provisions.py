"""Which provisions of the catalogue the label of a judged case names: by its article, or by words that leave no doubt.

A label that names neither leads to no provision; nothing is guessed from the text of the case.
"""

import re
from collections.abc import Iterator, Mapping

from knelpunt.domain.laws.catalogue import Catalogue, LawEntry
from knelpunt.domain.laws.dates import Standing
from knelpunt.domain.suggestions.asked import Question
from knelpunt.domain.suggestions.labelled import Labelled
from knelpunt.domain.suggestions.periods import provision_standing

_ARTICLE = re.compile(r"(?<![\w.-])(\d{1,3}(?:\.\d{1,3})?[a-z]{0,2})(?![\w°]|\.\d)")
_RANGE = re.compile(r"(?<![\w.])(\d{1,3})-(\d{1,3})(?![\w.])")
_DASH = re.compile(r"(?<=[\da-z])-(?=\d)")
_MEMBER = re.compile(r"\b(?:lid|leden) \d+(?:-\d+)?(?: en \d+)?|\bonder (?:[a-z]|\d+°?)\b")
_SAYS_ARTICLE = re.compile(r"\bart(?:ikel(?:en)?\b|\.)", re.IGNORECASE)

WORDS: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "gemeentewet": (("uitdaagrecht", ("gemw-150",)),),
    "energiebelasting": (("postcoderoos", ("wbm-59a",)),),
    "huisvestingswet": (("omzettingsvergunning", ("hvw-21",)), ("woningvorming", ("hvw-21",))),
    "leegstandwet": (("tijdelijke verhuur", ("lsw-pre2013", "lsw-15-a", "lsw-15-b", "lsw-15-c", "lsw-15-d")),),
    "monumentenwet": (("vergunning", ("monw-11", "erfgoedwet-9.1")),),
    "omgevingswet": (("buitenplanse omgevingsplanactiviteit", ("ow-bopa",)),),
    "verhuurderheffing": (("heffingsvermindering", ("wmw-vermindering",)),),
    "wabo": (
        ("tijdelijke omgevingsvergunning", ("wabo-tijdelijk-oud", "wabo-2.12-2")),
        ("tijdelijke vergunning", ("wabo-tijdelijk-oud", "wabo-2.12-2")),
        ("tijdelijke afwijking", ("wabo-tijdelijk-oud", "wabo-2.12-2")),
        ("tijdelijk afwijken", ("wabo-tijdelijk-oud", "wabo-2.12-2")),
    ),
    "wbmgp": (("gebiedsaanwijzing", ("wbmgp-5",)),),
    "wet-natuurbescherming": (("ontheffing", ("wnb-3.8",)),),
    "wro": (("herziening bestemmingsplan", ("wro-3.1",)), ("nieuw bestemmingsplan", ("wro-3.1",))),
}
"""Per law the words of a label that name an instrument, and the provisions that it can be, whichever held then."""


def named_provisions(case: Labelled, catalogue: Catalogue) -> tuple[str, ...]:
    """The keys of the provisions that the label names and that may have held then, in the order of the catalogue.

    Of an article that the catalogue has in several parts (a lid, or an older and a newer text) each part counts.
    """
    if not case.instrument:
        return ()
    laws = {law.key: law for law in catalogue.laws if law.case_key == case.law}
    named = set(_by_words(case.law, case.instrument)) | set(_by_article(case.instrument, laws, catalogue))
    return tuple(
        one.key
        for one in catalogue.provisions
        if one.key in named and one.law_key in laws and _may_have_held(one.key, catalogue, case.question)
    )


def _by_words(law: str, instrument: str) -> Iterator[str]:
    text = instrument.lower()
    for words, keys in WORDS.get(law, ()):
        if words in text:
            yield from keys


def _by_article(instrument: str, laws: Mapping[str, LawEntry], catalogue: Catalogue) -> Iterator[str]:
    """A part of a label between slashes names articles when it says "art." or ends in the short name of a law."""
    for part in instrument.split("/"):
        named = _laws_named(part, laws)
        if not named and not _SAYS_ARTICLE.search(part):
            continue
        articles = articles_in(part)
        for one in catalogue.provisions:
            if one.law_key in (named or laws) and articles & articles_in(one.details["article"] or ""):
                yield one.key


def _laws_named(text: str, laws: Mapping[str, LawEntry]) -> frozenset[str]:
    """The laws whose short name a text holds; "Bu Chw" is not the Chw."""
    found = {
        key: law.abbreviation
        for key, law in laws.items()
        if law.abbreviation and re.search(rf"\b{re.escape(law.abbreviation)}\b", text)
    }
    return frozenset(
        key for key, name in found.items() if not any(name != other and name in other for other in found.values())
    )


def articles_in(text: str) -> frozenset[str]:
    """The numbers of articles in a text, without those of a lid: "2.12 lid 1 onder a" gives 2.12; "5-7" gives three."""
    bare = _MEMBER.sub(" ", text)
    found = set(_ARTICLE.findall(_DASH.sub(" ", bare)))
    for first, last in _RANGE.findall(bare):
        found.update(str(number) for number in range(int(first), int(last) + 1))
    return frozenset(found)


def _may_have_held(key: str, catalogue: Catalogue, question: Question) -> bool:
    entry = next(one for one in catalogue.provisions if one.key == key)
    law = next(law for law in catalogue.laws if law.key == entry.law_key)
    return provision_standing(entry, law, question) in (Standing.HELD, Standing.UNCERTAIN)
