"""Names of people: those that a text gives in its own words, and those that are known."""

import re
import unicodedata
from collections.abc import Iterable, Iterator

from knelpunt.domain.redaction.folding import Folded, fold
from knelpunt.domain.redaction.words import (
    COMMON_SURNAMES,
    GIVEN_NAMES,
    GROUP_ENDINGS,
    NAMES_TOO,
    NO_NAME,
    NOT_A_PERSON_ENDINGS,
    PARTICLES,
    ROLE_WORDS,
    SAID_OF_A_NAME,
    STARTERS,
    SURNAMES_TOO,
    WORDS_TOO,
)

Span = tuple[int, int]

_CAP = r"(?:[A-Z][a-z]+(?:['-][A-Za-z]+)*|[A-Z]{2,}(?:-[A-Z]+)*|[A-Z]'[A-Z][a-z]+)"
_PARTS = r"(?:(?i:van|von|de|den|der|des|ter|ten|te|het|'t|op|in|aan|la|le|du|el|al|ben|bin|da|di|dos)\s+){0,3}"
_INITIALS = r"(?:[A-Z][a-z]?\.\s?){1,4}"
_PERSON = rf"(?:{_INITIALS}\s?)?{_PARTS}{_CAP}(?:\s+{_PARTS}{_CAP}){{0,3}}"
_SMALL_PARTS = r"(?:(?:van|von|de|den|der|des|ter|ten|te|het|'t|la|le|el|al|ben|bin|da|di|dos)\s+){0,3}"
_SMALL = rf"[a-z]{{3,}}(?:\s+{_SMALL_PARTS}(?!(?:van|de|den|der)\b)[a-z]{{3,}}(?:-[a-z]{{2,}})*)?"

