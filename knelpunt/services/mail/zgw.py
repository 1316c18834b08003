"""The mirror of an organisation's cases in its own case system: set, begun again, and what is to be there of a case.

It is a subscription: its events are written, ordered, tried and given up as all others, but each brings a whole case up
to date there, where others tell that something happened.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import IO
from urllib.parse import urlsplit

from sqlalchemy import Text as SqlText
from sqlalchemy import cast, exists, func, insert, literal, select, update
from sqlalchemy.orm import Session

from knelpunt.adapters.identity.sealer import Sealer
from knelpunt.adapters.typesetting import letter_pdf
from knelpunt.adapters.uploads.store import FileStore
from knelpunt.adapters.zgw.documents import Document
from knelpunt.adapters.zgw.mirror import Dossier, Step
from knelpunt.adapters.zgw.talk import Connection
from knelpunt.domain.accounts import AccountEvent
from knelpunt.domain.calendar.timezone import AMSTERDAM, nl_day
from knelpunt.domain.errors import DomainError, NotFound, VersionConflict
from knelpunt.domain.identity.subscriptions import Covers, Target, new_secret, type_of
from knelpunt.domain.identity.zgw import (
    APIS,
    ENDS,
    ON_THE_WAY,
    Settings,
    check_rsin,
    check_secret,
    keys,
    kind_of,
)
from knelpunt.domain.links import new_public_id
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import date_in_words
from knelpunt.domain.vocabulary import CaseStatus, MessageKind, ProposalStatus
from knelpunt.models import (
    Account,
    Attachment,
    Case,
    Event,
    EventSubscription,
    Message,
    Organisation,
    OutboxEvent,
    Proposal,
)
from knelpunt.queries.cases import attachments
from knelpunt.services.core.context import Context
from knelpunt.services.core.subscribers import OWN_NOUN
from knelpunt.services.mail import messages, subscription_texts, subscriptions
from knelpunt.services.mail.texts import MailText

KIND = type_of(OWN_NOUN, "spiegelen")
DESK = "Loket van Knelpunt"
PDF = "application/pdf"
_TITLES = {
    MessageKind.QUESTION: "Vraag van het loket",
    MessageKind.ANSWER: "Antwoord aan het loket",
    MessageKind.ADDITION: "Aanvulling",
    MessageKind.MAIL: "Mail",
    MessageKind.NOTICE: "Bericht",
    MessageKind.OBJECTION: "Bezwaar tegen de openbare tekst",
}
_SENT = (ProposalStatus.SENT, ProposalStatus.ACCEPTED, ProposalStatus.REFUSED, ProposalStatus.LAPSED)
_ONE = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What an administrator filled in. Without a ``secret`` the one that is there stays."""

    addresses: Mapping[str, str]
    client_id: str
    secret: str
    rsin: str
    zaaktype: str
    chosen: Mapping[str, str]


def settings_of(subscription: EventSubscription) -> Settings:
    """The settings of a mirror."""
    return Settings(**(subscription.zgw or {}))


