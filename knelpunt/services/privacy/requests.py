"""Requests of people about their own data (AVG art. 12, 15 and 17): taken in, looked after, decided, answered.

A person decides; the calendar only reminds. What was found of somebody stands in ``PrivacyPlace`` until then.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from io import TextIOWrapper
from itertools import islice

from sqlalchemy import Select, delete, insert, select
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import flag_modified

from knelpunt.adapters.uploads import office_text
from knelpunt.adapters.uploads.store import FileStore
from knelpunt.domain.accounts import subject_of as subject_of_account
from knelpunt.domain.errors import DomainError, NotFound, VersionConflict
from knelpunt.domain.links import new_nonce, new_public_id
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.privacy.requests import (
    CHOICES,
    CHOSEN_GROUNDS,
    OPEN_REQUESTS,
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
from knelpunt.domain.redaction.finds import Known
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import EventKind
from knelpunt.models import Account, Case, Contact, PrivacyPlace, PrivacyRequest
from knelpunt.queries.privacy import places
from knelpunt.queries.privacy import requests as queries
from knelpunt.queries.privacy.places import Place
from knelpunt.services.cases import attachments
from knelpunt.services.cases.workflow import open_case
from knelpunt.services.core import bounds, events, stored_files
from knelpunt.services.core.bounds import Bound
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages
from knelpunt.services.privacy import answers, erasing, mail_texts

MOST_PLACES = 2000
ALREADY_ASKED = Text("U hebt dit al gevraagd. Wij zijn er nog mee bezig.")
MOST_FILES = 500
MOST_BYTES = 200_000_000
"""So much of files is read at most while somebody waits."""
MOST_A_DAY = 10
TOO_OFTEN = Text("U haalde dit vandaag al vaak op. Dat kan morgen weer.")
TOO_MANY_FILES = "In deze zaken zitten te veel bestanden. Vul de naam aan, of zoek met een e-mailadres."


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
    url = answers.page_of(context, request)
    text = mail_texts.received(kind=kind, due_on=request.due_on, url=url)
    answers.send(context, request, MailKind.PRIVACY_RECEIVED, text)
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
    request.account_id = _account_of(context, request)
    if person_of(request).is_empty and request.case_id is None and request.account_id is None:
        raise DomainError("Vul een naam, e-mailadres, telefoonnummer of adres in.", field="name")
    request.status, request.searched_at = RequestStatus.CHECKED, None
    request.checked_by_id, request.checked_at = context.actor.account_id, context.now
    context.session.execute(delete(PrivacyPlace).where(PrivacyPlace.request_id == request.id))
    events.record(context, PrivacyEvent.CHECKED, subject=subject_of(request.id))


def _account_of(context: Context, request: PrivacyRequest) -> int | None:
    """The account of who asks: the one that asked, or that with the address as it is now. By the follow link of a case
    the address must be the one that was confirmed there: whoever filed it may have typed somebody else's."""
    if request.channel is RequestChannel.PAGE:
        if request.case_id is None:
            return request.account_id
        contact = context.session.get(Contact, request.case_id)
        if contact is None or contact.verified_at is None or not contact.email or not request.email:
            return None
        if contact.email.lower() != request.email.lower():
            return None
    return places.account_of(context.session, request.email)


def extend(context: Context, request_id: int, version: int, reason: str) -> bool:
    """Two months more, told with the reason within the first month (AVG art. 12 lid 3); once, and in time. Whether a
    mail tells it: else somebody sends a letter."""
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
    text = mail_texts.extended(due_on=request.due_on, url=answers.page_of(context, request))
    return answers.send(context, request, MailKind.PRIVACY_EXTENDED, text)


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
    own = places.own_cases(session, request)
    found = _found(context, files, request, own, and_around=True)
    own_rows = places.own_rows(session, request, own, found, erasing.HAVE_OWNER)
    before = _decided_before(session.scalars(_places_of(request)).all(), found)
    session.execute(delete(PrivacyPlace).where(PrivacyPlace.request_id == request.id))
    rows = []
    for place in found:
        is_own = (place.table, place.row_key) in own_rows
        proposed = erasing.proposed(request.kind, place.table, place.column, is_own=is_own)
        decision, ground = before[_words_of(place)].pop(0) if before.get(_words_of(place)) else (proposed, None)
        fixed = erasing.fixed_ground(request.kind, place.table, place.column)
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
                "is_own": is_own,
                "decision": decision,
                "ground": ground,
            }
        )
    if rows:
        session.execute(insert(PrivacyPlace), rows)
    request.searched_at, request.exported_at = context.now, None
    events.record(context, PrivacyEvent.SEARCHED, subject=subject_of(request.id), data={"plaatsen": len(rows)})
    return len(rows)


def _places_of(request: PrivacyRequest) -> Select[PrivacyPlace]:
    return select(PrivacyPlace).where(PrivacyPlace.request_id == request.id).order_by(PrivacyPlace.id)


def _words_of(place: Place | PrivacyPlace) -> tuple[object, ...]:
    """What tells a find from others, whatever was written before it in the same text since."""
    if isinstance(place, Place):
        return place.table, place.column, place.row_key, place.path, place.words_hash
    return place.table_name, place.column_name, tuple(place.row_key), tuple(place.path), place.words_hash