_CALLED = re.compile(
    rf"(?i:\b(?:mijn naam is|mijn naam:|naam:|(?:ik|hij|zij|ze) heet(?:te)?|genaamd|geheten|ondergetekende,?|w\.g\."
    rf"|was getekend,?|ondertekend door|namens mijzelf,?)\s+)(?P<name>{_PERSON}|{_SMALL})"
)
_I_AM = re.compile(
    rf"(?i:\bik ben\s+|\bwij zijn\s+|\bmijn man\s+|\bmijn vrouw\s+|\bmijn partner\s+)(?P<name>{_PERSON})"
)
_SAYS_OWN = re.compile(r"(?:mijn naam|ik heet|ondergetekende)", re.IGNORECASE)
_SAYS_SMALL = re.compile(
    r"\b(?:mijn naam is|(?:ik|wij) (?:heet|heten|ben|zijn))\s+(?P<name>[a-z]{2,}(?:-[a-z]{2,})*)(?![\w-])"
)
_SAID_SMALL_SURNAME = re.compile(
    rf"\s+(?P<surname>{_SMALL_PARTS}[a-z]{{3,}}(?:-[a-z]{{2,}})*)(?P<after>\s*$|[.,;:!?\n]|\s(?:en|uit|ik)\b)?"
)
_SAID_SMALL_WHOLE = re.compile(
    r"\bmijn naam is\s+(?P<name>(?:[a-z]\.\s?){1,4}(?:(?:van|de|der|den|ter|ten|te|het)\s+){0,3}[a-z]{3,}"
    r"|(?:de|van|van de|van der|van den|ter|ten)\s[a-z]{3,}|[a-z]{2}\s[a-z]{3,})(?=\s*(?:$|[.,;:!?\n]|en\b|uit\b|ik\b))"
)
_GREETING = re.compile(
    r"(?i:\b(?:groet(?:en|jes)?|(?:vr\.?\s?)?gr\.|hoogachtend|mvg|m\.v\.g\.?|liefs|gegroet))(?:\s*[,.!:-]\s*|\s+van\s+|\s+)(?:namens\s+)?"
    rf"(?P<name>{_PERSON}|(?<=\n)[a-z]{{3,}}(?:\s[a-z]{{2,}}){{0,3}}\s*$)",
    re.MULTILINE,
)
_GREETING_SMALL = re.compile(
    r"\bvriendelijke groet(?:en)?,?\s+(?P<name>[a-z]{3,}(?:\s[a-z]{2,}){0,3})[ .]*$", re.MULTILINE
)
_FORM = (
    r"mevrouw|mevr\.?|mw\.?|meneer|mijnheer|dhr\.?|(?:de )?heer|heren|juffrouw|mej\.|familie|fam\.|buurvrouw|buurman"
    r"|hr\.|buren|tante|oom|opa|oma|dominee|ds\.|drs\.|dr\.|mr\.|ing\.|ir\.|prof\.|weduwe|broer|zus|zoon|dochter"
)
_IN_OFFICE = re.compile(
    r"\b(?i:wethouder|burgemeester|raadslid|gedeputeerde|ambtenaar|inspecteur|notaris|voorzitter|secretaris"
    r"|penningmeester|wijkagent|huisarts|architect|eigenaar|eigenares|huurder|huurster|bewoner|bewoonster|aanvrager"
    rf"|aanvraagster|indiener)\s+(?P<name>{_PARTS}{_CAP})"
)
_LABELLED = re.compile(
    r"\b(?i:contactpersoon|afzender|aanvra(?:ger|agster)|indiener|eigen(?:aar|ares)|huurder|opsteller|getekend)\s*:\s*"
    rf"(?P<name>{_PARTS}{_CAP},\s?{_INITIALS}|{_PERSON})"
)
_ADDRESSED = re.compile(rf"\b(?i:{_FORM})\s+(?:(?i:en\s+)?(?i:{_FORM})\s+){{0,2}}(?P<name>{_PERSON})")
_TITLED = re.compile(r"(?:mevrouw|mevr|mw|meneer|mijnheer|dhr|de heer|heer)\b", re.IGNORECASE)
_ADDRESSED_SHORT = re.compile(
    r"\b(?:mevr|mw|dhr|fam)(?:\.\s*|\s+)(?P<name>(?:[a-z]\.\s?){0,3}(?:(?:van|de|der|den|ter|ten|het)\s+){0,3}[a-z][a-z-]{2,})"
)
_ADDRESSED_SMALL = re.compile(
    r"\b(?:meneer|mevrouw|heer|familie|buurman|buurvrouw)\s+(?P<name>(?:van\s+(?:der|den)\s+|ter\s+|ten\s+)[a-z]{3,}"
    r"|(?:de\s+)?[a-z]{2,}(?:sen|sma|stra|inga|ema|mans))\b"
)
_WITH_INITIALS = re.compile(rf"(?<![\w.])(?P<initials>{_INITIALS})\s?(?P<surname>{_PARTS}{_CAP})")
_NOT_INITIALS = re.compile(
    r"(?:b\.\s?v|n\.\s?v|v\.\s?o\.\s?f|u\.\s?a|art|b\.\s?en|nr|st|mr|dr|ir|ds|jl|stb|lid)\.?\s?$", re.IGNORECASE
)
_GIVEN_THEN_SURNAME = re.compile(rf"\b(?P<given>[A-Z][a-z]+|[A-Z]{{3,}})\s+(?P<surname>(?:[A-Z]\.\s?)?{_PARTS}{_CAP})")
_GIVEN_DOES = re.compile(
    r"\b(?P<given>[A-Z][a-z]{2,})\s+(?:en\s+[A-Z][a-z]+\s+)?"
    r"(?:zegt|zei|vertelt|vertelde|woont|woonde|belt|belde|mailt|mailde|vroeg|vraagt|wil|wilde|vindt|vond|schrijft|schreef|huurt"
    r"|huurde|kreeg|werkt|kocht|verhuurt|klaagde|klaagt|stelt|stelde)\b"
)
_GIVEN_OF_AGE = re.compile(r"\b(?P<given>[A-Z][a-z]{2,})\s?(?:\(|,\s)\d{1,2}(?:\)|\sjaar\b)")
_SURNAME_ENDINGS = ("sen", "sma", "stra", "inga", "ema", "mans", "huis", "veld", "man", "ink", "ing", "aar")
_KNOWN_TO_ALL = frozenset(
    {"albert heijn", "anne frank", "jan linders", "johan cruijff", "willem alexander", "sint jan"}
)
_SMALL_WORD = re.compile(r"(?<![\w.@/-])[a-z]{2,}(?:-[a-z]{2,})*(?![\w@-]|\.\w|/)")
_SMALL_SURNAME = re.compile(
    r"\s+(?P<particles>(?:(?:van|de|der|den|ter|ten|te|het|el|al|ben|'t)\s+){0,3})(?P<surname>[a-z]{3,}(?:-[a-z]{3,})*)"
)
_RELATIVE = re.compile(
    r"\bmijn\s+(?:zoon|zoontje|dochter|dochtertje|kind|moeder|vader|man|vrouw|partner|vriend|vriendin|buurman|buurvrouw"
    r"|broer|zus|opa|oma|oom|tante)(?:\s*,?\s+|\s*\()(?P<name>[a-z]{2,}(?:-[a-z]{2,})*)"
)
_WITH_SMALL_INITIALS = re.compile(
    r"\b(?:heer|meneer|mijnheer|mevrouw|familie)\s+"
    r"(?P<name>(?:[a-z]\.\s?){1,4}(?:(?:van|de|der|den|ter|ten|te|het)\s+){0,3}[a-z]{3,})"
)
_VOWELS = "".join(each for each in map(chr, range(0x900, 0x1D200)) if unicodedata.category(each) == "Mc")
"""Marks that stand beside a letter, as in the scripts of South Asia: within a word, though by themselves no letters.
Marks above and below a letter are folded away, and belong to it."""
_LETTERS = rf"[^\W\d_]+(?:[{_VOWELS}][^\W\d_]*)*"
_WORD = re.compile(rf"{_LETTERS}(?:-{_LETTERS})*")
_TORN = re.compile(r"(?<!\w)(?:(?:[a-z][ .-]){3,}[a-z]|[a-z]{2,}-\s*\n\s*[a-z]{2,})(?!\w)")
_TITLES = frozenset(
    {"mevrouw", "mevr", "mw", "meneer", "mijnheer", "dhr", "heer", "familie", "fam", "buurvrouw", "buurman"}
)
_SURE_ENDINGS = ("sen", "sma", "stra", "inga", "ema", "mans")
_INSIDE = rf"[^\W_]|[{_VOWELS}]"
_RUNNING = re.compile(
    r"[\u3005\u3007\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
    r"\U00020000-\U000323af\u1100-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]+"
)
"""Han, kana, and Hangul as it is folded: signs that are written without a space between words, or with the next word
against a name."""


