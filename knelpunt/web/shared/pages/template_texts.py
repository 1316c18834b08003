"""Finds the Dutch texts in the source of a template, to collect them and to put another language in their place.

A template is plain Dutch without marks. What is one message: a run of text with the inline elements, expressions and
``if``s in it, as far as there are words outside those; the text attributes of a tag; and each string with words in an
expression. Tags stand in a message without their attributes: ``Lees <a>hoe wij werken</a>.``
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

Translate = Callable[[str], str | None]

_TOKEN = re.compile(
    r"(?P<comment>\{\#.*?\#\})|(?P<statement>\{%.*?%\})|(?P<expression>\{\{.*?\}\})|(?P<markup><!.*?>|<\?.*?\?>)"
    r"|(?P<tag></?[a-zA-Z](?:\{\{.*?\}\}|\{%.*?%\}|\{\#.*?\#\}|[^<>{]|\{(?![{%\#]))*>)"
    r"|(?P<text>(?:(?!\{[{%\#]|</?[a-zA-Z]|<!|<\?).)+)",
    re.DOTALL,
)
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "cite", "code", "dfn", "em", "i", "kbd", "mark", "q", "small", "span", "strong", "sub"}
    | {"sup", "time"}
)
_TEXT_ATTRIBUTES = frozenset({"alt", "aria-label", "data-label", "placeholder", "title", "label"})
_LINK_ATTRIBUTES = frozenset({"href", "action"})
_ATTRIBUTE = re.compile(r'(?<=\s)([\w:-]+)="((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)"', re.DOTALL)
_DESCRIBES = re.compile(r'name="description"|property="og:(?:description|title|image:alt)"')
_CODE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{\#.*?\#\}", re.DOTALL)
_EXPRESSION = re.compile(r"\{\{[-+]?(.*?)[-+]?\}\}", re.DOTALL)
_IN_DUTCH = re.compile(r'^<(?!input\b)[^>]*\slang="nl"')
_NAME = re.compile(r"</?([a-zA-Z][\w-]*)")
_LETTERS = re.compile(r"[^\W\d_]")
_ENTITY = re.compile(r"&#?\w+;")
_BLANKS = re.compile(r"\s+")
_STRING = re.compile(r'"((?:[^"\\]|\\.)*)"|\'((?:[^\'\\]|\\.)*)\'')
_STATEMENT = re.compile(r"\{%[-+]?\s*(\w+)")
_WITHOUT_TEXT = frozenset(
    {"extends", "include", "from", "import", "block", "if", "elif", "endif", "else", "endfor", "endcall", "endmacro"}
)
_NO_TEXT_BEFORE = re.compile(
    r"(?:==|!=|\[|\bin|\.get\(|\burl_for\(|\basset_url\(|\.url\(|\breplace\([^()]*"
    r"|\b(?:split|map)\(|kind=\"\w+\" if [\w.]+ else"
    r"|\b(?:name|value|id|kind|type|slug|attribute|action|sorted|autocomplete|look|page)=)\s*$"
)
_NO_TEXT_AFTER = re.compile(r"\s*(?::|in\b|not in\b)")
_ALTERNATIVE_BEFORE = re.compile(r"(?:\{\{[-+]?|\belse|\()\s*$")
_ALTERNATIVE_AFTER = re.compile(r"\s*(?:if\b|\)|[-+]?\}\})")
_MACHINE = re.compile(r"[/#?.]|https?:|(?:[a-z0-9]+[-_])+[a-z0-9_-]*(?: |$)|kn-|utrecht-|--")
_CLASS_NAME = re.compile(r"[A-Z][A-Za-z]*[a-z][A-Z]\w*$")
_PLACED_TAG = re.compile(r"<(/?)([a-z]+?)(\d*)>")
_DUTCH_MARK = re.compile(r"\|\s*nl\b")


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    source: str
    line: int

    @property
    def name(self) -> str:
        found = (_NAME if self.kind == "tag" else _STATEMENT).match(self.source)
        return found.group(1) if found else ""

    @property
    def closes(self) -> bool:
        return self.source.startswith("</") if self.kind == "tag" else self.name == "endif"

    @property
    def is_inline(self) -> bool:
        """Whether it may stand inside a sentence."""
        if self.kind == "tag":
            return self.name in _INLINE
        return self.kind in ("text", "expression") or (
            self.kind == "statement" and self.name in ("if", "elif", "else", "endif")
        )

    @property
    def has_words(self) -> bool:
        return self.kind == "text" and _LETTERS.search(_ENTITY.sub("", self.source)) is not None


def has_words(text: str) -> bool:
    """Whether a string in code is something to read, and no address, class or key."""
    core = text.strip(" ,.:;()")
    if not _LETTERS.search(core) or _MACHINE.match(core) or "{" in core or _CLASS_NAME.match(core):
        return False
    return " " in core or (core[0].isupper() and any(letter.islower() for letter in core))


def without_marks(source: str) -> str:
    """The source of a Dutch page: ``|nl`` (Dutch in every language) says nothing there."""
    return _DUTCH_MARK.sub("", source) if "nl" in source else source


def texts_of(source: str) -> list[tuple[int, str]]:
    """Every message of a template, with the line where it begins."""
    found: list[tuple[int, str]] = []
    line = 0

    def note(text: str) -> None:
        if not _MACHINE.match(text):
            found.append((line, text))

    for token, unit in _parts(_tokens(without_marks(source))):
        line = unit[0].line if token is None else token.line
        _rewrite(token, unit, note, str)
    return found


def translated(source: str, translate: Translate, to_path: Callable[[str], str]) -> str:
    """The source of a template in another language.

    Args:
        translate: the translation of one message; None when there is none, and then it stays Dutch.
        to_path: an address of the site in the language.
    """
    return _left_dutch("".join(_rewrite(token, unit, translate, to_path) for token, unit in _parts(_tokens(source))))


def _left_dutch(source: str) -> str:
    """The source in which nothing that fills an element marked as Dutch, such as a quotation, is translated."""
    written: list[str] = []
    name, depth = "", 0
    for token in _tokens(source):
        shown = token.source
        if token.kind == "tag" and depth and token.name == name:
            depth += -1 if token.closes else 1
        elif token.kind == "tag" and not depth and _IN_DUTCH.search(shown):
            name, depth = token.name, 1
        elif token.kind == "expression" and depth:
            shown = _EXPRESSION.sub(r"{{ (\1)|verbatim }}", shown)
        written.append(shown)
    return "".join(written)


def _tokens(source: str) -> list[_Token]:
    tokens, at, line = [], 0, 1
    for found in _TOKEN.finditer(source):
        if found.start() != at:  # a character that fits nothing, such as a lone brace
            tokens.append(_Token("text", source[at : found.start()], line))
        tokens.append(_Token(str(found.lastgroup), found.group(), line))
        line += source.count("\n", at, found.end())
        at = found.end()
    return [*tokens, _Token("text", source[at:], line)] if at < len(source) else tokens


def _parts(tokens: list[_Token]) -> Iterator[tuple[_Token | None, list[_Token]]]:
    """The tokens in order: each by itself, or several that are one message."""
    run: list[_Token] = []
    for token in tokens:
        if token.is_inline:
            run.append(token)
        else:
            yield from _units(run)
            yield token, []
            run = []
    yield from _units(run)


def _units(run: list[_Token]) -> Iterator[tuple[_Token | None, list[_Token]]]:
    """Divide a run of inline tokens into messages and tokens that are no part of one."""
    ends = _pairs(run)
    depth_ends: list[int] = []
    pieces: list[list[_Token]] = [[]]
    breaks: list[_Token] = []
    says_something = False
    for at, token in enumerate(run):
        while depth_ends and at > depth_ends[-1]:
            depth_ends.pop()
        paired = at in ends
        if not paired and token.kind in ("tag", "statement") and not (depth_ends and token.name in ("elif", "else")):
            pieces.append([])
            breaks.append(token)
            continue
        pieces[-1].append(token)
        if paired and ends[at] > at:
            depth_ends.append(ends[at])
        elif not depth_ends and token.has_words:
            says_something = True
    if breaks:
        for piece, stop in zip(pieces, [*breaks, None], strict=True):
            yield from _units(piece)
            if stop is not None:
                yield stop, []
    elif says_something:
        yield from _trimmed(run)
    elif any(token.has_words for token in run):
        yield from _inside(run, ends)
    else:
        yield from ((token, []) for token in run)


def _trimmed(run: list[_Token]) -> Iterator[tuple[_Token | None, list[_Token]]]:
    """A message, without the blank text before and after it."""
    first = next(at for at, token in enumerate(run) if token.source.strip())
    last = next(at for at in range(len(run) - 1, -1, -1) if run[at].source.strip())
    yield from ((token, []) for token in run[:first])
    yield None, run[first : last + 1]
    yield from ((token, []) for token in run[last + 1 :])


def _inside(run: list[_Token], ends: dict[int, int]) -> Iterator[tuple[_Token | None, list[_Token]]]:
    """No words stand outside the elements and ``if``s: what is in each of them is a message of its own."""
    at = 0
    while at < len(run):
        end = ends.get(at, at)
        if end == at:
            yield run[at], []
            at += 1
            continue
        yield run[at], []
        inner: list[_Token] = []
        depth = 0
        for token in run[at + 1 : end]:
            if token.kind == "statement":
                depth += {"if": 1, "endif": -1}.get(token.name, 0)
            if run[at].kind == "statement" and depth == 0 and token.name in ("elif", "else"):
                yield from _units(inner)
                yield token, []
                inner = []
            else:
                inner.append(token)
        yield from _units(inner)
        yield run[end], []
        at = end + 1


def _pairs(run: list[_Token]) -> dict[int, int]:
    """For each tag and ``if`` that is closed in this run, properly nested, where its other half stands."""
    ends: dict[int, int] = {}
    opened: list[int] = []
    for at, token in enumerate(run):
        if token.kind not in ("tag", "statement") or token.name in ("elif", "else"):
            continue
        if not token.closes:
            opened.append(at)
        elif opened and run[opened[-1]].kind == token.kind and (
            token.kind == "statement" or run[opened[-1]].name == token.name
        ):  # fmt: skip
            begin = opened.pop()
            ends[begin], ends[at] = at, begin
        else:
            opened.clear()
    return ends


def _rewrite(token: _Token | None, unit: list[_Token], translate: Translate, to_path: Callable[[str], str]) -> str:
    if unit:
        return _message(unit, translate, to_path)
    if token is None:
        return ""
    if token.kind == "tag":
        return _tag(token.source, translate, to_path)
    if token.kind == "expression":
        return _code(token.source, translate, is_shown=True)
    if token.kind == "statement" and token.name not in _WITHOUT_TEXT:
        return _code(token.source, translate, is_shown=False)
    return token.source


def _message(unit: list[_Token], translate: Translate, to_path: Callable[[str], str]) -> str:
    """One message in the other language, with its tags and the blanks around it put back."""
    sources: dict[str, str] = {}
    counts: dict[str, int] = {}
    opened: list[str] = []
    words: list[str] = []
    for token in unit:
        if token.kind != "tag":
            words.append(token.source)
            continue
        if token.closes:
            mark = f"</{opened.pop()}>"
        else:
            counts[token.name] = counts.get(token.name, 0) + 1
            opened.append(token.name + (str(counts[token.name]) if counts[token.name] > 1 else ""))
            mark = f"<{opened[-1]}>"
        sources[mark] = _tag(token.source, translate, to_path)
        words.append(mark)
    text = "".join(words)
    core = text.strip()
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    found = translate(_BLANKS.sub(" ", without_marks(core)))
    if found is None:
        return "".join(
            _tag(token.source, translate, to_path) if token.kind == "tag" else token.source for token in unit
        )
    for token in unit:
        if token.kind == "expression" and without_marks(token.source) != token.source:
            found = found.replace(without_marks(token.source), token.source)
    placed = _PLACED_TAG.sub(lambda mark: sources.get(mark.group(), mark.group()), found)
    return f"{before}{placed}{after}"


def _tag(source: str, translate: Translate, to_path: Callable[[str], str]) -> str:
    """A tag with its text attributes and its static addresses in the other language."""
    describes = source.startswith("<meta") and _DESCRIBES.search(source) is not None

    def attribute(found: re.Match[str]) -> str:
        name, value = found.group(1), found.group(2)
        if name in _TEXT_ATTRIBUTES or (describes and name == "content"):
            if _LETTERS.search(_CODE.sub("", value)) and "{%" not in value:
                value = translate(_BLANKS.sub(" ", value.strip())) or value
            else:
                value = _CODE.sub(lambda code: _code(code.group(), translate, is_shown=True), value)
        elif name in _LINK_ATTRIBUTES and value.startswith("/"):
            value = to_path(value)
        elif name == "value":
            value = _EXPRESSION.sub(r"{{ (\1)|verbatim }}", value)
        return f'{name}="{value}"'

    return _ATTRIBUTE.sub(attribute, source)


def _code(source: str, translate: Translate, *, is_shown: bool) -> str:
    """An expression or statement with the strings in it that have words."""

    def string(found: re.Match[str]) -> str:
        before, after = source[: found.start()], source[found.end() :]
        text = found.group(1) if found.group(1) is not None else found.group(2)
        if "\\" in text or _NO_TEXT_BEFORE.search(before) or _NO_TEXT_AFTER.match(after):
            return found.group()
        core = text.strip(" ,")
        is_word = core.isalpha() and (
            (
                is_shown
                and _ALTERNATIVE_BEFORE.search(before) is not None
                and _ALTERNATIVE_AFTER.match(after) is not None
            )
            or core != text
        )
        if not has_words(text) and not is_word:
            return found.group()
        new = translate(core)
        if new is None or '"' in new:
            return found.group() if new is None else f"'{text.replace(core, new, 1)}'"
        return f'"{text.replace(core, new, 1)}"'

    return _STRING.sub(string, source)