def _decided_before(
    decided: Iterable[PrivacyPlace], found: Iterable[Place]
) -> dict[tuple[object, ...], list[tuple[PlaceDecision, Ground | None]]]:
    """What was decided, in the order of the text. Where the same words stand more or less often in a text than then,
    nobody knows which is which: these are decided about anew."""
    before: dict[tuple[object, ...], list[tuple[PlaceDecision, Ground | None]]] = {}
    for each in sorted(decided, key=lambda each: each.start):
        before.setdefault(_words_of(each), []).append((each.decision, each.ground))
    now = Counter(map(_words_of, found))
    return {words: decisions for words, decisions in before.items() if len(decisions) == now[words]}


def _found(
    context: Context, files: FileStore, request: PrivacyRequest, own: frozenset[int], *, and_around: bool = False
) -> list[Place]:
    """Every place; a file that the computer cannot read is one for a person, and its bytes stay where they are."""
    session, person = context.session, person_of(request)
    found = list(islice(places.find_places(session, person, own, and_around=and_around), MOST_PLACES + 1))
    if len(found) > MOST_PLACES:
        raise places.TooCommon
    cases = own | {each.case_id for each in found if each.case_id is not None}
    kept = places.files_of(session, cases, places.drafts_of(session, request))
    readable = [each for each in kept if office_text.is_readable(each.media_type)]
    if len(kept) > MOST_FILES or sum(each.size for each in readable) > MOST_BYTES:
        raise DomainError(TOO_MANY_FILES)
    for attachment in kept:
        known, text = person.wide if attachment.case_id in own else person.narrow, None
        if attachment in readable:
            with attachments.open_file(files, attachment) as file:
                text = office_text.text_in(file, attachment.media_type)
        place = places.in_file(attachment, text, known)
        if place is not None:
            found.append(place)
    if request.kind is RequestKind.ERASURE:
        found.extend(_in_import_files(session, files, person.narrow))
    return found


def _in_import_files(session: Session, files: FileStore, known: Known) -> Iterator[Place]:
    """Files with cases that somebody brings in: they are kept for thirty days, with whatever stands in them."""
    for run in places.import_files(session):
        with suppress(FileNotFoundError), stored_files.open_file(files, run.stored_name or "") as file:
            lines = TextIOWrapper(file, run.encoding, "replace")
            place = places.in_lines(run, lines if run.is_csv else map(_as_written, lines), known)
            if place is not None:
                yield place


def _as_written(line: str) -> str:
    """A line of JSON with its letters as they are, where a program wrote them as numbers."""
    with suppress(ValueError, RecursionError):
        return json.dumps(json.loads(line), ensure_ascii=False)
    return line


def decide_places(
    context: Context,
    request_id: int,
    version: int,
    chosen: Iterable[tuple[int, PlaceDecision, Ground | None]],
) -> None:
    """A person decides about places, one by one.

    Raises:
        DomainError: something stays without a ground, or is not a choice for this kind of request.
    """
    request = _still_open(context, request_id, version)
    wanted = {place_id: (decision, ground) for place_id, decision, ground in chosen}
    mine = select(PrivacyPlace).where(PrivacyPlace.request_id == request.id, PrivacyPlace.id.in_(sorted(wanted)))
    for place in context.session.scalars(mine).all():
        decision, ground = wanted[place.id]
        if erasing.fixed_ground(request.kind, place.table_name, place.column_name) is not None:
            continue
        if decision is PlaceDecision.LET_STAND and ground not in CHOSEN_GROUNDS[request.kind]:
            raise DomainError("Kies waarom dit mag blijven staan.", field="decision")
        if decision not in (PlaceDecision.UNDECIDED, PlaceDecision.LET_STAND, CHOICES[request.kind]):
            raise DomainError("Dit past niet bij wat er is gevraagd.", field="decision")
        if decision is PlaceDecision.TAKE_AWAY and erasing.stays(place):
            raise DomainError(erasing.ACCOUNT_OF_OTHER, field="decision")
        place.decision = decision
        place.ground = ground if decision is PlaceDecision.LET_STAND else None
    request.exported_at = None
    _touch(request)


def carry_out(context: Context, files: FileStore, request_id: int, version: int, answer: str) -> Proof:
    """Take away all that was decided to go, look again whether anything is left, and keep the proof.

    For a request for access nothing goes; the proof says what was found and what stays out of the copy.

    Raises:
        DomainError: nobody looked yet, a place is undecided, something new was found, or no copy was made.
    """
    request = _still_open(context, request_id, version)
    if request.searched_at is None or request.status is not RequestStatus.CHECKED:
        raise DomainError("Zoek eerst waar deze persoon voorkomt.")
    session = context.session
    session.flush()
    found = session.scalars(_places_of(request)).all()
    if any(each.decision is PlaceDecision.UNDECIDED for each in found):
        raise DomainError("Besluit eerst over elke plek.")
    if request.kind is RequestKind.ERASURE:
        own = places.own_cases(session, request)
        is_kept = any(each.ground in CHOSEN_GROUNDS[request.kind] for each in found)
        stays = _staying(_found(context, files, request, own) if is_kept else (), found)
        proof, gone = erasing.erase(context, files, request, found, own), "weg"
        _require_nothing_left(context, files, request, stays, own)
    else:
        if request.exported_at is None:
            raise DomainError("Haal eerst de kopie voor de vrager op.")
        mine = [each for each in found if each.ground is not Ground.OTHER_PERSON]
        proof, gone = erasing.proof_of(mine), "gevonden"
    _decide(context, request, RequestStatus.DONE, answer, proof)
    numbers = {gone: sum(each.places for each in proof.gone), "blijft": sum(each.places for each in proof.stays)}
    events.record(
        context, PrivacyEvent.DONE, subject=subject_of(request.id), data={**numbers, "sha256": request.digest}
    )
    return proof