def in_own_words(folded: Folded) -> Iterator[Span]:
    """Names that the text itself gives as names: after "ik heet", a title, initials, or a common first name."""
    text = folded.text
    for pattern in (_CALLED, _GREETING, _ADDRESSED):
        for match in pattern.finditer(text):
            if pattern is _CALLED and _says_nobody(match["name"]):
                continue
            is_said = pattern is _CALLED and _SAYS_OWN.match(match[0]) and match["name"][0].isupper()
            if _is_name(match["name"], is_said=bool(is_said)) or (pattern is _ADDRESSED and _has_title(match)):
                yield match.start("name"), match.start("name") + len(_cut(match["name"]))
    for pattern in (_ADDRESSED_SHORT, _ADDRESSED_SMALL, _GREETING_SMALL):
        for match in pattern.finditer(folded.lower):
            words = match["name"].split()
            plain = WORDS_TOO if {"der", "den"} & set(words) else frozenset[str]()
            is_group = pattern is _GREETING_SMALL and words[-1].strip(".").endswith(
                (*NOT_A_PERSON_ENDINGS, *GROUP_ENDINGS)
            )
            if NO_NAME.isdisjoint(set(words) - PARTICLES - plain) and not is_group:
                yield match.span("name")
    for match in _LABELLED.finditer(text):
        words = match["name"].split()
        is_person = "." in match["name"] or words[0].lower() in GIVEN_NAMES or _is_common_surname(words[-1].lower())
        if is_person and _is_name(match["name"]):
            yield match.start("name"), match.start("name") + len(_cut(match["name"]))
    for match in _IN_OFFICE.finditer(text):
        if _is_common_surname(match["name"].split()[-1].lower()):
            yield match.span("name")
    for match in _I_AM.finditer(text):
        name = _cut(match["name"])
        words = name.split()
        if _is_name(name) and (len(words) > 1 or words[0].lower() in GIVEN_NAMES):
            yield match.start("name"), match.start("name") + len(name)
    yield from _said_in_small_letters(folded)
    for match in _WITH_INITIALS.finditer(text):
        if _has_initials(text, match):
            yield match.span()
    for match in _GIVEN_THEN_SURNAME.finditer(text):
        given, surname = match["given"].lower(), match["surname"]
        is_person = given in GIVEN_NAMES and _is_name(surname, is_surname=True)
        if is_person and f"{given} {surname.lower()}" not in _KNOWN_TO_ALL:
            yield match.span()
    for match in (*_GIVEN_DOES.finditer(text), *_GIVEN_OF_AGE.finditer(text)):
        if match["given"].lower() in GIVEN_NAMES and not re.search(r"(?i)\b(?:sint|st\.)\s$", text[: match.start()]):
            yield match.span("given")


