"""Dutch words made searchable: without capitals and accents, stemmed, long words split.

PostgreSQL's own Dutch stemmer misses half of the plurals (huizen, huis), so words are stemmed here and stored under its
``simple`` configuration. A change in this module, in the word lists or in the stemmer asks for a new index.
"""

import re
import threading
import unicodedata
from functools import lru_cache
from pathlib import Path

import snowballstemmer

SEARCH_DATA = Path(__file__).resolve().parents[2] / "data" / "search"
MAX_WORD_LENGTH = 40
MAX_DOCUMENT_BYTES = 600_000
"""PostgreSQL refuses a tsvector above one megabyte."""
MAX_QUERY_WORDS = 12
MAX_QUERY_LENGTH = 400
MIN_PART_LENGTH = 3
MIN_UNKNOWN_PART_LENGTH = 4
LONG_PART_LENGTH = 6
"""Behind a known word of this length a rest of three letters is trusted too: rijwoning."""
LINKS = ("s", "en", "n", "e")
"""Letters that tie the parts of a Dutch compound together."""

WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
"""A word as it is written; one with hyphens is one word."""
_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ß": "ss", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_MARKS = re.compile("[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]")
_DOUBLE_VOWEL = re.compile(r"([aeou])\1")
WEAK_ENDINGS = ("d", "t", "de", "te", "den", "ten")
"""How participles of most verbs end; those that end otherwise, such as gekregen, say little."""
SEPARABLE = frozenset(
    (
        *("aan", "achter", "af", "bij", "binnen", "bloot", "dicht", "door", "in", "leeg", "los", "mee", "na", "neer"),
        *("om", "onder", "op", "over", "rond", "samen", "schoon", "stil", "tegen", "terug", "thuis", "toe", "uit"),
        *("vast", "vol", "voor", "vrij", "weg"),
    )
)
"""What may stand before the "ge" of a participle."""
_stemmer_lock = threading.Lock()
_stemmer = snowballstemmer.stemmer("dutch")


def fold(text: str) -> str:
    """Lower case without accents."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold())).translate(_LETTERS)


def stem_terms(text: str) -> list[str]:
    """The terms under which a text is found, in its order: stems, the words themselves, and parts of long words."""
    terms: list[str] = []
    for word in words_of(text):
        terms.extend(_document_terms(word))
    return terms


@lru_cache(maxsize=20_000)
def whole_terms(word: str) -> tuple[str, ...]:
    """The terms that stand for a word as a whole; none for a stop word."""
    return _document_terms(word)[: 1 if "-" in word or _stem(word) == _shortened(word) else 2]


@lru_cache(maxsize=20_000)
def part_stems(word: str) -> tuple[tuple[str, ...], ...]:
    """For each word that a word is made of the terms under which it may stand, the last one being what it is about."""
    if "-" in word:
        return tuple(terms for part in word.split("-") if (terms := whole_terms(part)))
    return tuple(
        (_stem(part), _stem(part[1:])) if part.startswith("s") and not _is_known(part) else (_stem(part),)
        for part in _parts(word)
    )


def word_query(word: str) -> str:
    """What finds a word, or all that it is made of, for ``to_tsquery('simple', …)``."""
    ways = [f"'{term}'" for term in whole_terms(word)]
    if len(parts := part_stems(word)) > 1:
        ways.append("(" + " & ".join("(" + " | ".join(f"'{term}'" for term in part) + ")" for part in parts) + ")")
    return " | ".join(ways)


def to_document(text: str) -> str:
    """The terms of a text, for ``to_tsvector('simple', …)``; a text that is too long for an index is cut."""
    return _cut(" ".join(stem_terms(text)))


def to_documents(text: str) -> tuple[str, str]:
    """The same in two: the terms of its words as a whole, and of what those are made of."""
    words = words_of(text)
    parts = [term for word in words for term in _document_terms(word)[len(whole_terms(word)) :]]
    return _cut(" ".join(term for word in words for term in whole_terms(word))), _cut(" ".join(parts))


def _cut(document: str) -> str:
    encoded = document.encode()
    if len(encoded) <= MAX_DOCUMENT_BYTES:
        return document
    return encoded[:MAX_DOCUMENT_BYTES].decode(errors="ignore").rpartition(" ")[0]


def to_query(text: str) -> str | None:
    """What somebody typed, for ``to_tsquery('simple', …)``: every word must occur, the last one may be unfinished.

    Any text is safe. None when nothing in it can be searched for.
    """
    words = [word for word in words_of(text[:MAX_QUERY_LENGTH]) if word not in STOP_WORDS][:MAX_QUERY_WORDS]
    if not words:
        return None
    return " & ".join(_query_part(word, is_last=word is words[-1]) for word in words)


def words_of(text: str) -> list[str]:
    """The words of a text in small letters without accents, in its order."""
    return WORD.findall(fold(text))


@lru_cache(maxsize=100_000)
def _document_terms(word: str) -> tuple[str, ...]:
    """All terms of one word; none for a stop word. A hyphenated word counts as a whole and as its parts."""
    if word in STOP_WORDS:
        return ()
    if "-" in word:
        parts = [term for part in word.split("-") for term in _document_terms(part)]
        return tuple(dict.fromkeys([_shortened(word), *parts]))
    terms = [_stem(word), _shortened(word)]
    for part in _parts(word):
        terms.append(_stem(part))
        if part.startswith("s") and not _is_known(part):
            terms.append(_stem(part[1:]))  # the s may have tied it to the part before
    return tuple(dict.fromkeys(terms))


def _query_part(word: str, *, is_last: bool) -> str:
    """One word as a query: its stem, or all parts of a compound, or (for the last word) whatever begins like it."""
    whole = f"'{_shortened(word)}'"
    if "-" in word:
        parts = [part for part in word.split("-") if part not in STOP_WORDS]
        choices = [" & ".join(_query_part(part, is_last=False) for part in parts)] if parts else []
        choices.append(whole + ":*" if is_last else whole)
    else:
        choices = [f"'{_stem(word)}'"]
        parts = list(_parts(word))
        if parts and all(_is_known(part) for part in parts):
            choices.append(" & ".join(dict.fromkeys(f"'{_stem(part)}'" for part in parts)))
        if is_last:
            choices.append(whole + ":*")
    return "(" + " | ".join(f"({choice})" if "&" in choice else choice for choice in dict.fromkeys(choices)) + ")"


def _shortened(word: str) -> str:
    """The word as one term that PostgreSQL's parser leaves whole; the number of a case keeps its digits together."""
    return word.replace("-", "")[:MAX_WORD_LENGTH]


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    """The stem with single vowels: dak and daken, paneel and panelen are then one."""
    word = word[:MAX_WORD_LENGTH]
    if not word.isalpha():
        return word
    kept = _kept_ge(word)
    with _stemmer_lock:
        stem: str = _stemmer.stemWord(f"{word[:kept]}be{word[kept + 2 :]}" if kept is not None else word)
    if kept is not None and len(stem) > kept + 1:
        stem = f"{stem[:kept]}ge{stem[kept + 2 :]}"
    return _DOUBLE_VOWEL.sub(r"\1", stem) or word


