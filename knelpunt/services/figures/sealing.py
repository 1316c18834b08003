"""Sealing a quarter by two persons, and correcting a sealed figure beside it."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.errors import DomainError
from knelpunt.domain.figures import sealing as rules
from knelpunt.domain.figures.definitions import REGISTER
from knelpunt.domain.figures.edition import Edition, in_words
from knelpunt.domain.figures.sealing import Check, FigureEvent, SealingStatus, canonical, digest
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import OrganisationKind
from knelpunt.models import Law, Organisation, Province, Provision, QuarterErratum, QuarterSeal, QuarterSealing
from knelpunt.queries.figures import ledger, sealing
from knelpunt.queries.public import promises
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.figures import files
from knelpunt.services.figures.agreements import require_no_person


def ask(context: Context, quarter: Quarter, explanations: Mapping[Check, str]) -> QuarterSealing:
    """Ask a second person to seal a quarter; whatever a check still finds is explained.

    Raises:
        PermissionDenied: the actor seals no quarters.
        DomainError: the quarter is not over, sealed already, not the next, or waits already, or a find is not explained
            (its field).
    """
    context.actor.require(Permission.SEAL_QUARTER)
    _require_open(context, quarter)
    if sealing.asked(context.session, quarter) is not None:
        raise DomainError(rules.WAITS)
    found = [each for each in sealing.checks(context.session, quarter, context.today) if each.count]
    for each in found:
        if not explanations.get(each.check, "").strip():
            raise DomainError(rules.EXPLAIN, field=each.check.value)
    promised = promises.to_seal(context.session, quarter)
    request = QuarterSealing(
        quarter=quarter.first_day,
        digest=digest(canonical(_figures(context, quarter))),
        promises_digest=digest(canonical(promised)),
        promised=promised,
        explanations={each.check.value: explanations[each.check].strip() for each in found},
        status=SealingStatus.ASKED,
        asked_by_id=context.actor.account_id,
        asked_at=context.now,
    )
    context.session.add(request)
    _record(
        context, FigureEvent.SEALING_ASKED, quarter, {"cijfers": request.digest, "beloften": request.promises_digest}
    )
    return request


def agree(context: Context, quarter: Quarter) -> QuarterSeal:
    """Seal a quarter that somebody else asked to seal. There is no way back.

    Raises:
        PermissionDenied: the actor seals no quarters.
        DomainError: nothing was asked, the quarter is not the next, the actor asked it, or the figures or promises are
            others than the first person saw.
    """
    context.actor.require(Permission.SEAL_QUARTER)
    promised = promises.to_seal(context.session, quarter)  # before every act of the site waits for this one
    number, last_hash = events.lock_chain(context.session)
    request = _waiting(context, quarter)
    _require_open(context, quarter)
    if request.asked_by_id == context.actor.account_id:
        raise DomainError(rules.OTHER_PERSON)
    figures = _figures(context, quarter)
    _require_unmoved(request, figures, promised)
    content = {
        **figures,
        promises.IN_SEAL: promised,
        "vorm": rules.FORM,
        "namen": names_of(context.session),
        "definities": {name: definition.version for name, definition in REGISTER.items()},
        "gebeurtenis": {"nummer": number, "hash": last_hash},
        "uitleg": request.explanations,
    }
    text = canonical(content)
    seal = QuarterSeal(
        quarter=quarter.first_day,
        content=text,
        sha256=digest(text),
        event_number=number,
        event_hash=last_hash,
        asked_by_id=request.asked_by_id,
        sealed_by_id=context.actor.account_id,
        sealed_at=context.now,
    )
    context.session.add(seal)
    _decide(context, request, SealingStatus.SEALED, None)
    _record(context, FigureEvent.SEALED, quarter, {"sha256": seal.sha256})
    return seal


def give_back(context: Context, quarter: Quarter, remark: str) -> None:
    """Do not seal, and say why; whoever asked can also take the request back this way.

    Raises:
        PermissionDenied: the actor seals no quarters.
        DomainError: nothing was asked, or the reason is missing (field ``remark``).
    """
    context.actor.require(Permission.SEAL_QUARTER)
    request = _waiting(context, quarter)
    if not remark.strip():
        raise DomainError("Schrijf op waarom.", field="remark")
    _decide(context, request, SealingStatus.RETURNED, remark.strip())
    _record(context, FigureEvent.SEALING_RETURNED, quarter, {})


def correct(context: Context, edition: Edition, *, place: str, should_be: str, reason: str) -> QuarterErratum:
    """Put a numbered correction beside a figure of a sealed quarter. The figure itself stays.

    Args:
        edition: the quarter as everybody may read it.
        place: where in it the figure stands.
    Raises:
        PermissionDenied: the actor seals no quarters.
        DomainError: the quarter is not sealed, has no such figure (field ``place``), or something is missing or
            points at a person.
    """
    context.actor.require(Permission.SEAL_QUARTER)
    for field, value in (("should_be", should_be), ("reason", reason)):
        if not value.strip():
            raise DomainError("Vul dit in.", field=field)
        require_no_person(context, field, value)
    events.lock_chain(context.session)
    quarter = Quarter.parse(edition.period)
    if context.session.get(QuarterSeal, quarter.first_day) is None:
        raise DomainError("Dit kwartaal is niet verzegeld.")
    found = edition.at(place)
    if found is None:
        raise DomainError(rules.NO_SUCH_FIGURE, field="place")
    last = context.session.scalar(
        select(func.max(QuarterErratum.number)).where(QuarterErratum.quarter == quarter.first_day)
    )
    erratum = QuarterErratum(
        quarter=quarter.first_day,
        number=(last or 0) + 1,
        place=place,
        sealed_as=in_words(found.cell),
        should_be=should_be.strip(),
        reason=reason.strip(),
        made_by_id=context.actor.account_id,
        made_at=context.now,
    )
    context.session.add(erratum)
    _record(context, FigureEvent.ERRATUM_MADE, quarter, {"erratum": erratum.number})
    files.ask(context, quarter)
    return erratum


def _figures(context: Context, quarter: Quarter) -> dict[str, Any]:
    """What two persons seal beside how often each promise was kept."""
    if not ledger.is_built(context.session):
        raise DomainError("De cijfers worden nu opnieuw opgebouwd. Probeer het later opnieuw.")
    return ledger.content_of(context.session, quarter)


def _require_unmoved(request: QuarterSealing, figures: Mapping[str, Any], promised: Mapping[str, list[int]]) -> None:
    """Refuse what the first person did not see, and say which of the two it is: promises move by ordinary acts of after
    the quarter, figures hardly do."""
    if request.promises_digest is None:
        raise DomainError(rules.PROMISES_UNSEEN)
    figures_moved = digest(canonical(figures)) != request.digest
    promises_moved = digest(canonical(promised)) != request.promises_digest
    if figures_moved:
        raise DomainError(rules.BOTH_MOVED if promises_moved else rules.HAS_MOVED)
    if promises_moved:
        raise DomainError(rules.PROMISES_MOVED)


def _require_open(context: Context, quarter: Quarter) -> None:
    if context.today <= quarter.last_day:
        raise DomainError(rules.NOT_OVER)
    if context.session.get(QuarterSeal, quarter.first_day) is not None:
        raise DomainError(rules.IS_SEALED)
    if (why := sealing.out_of_order(context.session, quarter)) is not None:
        raise DomainError(why)


def _waiting(context: Context, quarter: Quarter) -> QuarterSealing:
    request = sealing.asked(context.session, quarter)
    if request is None:
        raise DomainError(rules.NOTHING_WAITS)
    return request


def _decide(context: Context, request: QuarterSealing, status: SealingStatus, remark: str | None) -> None:
    request.status, request.remark = status, remark
    request.decided_by_id, request.decided_at = context.actor.account_id, context.now


def names_of(session: Session) -> dict[str, dict[str, str]]:
    """What the numbers of laws, provisions, provinces and ministries are called today."""
    laws = session.execute(select(Law.id, Law.citation_title).order_by(Law.id))
    provisions = session.execute(select(Provision.id, Provision.key).order_by(Provision.id))
    provinces = session.execute(select(Province.id, Province.name).order_by(Province.id))
    ministries = session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.kind == OrganisationKind.MINISTRY)
        .order_by(Organisation.id)
    )
    named = {"wet": laws, "bepaling": provisions, "provincie": provinces, "ministerie": ministries}
    return {noun: {str(id_): words for id_, words in rows} for noun, rows in named.items()}


def _record(context: Context, kind: FigureEvent, quarter: Quarter, data: dict[str, Any]) -> None:
    events.record(context, kind, subject=f"kwartaal:{quarter}", data=data)