def _is_common_surname(word: str) -> bool:
    """Whether it is a surname, whatever stands before it: "wethouder Pietersen", and not "wethouder Wonen"."""
    return word not in NO_NAME and (word in COMMON_SURNAMES or word.endswith(_SURE_ENDINGS[:-1]))


def _said_in_small_letters(folded: Folded) -> Iterator[Span]:
    """Who a text in small letters says that its writer is: a common first name with what follows it; after "mijn naam
    is" initials, a short name or a surname by itself as well."""
    lower = folded.lower
    for match in _SAYS_SMALL.finditer(lower):
        if match["name"] in GIVEN_NAMES - STARTERS - SAID_OF_A_NAME:
            end = match.end("name")
            surname = _SAID_SMALL_SURNAME.match(lower, end)
            if surname is not None and _is_said_surname(surname):
                end = surname.end("surname")
            yield match.start("name"), end
    for match in _SAID_SMALL_WHOLE.finditer(lower):
        words = _WORD.findall(match["name"])
        if NO_NAME.isdisjoint(set(words) - PARTICLES) and SAID_OF_A_NAME.isdisjoint(words):
            yield match.span("name")


def _says_nobody(name: str) -> bool:
    """Whether what stands after "mijn naam is" in small letters is no name: "bekend bij u", "van belang"."""
    words = [word for word in _WORD.findall(name) if word not in PARTICLES]
    return bool(words) and words[0] in SAID_OF_A_NAME


def _is_said_surname(match: re.Match[str]) -> bool:
    words = match["surname"].split()
    is_word = words[-1] in NO_NAME | SAID_OF_A_NAME | PARTICLES
    return not is_word and (len(words) > 1 or match["after"] is not None or words[0].endswith(_SURNAME_ENDINGS))


def in_small_letters(folded: Folded) -> Iterator[Span]:
    """Names in a text without capitals: a common first name that is no plain word, who a "mijn zoon" is, and initials
    after "de heer"."""
    text = folded.text
    for match in _SMALL_WORD.finditer(text):
        if _is_small_given(match[0]) and not re.search(r"\b(?:sint|st\.?)\s$", text[: match.start()].lower()):
            end = _end_of_small_name(text, match)
            if end is not None:
                yield match.start(), end
    for match in _RELATIVE.finditer(folded.lower):
        if match["name"] in GIVEN_NAMES - STARTERS - {"ben"}:
            yield match.span("name")
    for match in _WITH_SMALL_INITIALS.finditer(folded.lower):
        if NO_NAME.isdisjoint(set(match["name"].split()) - PARTICLES):
            yield match.span("name")


def _is_small_given(word: str) -> bool:
    return all(part in GIVEN_NAMES for part in word.split("-")) and word not in WORDS_TOO | NAMES_TOO | STARTERS


def _end_of_small_name(text: str, given: re.Match[str]) -> int | None:
    """Where a name ends that begins with this first name; None when it is the name of a thing, such as a school."""
    match = _SMALL_SURNAME.match(text, given.end())
    if match is None:
        return given.end()
    surname = match["surname"]
    if surname.endswith(NOT_A_PERSON_ENDINGS) and len(surname) >= 6 and surname not in WORDS_TOO:
        return None
    if f"{given[0]} {match['particles']}{surname}" in _KNOWN_TO_ALL:
        return None
    is_surname = match["particles"] or surname in WORDS_TOO | COMMON_SURNAMES or surname.endswith(_SURNAME_ENDINGS)
    return match.end() if is_surname and surname not in NO_NAME else given.end()