def _staying(found: Iterable[Place], decided: Iterable[PrivacyPlace]) -> Counter[tuple[object, ...]]:
    """What may be found afterwards: what was let stand, and what lies within it. In own cases more points at the person
    than what is looked for again, and a find there can be longer: "Kerkstraat 12a" where we know of Kerkstraat 12."""
    let_stand = [each for each in decided if each.decision is PlaceDecision.LET_STAND]
    spans: dict[tuple[object, ...], list[PrivacyPlace]] = {}
    for each in let_stand:
        spans.setdefault(_words_of(each)[:-1], []).append(each)
    within = Counter(
        _words_of(place)
        for place in found
        if any(
            place.start == each.start or (place.start < each.end and each.start < place.end)
            for each in spans.get(_words_of(place)[:-1], ())
        )
    )
    return Counter(map(_words_of, let_stand)) | within


def _require_nothing_left(
    context: Context,
    files: FileStore,
    request: PrivacyRequest,
    stays: Counter[tuple[object, ...]],
    own: frozenset[int],
) -> None:
    """What stands there now must be what was let stand, no more often. Somebody may have written meanwhile.

    Args:
        own: the person's own cases as they were before, as nothing may be left by which they are known.
    """
    context.session.flush()
    now = Counter(
        _words_of(place)
        for place in _found(context, files, request, own)
        if erasing.fixed_ground(request.kind, place.table, place.column) is None
    )
    if now - stays:
        raise DomainError("Er staat intussen iets nieuws over deze persoon. Zoek opnieuw.")


def _decide(context: Context, request: PrivacyRequest, status: RequestStatus, answer: str, proof: Proof) -> None:
    """Keep what was decided and tell the person, who is forgotten when that went out."""
    request.status, request.answer = status, answer.strip() or None
    request.proof = [each.as_json for each in proof.lines]
    request.decided_by_id, request.decided_at = context.actor.account_id, context.now
    told = [request.id, request.kind.value, status.value, request.received_on.isoformat(), request.proof]
    request.digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
    if not request.owes_copy:
        context.session.execute(delete(PrivacyPlace).where(PrivacyPlace.request_id == request.id))
    text = mail_texts.answered(url=answers.page_of(context, request))
    answers.send(context, request, MailKind.PRIVACY_ANSWERED, text)
    context.session.flush()


def _touch(request: PrivacyRequest) -> None:
    """A decision about a place counts as a change of the request, also for who has its page open."""
    flag_modified(request, "searched_at")


# --- copies


def note_own_export(context: Context) -> None:
    """Somebody with an account takes the own data out."""
    account_id = context.actor.account_id
    if account_id is None:
        raise NotFound()
    _count_export(context, subject_of_account(account_id))
    events.record(context, PrivacyEvent.EXPORTED, subject=subject_of_account(account_id))


def note_case_export(context: Context, reference: str) -> Case:
    """The submitter without an account takes the data of the own case out, by the follow link."""
    case = open_case(context, reference, Permission.WITHDRAW_CASE)
    _count_export(context, f"case:{case.id}")
    events.record(context, EventKind.DATA_EXPORTED, case=case)
    return case


def _count_export(context: Context, whose: str) -> None:
    """Count one export: each of them reads a good part of the database. Raises TooManyAttempts."""
    bounds.count(context.session, Bound("gegevens-ophalen", whose, MOST_A_DAY, bounds.DAY, TOO_OFTEN), context.now)


def note_export(context: Context, request_id: int, version: int | None = None) -> PrivacyRequest:
    """Somebody at the desk takes the data of a person out, to give them to that person (AVG art. 15 lid 3)."""
    request = opened(context, request_id, version)
    if request.checked_at is None or request.status not in (RequestStatus.CHECKED, RequestStatus.DONE):
        raise DomainError("Ga eerst na wie dit vraagt.")
    if request.forgotten_on is not None:
        raise DomainError("Wie dit vroeg, bewaren wij niet meer.")
    if request.status is RequestStatus.CHECKED and queries.is_changed(context.session, request.id):
        raise DomainError("Een tekst die meegaat, is intussen gewijzigd. Zoek opnieuw.")
    request.exported_at = context.now
    events.record(context, PrivacyEvent.EXPORTED, subject=subject_of(request.id))
    return request