def save(context: Context, sealer: Sealer, target: Target, asked: Asked, version: int) -> EventSubscription:
    """Set where the cases of the actor's organisation are mirrored; all of them go there, once it answered well.

    Args:
        version: of the mirror that was read; 0 when there was none.
    Raises:
        PermissionDenied: the actor does not manage subscriptions.
        VersionConflict: somebody else set it meanwhile.
        DomainError: on the field that is wrong; on the secret, when the one that is there would go elsewhere.
    """
    context.actor.require(Permission.MANAGE_SUBSCRIPTIONS)
    # Locked, so that two at once cannot both make one.
    organisation = context.session.get(Organisation, context.actor.organisation_id, with_for_update=True)
    if organisation is None or (organisation.valid_to is not None and organisation.valid_to < context.today):
        raise NotFound()
    number = context.session.scalar(
        select(EventSubscription.id).where(
            EventSubscription.organisation_id == organisation.id,
            EventSubscription.zgw.is_not(None),
            EventSubscription.ended_at.is_(None),
        )
    )
    if (number is None) != (version == 0):
        raise VersionConflict(subscriptions.CHANGED)
    held = subscriptions.own(context, number, version) if number is not None else None
    former = settings_of(held) if held is not None else None
    settings = _checked(target, asked, former)
    if former is not None and not asked.secret and _places(settings) != _places(former):
        raise DomainError("Een adres is veranderd. Vul het geheim opnieuw in.", field="secret")
    secret = check_secret(asked.secret) if asked.secret or held is None else None
    is_new = held is None
    if held is None:
        held = EventSubscription(
            public_id=new_public_id(),
            organisation_id=organisation.id,
            url=settings.zaken,
            covers=[Covers.OWN.value],
            sealed_secret=sealer.seal(secret or new_secret(), context.now),
            made_by_id=context.actor.account_id,
            made_at=context.now,
            next_try_at=context.now,
        )
        context.session.add(held)
    elif secret is not None:
        held.sealed_secret = sealer.seal(secret, context.now)
    held.zgw, held.url = settings.kept(), settings.zaken
    held.switched_off_at = held.failing_since = held.allowed_at = None
    held.failures, held.next_try_at = 0, context.now
    context.session.flush()
    _queue_all(context, held)
    subscriptions.note(context, AccountEvent.SUBSCRIPTION_MADE if is_new else AccountEvent.SUBSCRIPTION_RENEWED, held)
    text = subscription_texts.mirror_set(host=subscriptions.host_of(held.url), organisation=organisation.name)
    messages.queue_to_administrators(context, organisation.id, MailKind.SUBSCRIPTION_MADE, text)
    return held


def try_connection(context: Context, subscription_id: int) -> None:
    """Let the worker ask at once whether the case system lets us in, and which types it has; cases go on after that.

    Raises:
        NotFound: it is no mirror of the own organisation.
        DomainError: it is switched off.
    """
    subscriptions.ask_now(context, _own(context, subscription_id))


def begin_again(context: Context, subscription_id: int) -> None:
    """Bring every case of the organisation up to date there at once, also those that were refused. What is there stays.

    Raises:
        NotFound, DomainError: as for ``try_connection``.
    """
    subscription = _own(context, subscription_id)
    _queue_all(context, subscription)
    subscriptions.try_now(context, subscription)


def tell_parked(context: Context, subscription: EventSubscription) -> None:
    """Tell who manages the organisation that a case was not taken over, once a day."""
    _tell_managers(context, subscription, subscription_texts.mirror_parked, context.today.isoformat())


def tell_without_content(context: Context, subscription: EventSubscription) -> None:
    """Tell who manages the organisation, once, that large files go there without their content."""
    _tell_managers(context, subscription, subscription_texts.mirror_without_content, "zonder-inhoud")


def _tell_managers(context: Context, subscription: EventSubscription, text: Callable[..., MailText], once: str) -> None:
    organisation = context.session.get_one(Organisation, subscription.organisation_id)
    told = text(
        host=subscriptions.host_of(subscription.url),
        organisation=organisation.name,
        url=context.links.to(subscriptions.page_of(subscription.id)),
    )
    messages.queue_to_administrators(
        context, organisation.id, MailKind.MIRROR_PARKED, told, once=f"{subscription.id}:{once}"
    )


def connection(context: Context, sealer: Sealer, subscription: EventSubscription) -> Connection | None:
    """With whom to speak; None when no key opens the secret."""
    secret = sealer.open(subscription.sealed_secret)
    return Connection(settings_of(subscription), secret, context.now) if secret is not None else None