def _cut(name: str) -> str:
    """The name up to the first word that begins something else."""
    kept = name
    for match in re.finditer(r"\s+(\S+)", name):
        word = match[1]
        if word[0].isupper() and word.lower().strip(".,") in NO_NAME and word.lower() not in PARTICLES:
            kept = name[: match.start()]
            break
    return kept


def _is_name(name: str, *, is_said: bool = False, is_surname: bool = False) -> bool:
    """Whether these words are a person's and no place's: a surname may end as a place does, behind a first name.

    Args:
        is_said: somebody says that this is the own name.
        is_surname: a first name or initials stand in front of it.
    """
    words = [word for word in _WORD.findall(name) if word.lower() not in PARTICLES]
    if not words or words[0].lower() in NO_NAME:
        return False
    last = words[-1].lower()
    if (is_surname or (len(words) > 1 and words[0].lower() in GIVEN_NAMES)) and last.endswith(SURNAMES_TOO):
        return True
    return is_said or last in COMMON_SURNAMES or not last.endswith(NOT_A_PERSON_ENDINGS) or len(last) < 6


def _has_title(match: re.Match[str]) -> bool:
    """Whether a title makes a person of a name that sounds like a place: "mevrouw Kruisbrug"."""
    words = _WORD.findall(match["name"])
    return _TITLED.match(match[0]) is not None and words[0].lower() not in NO_NAME


def _has_initials(text: str, match: re.Match[str]) -> bool:
    """Whether capitals with points are initials: not "B. en W.", "N.V." or the letter of a list."""
    if not _is_name(match["surname"], is_surname=True) or _NOT_INITIALS.search(match["initials"]):
        return False
    letters = len(re.findall(r"[A-Z]", match["initials"]))
    if letters > 1:
        return True
    before = text[: match.start()].rstrip(" ")
    return (
        bool(before) and before[-1] not in ".\n:;(" and match["surname"].split()[0].lower() not in STARTERS - PARTICLES
    )


def known(
    folded: Folded, names: Iterable[str], whole_names: Iterable[str] = (), places: frozenset[str] = frozenset()
) -> Iterator[Span]:
    """Names of people who are known, or parts of them."""
    words = [(match[0], match.start(), match.end()) for match in _WORD.finditer(folded.text)]
    present = {part for word, _, _ in words for part in _written(word)}
    for name in names:
        parts = frozenset[str]() if is_group(name) else _parts(name, places)
        if not present.isdisjoint(parts):
            yield from _parts_found(folded, words, parts, _given_of(name))
        yield from _torn(folded, parts)
        yield from _in_running_text(folded, {*parts, *_run_together(name)})
    for name in whole_names:
        parts = _parts(name, places)
        yield from _in_running_text(folded, _run_together(name))
        if len(parts) > 1 and len(parts & present) > 1:
            yield from _together(words, parts)


def as_written(folded: Folded, names: Iterable[str]) -> Iterator[Span]:
    """Whole names, letter for letter but for accents and capitals."""
    for name in names:
        words = " ".join(fold(name).lower.split())
        if _is_long(words, 4):
            for match in re.finditer(rf"(?<!{_INSIDE}){re.escape(words)}(?!{_INSIDE})", folded.lower):
                yield match.span()
        yield from _in_running_text(folded, _run_together(name))


def _run_together(name: str) -> set[str]:
    """A name as it stands in a text without spaces: given name or surname first."""
    words = [word for word in _WORD.findall(fold(name).lower) if _RUNNING.fullmatch(word)]
    return {"".join(words), "".join(reversed(words))} if words and not is_group(name) else set()


def _in_running_text(folded: Folded, parts: Iterable[str]) -> Iterator[Span]:
    """Names of two signs or more where words stand against each other. A sign by itself is too often another word."""
    for part in parts:
        if _RUNNING.fullmatch(part) and len(unicodedata.normalize("NFC", part)) > 1:
            for match in re.finditer(re.escape(part), folded.lower):
                if folded.is_between(match.start()) and folded.is_between(match.end()):
                    yield match.span()


def words_of(name: str) -> set[str]:
    """The words of a name that can be looked for, folded and in small letters; of "van" and "de" nobody is told."""
    return {word for word in _WORD.findall(fold(name).lower) if _is_long(word, 3) and word not in PARTICLES}


