"""Reads the simple markup in which a text about a quarter is written, with the line of everything that is wrong in it.

Paragraphs, headings, bullets, quotes, strong and emphasised words and links, as in Markdown; no HTML. Between double
braces stands what is placed: ``{{cijfer: ontvangen}}``.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from knelpunt.domain.figures.writing import (
    PLACE,
    SECTIONS,
    Block,
    Bullets,
    Chart,
    FigureTable,
    Heading,
    Map,
    Paragraph,
    Parsed,
    Placed,
    Placing,
    Problem,
    Quote,
    Run,
    Runs,
    Section,
    WrittenSection,
    filled,
    placing_of,
)
from knelpunt.domain.texts import Text

OWN_LINE = Text("Zet een tabel, grafiek of kaart op een eigen regel, met een lege regel ervoor en erna.")
NO_NUMBERED = Text("Een genummerde lijst kan hier niet. Begin elke regel met een streepje.")
NOT_CLOSED = Text("Er staat {{ zonder }}, of }} zonder {{.")
BAD_LINK = Text("Een link begint met https:// of met een schuine streep.")
Tell = Callable[[Problem], None]


def _place(state: StateInline, silent: bool) -> bool:
    """Take what stands between double braces as one token, whatever marks are in it."""
    found = PLACE.match(state.src, state.pos)
    if found is None or found.end() > state.posMax:
        return False
    if not silent:
        token = state.push("place", "", 0)
        token.content = found["inside"]
    state.pos = found.end()
    return True


def _reader() -> MarkdownIt:
    reader = MarkdownIt("zero").enable(["heading", "list", "blockquote", "newline", "escape", "emphasis", "link"])
    reader.inline.ruler.before("escape", "place", _place)
    return reader


_READER = _reader()


def parse(source: str) -> Parsed:
    """The blocks of a source, and what is wrong with its form."""
    problems: list[Problem] = []
    blocks = tuple(_blocks(_READER.parse(source), problems.append))
    return Parsed(blocks, tuple(sorted(problems, key=lambda each: each.line)))


def written(sources: Mapping[str, str], placed: Placed) -> tuple[WrittenSection, ...]:
    """Every section of a text in order, with the values of a seal. ``sources`` are by key."""
    found: list[WrittenSection] = []
    for key in Section:
        section = filled(parse(sources.get(key.value, "")), placed)
        found.append(WrittenSection(key, SECTIONS[key].title, section.blocks, section.problems))
    return tuple(found)


def _blocks(tokens: Sequence[Token], tell: Tell) -> Iterator[Block]:
    place = 0
    while place < len(tokens):
        token = tokens[place]
        end = _end(tokens, place)
        line = (token.map or [0])[0] + 1
        inside = tokens[place + 1 : end]
        match token.type:
            case "paragraph_open":
                yield from _paragraph(inside[0], line, tell)
            case "heading_open":
                yield Heading(_words(inside, tell), line)
            case "bullet_list_open":
                items = tuple(_words(each, tell) for each in _items(inside))
                yield Bullets(tuple(each for each in items if each), line)
            case "ordered_list_open":
                tell(Problem(line, NO_NUMBERED))
            case "blockquote_open":
                paragraphs = tuple(_words([each], tell) for each in inside if each.type == "inline")
                yield Quote(tuple(each for each in paragraphs if each), line)
        place = end + 1


def _end(tokens: Sequence[Token], start: int) -> int:
    """Where the token is closed that is opened at ``start``."""
    for place in range(start + 1, len(tokens)):
        if tokens[place].nesting == -1 and tokens[place].level == tokens[start].level:
            return place
    return start


def _items(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The items of a list; those of a list within it stand in the same row."""
    item: list[Token] = []
    for token in tokens:
        if token.type == "list_item_open":
            yield item
            item = []
        elif token.type == "inline":
            item.append(token)
    yield item


def _words(tokens: Sequence[Token], tell: Tell) -> Runs:
    """The runs of a block that holds words and figures alone."""
    runs: list[Run] = []
    for token in tokens:
        for each in _inline(token, tell):
            if isinstance(each, Run):
                runs.append(each)
            else:
                tell(Problem(each.line, OWN_LINE))
    return tuple(runs)


def _paragraph(token: Token, line: int, tell: Tell) -> Iterator[Block]:
    found = list(_inline(token, tell))
    runs = [each for each in found if isinstance(each, Run)]
    placed = [each for each in found if not isinstance(each, Run)]
    if placed and not any(run.text.strip() or run.figure for run in runs):
        yield from placed
        return
    for each in placed:
        tell(Problem(each.line, OWN_LINE))
    if runs:
        yield Paragraph(tuple(runs), line)


def _inline(token: Token, tell: Tell) -> Iterator[Run | FigureTable | Chart | Map]:
    """The pieces of a line of words; style and link hold from their opening to their closing."""
    line = (token.map or [0])[0] + 1
    style = Run("")
    for child in token.children or ():
        match child.type:
            case "text":
                if "{{" in child.content or "}}" in child.content:
                    tell(Problem(line, NOT_CLOSED))
                if child.content:
                    yield replace(style, text=child.content, line=line)
            case "softbreak" | "hardbreak":
                yield replace(style, text=" ", line=line)
                line += 1
            case "strong_open" | "strong_close":
                style = replace(style, is_strong=child.nesting == 1)
            case "em_open" | "em_close":
                style = replace(style, is_emphasis=child.nesting == 1)
            case "link_open":
                href = str(child.attrGet("href") or "")
                is_good = href.startswith("https://") or (href.startswith("/") and not href.startswith("//"))
                if not is_good:
                    tell(Problem(line, BAD_LINK))
                style = replace(style, href=href if is_good else None)
            case "link_close":
                style = replace(style, href=None)
            case "place":
                yield from _placed(child.content, line, style, tell)


def _placed(inside: str, line: int, style: Run, tell: Tell) -> Iterator[Run | FigureTable | Chart | Map]:
    found = placing_of(inside)
    if isinstance(found, Text):
        tell(Problem(line, found))
        return
    placing, name = found
    match placing:
        case Placing.FIGURE:
            yield replace(style, figure=name, line=line)
        case Placing.TABLE:
            yield FigureTable(name, line)
        case Placing.CHART:
            yield Chart(name, line)
        case Placing.MAP:
            yield Map(line)
