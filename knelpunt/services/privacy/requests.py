"""Requests of people about their own data (AVG art. 12, 15 and 17): taken in, looked after, decided, answered.

A person decides; the calendar only reminds. What was found of somebody stands in ``PrivacyPlace`` until then.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, delete, func, insert, select
from sqlalchemy.orm.attributes import flag_modified

from knelpunt.adapters.uploads.store import FileStore
from knelpunt.domain.accounts import subject_of as subject_of_account
from knelpunt.domain.calendar.working_days import add_months
from knelpunt.domain.errors import DomainError, NotFound, VersionConflict
from knelpunt.domain.languages import prefix_of
from knelpunt.domain.links import Links, new_nonce, new_public_id
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import ROLE_PERMISSIONS, Permission
from knelpunt.domain.privacy.requests import (
    DETAILS_KEPT,
    OPEN_REQUESTS,
    PROOF_KEPT_YEARS,
    WARNED_BEFORE,
    Done,
    Ground,
    Person,
    PlaceDecision,
    PrivacyEvent,
    Proof,
    RequestChannel,
    RequestKind,
    RequestStatus,
    due_on,
    subject_of,
)
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import Account, Case, Contact, PrivacyPlace, PrivacyRequest
from knelpunt.queries.privacy import places
from knelpunt.queries.privacy.places import Place
from knelpunt.services.cases import attachments
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages
from knelpunt.services.mail.texts import MailText, in_language
from knelpunt.services.privacy import erasing, mail_texts

PURPOSE = "verzoek"
"""What a token is for by which a person reads the answer."""
MOST_PLACES = 2000
ALREADY_ASKED = Text("U hebt dit al gevraagd. Wij zijn er nog mee bezig.")
NO_LINK = Text("Deze link werkt niet meer. Vraag het loket ernaar.")
TOO_COMMON = "Deze naam komt te vaak voor. Vul de naam aan, of zoek met een e-mailadres."


@dataclass(frozen=True, slots=True)
class Details:
    """Who asks, as the person or the desk wrote it down."""

    name: str = ""
    spellings: tuple[str, ...] = ()
    email: str = ""
    phone: str = ""
    postal_address: str = ""


def ask_about_case(context: Context, reference: str, kind: RequestKind, words: str) -> PrivacyRequest:
    """The submitter asks, by the follow link of a case or from an account.

    Raises:
        DomainError: the same was asked already and waits.
    """
    case = open_case(context, reference, Permission.WITHDRAW_CASE)
    contact = context.session.get(Contact, case.id)
    known = Details()
    if contact is not None:
        known = Details(contact.name or "", (), contact.email or "", contact.phone or "", contact.postal_address or "")
    account_id = context.actor.account_id
    if account_id is not None:
        return ask_about_account(context, kind, words)
    return _take_in(context, kind, RequestChannel.PAGE, known, words, case_id=case.id)


def ask_about_account(context: Context, kind: RequestKind, words: str) -> PrivacyRequest:
    """Somebody with an account asks about the own data."""
    account = context.session.get_one(Account, context.actor.account_id)
    known = Details(account.name, (), account.email)
    return _take_in(context, kind, RequestChannel.PAGE, known, words, account_id=account.id)


def write_down(
    context: Context,
    kind: RequestKind,
    channel: RequestChannel,
    details: Details,
    words: str,
    received_on: date,
    reference: str = "",
) -> PrivacyRequest:
    """The desk writes down what came by letter, telephone or mail; the term runs from the day on which it came.

    Raises:
        DomainError: there is nothing to look for, the day lies ahead, or there is no such case.
    """
    context.actor.require(Permission.MANAGE_PRIVACY)
    if received_on > context.today:
        raise DomainError("Kies een dag die niet na vandaag ligt.", field="received_on")
    if not (details.name or details.email or details.phone or details.postal_address):
        raise DomainError("Vul een naam, e-mailadres, telefoonnummer of adres in.", field="name")
    case_id = open_case(context, reference, Permission.HANDLE_CASE, even_archived=True).id if reference else None
    return _take_in(
        context,
        kind,
        channel,
        details,
        words,
        case_id=case_id,
        account_id=places.account_of(context.session, details.email),
        received_on=received_on,
        written_by_id=context.actor.account_id,
    )


def _take_in(
    context: Context,
    kind: RequestKind,
    channel: RequestChannel,
    details: Details,
    words: str,
    *,
    case_id: int | None = None,
    account_id: int | None = None,
    received_on: date | None = None,
    written_by_id: int | None = None,
) -> PrivacyRequest:
    session = context.session
    if channel is RequestChannel.PAGE:
        mine = PrivacyRequest.case_id == case_id if case_id is not None else PrivacyRequest.account_id == account_id
        waiting = select(PrivacyRequest.id).where(
            mine, PrivacyRequest.kind == kind, PrivacyRequest.status.in_(OPEN_REQUESTS)
        )
        if session.scalar(waiting.limit(1)) is not None:
            raise DomainError(ALREADY_ASKED)
    email = messages.checked_address(details.email) if details.email.strip() else None
    day = received_on or context.today
    request = PrivacyRequest(
        kind=kind,
        channel=channel,
        status=RequestStatus.RECEIVED,
        case_id=case_id,
        account_id=account_id,
        name=details.name.strip() or None,
        spellings=[each.strip() for each in details.spellings if each.strip()],
        email=email,
        phone=details.phone.strip() or None,
        postal_address=details.postal_address.strip() or None,
        words=words.strip() or None,
        language=context.language,
        public_id=new_public_id(),
        nonce=new_nonce(),
        received_on=day,
        due_on=due_on(day),
        written_by_id=written_by_id,
    )
    session.add(request)
    session.flush()
    events.record(
        context,
        PrivacyEvent.ASKED,
        subject=subject_of(request.id),
        data={"soort": kind.value, "uiterlijk": request.due_on.isoformat()},
    )
    url = page_of(context, request)
    _mail(context, request, MailKind.PRIVACY_RECEIVED, mail_texts.received(kind=kind, due_on=request.due_on, url=url))
    return request


def opened(context: Context, request_id: int, version: int | None = None) -> PrivacyRequest:
    """A request for who decides about it, locked.

    Raises:
        NotFound: there is none.
        VersionConflict: a colleague changed it since.
    """
    context.actor.require(Permission.MANAGE_PRIVACY)
    request = context.session.get(PrivacyRequest, request_id, with_for_update=True, populate_existing=True)
    if request is None:
        raise NotFound()
    if version is not None and request.version != version:
        raise VersionConflict("Een collega heeft dit verzoek intussen gewijzigd.")
    return request


def _still_open(context: Context, request_id: int, version: int | None) -> PrivacyRequest:
    request = opened(context, request_id, version)
    if request.status not in OPEN_REQUESTS:
        raise DomainError("Dit verzoek is al afgehandeld.")
    return request


def check_identity(context: Context, request_id: int, version: int, how: str, details: Details) -> None:
    """Somebody made sure who asks (AVG art. 12 lid 6), and wrote down by what; and what to look for."""
    request = _still_open(context, request_id, version)
    if not how.strip():
        raise DomainError("Schrijf op hoe u dit hebt nagegaan.", field="identity_how")
    request.identity_how = how.strip()
    request.name = details.name.strip() or None
    request.spellings = [each.strip() for each in details.spellings if each.strip()]
    request.email = messages.checked_address(details.email) if details.email.strip() else None
    request.phone = details.phone.strip() or None
    request.postal_address = details.postal_address.strip() or None
    if person_of(request).is_empty and request.case_id is None and request.account_id is None:
        raise DomainError("Vul een naam, e-mailadres, telefoonnummer of adres in.", field="name")
    request.account_id = request.account_id or places.account_of(context.session, request.email)
    request.status, request.searched_at = RequestStatus.CHECKED, None
    request.checked_by_id, request.checked_at = context.actor.account_id, context.now
    context.session.execute(delete(PrivacyPlace).where(PrivacyPlace.request_id == request.id))
    events.record(context, PrivacyEvent.CHECKED, subject=subject_of(request.id))


def extend(context: Context, request_id: int, version: int, reason: str) -> None:
    """Two months more, told with the reason within the first month (AVG art. 12 lid 3); once, and in time."""
    request = _still_open(context, request_id, version)
    if request.extended_reason is not None:
        raise DomainError("De termijn is al een keer verlengd. Dat kan niet nog eens.")
    if context.today > request.due_on:
        raise DomainError("De termijn is al voorbij. Verlengen kan dan niet meer.")
    if not reason.strip():
        raise DomainError("Schrijf op waarom er meer tijd nodig is.", field="reason")
    request.extended_reason = reason.strip()
    request.due_on = due_on(request.received_on, is_extended=True)
    events.record(
        context, PrivacyEvent.EXTENDED, subject=subject_of(request.id), data={"uiterlijk": request.due_on.isoformat()}
    )
    text = mail_texts.extended(due_on=request.due_on, url=page_of(context, request))
    _mail(context, request, MailKind.PRIVACY_EXTENDED, text)


def refuse(context: Context, request_id: int, version: int, answer: str) -> None:
    """Turn a request down, in words for the person: it cannot be made sure who asks, or it asks beyond measure."""
    request = _still_open(context, request_id, version)
    if not answer.strip():
        raise DomainError("Schrijf op waarom u dit afwijst. De vrager leest het.", field="answer")
    _decide(context, request, RequestStatus.REFUSED, answer, Proof())
    events.record(context, PrivacyEvent.REFUSED, subject=subject_of(request.id))


def person_of(request: PrivacyRequest) -> Person:
    """Who is looked for on a request."""
    return Person(
        request.name or "",
        tuple(request.spellings),
        (request.email,) if request.email else (),
        (request.phone,) if request.phone else (),
        (request.postal_address,) if request.postal_address else (),
    )


def search(context: Context, files: FileStore, request_id: int, version: int) -> int:
    """Look for the person everywhere; what was decided about the same words before stays decided. The number of places.

    Raises:
        DomainError: nobody made sure who asks, or the name is too common to look for.
    """
    request = _still_open(context, request_id, version)
    if request.status is not RequestStatus.CHECKED:
        raise DomainError("Ga eerst na wie dit vraagt.")
    session = context.session
    found = _found(context, files, request, and_around=True)
    before = {
        (each.table_name, each.column_name, tuple(each.row_key), each.words_hash): (each.decision, each.ground)
        for each in session.scalars(select(PrivacyPlace).where(PrivacyPlace.request_id == request.id))
    }
    session.execute(delete(PrivacyPlace).where(PrivacyPlace.request_id == request.id))
    rows = []
    for place in found:
        proposed = erasing.proposed(place.table, place.column)
        decision, ground = before.get((place.table, place.column, place.row_key, place.words_hash), (proposed, None))
        fixed = erasing.fixed_ground(place.table, place.column)
        if fixed is not None:
            decision, ground = PlaceDecision.LET_STAND, fixed
        rows.append(
            {
                "request_id": request.id,
                "table_name": place.table,
                "column_name": place.column,
                "row_key": list(place.row_key),
                "path": list(place.path),
                "case_id": place.case_id,
                "kind": place.kind,
                "start": place.start,
                "end": place.end,
                "words_hash": place.words_hash,
                "decision": decision,
                "ground": ground,
            }
        )
    if rows:
        session.execute(insert(PrivacyPlace), rows)
    request.searched_at = context.now
    events.record(context, PrivacyEvent.SEARCHED, subject=subject_of(request.id), data={"plaatsen": len(rows)})
    return len(rows)


def _found(context: Context, files: FileStore, request: PrivacyRequest, *, and_around: bool = False) -> list[Place]:
    session, person = context.session, person_of(request)
    own = places.own_cases(session, request)
    try:
        found = list(places.find_places(session, person, own, and_around=and_around))
    except places.TooCommon:
        raise DomainError(TOO_COMMON) from None
    if len(found) > MOST_PLACES:
        raise DomainError(TOO_COMMON)
    cases = own | {each.case_id for each in found if each.case_id is not None}
    for attachment in places.files_of(session, cases, places.drafts_of(session, request)):
        known = person.wide if attachment.case_id in own else person.narrow
        with attachments.open_file(files, attachment) as stream:
            place = places.in_file(attachment, stream.read(), known)
        if place is not None:
            found.append(place)
    return found


def decide_places(
    context: Context,
    request_id: int,
    version: int,
    chosen: Iterable[tuple[int, PlaceDecision, Ground | None]],
) -> None:
    """A person decides about places, one by one.

    Raises:
        DomainError: something stays without a ground, or can only stay.
    """
    request = _still_open(context, request_id, version)
    wanted = {place_id: (decision, ground) for place_id, decision, ground in chosen}
    mine = select(PrivacyPlace).where(PrivacyPlace.request_id == request.id, PrivacyPlace.id.in_(sorted(wanted)))
    for place in context.session.scalars(mine).all():
        decision, ground = wanted[place.id]
        if erasing.fixed_ground(place.table_name, place.column_name) is not None:
            continue
        if decision is PlaceDecision.LET_STAND and ground is None:
            raise DomainError("Kies waarom dit mag blijven staan.", field="decision")
        place.decision = decision
        place.ground = ground if decision is PlaceDecision.LET_STAND else None
    _touch(request)


def carry_out(context: Context, files: FileStore, request_id: int, version: int, answer: str) -> Proof:
    """Take away all that was decided to go, look again whether anything is left, and keep the proof.

    For a request for access nothing goes; the proof says what was found.

    Raises:
        DomainError: nobody looked yet, a place is undecided, or something new was found.
    """
    request = _still_open(context, request_id, version)
    if request.searched_at is None or request.status is not RequestStatus.CHECKED:
        raise DomainError("Zoek eerst waar deze persoon voorkomt.")
    session = context.session
    session.flush()
    found = session.scalars(
        select(PrivacyPlace).where(PrivacyPlace.request_id == request.id).order_by(PrivacyPlace.id)
    ).all()
    if request.kind is RequestKind.ERASURE:
        if any(each.decision is PlaceDecision.UNDECIDED for each in found):
            raise DomainError("Besluit eerst over elke plek.")
        proof = erasing.erase(context, files, request, found, places.own_cases(session, request))
        _require_nothing_left(context, files, request, found)
    else:
        proof = Proof(tuple(Done(what, count) for what, count in erasing.counted(found).items()))
    _decide(context, request, RequestStatus.DONE, answer, proof)
    numbers = {"weg": sum(each.places for each in proof.gone), "blijft": sum(each.places for each in proof.stays)}
    events.record(
        context, PrivacyEvent.DONE, subject=subject_of(request.id), data={**numbers, "sha256": request.digest}
    )
    return proof


def _require_nothing_left(
    context: Context, files: FileStore, request: PrivacyRequest, decided: Iterable[PrivacyPlace]
) -> None:
    """What stands there now must be what was let stand. Somebody may have written meanwhile."""
    context.session.flush()
    stays = {
        (each.table_name, each.column_name, tuple(each.row_key), each.words_hash)
        for each in decided
        if each.decision is PlaceDecision.LET_STAND
    }
    for place in _found(context, files, request):
        is_fixed = erasing.fixed_ground(place.table, place.column) is not None
        if not is_fixed and (place.table, place.column, place.row_key, place.words_hash) not in stays:
            raise DomainError("Er staat intussen iets nieuws over deze persoon. Zoek opnieuw.")


def _decide(context: Context, request: PrivacyRequest, status: RequestStatus, answer: str, proof: Proof) -> None:
    """Keep what was decided, tell the person, and forget who that is as soon as the answer can do without."""
    request.status, request.answer = status, answer.strip() or None
    request.proof = [each.as_json for each in proof.lines]
    request.decided_by_id, request.decided_at = context.actor.account_id, context.now
    told = [request.id, request.kind.value, status.value, request.received_on.isoformat(), request.proof]
    request.digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    context.session.execute(delete(PrivacyPlace).where(PrivacyPlace.request_id == request.id))
    text = mail_texts.answered(url=page_of(context, request))
    if _mail(context, request, MailKind.PRIVACY_ANSWERED, text):
        _forget(request)
        request.answered_on = context.today
    context.session.flush()


def mark_answered(context: Context, request_id: int, version: int) -> None:
    """The letter with the answer went out: who asked is not kept any longer."""
    request = opened(context, request_id, version)
    if request.decided_at is None or request.answered_on is not None:
        raise DomainError("Er is geen brief die nog weg moet.")
    request.answered_on = context.today
    _forget(request)


def _forget(request: PrivacyRequest) -> None:
    request.name = request.email = request.phone = request.postal_address = None
    request.words = request.identity_how = None
    request.spellings = []


def _touch(request: PrivacyRequest) -> None:
    """A decision about a place counts as a change of the request, also for who has its page open."""
    flag_modified(request, "searched_at")


# --- the person's page, mails and the calendar


def page_of(context: Context, request: PrivacyRequest) -> str:
    """The secret address at which the person reads how it stands and what was decided."""
    token = context.links.token(PURPOSE, request.public_id, request.nonce)
    return context.links.to(f"{prefix_of(request.language)}/privacy/verzoek/{token}")


def by_token(context: Context, token: str) -> PrivacyRequest:
    """The request that a link is about. Raises NotFound."""
    public_id = Links.public_id_of(token)
    found = select(PrivacyRequest).where(PrivacyRequest.public_id == public_id)
    request = context.session.scalar(found) if public_id else None
    if request is None or not context.links.matches(token, PURPOSE, request.public_id, request.nonce):
        raise NotFound(NO_LINK)
    return request


def _mail(context: Context, request: PrivacyRequest, kind: MailKind, text: MailText) -> bool:
    if request.email is None:
        return False
    written = in_language(text, request.language)
    messages.queue(context, kind, to_address=request.email, subject=written.subject, body=written.body)
    return True


def waiting(context: Context) -> Select[int]:
    """Open requests whose last day is near or over."""
    return (
        select(PrivacyRequest.id)
        .where(PrivacyRequest.decided_at.is_(None), PrivacyRequest.due_on <= context.today + WARNED_BEFORE)
        .order_by(PrivacyRequest.id)
    )


def remind(context: Context, request_id: int) -> None:
    """Tell all who may decide, a week ahead and once more when the last day is over."""
    request = context.session.get_one(PrivacyRequest, request_id, populate_existing=True)
    if request.decided_at is not None:
        return
    is_late = request.due_on < context.today
    url = context.links.to(f"/loket/privacy/{request.id}")
    text = mail_texts.due(number=request.id, due_on=request.due_on, is_late=is_late, url=url)
    roles = [role for role, given in ROLE_PERMISSIONS.items() if Permission.MANAGE_PRIVACY in given]
    accounts = select(Account.id, Account.email).where(Account.is_active, Account.role.in_(roles)).order_by(Account.id)
    for account_id, email in context.session.execute(accounts).all():
        if messages.is_address(email):
            messages.queue(
                context,
                MailKind.PRIVACY_DUE,
                to_address=email,
                subject=text.subject,
                body=text.body,
                account_id=account_id,
                once_key=f"privacy:{request.id}:{request.due_on.isoformat()}:{is_late}:{account_id}",
            )


def to_forget(context: Context) -> Select[int]:
    """Requests of which name and addresses, or all that is left, go now."""
    old = context.now - DETAILS_KEPT
    gone = add_months(context.today, -12 * PROOF_KEPT_YEARS)
    return (
        select(PrivacyRequest.id)
        .where(
            ((PrivacyRequest.decided_at < old) & PrivacyRequest.answered_on.is_(None))
            | (func.date(PrivacyRequest.decided_at) < gone)
        )
        .order_by(PrivacyRequest.id)
    )


def forget(context: Context, request_id: int) -> None:
    """Empty who asked when the letter never went, and remove the proof five years after the decision."""
    request = context.session.get_one(PrivacyRequest, request_id, populate_existing=True, with_for_update=True)
    if request.decided_at is None:
        return
    if request.decided_at.date() < add_months(context.today, -12 * PROOF_KEPT_YEARS):
        context.session.execute(delete(PrivacyRequest).where(PrivacyRequest.id == request.id))
    elif request.decided_at < context.now - DETAILS_KEPT:
        _forget(request)
        request.answered_on = context.today
    context.session.flush()


def note_own_export(context: Context) -> None:
    """Somebody with an account takes the own data out."""
    account_id = context.actor.account_id
    if account_id is None:
        raise NotFound()
    events.record(context, PrivacyEvent.EXPORTED, subject=subject_of_account(account_id))


def note_case_export(context: Context, reference: str) -> Case:
    """The submitter without an account takes the data of the own case out, by the follow link."""
    case = open_case(context, reference, Permission.WITHDRAW_CASE)
    events.record(context, EventKind.DATA_EXPORTED, case=case)
    return case


def note_export(context: Context, request_id: int, version: int | None = None) -> PrivacyRequest:
    """Somebody at the desk takes the data of a person out, to give them to that person (AVG art. 15 lid 3)."""
    request = opened(context, request_id, version)
    if request.status is RequestStatus.RECEIVED:
        raise DomainError("Ga eerst na wie dit vraagt.")
    events.record(context, PrivacyEvent.EXPORTED, subject=subject_of(request.id))
    return request
