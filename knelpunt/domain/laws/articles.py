"""One way to write which article is meant: people write "art. 5.1", "artikel 5.1, tweede lid" and "5.1 lid 2"."""

import re

from knelpunt.domain.laws.catalogue import searchable

_ORDINALS = (
    "eerste", "tweede", "derde", "vierde", "vijfde", "zesde", "zevende", "achtste", "negende", "tiende", "elfde",
    "twaalfde", "dertiende", "veertiende", "vijftiende", "zestiende", "zeventiende", "achttiende", "negentiende",
    "twintigste",
)  # fmt: skip
_NTH = rf"(?:{'|'.join(_ORDINALS)}|\d+(?:e|de|ste))"
_NTH_MEMBERS = re.compile(rf"\b(?:het\s+)?({_NTH}(?:(?:\s*,\s*|\s+(?:en|of|tot\s+en\s+met)\s+){_NTH})*)\s+lid\b", re.I)
_ONE_NTH = re.compile(rf"\b{_NTH}(?!\w)", re.I)
_ARTICLE = re.compile(r"\b(?:art(?:ikel(?:en)?|t)?\b\.?)\s*(?=\d)", re.I)
_MEMBERS = re.compile(r"\bleden\s+(?=\d)", re.I)
_PART = re.compile(r"\b(?:(?:aanhef\s+en\s+)?(?:onder(?:deel)?|sub))\s+(?=[a-z0-9]{1,2}\b)", re.I)
_PART_OF = re.compile(r"\b(lid \d+|onder [a-z0-9]{1,2}),? van (?:artikel )?(\d[\w.:]*)", re.I)
_COMMA_BEFORE = re.compile(r"\s*,\s*(?=(?:lid \d|onder [a-z0-9]{1,2}\b))", re.I)
_BETWEEN_WORDS = re.compile(r"[\s,;()‘’“”\"']+")
_SAID_OR_NOT = frozenset({"artikel", "art", "art."})


def article_named(text: str) -> str:
    """What somebody wrote, as the catalogue writes it: "Art. 5.1, tweede lid" gives "5.1 lid 2". What is no article
    of a law, such as the name of a local rule, stays as it is.

    What was kept before this was there stays as it was typed: a sealed figure opens its cases by those very words, and
    a public text shows what its submitter saw. Compare by ``article_key``.
    """
    words = " ".join(text.split())
    words = _ARTICLE.sub("artikel ", words)
    words = _NTH_MEMBERS.sub(lambda found: f"lid {_ONE_NTH.sub(_number, found[1])}", words)
    words = _PART.sub("onder ", _MEMBERS.sub("lid ", words))
    words = _PART_OF.sub(r"artikel \2 \1", words)
    return _COMMA_BEFORE.sub(" ", words).removeprefix("artikel ")


def article_key(text: str) -> str:
    """Equal for texts that name the same article: also without capitals, accents, commas, brackets and "artikel"."""
    words = _BETWEEN_WORDS.split(searchable(article_named(text)))
    return " ".join(word for word in words if word and word not in _SAID_OR_NOT).removesuffix(".")


def _number(found: re.Match[str]) -> str:
    word = found[0].lower()
    return str(_ORDINALS.index(word) + 1) if word in _ORDINALS else re.sub(r"\D", "", word)
