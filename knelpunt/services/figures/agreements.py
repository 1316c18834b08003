"""What others say of the figures: partners who agree to a definition, and ministries about their own number."""

from datetime import date
from urllib.parse import urlsplit

from sqlalchemy import select

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.figures.definitions import REGISTER
from knelpunt.domain.figures.sealing import FigureEvent
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import OrganisationKind
from knelpunt.models import DefinitionAgreement, MinistryReply, Organisation
from knelpunt.queries.core import people
from knelpunt.queries.figures import sealing
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.core.public_words import require_nobody

FIELDS = {
    "partner": "de naam van de partner",
    "words": "de reactie",
    "should_be": "wat er moet staan",
    "reason": "de reden",
}


def note(context: Context, *, figure: str, partner: str, agreed_on: date, source_url: str) -> DefinitionAgreement:
    """Note that a partner agreed to the definition of a figure as it reads now.

    Raises:
        PermissionDenied: the actor keeps no agreements.
        DomainError: on the field ``figure``, ``partner``, ``agreed_on`` or ``source_url`` that is wrong; a partner
            that points at a person is.
    """
    context.actor.require(Permission.KEEP_AGREEMENTS)
    definition = REGISTER.get(figure)
    if definition is None:
        raise DomainError("Kies een cijfer uit de lijst.", field="figure")
    name = " ".join(partner.split())
    if not name or not name.isprintable():
        raise DomainError("Vul in welke partner instemde.", field="partner")
    require_no_person(context, "partner", name)
    if not definition.since <= agreed_on <= context.today:
        raise DomainError("Kies een dag waarop deze definitie al gold, en niet na vandaag.", field="agreed_on")
    if source_url and urlsplit(source_url).scheme not in ("http", "https"):
        raise DomainError("Een adres begint met https://.", field="source_url")
    events.lock_chain(context.session)  # so that two administrators do not note the same
    if any(
        each.partner == name and each.version == definition.version
        for each in sealing.agreements(context.session, figure)
    ):
        raise DomainError("Dat staat er al.", field="partner")
    row = DefinitionAgreement(
        figure=figure,
        version=definition.version,
        partner=name,
        agreed_on=agreed_on,
        source_url=source_url or None,
        noted_by_id=context.actor.account_id,
        noted_at=context.now,
    )
    context.session.add(row)
    context.session.flush()
    _record(context, FigureEvent.AGREEMENT_NOTED, row)
    return row


def end(context: Context, agreement_id: int) -> None:
    """Take back that a partner agrees; that it once did stays known.

    Raises:
        PermissionDenied: the actor keeps no agreements.
        NotFound: nothing that holds has this number.
    """
    context.actor.require(Permission.KEEP_AGREEMENTS)
    row = sealing.agreement(context.session, agreement_id)
    if row is None:
        raise NotFound()
    row.ended_on = context.today
    _record(context, FigureEvent.AGREEMENT_ENDED, row)


def reply(context: Context, quarter: Quarter, *, ministry_id: int, words: str, given_on: date) -> MinistryReply:
    """Put what a ministry says of its number beside it; a later reply takes the place of an earlier one.

    Without words it takes the earlier one back.

    Raises:
        PermissionDenied: the actor seals no quarters.
        DomainError: on the field ``ministry_id``, ``words`` or ``given_on`` that is wrong; words that
            point at a person are, and none where there is nothing to take back.
    """
    context.actor.require(Permission.SEAL_QUARTER)
    kind = select(Organisation.kind).where(Organisation.id == ministry_id)
    if context.session.scalar(kind) is not OrganisationKind.MINISTRY:
        raise DomainError("Kies een ministerie uit de lijst.", field="ministry_id")
    if not words.strip() and ministry_id not in sealing.ministry_replies(context.session, quarter):
        raise DomainError("Schrijf op wat het ministerie zegt.", field="words")
    require_no_person(context, "words", words)
    if not quarter.first_day <= given_on <= context.today:
        raise DomainError("Kies een dag na het begin van het kwartaal, en niet na vandaag.", field="given_on")
    row = MinistryReply(
        quarter=quarter.first_day,
        ministry_id=ministry_id,
        words=words.strip(),
        given_on=given_on,
        noted_by_id=context.actor.account_id,
        noted_at=context.now,
    )
    context.session.add(row)
    context.session.flush()
    data: dict[str, object] = {"ministerie": ministry_id}
    if not row.words:
        data["ingetrokken"] = True
    events.record(context, FigureEvent.MINISTRY_REPLIED, subject=f"kwartaal:{quarter}", data=data)
    return row


def require_no_person(context: Context, field: str, words: str) -> None:
    """Raise when what people write beside a figure, and everybody reads at once, points at a person."""
    require_nobody({field: words}, people.known_at_the_desk(context.session), FIELDS)


def _record(context: Context, kind: FigureEvent, row: DefinitionAgreement) -> None:
    data = {"instemming": row.id, "versie": row.version}
    events.record(context, kind, subject=f"definitie:{row.figure}", data=data)
