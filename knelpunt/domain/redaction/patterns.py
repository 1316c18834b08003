"""E-mail addresses, telephone numbers, citizen numbers, bank accounts, birthdays and addresses, in many spellings."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from knelpunt.domain.redaction.folding import Folded, fold
from knelpunt.domain.redaction.words import NOT_A_STREET, STREET_ENDINGS, THINGS

Span = tuple[int, int]

# --- e-mail

_AT = r"(?:\s*[@]\s*|\s*[\[({<]\s*(?:at|@|apenstaartje?)\s*[\])}>]\s*|\s+(?:at|apenstaartje?)\s+)"
_SPELLED_DOT = r"\s*[\[({<]\s*(?:punt|dot|\.)\s*[\])}>]\s*|\s+(?:punt|dot)\s+"
_DOT = rf"(?:{_SPELLED_DOT}|\s?\.\s?)"
_LOCAL = rf"[a-z0-9][a-z0-9_%+'-]*(?:(?:\.|{_SPELLED_DOT})[a-z0-9_%+'-]+){{0,6}}"
_EMAIL = re.compile(
    rf"(?<![a-z0-9._-]){_LOCAL}{_AT}[a-z0-9-]+(?:{_DOT}[a-z0-9-]+){{0,4}}?{_DOT}[a-z]{{2,24}}(?![a-z0-9])"
)


def emails(folded: Folded, known: Iterable[str] = ()) -> Iterator[Span]:
    """Addresses, written out or not; of a known address also the part before the @."""
    for match in _EMAIL.finditer(folded.lower):
        yield match.span()
    for address in known:
        local = fold(address).lower.split("@")[0]
        if len(local) >= 5 and not local.isalpha():  # a plain word, as in "loket@", points at nobody
            yield from _occurrences(folded.lower, local)


def known_emails(folded: Folded, known: Iterable[str]) -> Iterator[Span]:
    """Only these addresses, written out or not, and the part before the @ where that is no plain word."""
    plain = {fold(address).lower for address in known}
    for match in _EMAIL.finditer(folded.lower):
        written = re.sub(_SPELLED_DOT, ".", re.sub(_AT, "@", match[0]))
        if "".join(written.split()) in plain:
            yield match.span()
    for address in plain:
        yield from _occurrences(folded.lower, address)
        local = address.split("@")[0]
        if len(local) >= 5 and not local.isalpha():
            yield from _occurrences(folded.lower, local)


def _occurrences(text: str, words: str) -> Iterator[Span]:
    for match in re.finditer(rf"(?<![a-z0-9]){re.escape(words)}(?![a-z0-9])", text):
        yield match.span()


# --- numbers

_GAP = r"[\s.\-/()]{0,3}"
_DIGITS = re.compile(rf"(?<!\w)(?:\+\s?|\()?\d(?:{_GAP}\d){{5,17}}(?!\d)")
_DATE_FIRST = re.compile(r"\d{1,2}[-./ ]\d{1,2}[-./ ](?:19|20)\d\d")
_LETTER_O = re.compile(r"(?<![a-z])o(?=6[\s.\-/]?\d)|(?<=\d)o(?=\d)")
_PHONE_CUE = re.compile(
    r"\b(?:telefoon(?:nummer)?|tel\.?|mobiel(?:tje)?|gsm|whats ?app|06-nummer|bel(?:t|len)?|bereikbaar op|bereiken op"
    rf"|app)\b[^\d\n.;]{{0,25}}?(\d(?:{_GAP}\d){{5,10}})(?!\d)"
)
_SHORT_AREA = re.compile(r"0(?:1[035]|2[0346]|3[03568]|4[0356]|5[0358]|7\d|8[458])")
_AREA = re.compile(
    rf"{_SHORT_AREA.pattern}\d{{7}}|0(?:6\d{{8}}|97\d{{8}}"
    r"|(?:1[146789]|2[25789]|3[1247]|4[14789]|5[124679])\d{7})"
)
_SERVICE = re.compile(r"0(?:800|90[069])")
_UNITS = ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen")
_TEENS = ("tien", "elf", "twaalf", "dertien", "veertien", "vijftien", "zestien", "zeventien", "achttien", "negentien")
_TENS = ("twintig", "dertig", "veertig", "vijftig", "zestig", "zeventig", "tachtig", "negentig")
_NUMBER_WORDS = {
    **{word: str(value) for value, word in enumerate(("nul", *_UNITS, *_TEENS))},
    **{word: f"{ten}0" for ten, word in enumerate(_TENS, start=2)},
    **{
        f"{unit}en{word}": f"{ten}{value}"
        for ten, word in enumerate(_TENS, start=2)
        for value, unit in enumerate(_UNITS, start=1)
    },
}
_WORD_NUMBER = "|".join(sorted(_NUMBER_WORDS, key=len, reverse=True))
_IN_WORDS = re.compile(rf"\bnul(?:[\s,.-]{{1,3}}(?:{_WORD_NUMBER}|\d{{1,8}})\b){{4,10}}")
_MONEY_BEFORE = re.compile(r"(?:€|eur|euro)\s*$")
_MONEY_AFTER = re.compile(r"\s*(?:,-|,\d\d|euro|eur|m2|m3|inwoners|km)")
_NUMBER_OF_PAPER = re.compile(
    r"(?:kamerstuk\w*|stb\.?|stcrt\.?|trb\.?|nr\.?|zaak\w*|kenmerk|kvk\D{0,20}|dossier\w*|ecli\S*|/)\s*:?\s*$"
)


def phones(folded: Folded, known: Iterable[str] = ()) -> Iterator[Span]:
    """Telephone numbers that can be dialled in the Netherlands, and others with a country in front."""
    text = _LETTER_O.sub("0", folded.lower)
    tails = [digits[-8:] for number in known if len(digits := _digits(number)) >= 8]
    local = {digits for number in known if (digits := _without_area(number))}
    for match in _DIGITS.finditer(text):
        digits = _digits(match[0])
        if _is_phone(text, match) or digits in local or any(digits.endswith(tail) for tail in tails):
            yield match.span()
    for match in _PHONE_CUE.finditer(text):
        if not _DATE_FIRST.match(match[1]) and not _MONEY_AFTER.match(text, match.end()):
            yield match.span(1)
    for match in _IN_WORDS.finditer(text):
        digits = "".join(_NUMBER_WORDS.get(word, word) for word in re.findall(r"[a-z]+|\d+", match[0]))
        if _AREA.match(digits):
            yield match.span()


def _is_phone(text: str, match: re.Match[str]) -> bool:
    written, digits = match[0], _digits(match[0])
    if re.search(r"\d[-./]$", text[: match.start()]) or _DATE_FIRST.match(written):
        return False
    if written.startswith("+") and not digits.startswith("31"):
        return 9 <= len(digits) <= 15
    for country in ("0031", "31"):
        if digits.startswith(country) and len(digits) >= len(country) + 9:
            digits = "0" + digits.removeprefix(country).removeprefix("0")
            break
    return _AREA.fullmatch(digits) is not None and not _SERVICE.match(digits)


def _without_area(number: str) -> str:
    """What neighbours dial: a number of a house without the area in front, or nothing of a mobile number."""
    digits = "0" + re.sub(r"^(?:00)?31", "", _digits(number)).lstrip("0")
    return digits[3 if _SHORT_AREA.match(digits) else 4 :] if len(digits) == 10 and digits[1] != "6" else ""


def _digits(text: str) -> str:
    return "".join(each for each in text if each.isdigit())


_NINE = re.compile(r"(?<![\w.,/-])\d{2,9}(?:[ .-]\d{2,4}){0,4}(?![\d/]|[.,]\d)")
_YEAR = re.compile(r"(?:19|20)\d\d[-. ]")
_BSN_CUE = re.compile(r"(?:bsn|burgerservicenummer|sofi-?nummer|sofinummer)\D{0,15}?((?:\d[ .-]?){7,8}\d)(?!\d)")
_WEIGHTS = (9, 8, 7, 6, 5, 4, 3, 2, -1)


def citizen_numbers(folded: Folded) -> Iterator[Span]:
    """Nine digits that pass the test of eleven; behind the word itself any eight or nine."""
    text = folded.lower
    for match in _BSN_CUE.finditer(text):
        yield match.span(1)
    for match in _NINE.finditer(text):
        digits = _digits(match[0])
        if (
            len(digits) == 9
            and digits.strip("0")
            and sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11 == 0
            and not _YEAR.match(match[0])
            and not _MONEY_BEFORE.search(text, 0, match.start())
            and not _MONEY_AFTER.match(text, match.end())
            and not _NUMBER_OF_PAPER.search(text, max(0, match.start() - 40), match.start())
        ):
            yield match.span()


_DUTCH_ACCOUNT = re.compile(r"(?<![a-z0-9])nl[\s.-]?\d\d[\s.-]?(?:[a-z][\s.-]?){4}(?:\d[\s.-]?){9}\d(?!\d)")
_ACCOUNT = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}[\s.-]?\d\d(?:[\s.-]?[A-Z0-9]){11,30}(?![A-Za-z0-9])")


def bank_accounts(folded: Folded) -> Iterator[Span]:
    """What looks like a Dutch account, mistyped or not, and each other one that passes its own test."""
    for match in _DUTCH_ACCOUNT.finditer(folded.lower):
        yield match.span()
    for match in _ACCOUNT.finditer(folded.text):
        plain = re.sub(r"[^A-Z0-9]", "", match[0])
        for length in range(len(plain), 14, -1):
            moved = plain[4:length] + plain[:4]
            if int("".join(str(int(each, 36)) for each in moved)) % 97 == 1:
                yield match.span()
                break


def known_phones(folded: Folded, known: Iterable[str]) -> Iterator[Span]:
    """Only these numbers, in any spelling with digits."""
    tails = {digits[-8:] for number in known if len(digits := _digits(number)) >= 8}
    if tails:
        for match in _DIGITS.finditer(_LETTER_O.sub("0", folded.lower)):
            if _digits(match[0])[-8:] in tails:
                yield match.span()


_BIRTH = re.compile(
    r"\bgeb(?:oren|\.)\s*(?:op\s+)?(\d{1,2}[-./ ](?:\d{1,2}|[a-z]+)[-./ ]\d{2,4})"
    r"|\bgeboortedatum\D{0,5}(\d[\d\w ./-]{5,18}\d)"
)


def birth_dates(folded: Folded) -> Iterator[Span]:
    """The day on which somebody was born, where the text says so."""
    for match in _BIRTH.finditer(folded.lower):
        yield match.span(match.lastindex or 0)


# --- addresses

_NUMBER_IN_WORDS = "|".join(
    sorted((word for word in _NUMBER_WORDS if word not in ("nul", "een")), key=len, reverse=True)
)
_ADDITION = r"(?:\s?[-/]?\s?(?i:bis|hs|huis|i{1,3}|iv|[a-z])\b(?!')|[-/]\d{1,4}\b)?"
_HOUSE = (
    r"(?:\s*,?\s*(?:(?i:huisnummer|nummer|nr\.?|no\.?)\s*)|\s*,?\s+)"
    rf"(?:\d{{1,4}}(?![\d%]|\.\d){_ADDITION}"
    rf"|(?i:{_NUMBER_IN_WORDS})\b(?=\s*(?:[.;)]|$|,? (?:staat|is|mag|ligt|heeft|wil)\b)))"
)
_ENDING = "|".join(sorted(STREET_ENDINGS, key=len, reverse=True))
_CAP = r"[A-Z][A-Za-z']*"
_STREET = re.compile(
    rf"(?<![\w-])(?:(?:{_CAP}|[a-z]{{2,4}}|'[ts])[\s-]+){{0,3}}?(?P<street>"
    rf"(?:[A-Z][A-Za-z'-]*?(?i:{_ENDING})|[A-Z][A-Za-z'-]+(?:str|ln|pln)\.?|'t\s[A-Z][a-z]+|Plein\s19\d\d"
    r"|(?<=[a-z]\s)(?:Dijk|Gracht|Haven|Kade|Laan|Markt|Pad|Plein|Singel|Steeg|Straat|Wal|Weg)"
    r"|Achter\s(?:de|het)\s[A-Z][a-z]+"
    r"|(?:Laan|Weg|Plein|Straat|Kade|Hof|Hofje|Dijk|Gracht|Singel)\s+(?:van|der|den|de)\s[A-Za-z ]{3,30}?))"
    rf"(?P<house>{_HOUSE})"
)
_LIVES = re.compile(
    r"(?i:\b(?:woon|woont|wonen|woonde|woonden|woonachtig|gevestigd|huur|huurt|huren|adres(?:\s+is|:)?"
    r"|(?:woning|huis|pand|perceel|schuur|appartement|winkel)\s+(?:aan|op))\s+(?:ik\s+|wij\s+|zij\s+)?(?:al\s+\w+\s+\w+\s+)?"
    r"(?:aan|op|in)?\s*(?:de\s+|het\s+|'t\s+)?)"
    rf"(?P<street>(?:[A-Z][A-Za-z'-]+|[a-z]+(?:{_ENDING}))(?:\s+(?:[A-Z][A-Za-z'-]+|van|de|der|den|het|'t|op)){{0,4}})"
    rf"(?P<house>{_HOUSE})"
)
_IN_TOWN = re.compile(rf"(?<![\w-])(?P<street>[A-Z][a-z]+)(?P<house>\s\d{{1,4}}{_ADDITION})(?=,? te [A-Z])")
_POSTCODE = re.compile(
    r"(?<![\w.,-])[1-9]\d{3}(?P<gap>\s{0,2})(?P<letters>[A-Z]{2})(?!\w|-(?!\d))"
    r"|(?<![\w.,-])[1-9]\d{3}(?:[a-z]{2}(?!\w|-(?!\d))|\s(?!en|of|in|op|te|de|is|er|we|ze|je|al|na|om|zo|ik)[a-z]{2}(?=\s[A-Z]))"
)
_HOUSE_NUMBER = re.compile(
    r"\bhuisnummer\s*:?\s*\d{1,4}\s?[a-z]?\b"
    r"|\bsectie\s[a-z]{1,2}\b,?\s(?:(?:nr\.?|nummer|perceel(?:nummer)?)\s)?\d{1,5}\b"
    r"|\b(?:woon|woont|bu(?:ur|ren)\w*)\s[^.\n]{0,30}?\bop\s(?:nummer|nr\.?)\s\d{1,4}"
)
_MONTHS = "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december"
_COUNTED = re.compile(rf"\s+(?:{_MONTHS})\b|\s+(?:[a-z]+e\s+)?(?:[a-z]*{THINGS}|km|m2|m3|cm|ha\b|%)")
_PHASE = re.compile(r"(?:e|de|ste)?\s+(?:fase|herziening|wijziging|partiele|etappe|deel|verdieping|kwartaal|plan)\b")
_A_YEAR = re.compile(r"\s*,?\s*(?:19|20)\d\d(?!\s?[a-zA-Z]\b)")
_TWO_LETTERS_NO_PLACE = frozenset({"EU", "BV", "NV", "EN", "OF", "IN", "OP", "TE", "DE", "SA", "SD", "SS", "WO", "ZZ"})


def addresses(folded: Folded, known: Iterable[str] = ()) -> Iterator[Span]:
    """A street with a house number, a postcode, or a parcel of the land register. A street by itself may be the name of
    a plan."""
    for pattern in (_STREET, _LIVES, _IN_TOWN):
        for match in pattern.finditer(folded.text):
            if _is_house(folded, match):
                yield match.start("street"), match.end("house")
    for match in _POSTCODE.finditer(folded.text):
        letters = match["letters"]
        is_year = bool(match["gap"]) and match[0][:2] in ("19", "20")
        if letters is None:
            is_year = match[0].endswith(("nr", "en"))
        if letters not in _TWO_LETTERS_NO_PLACE and not is_year:
            yield match.span()
    for match in _HOUSE_NUMBER.finditer(folded.lower):
        yield match.span()
    for address in known:
        yield from _known_address(folded, address)


def known_addresses(folded: Folded, known: Iterable[str]) -> Iterator[Span]:
    """Only these addresses: the street with the number, and the postcode."""
    for address in known:
        yield from _known_address(folded, address)
        for match in _POSTCODE.finditer(fold(address).text.upper()):
            digits, letters = match[0][:4], match[0].strip()[-2:].lower()
            for found in re.finditer(rf"(?<![\w.,-]){digits}\s?{letters}(?![\w-])", folded.lower):
                yield found.span()


def _is_house(folded: Folded, match: re.Match[str]) -> bool:
    after, house = match.end("house"), match["house"]
    if match["street"].lower().split()[0] in NOT_A_STREET or _A_YEAR.fullmatch(house):
        return False
    return not (_COUNTED.match(folded.lower, after) or _PHASE.match(folded.lower, after) or _is_ordinal(folded, match))


def _is_ordinal(folded: Folded, match: re.Match[str]) -> bool:
    """Whether the number is "2e", of a phase or a change of the plan."""
    return match["house"].endswith("e") and _PHASE.match(folded.lower, match.end("house")) is not None


@lru_cache(maxsize=256)
def _parts_of(address: str) -> tuple[str, str] | None:
    match = re.match(r"\s*(.+?)[\s,]+(\d{1,5})", fold(address.partition("\n")[0]).lower)
    return (match[1], match[2]) if match else None


def _known_address(folded: Folded, address: str) -> Iterator[Span]:
    parts = _parts_of(address)
    if parts is None:
        return
    street, number = (re.escape(part) for part in parts)
    street = street.replace(r"\ ", r"\s*")
    near = rf"{street}[^\n.]{{0,30}}?\b{number}(?!\d)|\b{number}[^\n.\d]{{0,30}}?{street}"
    for match in re.finditer(near, folded.lower):
        yield match.span()
