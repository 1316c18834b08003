"""Filing by several municipalities: the one that leads names others, and each joins or declines (decision 0009)."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select, update

from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.filing.joint_filing import MOST_PARTNERS, Partner, read_partners, write_partners
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.public_events import IF_SAID
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import EventKind, ParticipantStatus, Result, SubmitterKind
from knelpunt.models import Case, CaseParticipant, Draft, Municipality, Organisation, PublishedCase
from knelpunt.queries.core import cases
from knelpunt.queries.core.reference import reference
from knelpunt.services.core import events, subscribers
from knelpunt.services.core.context import Context
from knelpunt.services.filing import joint_mail
from knelpunt.services.filing.intake import open_draft, save_draft
from knelpunt.services.filing.mail_texts import joint_asked
from knelpunt.services.mail import messages

NOT_CHOSEN = Text("Kies of uw gemeente meedoet.")
TOO_LATE = Text("Deze melding is ingetrokken. Meedoen kan niet meer.")


def ask_along(context: Context, case: Case, partners: Iterable[Partner], ends_on: date) -> list[str]:
    """Ask each municipality that the draft named, in the transaction of the filing; the names of who was asked.

    Args:
        ends_on: the last day on which the addresses are kept.
    """
    today_of = reference(context.session).today_of
    today = {today_of.get(each.municipality_id, each.municipality_id): each.email for each in partners}
    named = [Partner(id_, email) for id_, email in today.items() if id_ != case.municipality_id]
    if not named:
        return []
    lead = context.session.get_one(Organisation, case.organisation_id)
    for partner in named:
        row = CaseParticipant(
            case_id=case.id,
            municipality_id=partner.municipality_id,
            status=ParticipantStatus.ASKED,
            email=partner.email,
            asked_at=context.now,
            ends_on=ends_on,
        )
        context.session.add(row)
        context.session.flush()
        subscribers.tell_joint(context, row)
        text = joint_asked(lead=lead.name, title=case.title, url=context.links.to(f"/onze-zaken/samen/{row.id}"))
        messages.queue(
            context, MailKind.JOINT_ASKED, to_address=partner.email, subject=text.subject, body=text.body, case=case
        )
    return [context.session.get_one(Municipality, partner.municipality_id).name for partner in named]


def answer(context: Context, participant_id: int, *, joins: bool) -> CaseParticipant:
    """An account with the right to file answers for its municipality; it may change its mind.

    Raises:
        NotFound: the question is not for this account's municipality.
        PermissionDenied: the account does not file for it.
        DomainError: it joins what its lead has taken back.
    """
    row = context.session.get(CaseParticipant, participant_id)
    organisation = (
        context.session.get(Organisation, context.actor.organisation_id)
        if context.actor.organisation_id is not None
        else None
    )
    if row is None or organisation is None or not _is_theirs(context, row, organisation):
        raise NotFound()
    context.actor.require(Permission.FILE_CASE)
    case = cases.get_by_id_for_update(context.session, row.case_id)
    context.session.refresh(row)
    status = ParticipantStatus.JOINED if joins else ParticipantStatus.DECLINED
    if row.status is status:
        return row
    if joins and case.result is Result.WITHDRAWN:
        raise DomainError(TOO_LATE)
    stops = row.status is ParticipantStatus.JOINED
    row.status, row.answered_at, row.answered_by_id = status, context.now, context.actor.account_id
    row.organisation_id = organisation.id
    case.updated_at = context.now
    is_public = _tell_public_record(context, case)
    subscribers.tell_joint(context, row)
    kind = EventKind.PARTNER_JOINED if joins else EventKind.PARTNER_DECLINED
    changed = {IF_SAID[kind]: True} if is_public and (joins or stops) else {}
    events.record(context, kind, case=case, data={"gemeente": row.municipality_id, **changed})
    joint_mail.tell_lead(context, case, organisation, joins=joins, stops=stops)
    return row


def _is_theirs(context: Context, row: CaseParticipant, organisation: Organisation) -> bool:
    """Whether the question was for the municipality of this organisation, or for one that went up in it."""
    return reference(context.session).is_one_place(row.municipality_id, organisation.municipality_id)


def joined_names(context: Context, case: Case) -> list[str]:
    """The names of the municipalities that file along, in the order of the alphabet."""
    return list(
        context.session.scalars(
            select(Municipality.name)
            .join(CaseParticipant, CaseParticipant.municipality_id == Municipality.id)
            .where(CaseParticipant.case_id == case.id, CaseParticipant.status == ParticipantStatus.JOINED)
            .order_by(Municipality.name)
        )
    )


def joined_municipalities(context: Context, case: Case) -> list[int]:
    """The ids of the same."""
    return list(
        context.session.scalars(
            select(CaseParticipant.municipality_id).where(
                CaseParticipant.case_id == case.id, CaseParticipant.status == ParticipantStatus.JOINED
            )
        )
    )


def _tell_public_record(context: Context, case: Case) -> bool:
    """Name in the public record who files along; whether everybody can read one."""
    context.session.flush()
    told = context.session.execute(
        update(PublishedCase)
        .where(PublishedCase.case_id == case.id)
        .values(joined_municipalities=joined_names(context, case), updated_at=context.now)
        .returning(PublishedCase.withdrawn_on)
    ).all()
    return any(withdrawn_on is None for (withdrawn_on,) in told)


FIELD = "partners"
ONLY_MUNICIPALITIES = Text("Samen melden kan alleen als uw organisatie een gemeente is.")


def name_partner(context: Context, key: str, municipality_id: int | None, email: str) -> Draft:
    """Name a municipality, or give one that was named another address.

    Raises:
        DomainError: no municipality of today, the own one, a wrong address, or too many (field ``municipality``,
            ``email``).
        NotFound: as ``open_draft``.
    """
    draft = open_draft(context, key)
    if draft.kind is not SubmitterKind.MUNICIPALITY or draft.organisation_id is None:
        raise DomainError(ONLY_MUNICIPALITIES)
    municipality = context.session.get(Municipality, municipality_id) if municipality_id is not None else None
    if municipality is None or municipality.valid_to is not None:
        raise DomainError(Text("Kies een gemeente uit de lijst."), field="municipality")
    if str(municipality.id) == draft.data.get("municipality_id"):
        raise DomainError(Text("Dit is de gemeente van de melding zelf. Kies een andere."), field="municipality")
    try:
        address = messages.checked_address(email)
    except DomainError as error:
        raise DomainError(error.message, field="email") from None
    others = [each for each in read_partners(draft.data.get(FIELD, "")) if each.municipality_id != municipality.id]
    if len(others) >= MOST_PARTNERS:
        raise DomainError(
            Text("U kunt hooguit %(most_partners)s gemeenten vragen.", most_partners=MOST_PARTNERS),
            field="municipality",
        )
    return save_draft(
        context, key, draft.version, {FIELD: write_partners([*others, Partner(municipality.id, address)])}
    )


def drop_partner(context: Context, key: str, municipality_id: int) -> Draft:
    """Ask a municipality no more; silent when it was not named."""
    draft = open_draft(context, key)
    left = [each for each in read_partners(draft.data.get(FIELD, "")) if each.municipality_id != municipality_id]
    return save_draft(context, key, draft.version, {FIELD: write_partners(left)})
