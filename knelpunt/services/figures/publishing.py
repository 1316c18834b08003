"""Keeping what is public of a sealed quarter, and sealing the quarters of before the desk from public sources."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects.postgresql import insert

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.errors import DomainError
from knelpunt.domain.figures import sealing as rules
from knelpunt.domain.figures.ledger import FIRST_QUARTER, GROSS, NET, FactKind
from knelpunt.domain.figures.sealing import FigureEvent, canonical, digest
from knelpunt.models import QuarterEdition, QuarterSeal
from knelpunt.queries.figures import editions, ledger
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.figures import files
from knelpunt.services.figures.sealing import names_of

TIMES = frozenset({FactKind.STOPPED, FactKind.RUNS_LATE, FactKind.OWED})
Write = Callable[[Quarter], str]
"""Writes down the edition of a sealed quarter."""


def keep(context: Context, quarter: Quarter, text: str) -> None:
    """Keep the public edition of a sealed quarter, to the letter. Once kept it stays as it is.

    Raises:
        DomainError: the quarter is not sealed.
    """
    if context.session.get(QuarterSeal, quarter.first_day) is None:
        raise DomainError("Dit kwartaal is niet verzegeld.")
    row = {"content": text, "sha256": digest(text), "made_at": context.now}
    context.session.execute(
        insert(QuarterEdition)
        .values(quarter=quarter.first_day, **row)
        .on_conflict_do_nothing(index_elements=["quarter"])
    )


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of the edition of a quarter: kept, or not, and why."""

    quarter: Quarter
    error: Exception | None = None


def keep_missing(context: Context, write: Write) -> Iterator[Kept]:
    """Keep the edition of every quarter that was sealed before editions were kept, oldest first, and ask for its forms.
    The caller commits, after each if it likes, and tells somebody which could not be kept.

    One that cannot be public holds up no other, whatever is wrong with it.

    Yields:
        each quarter once its edition is kept, or could not be.
    """
    for quarter in editions.without_edition(context.session):
        try:
            with context.session.begin_nested():
                keep(context, quarter, write(quarter))
                files.ask(context, quarter)
        except Exception as error:  # the caller tells it
            yield Kept(quarter, error)
        else:
            yield Kept(quarter)


def reconstruct(context: Context, write: Write) -> Iterator[Quarter]:
    """Seal every quarter from the letter of 2013 up to the first case of the desk's own, from the imported history.

    They are marked as put together after the fact, and hold no days: those are not known. What is sealed already
    stays. The caller commits.

    Yields:
        each quarter once it is sealed, its edition is kept and its forms are asked for.
    Raises:
        DomainError: the ledger of the figures was not made yet.
    """
    session = context.session
    if not ledger.is_built(session):
        raise DomainError("De cijfers worden nu opnieuw opgebouwd. Probeer het later opnieuw.")
    end = editions.first_own_quarter(session)
    quarter = FIRST_QUARTER
    while quarter.last_day < context.today and (end is None or quarter < end):
        if session.get(QuarterSeal, quarter.first_day) is None:
            _seal(context, quarter)
            keep(context, quarter, write(quarter))
            files.ask(context, quarter)
            yield quarter
        quarter = quarter.next()


def _seal(context: Context, quarter: Quarter) -> None:
    number, last_hash = events.lock_chain(context.session)
    content = without_times(ledger.content_of(context.session, quarter))
    text = canonical(
        {
            **content,
            "vorm": rules.FORM,
            "namen": names_of(context.session),
            "gebeurtenis": {"nummer": number, "hash": last_hash},
            "uitleg": {},
            "samengesteld": True,
        }
    )
    seal = QuarterSeal(
        quarter=quarter.first_day,
        content=text,
        sha256=digest(text),
        event_number=number,
        event_hash=last_hash,
        sealed_at=context.now,
        is_reconstructed=True,
    )
    context.session.add(seal)
    context.session.flush()
    events.record(
        context,
        FigureEvent.SEALED,
        subject=f"kwartaal:{quarter}",
        data={"sha256": seal.sha256, "samengesteld": True},
    )


def without_times(content: dict[str, Any]) -> dict[str, Any]:
    """What a seal holds, without how long anything took."""
    told = [
        [kind, split, *rest]
        for kind, split, *rest in content["totalen"]
        if kind not in TIMES and split not in (GROSS, NET)
    ]
    return {**content, "totalen": told}
