"""How hard the texts of the site are to read: every text of templates, labels, forms, mails and errors, measured.

    python -m benchmarks.reading_level [--worst 20]

The measure is the Flesch-Douma index for Dutch: 206.84 - 0.77 * wl - 0.93 * zl. Here wl is the number of syllables
in a hundred words and zl the number of words in a sentence. 100 is very easy, 60 to 70 normal, below 30 very hard.
Source: W.H. Douma, De leesbaarheid van landbouwbladen (Landbouwhogeschool Wageningen, 1960), as given in Tijdschrift
voor Taalbeheersing 1 (1977), https://www.dbnl.org/tekst/_taa014197701_01/_taa014197701_01_0089.php (read; the
constant is rounded to 206,8 there).

A syllable is counted for each vowel sound: "eeu", "ij" and "ui" are one, "ua" and "eo" two. Patterns for hyphenation
would miss the syllables that no line may end with ("o-ver"). A formula does not say that a text is good: it finds the
sentences worth reading again.
"""

import argparse
import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from config import PROJECT_DIR, TEMPLATE_DIR

LONGEST_SENTENCE = 20
HARDEST_PASSAGE = 60
EASIEST_WHOLE = 75
"""What a part of the site as a whole stays above: rather easy."""
SHORTEST_PASSAGE = 12
"""In words: the index of a few words says nothing."""
MODULES = (
    "web/**/*.py",
    "services/**/*.py",
    "domain/**/*.py",
    "adapters/uploads/sniff.py",
    "adapters/uploads/virus_scanner.py",
)
EXEMPT = {
    "knelpunt/domain/figures/definitions.py": "definitions of the figures for parliament, which must be exact",
}
"""Files whose texts may be hard, and why. A sentence may not be too long in any."""
NOT_TEXTS = frozenset({"languages", "headers", "logs", "register", "security_txt", "xml_text", "samples"})
"""Modules whose strings are patterns, headers or samples."""
PARTS = {
    "public": "openbaar", "laws": "wetten", "intake": "melden", "cases": "volgen", "auth": "account",
    "triage": "loket", "reporting": "kwartaal", "admin": "beheer", "mail_texts": "mail", "errors": "fouten",
    "bottlenecks": "regelknelpunten", "guides": "ruimtewijzers",
}  # fmt: skip
_COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
_CODE = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
_STRING = re.compile(r'"([^"]*)"|\'([^\']*)\'')
_MARK = re.compile(r"\{%-?\s*(?:trans|endtrans)\b.*?%\}", re.DOTALL)
_TEXT_ATTRIBUTE = re.compile(r'\s(?:alt|aria-label|placeholder|title)="([^"]*)"')
_END_OF_TEXT = re.compile(r"\{%.*?%\}|</?(?!(?:a|abbr|b|code|em|small|span|strong|time)\b)[a-zA-Z][^<>]*>", re.DOTALL)
_PLACE = re.compile(r"\{\{.*?\}\}|\{\w*\}|%\(\w+\)[sd]", re.DOTALL)
_MACHINE = re.compile(r"SELECT |[\w/]+$|[\w.-]+/[\w.-]+")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_SENTENCE_END = re.compile(r"(?<=[.?!])(?<!\bnr\.)[\s”\"]+(?=[A-Z‘“\"0-9{])|\n\s*\n|\n- ")
_WORD = re.compile(r"[^\W_]+(?:[’'.\-/@:][^\W_]+)*")
_VOWEL = re.compile(r"aai|ai|ooi|oei|eeu|ieu|eau|aa|ee|oo|uu|ie|oe|eu|ui|ij|ei|ou|au|[aeiouyà-öø-ü]")


@dataclass(frozen=True, slots=True)
class Passage:
    """One text as it stands in the source, with its measures."""

    file: str
    line: int
    text: str

    @property
    def sentences(self) -> list[str]:
        return [part for part in _SENTENCE_END.split(self.text) if words_in(part)]

    @property
    def score(self) -> float:
        """The Flesch-Douma index, rounded to one decimal."""
        words = words_in(self.text)
        per_hundred = 100 * sum(map(syllables, words)) / len(words)
        return round(206.84 - 0.77 * per_hundred - 0.93 * len(words) / len(self.sentences), 1)

    @property
    def is_long_enough(self) -> bool:
        return len(words_in(self.text)) >= SHORTEST_PASSAGE

    def __str__(self) -> str:
        return f"{self.file}:{self.line} ({self.score}) {self.text}"


def words_in(text: str) -> list[str]:
    return _WORD.findall(text)


@cache
def syllables(word: str) -> int:
    """How many syllables a word has; a number or an address counts as one."""
    if any(character.isdigit() or character in "@/." for character in word):
        return 1
    return max(1, len(_VOWEL.findall(word.lower())))