def dossier(context: Context, files: FileStore, case_id: int) -> Dossier:
    """The case as it is to be there: what its organisation reads on its own page, and no name of a person of ours."""
    session = context.session
    case = session.get_one(Case, case_id, populate_existing=True)
    organisation = session.get_one(Organisation, case.organisation_id)
    ministry = session.scalar(
        select(Organisation.name)
        .join(Account, Account.organisation_id == Organisation.id)
        .where(Account.id == case.handler_id)
    )
    page = context.links.to(f"/onze-zaken/{case.reference}")
    return Dossier(
        reference=case.reference,
        title=case.title,
        filed_on=case.filed_on,
        page=page,
        organisation=organisation.name,
        ministry=ministry,
        outcome="\n\n".join(filter(None, (case.result_reason, case.next_step))),
        steps=_steps(session, case),
        documents=[
            *(_file(each, case, organisation, page, files) for each in attachments.of_case(session, case.id)),
            *_letters(session, case, organisation, page),
        ],
    )


def last_event(session: Session, event: OutboxEvent) -> int:
    """The last event of the same case that there is by now: a mirrored case answers all up to it."""
    same = (OutboxEvent.subscription_id == event.subscription_id, OutboxEvent.topic == event.topic)
    return session.scalar(select(func.max(OutboxEvent.id)).where(*same)) or event.id


def mark_all(context: Context, event: OutboxEvent, last: int) -> None:
    """The case is up to date there: so is every event about it until then, also one that was given up."""
    context.session.execute(
        update(OutboxEvent)
        .where(
            OutboxEvent.subscription_id == event.subscription_id,
            OutboxEvent.topic == event.topic,
            OutboxEvent.id <= last,
            OutboxEvent.sent_at.is_(None),
        )
        .values(sent_at=context.now, gave_up_at=None),
        execution_options={"synchronize_session": False},
    )
    context.session.expire(event)


def _own(context: Context, subscription_id: int) -> EventSubscription:
    subscription = subscriptions.own(context, subscription_id)
    if subscription.zgw is None:
        raise NotFound()
    if subscription.switched_off_at is not None:
        raise DomainError("Het doorgeven staat uit. Zet het eerst weer aan.")
    return subscription


def _places(settings: Settings) -> list[tuple[str, str]]:
    """The servers that the token goes to."""
    parts = [urlsplit(getattr(settings, name)) for name in APIS]
    return [(each.scheme, each.netloc) for each in parts]


def _checked(target: Target, asked: Asked, held: Settings | None) -> Settings:
    addresses = {}
    for name in APIS:
        try:
            address = target.checked(asked.addresses[name])
        except DomainError as error:
            raise DomainError(error.message, field=name) from None
        if "?" in address:
            raise DomainError("Laat het vraagteken en wat erachter staat weg.", field=name)
        addresses[name] = address.rstrip("/")
    offered = held.offered if held is not None else {}
    return Settings(
        **addresses,
        client_id=asked.client_id.strip(),
        rsin=check_rsin(asked.rsin),
        zaaktype=asked.zaaktype.strip(),
        chosen={key: asked.chosen[key] for key in keys() if asked.chosen.get(key) in offered.get(kind_of(key), ())},
        offered=offered,
    )


def _queue_all(context: Context, subscription: EventSubscription) -> None:
    """Write an event for every case of which none waits; what waits for a later try goes at once."""
    waits = (OutboxEvent.sent_at.is_(None), OutboxEvent.gave_up_at.is_(None))
    context.session.execute(
        update(OutboxEvent)
        .where(OutboxEvent.subscription_id == subscription.id, *waits)
        .values(attempts=0, next_try_at=context.now),
        execution_options={"synchronize_session": False},
    )
    now, topic = literal(context.now), func.concat(f"{OWN_NOUN}:", Case.id)
    every = select(
        literal(subscription.id),
        Case.id,
        cast(func.gen_random_uuid(), SqlText),
        literal(KIND),
        Case.reference,
        topic,
        func.jsonb_build_object("zaak", Case.reference),
        now,
        now,
        literal(0),
    ).where(
        Case.organisation_id == subscription.organisation_id,
        Case.archived_on.is_(None),
        Case.status != CaseStatus.DRAFT,
        ~exists().where(OutboxEvent.subscription_id == subscription.id, OutboxEvent.topic == topic, *waits),
    )
    columns = [
        "subscription_id", "case_id", "event_id", "kind", "subject", "topic", "data", "created_at", "next_try_at",
        "attempts",
    ]  # fmt: skip
    context.session.execute(insert(OutboxEvent).from_select(columns, every.order_by(Case.id)))