def _is_long(word: str, least: int) -> bool:
    """Whether a word is long enough to tell somebody by: so many letters in Latin. In another script a letter by itself
    is an initial; where there are no capitals, as in Chinese, it can be a name."""
    return len(word) >= least if word.isascii() else len(word) > 1 or word.upper() == word


def is_group(name: str) -> bool:
    """Whether a name is that of a group, and so points at nobody."""
    given = _given_of(name)
    return given not in GIVEN_NAMES and (given.endswith(GROUP_ENDINGS) or given in NO_NAME | PARTICLES - {"van", "de"})


def _given_of(name: str) -> str:
    found = _WORD.search(fold(name).text)
    return found[0].lower() if found else ""


def _parts(name: str, places: frozenset[str]) -> frozenset[str]:
    words = [word.lower() for word in _WORD.findall(fold(name).text)]
    found = {part for word in words for part in (word, *word.split("-"))}
    return frozenset(
        part
        for part in found
        if _is_long(part, 2) and part not in PARTICLES | ROLE_WORDS | NO_NAME and part not in places
    )


def _written(word: str) -> frozenset[str]:
    """The names that a word may be: itself, the parts of it, and what it is of, as in "Jansens schuur"."""
    lower = word.lower()
    found = {lower, *lower.split("-")}
    return frozenset(found | {part[:-1] for part in found if len(part) >= 5 and part.endswith("s")})


def _torn(folded: Folded, parts: frozenset[str]) -> Iterator[Span]:
    """Names with room between their letters, and names that go on in the next line."""
    for match in _TORN.finditer(folded.lower):
        if not parts.isdisjoint(_written("".join(re.findall("[a-z]+", match[0])))):
            yield match.span()


def _parts_found(
    folded: Folded, words: list[tuple[str, int, int]], parts: frozenset[str], given: str
) -> Iterator[Span]:
    for at, (word, start, end) in enumerate(words):
        lower = word.lower()
        if parts.isdisjoint(_written(word)):
            continue
        first = at
        while first and words[first - 1][0].lower() in PARTICLES and words[first - 1][2] + 2 >= words[first][1]:
            first -= 1
        is_beside = any(
            0 <= near < len(words) and words[near][0].lower() in parts and near != at for near in (first - 1, at + 1)
        )
        has_particle = first < at and _is_surname_particle(words, first, at)
        is_titled = first > 0 and words[first - 1][0].lower() in _TITLES
        is_given = lower == given and lower in GIVEN_NAMES
        if is_beside or has_particle or is_titled or _stands_alone(folded.text, word, start, is_given):
            yield (words[first][1] if has_particle else start), end


def _is_surname_particle(words: list[tuple[str, int, int]], first: int, at: int) -> bool:
    """Whether "van der" or a "de" before a capital stands in front; "op" and "in" stand before anything."""
    particles = [word.lower() for word, _, _ in words[first:at]]
    return not {"der", "den", "el", "bin"}.isdisjoint(particles) or (
        particles[-1] in ("de", "van") and words[at][0][0].isupper()
    )


def _stands_alone(text: str, word: str, start: int, is_given: bool) -> bool:
    lower = word.lower()
    if not lower.isascii():
        return True  # what it could mean in Dutch is nothing
    if lower.removesuffix("s").endswith(_SURE_ENDINGS) and lower not in WORDS_TOO:
        return True
    if word[0].isupper():
        if re.search(rf"\b{re.escape(lower)}\b", text):
            return False  # it is a plain word, for the text uses it as one
        is_first = not text[:start].strip(" \t\"'(‘“") or text[:start].rstrip(" \"'(")[-1:] in ".!?\n:"
        return not (is_first and WORDS_TOO & {lower, lower.removesuffix("s")})
    return is_given and len(word) >= 4 and lower not in WORDS_TOO


def _together(words: list[tuple[str, int, int]], parts: frozenset[str]) -> Iterator[Span]:
    """First name and surname, with at most three small words between them."""
    last: int | None = None
    for at, (word, _, end) in enumerate(words):
        lower = word.lower()
        if not parts.isdisjoint(_written(word)):
            if last is not None and words[last][0].lower() != lower:
                yield words[last][1], end
            last = at
        elif lower not in PARTICLES:
            last = None