def _kept_ge(word: str) -> int | None:
    """Where a "ge" stands that belongs to the word: the stemmer takes it off as if each word were a participle.

    It is one in gebouwd and aangewezen, and none in gezin, gewoon, omgeving and begeleiding.
    """
    at = word.find("ge", 0, len(word) - MIN_PART_LENGTH + 1)
    if at < 0:
        return None
    if at == 0:
        is_participle = word.endswith(WEAK_ENDINGS) and not word.startswith(KEPT_GE)
    else:
        is_participle = word[:at] in SEPARABLE and word.endswith((*WEAK_ENDINGS, "en", "aan"))
    return None if is_participle else at


@lru_cache(maxsize=100_000)
def _parts(word: str) -> tuple[str, ...]:
    """The parts of a compound in which a known word stands; nothing when it is none, or a known word itself."""
    if len(word) > MAX_WORD_LENGTH or not word.isalpha() or _is_known(word):
        return ()
    best_score, best_cut = 0, 0
    for at in range(MIN_PART_LENGTH, len(word) - MIN_PART_LENGTH + 1):
        score = _score(word[:at], word[at:])
        if score > best_score:
            best_score, best_cut = score, at
    if not best_cut:
        return ()
    head, tail = _without_link(word[:best_cut]), word[best_cut:]
    return (*(_parts(head) or (head,)), *(_parts(tail) or (tail,)))


def _score(head: str, tail: str) -> int:
    """How good a cut is; 0: no cut. Two known words win over one, a longer known part over a shorter one."""
    bare_head = _without_link(head)
    knows_head, knows_tail = _is_known(bare_head), _is_known(tail)
    if knows_head and knows_tail:
        return 1000 + len(tail)
    if knows_tail and _is_trusted(tail) and (len(head) >= MIN_UNKNOWN_PART_LENGTH or len(tail) >= LONG_PART_LENGTH):
        return 500 + len(tail)
    if knows_head and _is_trusted(bare_head) and len(tail) >= MIN_UNKNOWN_PART_LENGTH:
        return len(bare_head)
    return 0


def _without_link(head: str) -> str:
    """The first part without the letters that tie it to the next, where that gives a known word."""
    if head in PARTS:
        return head
    for link in LINKS:
        if head.endswith(link) and _is_known(head.removesuffix(link)):
            return head.removesuffix(link)
    return head


def _is_known(part: str) -> bool:
    if part in PARTS:
        return True
    start = part[:MIN_PART_LENGTH]
    if start not in PART_STARTS or not MIN_PART_LENGTH <= len(part) <= LONGEST_FORM:
        return False  # most parts end here, without the cost of stemming
    return start in STARTS_BY_STEM.get(_stem(part), ())


def _is_trusted(part: str) -> bool:
    return part in TRUSTED_PARTS or (part not in PARTS and _stem(part) in TRUSTED_STEMS)


def _listed(name: str) -> list[str]:
    lines = (SEARCH_DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


STOP_WORDS = frozenset(_listed("stop_words.txt"))
KEPT_GE = tuple(_listed("ge_words.txt"))
PARTS = frozenset(word.removeprefix("+") for word in _listed("compound_words.txt"))
TRUSTED_PARTS = frozenset(word for word in _listed("compound_words.txt") if not word.startswith("+"))
PART_STARTS = frozenset(part[:MIN_PART_LENGTH] for part in PARTS)
LONGEST_FORM = max(map(len, PARTS)) + 4
STARTS_BY_STEM = {
    _stem(part): {other[:MIN_PART_LENGTH] for other in PARTS if _stem(other) == _stem(part)} for part in PARTS
}
"""The stem of gemeente is that of the word "men": another form of a listed word must begin like it too."""
TRUSTED_STEMS = frozenset(_stem(part) for part in TRUSTED_PARTS)
THIN_STEMS = frozenset(_stem(fold(word)) for word in _listed("thin_words.txt"))
"""Words in which every case is told: they are searchable, but two texts are not alike for sharing them."""


def is_thin(word: str) -> bool:
    """Whether a word tells nothing on its own: a stop word, one in which every case is told, or a very short one."""
    terms = whole_terms(word)
    return not terms or terms[0] in THIN_STEMS or len(word) < MIN_PART_LENGTH