def _steps(session: Session, case: Case) -> list[Step]:
    """The statuses that the case got, at the instants of the chain; what happened on another day than it was written
    down counts for that day."""
    acts = session.execute(
        select(Event.status, Event.recorded_at, Event.happened_on, Event.result)
        .where(Event.case_id == case.id, Event.status.in_((*ON_THE_WAY, *ENDS)))
        .order_by(Event.number)
    )
    steps: list[Step] = []
    for status, recorded_at, happened_on, result in acts:
        if status is None:  # for the types: the statement says so
            continue
        if steps and steps[-1].status is status:
            if status in ENDS:  # the last word on how it ended
                is_corrected = steps[-1].is_corrected or steps[-1].result is not result
                steps[-1] = replace(steps[-1], result=result, is_corrected=is_corrected)
            continue
        at = recorded_at
        if nl_day(recorded_at) != happened_on:
            at = datetime.combine(happened_on, time(12), tzinfo=AMSTERDAM)
        at = at.replace(microsecond=at.microsecond // 1000 * 1000)
        steps.append(Step(status, max(at, steps[-1].at + _ONE) if steps else at, result))
    return steps or [Step(case.status, case.filed_at, case.result)]


def _file(each: Attachment, case: Case, organisation: Organisation, page: str, files: FileStore) -> Document:
    def opened() -> IO[bytes] | None:
        try:
            return files.open(each.stored_name)
        except FileNotFoundError:
            return None

    return Document(
        key=f"{case.reference}-B{each.id}",
        title=each.shown_name,
        made_on=nl_day(each.created_at),
        author=organisation.name,
        file_name=each.shown_name,
        media_type=each.media_type,
        page=f"{page}/bijlagen/{each.id}",
        size=each.size,
        open=opened,
    )


def _letters(session: Session, case: Case, organisation: Organisation, page: str) -> list[Document]:
    """What desk and organisation wrote to one another, each as a PDF."""
    written = []
    for said in session.scalars(select(Message).where(Message.case_id == case.id).order_by(Message.id)):
        author = DESK if said.from_desk else organisation.name
        parts = (said.body, f"Waarom: {said.why}" if said.why else "")
        key = f"{case.reference}-M{said.id}"
        written.append(_letter(key, _TITLES[said.kind], parts, said.written_at, author, organisation, page))
    sent = select(Proposal).where(
        Proposal.case_id == case.id, Proposal.status.in_(_SENT), Proposal.sent_on.is_not(None)
    )
    for each in session.scalars(sent.order_by(Proposal.id)):
        if each.sent_on is None:  # for the types: the statement says so
            continue
        body = (
            each.text,
            f"Juridische basis ({date_in_words(each.legal_date)}): {each.legal_basis}",
            f"Voorwaarden: {each.conditions}" if each.conditions else "",
            f"Wie iets doet: {each.who_acts}, uiterlijk {date_in_words(each.act_by)}",
        )
        at = datetime.combine(each.sent_on, time(12), tzinfo=AMSTERDAM)
        written.append(_letter(f"{case.reference}-V{each.id}", "Voorstel", body, at, DESK, organisation, page))
    return written


def _letter(
    key: str, title: str, parts: tuple[str, ...], at: datetime, author: str, organisation: Organisation, page: str
) -> Document:
    day = nl_day(at)
    body, name = "\n\n".join(filter(None, parts)), organisation.name
    return Document(
        key=key,
        title=f"{title}, {day.day:02}-{day.month:02}-{day.year}",
        made_on=day,
        author=author,
        file_name=f"{key}.pdf",
        media_type=PDF,
        page=page,
        size=0,
        open=lambda: io.BytesIO(letter_pdf(title, body, address=[name], day=day, made_at=at)),
    )
