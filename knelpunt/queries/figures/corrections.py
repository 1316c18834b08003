"""The editions as everybody may read them: with the corrections beside their figures."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.figures.edition import NOW, TOTALS, Cell, Correction, Edition, Figured
from knelpunt.domain.figures.small_numbers import Mark, is_few
from knelpunt.domain.redaction.finds import finds_in, pieces
from knelpunt.models import QuarterErratum
from knelpunt.queries.figures.counts import NONE
from knelpunt.queries.figures.editions import PublicQuarter, all_editions, all_errata, public_quarters

SMALL = "Het gaat om een klein aantal. Daarom staat de reden hier niet."


def with_corrections(edition: Edition, errata: Sequence[QuarterErratum]) -> Edition:
    """An edition with the corrections that were made since."""
    return replace(edition, corrections=tuple(_corrections(edition, errata)))


def words_of(edition: Edition, erratum: QuarterErratum) -> str:
    """What the figure is called that a correction is about."""
    found = _figured(edition, erratum.place)
    return found.words if found else _titled(erratum.place)


def _corrections(edition: Edition, errata: Sequence[QuarterErratum]) -> Iterator[Correction]:
    """Of a figure that is not told the correction tells no number either, nor of which side it is, nor a reason, which
    might. A small number that a side should have had is as small as one that it had."""
    for erratum in errata:
        made_on, reason = nl_day(erratum.made_at), _without_persons(erratum.reason)
        found = _figured(edition, erratum.place)
        if found is None or isinstance(found.cell, Mark):
            hidden = Mark.KEPT_BACK.words()
            yield Correction(erratum.number, _kept_back(found, erratum.place), hidden, hidden, SMALL, made_on)
            continue
        is_few = found.table.key != TOTALS and _is_small(erratum.should_be)
        yield Correction(
            number=erratum.number,
            words=found.words,
            sealed_as=erratum.sealed_as,
            should_be=Mark.FEW.words() if is_few else erratum.should_be,
            reason=SMALL if is_few else reason,
            made_on=made_on,
            table=found.table.key,
            row=found.row.key,
            column=found.column.key,
        )


def _is_small(words: str) -> bool:
    """Whether a corrected figure is a number that could point at somebody."""
    digits = words.strip().lstrip("+")
    return digits.isascii() and digits.isdigit() and is_few(int(digits[:9]))


def _figured(edition: Edition, place: str) -> Figured | None:
    """The figure at the place of a correction, also as places were written before they were those of an edition."""
    return edition.at(place) or edition.at(_place_now(edition, place))


def _place_now(edition: Edition, place: str) -> str:
    """A place as corrections kept it first: ``ontvangen``, ``ontvangen, wet 12``, ``heroverweging gewijzigd``."""
    figure, _, side = place.partition(", ")
    dimension, _, key = side.partition(" ")
    found = edition.table(dimension)
    if found and found.dimension:
        return f"{dimension}; {NONE if key == 'None' else key}; {figure}"
    for table in edition.tables:
        own = [each for each in table.columns if not each.is_before]
        if len(own) == 1 and any(row.key == place for row in table.rows):
            return f"{table.key}; {place}; {own[0].key}"
    return f"{TOTALS}; {NOW}; {place}"


def _kept_back(found: Figured | None, place: str) -> str:
    """What a figure is called that is not told."""
    if found is None:
        return _titled(place.partition(", ")[0])
    return found.column.title if found.table.dimension else found.table.title


def _titled(place: str) -> str:
    return place[:1].upper() + place[1:]


def _without_persons(text: str) -> str:
    """A text without what could be personal in it."""
    return "".join("…" if piece.kind else piece.text for piece in pieces(text, finds_in(text)))


@dataclass(frozen=True, slots=True)
class PublicEdition:
    """A public quarter and what everybody reads of it."""

    public: PublicQuarter
    edition: Edition

    def count(self, figure: str) -> Cell:
        table = self.edition.table(TOTALS)
        return table.cell(NOW, figure) if table else None


def public_editions(session: Session) -> list[PublicEdition]:
    """Every quarter of which an edition was kept, as everybody may read it: with its corrections and the number of its
    paper; the newest first, in three statements."""
    kept, errata = all_editions(session), all_errata(session)
    return [
        PublicEdition(
            each,
            replace(with_corrections(kept[each.quarter], errata.get(each.quarter, ())), paper=each.paper),
        )
        for each in public_quarters(session)
        if each.quarter in kept
    ]
