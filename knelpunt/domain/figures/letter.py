"""A quarter as a document that can still be edited: its text, its figures and its definitions as one row of blocks."""

from dataclasses import dataclass
from datetime import date

from knelpunt.domain.figures.edition import (
    HIDDEN_SENTENCE,
    NOW,
    TOTALS,
    Edition,
    Table,
    change,
    finding,
    reconstructed_sentence,
    says,
)
from knelpunt.domain.figures.writing import Block, Bullets, FigureTable, Paragraph, PlacedTable, Run, Runs
from knelpunt.domain.figures.writing import WrittenSection as Written
from knelpunt.domain.texts import date_in_words

ABOUT = (
    "Gemeenten en bewoners melden bij Knelpunt waar een regel hun project voor een leefbare buurt tegenhoudt. Het "
    "loket zoekt uit wat er op die dag in de wet stond. Het laat weten welke ruimte er is en wie die kan geven.",
    "Alle cijfers zijn geteld uit wat er in de zaken is gebeurd. Bij elk cijfer staat wat er is geteld.",
)
SUBTITLE = "Cijfers voor de Tweede Kamer over regels die leefbaarheidsprojecten tegenhouden"
DOCUMENT_TITLE = "Knelpunten in regels"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the document with its heading."""

    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """The whole document. ``made_on`` is the day that the file carries; ``status`` stands above every page."""

    title: str
    subtitle: str
    period: str
    parts: tuple[Part, ...]
    made_on: date
    address: str
    status: str = ""


DRAFT = "Concept: over deze tekst is nog geen akkoord gegeven."


def letter_of(edition: Edition, address: str, sections: tuple[Written, ...] = (), status: str = "") -> Letter:
    """The document of an edition: what was written about it, and every figure.

    Args:
        address: where the quarter stands on the site.
        status: what its first page, and the head of each page, say of the document, such as that it is a draft.
    """
    headline, told = finding(edition)
    stands = (Paragraph((Run(status, is_strong=True),)),) if status else ()
    first = Part(headline, (*stands, _plain(told), *_changes(edition), *_notes(edition)))
    written = tuple(Part(section.title, section.blocks) for section in sections)
    figures = tuple(Part(table.title, _blocks(edition, table)) for table in edition.tables)
    sources = Part("Over deze cijfers", (*map(_plain, ABOUT), _source(address), *_seals(edition)))
    return Letter(
        title=f"{DOCUMENT_TITLE}, {edition.title}",
        subtitle=SUBTITLE,
        period=edition.counted,
        parts=(first, *written, *figures, *_corrections(edition), sources),
        made_on=edition.sealed_on or edition.until,
        address=address,
        status=status,
    )


def _plain(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def _changes(edition: Edition) -> tuple[Block, ...]:
    """How each figure changed since the quarter before."""
    table = edition.table(TOTALS)
    items: list[Runs] = []
    for column in table.columns if table else ():
        words = change(table.cell(NOW, column.key), table.cell("vorig", column.key)) if table else ""
        if words:
            items.append((Run(f"{column.title}: ", is_strong=True), Run(f"{words}.")))
    return (Bullets(tuple(items)),) if items else ()


def _notes(edition: Edition) -> tuple[Block, ...]:
    notes = [_plain(f"{edition.counted}.")]
    if edition.is_running:
        notes.append(_plain("Het kwartaal loopt nog: dit is een tussenstand."))
    if edition.is_reconstructed:
        notes.append(_plain(reconstructed_sentence(edition)))
    if edition.paper:
        notes.append(_plain(f"Aangeboden aan de Tweede Kamer: Kamerstuk {edition.paper}."))
    if edition.has_hidden:
        notes.append(_plain(HIDDEN_SENTENCE))
    return tuple(notes)


def _blocks(edition: Edition, table: Table) -> tuple[Block, ...]:
    sentence = says(edition, table)
    told = (Paragraph((Run(sentence, is_strong=not table.is_all_hidden),)),) if sentence else ()
    return (*told, _plain(table.sentence), FigureTable(table.key, content=placed(edition, table)))


def placed(edition: Edition, table: Table) -> PlacedTable:
    """A table as it is shown in words."""
    return PlacedTable(
        name=table.key,
        title=table.title,
        sentence=table.sentence,
        heads=(table.side, *(column.title for column in table.columns)),
        rows=tuple(
            (
                f"{row.words} ({row.note})" if row.note else row.words,
                *(edition.shown(table, row, column) for column in table.columns),
            )
            for row in table.rows
        ),
    )


def _corrections(edition: Edition) -> tuple[Part, ...]:
    if not edition.corrections:
        return ()
    rows = tuple(
        (str(each.number), each.words, each.sealed_as, each.should_be, each.reason, date_in_words(each.made_on))
        for each in edition.corrections
    )
    heads = ("Nummer", "Cijfer", "Vastgelegd als", "Moet zijn", "Waarom", "Sinds")
    title, sentence = "Correcties", "De vastgelegde cijfers blijven staan. De correctie staat ernaast."
    table = PlacedTable("correcties", title, sentence, heads, rows)
    return (Part(title, (_plain(sentence), FigureTable("correcties", content=table))),)


def _source(address: str) -> Paragraph:
    return Paragraph(
        (Run("Dezelfde cijfers, met de openbare zaken erachter, staan op "), Run(address, href=address), Run("."))
    )


def _seals(edition: Edition) -> tuple[Block, ...]:
    return tuple(_plain(f"Controlegetal van de vastgelegde cijfers (SHA-256): {seal}") for seal in edition.seals)