def passages() -> Iterator[Passage]:
    """Every text that somebody may read, in the order of the files; a place that is filled in counts as one word."""
    for path in sorted(TEMPLATE_DIR.rglob("*.html")):
        if path.parent.name != "style":
            for line, text in texts_of(path.read_text(encoding="utf-8")):
                yield from _cleaned(path.relative_to(PROJECT_DIR).as_posix(), line, text)
    for pattern in MODULES:
        for path in sorted((PROJECT_DIR / "knelpunt").glob(pattern)):
            if path.stem not in NOT_TEXTS and path.stem != "__init__" and "style" not in path.parts:
                for line, text in module_texts(path.read_text(encoding="utf-8")):
                    yield from _cleaned(path.relative_to(PROJECT_DIR).as_posix(), line, text)


def texts_of(source: str) -> Iterator[tuple[int, str]]:
    """What a template shows: the strings in its code, its text attributes, and what stands between tags of blocks."""
    source = _COMMENT.sub(lambda found: "\n" * found.group().count("\n"), source)
    for code in _CODE.finditer(source):
        for found in _STRING.finditer(code.group()):
            text = found.group(1) or found.group(2) or ""
            if " " in text and text[0].isupper():
                yield source.count("\n", 0, code.start()) + 1, text
    for found in _TEXT_ATTRIBUTE.finditer(source):
        if "{%" not in found.group(1):
            yield source.count("\n", 0, found.start()) + 1, _CODE.sub("{}", found.group(1))
    line = 1
    shown = _MARK.sub(lambda found: "\n" * found.group().count("\n"), source)
    for text, stop in _pieces(shown):
        yield line, text
        line += (text + stop).count("\n")


def _pieces(source: str) -> Iterator[tuple[str, str]]:
    at = 0
    for stop in _END_OF_TEXT.finditer(source):
        yield source[at : stop.start()], stop.group()
        at = stop.end()
    yield source[at:], ""


def module_texts(source: str) -> Iterator[tuple[int, str]]:
    """The strings of a module that read as texts; a value that is filled in stands as a place."""
    tree = ast.parse(source)
    parts = set(_not_by_themselves(ast.walk(tree)))
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(each.value) if isinstance(each, ast.Constant) else "{}" for each in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in parts:
            text = node.value
        else:
            continue
        if " " in text.strip() and (text[0].isupper() or text[0] in "{%"):
            yield node.lineno, text


def _not_by_themselves(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """Docstrings, and the parts of a filled-in string."""
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            yield from node.values
        elif isinstance(node, ast.Expr):
            yield node.value


def _cleaned(file: str, line: int, text: str) -> Iterator[Passage]:
    text = _PLACE.sub("Dit", text)
    text = " ".join(_TAG.sub("", text).replace("&nbsp;", " ").split())
    if len(words_in(text)) > 1 and not _MACHINE.match(text):
        yield Passage(file, line, text)


def long_sentences(found: list[Passage]) -> list[tuple[int, str, str]]:
    """Number of words, place and sentence of each that is too long, the longest first."""
    return sorted(
        (
            (len(words_in(sentence)), f"{passage.file}:{passage.line}", sentence)
            for passage in found
            for sentence in passage.sentences
            if len(words_in(sentence)) > LONGEST_SENTENCE
        ),
        reverse=True,
    )


def hard_passages(found: list[Passage]) -> list[Passage]:
    """Those of some length whose index is too low, the hardest first."""
    hard = [each for each in found if each.is_long_enough and each.score < HARDEST_PASSAGE and each.file not in EXEMPT]
    return sorted(hard, key=lambda passage: (passage.score, passage.file, passage.line))


def by_part(found: list[Passage]) -> dict[str, Passage]:
    """All texts of a part of the site as one."""
    texts = defaultdict(list)
    for passage in found:
        if passage.text.endswith((".", "?")):
            folders = passage.file.removesuffix(".py").split("/")
            part = "mail_texts" if "mail_texts" in folders else next((each for each in folders if each in PARTS), "")
            name = PARTS.get(part, "overal")
            texts[name].append(passage.text)
    return {name: Passage(name, 0, " ".join(parts)) for name, parts in sorted(texts.items())}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worst", type=int, default=20, help="how many sentences and passages to print")
    worst = parser.parse_args().worst
    found = list(passages())
    print(f"{len(found)} texts, {sum(len(words_in(each.text)) for each in found)} words\n")
    print(f"{'part':<18}{'index':>7}{'words a sentence':>18}")
    for name, whole in by_part(found).items():
        print(f"{name:<18}{whole.score:>7}{len(words_in(whole.text)) / len(whole.sentences):>18.1f}")
    too_long, too_hard = long_sentences(found), hard_passages(found)
    print(f"\n{len(too_long)} sentences of more than {LONGEST_SENTENCE} words:")
    for count, place, sentence in too_long[:worst]:
        print(f"  {count} {place}\n     {sentence}")
    print(f"\n{len(too_hard)} texts below {HARDEST_PASSAGE}:")
    for passage in too_hard[:worst]:
        print(f"  {passage}")


if __name__ == "__main__":
    main()
