"""Takes a person away from wherever it was decided (AVG art. 17): whole rows where a row is about one person, the words
alone where they stand in a text. Events, ledgers and sealed quarters are left as they are."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import Select, Table, Text, UniqueConstraint, cast, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from knelpunt.adapters.database.rights import ADD_ONLY, READ_ONLY
from knelpunt.adapters.uploads.store import FileStore
from knelpunt.domain.accounts import subject_of as subject_of_account
from knelpunt.domain.calendar.timezone import quarter_of
from knelpunt.domain.errors import DomainError
from knelpunt.domain.privacy.register import BY_KEY, NOT_PERSONAL, OTHER_TEXTS
from knelpunt.domain.privacy.requests import (
    CHOICES,
    REDACTED,
    Done,
    Ground,
    PlaceDecision,
    PrivacyEvent,
    Proof,
    RequestKind,
    WordsGone,
)
from knelpunt.domain.quarters.track import QuarterStatus
from knelpunt.domain.vocabulary import EventKind, PublicationStatus
from knelpunt.models import (
    Account,
    AccountToken,
    Attachment,
    Base,
    Bottleneck,
    BottleneckNews,
    CalendarAddress,
    Case,
    Contact,
    Event,
    Guide,
    GuideVersion,
    ImportRun,
    IncomingSource,
    Letter,
    LoginSession,
    Notification,
    OutboxMail,
    Passkey,
    PrivacyPlace,
    PrivacyRequest,
    PublicText,
    PublishedCase,
    QuarterSection,
    QuarterText,
    RecoveryCode,
    SavedView,
    SignOnIdentity,
    StartView,
    TeamMember,
    TotpFactor,
)
from knelpunt.queries.core import cases
from knelpunt.queries.privacy import places
from knelpunt.queries.privacy.places import CONTENT, Path
from knelpunt.queries.privacy.register import entry_by_column
from knelpunt.services.cases import attachments, publication
from knelpunt.services.core import events, search_index, stored_files
from knelpunt.services.core.context import Context
from knelpunt.services.core.small_tables import touch
from knelpunt.services.figures import files as quarter_files
from knelpunt.services.guides import editing as guides
from knelpunt.services.submitters.reactions import erase_contact_data

WITHDRAWN_FOR = "Iemand vroeg ons om deze tekst weg te halen."
ACCOUNT_IN_USE = "Dit account is nog in gebruik. Zet het eerst uit, of laat dit staan met een reden."
ACCOUNT_OF_OTHER = "Dit account is van iemand anders. Het kan alleen blijven staan."
EMPTIED_HOST = "weg.invalid"
ACCOUNT_KEPT_AFTER_LAST_ACT = timedelta(days=365)
_SEALED = frozenset({*ADD_ONLY, *READ_ONLY} - {"events"})
_SEALED_COLUMNS = frozenset({("quarter_texts", "frozen")})
EMPTIED: Mapping[str, Mapping[str, Any]] = {
    "co_signatures": {"name": None, "email": None, "public_id": None, "nonce": None},
    "invitations": {"email": None, "name": None},
    "case_participants": {"email": None},
    "ministry_contacts": {"email": None, "name": None},
    "consultation_links": {"email": None},
    "quarter_comment_requests": {"email": None},
    "referrals": {"receiver_name": None, "receiver_email": None},
    "incoming_mails": {"from_address": None},
    "letters": {"body": None},
}
"""Columns that are about one person: in a row of that person all of them are emptied when one holds the person."""
DELETED = frozenset(
    {
        "guide_followers",
        "bottleneck_followers",
        "subscriptions",
        "address_changes",
        "digest_items",
        "drafts",
        "notifications",
    }
)
"""Rows that go as a whole, when they are the person's own."""
WITHOUT_ASKING = frozenset({*DELETED, "contacts", "outbox"})
"""Own rows about which nobody need decide one by one: they are proposed to go, or to go along with a copy."""
HAVE_OWNER = frozenset({*WITHOUT_ASKING, *EMPTIED, "accounts"})
"""Tables of which each row is about one person: in a row of somebody else only the words of this person go."""


class Fate(StrEnum):
    """What becomes of a row of which a place is taken away."""

    STAYS = auto()
    WORDS = auto()
    FILE = auto()
    ACCOUNT = auto()
    ROW = auto()
    COLUMNS = auto()


def fixed_ground(kind: RequestKind, table: str, column: str) -> Ground | None:
    """Why what stands there can only stay; None where it can go, or where nothing goes."""
    if kind is not RequestKind.ERASURE:
        return None
    if table == "events":
        return Ground.CHAIN
    return Ground.SEALED if table in _SEALED or (table, column) in _SEALED_COLUMNS else None


def proposed(kind: RequestKind, table: str, column: str, *, is_own: bool) -> PlaceDecision:
    """What is proposed for a place; in a text, and in what is of somebody else, a person decides."""
    is_sure = is_own and (table in WITHOUT_ASKING or column in EMPTIED.get(table, ()))
    return CHOICES[kind] if is_sure else PlaceDecision.UNDECIDED


def fate(table: str, column: str, *, is_own: bool) -> Fate:
    """What goes when a place is taken away."""
    if table == Account.__tablename__:
        return Fate.ACCOUNT if is_own else Fate.STAYS  # it goes as a whole, whoever else has the same name
    if column == CONTENT:
        return Fate.FILE
    if is_own and table in WITHOUT_ASKING:
        return Fate.ROW
    return Fate.COLUMNS if is_own and column in EMPTIED.get(table, ()) else Fate.WORDS


def stays(place: PrivacyPlace) -> bool:
    """Whether a place cannot be taken away: it stands in the account of somebody else."""
    return fate(place.table_name, place.column_name, is_own=place.is_own) is Fate.STAYS


def what_of(table: str, column: str) -> str:
    """The entry of the register under which a column falls, in words."""
    column = "shown_name" if column == CONTENT else column
    key = entry_by_column().get(f"{table}.{column}", NOT_PERSONAL)
    return str(BY_KEY[key].title if key != NOT_PERSONAL else OTHER_TEXTS)


def erase(
    context: Context,
    files: FileStore,
    request: PrivacyRequest,
    found: Sequence[PrivacyPlace],
    own: Iterable[int],
) -> Proof:
    """Carry out what was decided, in the caller's transaction; files go after the commit. Gives the proof.

    Args:
        found: every place, decided.
        own: the person's own cases, whose contact data go unless it was decided that they stay.
    """
    stays = {
        each.case_id
        for each in found
        if each.table_name == Contact.__tablename__ and each.decision is PlaceDecision.LET_STAND
    }
    emptied = set(own) - stays
    going = [each for each in found if each.decision is PlaceDecision.TAKE_AWAY]
    touched = sorted({each.case_id for each in going if each.case_id is not None} | emptied)
    _hold_import_files(context.session, going)
    locked = {case_id: cases.get_by_id_for_update(context.session, case_id) for case_id in touched}
    _hold_mails(context.session, request, going, touched)
    _withdraw_public_texts(context, going, locked)
    context.session.flush()
    for (table, key), here in _by_row(going).items():
        _take_away(context, files, table, key, here)
    for each in found:
        context.session.expunge(each)  # else each is read once more, by a statement of its own
    context.session.expire_all()
    _forget_mails_to(context, request.email)
    counts = Counter(each.case_id for each in going)
    for case_id in touched:
        _after_case(context, case_id, counts[case_id], is_own=case_id in emptied)
    _find_anew(context.session, going)
    _tell_who_keeps_a_copy(context, going)
    touch(context.session)
    return proof_of(found)


def _hold_import_files(session: Session, going: Iterable[PrivacyPlace]) -> None:
    """Lock the files with cases before any case: who brings one in has it locked, and then the cases and the chain."""
    numbers = sorted({int(each.row_key[0]) for each in going if each.table_name == ImportRun.__tablename__})
    if numbers:
        held = select(ImportRun.id).where(ImportRun.id.in_(numbers)).order_by(ImportRun.id)
        session.execute(held.with_for_update())


def _hold_mails(
    session: Session, request: PrivacyRequest, going: Iterable[PrivacyPlace], touched: Iterable[int]
) -> None:
    """Lock every mail that is emptied, before any contact."""
    numbers = sorted(int(each.row_key[0]) for each in going if each.table_name == OutboxMail.__tablename__)
    theirs = [func.lower(OutboxMail.to_address) == request.email.lower()] if request.email else []
    cases.hold_mails(session, touched, OutboxMail.id.in_(numbers), *theirs)


def proof_of(found: Iterable[PrivacyPlace]) -> Proof:
    """What went and what stayed, by entry of the register and ground: no names, no texts."""
    lines: Counter[tuple[str, Ground | None]] = Counter()
    for each in found:
        lines[what_of(each.table_name, each.column_name), each.ground] += 1
    ordered = sorted(lines.items(), key=lambda line: (line[0][1] is not None, line[0][0], line[0][1] or ""))
    return Proof(tuple(Done(what, count, ground) for (what, ground), count in ordered))


def _by_row(going: Iterable[PrivacyPlace]) -> dict[tuple[str, Path], list[PrivacyPlace]]:
    rows: dict[tuple[str, Path], list[PrivacyPlace]] = {}
    for each in going:
        rows.setdefault((each.table_name, tuple(each.row_key)), []).append(each)
    # Contact data go last: what is sent about a case until then still finds its way, and is forgotten with them.
    return dict(sorted(rows.items(), key=lambda row: row[0][0] == Contact.__tablename__))


def _take_away(context: Context, files: FileStore, name: str, key: Path, here: Sequence[PrivacyPlace]) -> None:
    """What is decided about one row."""
    session, table = context.session, Base.metadata.tables[name]
    is_row, fates = places.is_row(table, key), {fate(name, each.column_name, is_own=each.is_own) for each in here}
    if Fate.STAYS in fates:
        raise DomainError(ACCOUNT_OF_OTHER)
    if Fate.ROW in fates and name in DELETED:
        session.execute(delete(table).where(is_row))
        return
    if name in _BY_HAND and (Fate.ROW in fates or name not in WITHOUT_ASKING):
        _BY_HAND[name](context, files, int(key[0]), here)
        return
    for column in sorted({each.column_name for each in here}):
        words = [each for each in here if each.column_name == column]
        if fate(name, column, is_own=words[0].is_own) is Fate.COLUMNS:
            session.execute(update(table).where(is_row).values(**EMPTIED[name]))
        else:
            _redact(session, table, key, column, words)
    if name == Letter.__tablename__ and Fate.COLUMNS in fates:
        never = is_row & table.c.sent_on.is_(None) & table.c.dropped_at.is_(None)
        session.execute(update(table).where(never).values(dropped_at=context.now))
    if name == "incoming_mails":
        session.execute(delete(IncomingSource).where(IncomingSource.mail_id == int(key[0])))


def _redact(session: Session, table: Table, key: Path, column: str, here: Sequence[PrivacyPlace]) -> None:
    """Put a mark in the place of the words. Where others stand by now nothing is done: who looks again finds what is
    left."""
    value = places.read_value(session, here[0], lock=True)
    for each in sorted(here, key=lambda place: -place.start):
        if places.shown(value, each) is None:
            continue
        mark = f"{REDACTED[:-1]} {key[0]}]" if _is_unique(table, column) else REDACTED
        value = _replaced(value, tuple(each.path), each.start, each.end, mark)
        if column in places.ADDRESS_COLUMNS and table.c[column].nullable:
            value = None  # no address at all, rather than one to which nothing can be sent
    values: dict[str, Any] = {column: value}
    if "version" in table.c:
        values["version"] = table.c.version + 1
    session.execute(update(table).where(places.is_row(table, key)).values(**values))


def _replaced(value: Any, path: Path, start: int, end: int, mark: str) -> Any:
    """The value with one part of one of its texts replaced."""
    if not path:
        return value[:start] + mark + value[end:]
    if isinstance(value, Mapping):
        return {
            name: _replaced(each, path[1:], start, end, mark) if name == path[0] else each
            for name, each in value.items()
        }
    number = int(path[0])
    return [_replaced(each, path[1:], start, end, mark) if at == number else each for at, each in enumerate(value)]


def _is_unique(table: Table, column: str) -> bool:
    in_constraint = any(isinstance(each, UniqueConstraint) and column in each.columns for each in table.constraints)
    return in_constraint or any(index.unique and column in str(index.expressions) for index in table.indexes)


# --- rows that need more than their own table


def _erase_contact(context: Context, _files: FileStore, case_id: int, _here: Sequence[PrivacyPlace]) -> None:
    case = cases.get_by_id_for_update(context.session, case_id)
    contact = context.session.get_one(Contact, case_id, populate_existing=True)
    if contact.erased_at is None:
        erase_contact_data(context, case, contact)


def _empty_mail(context: Context, _files: FileStore, mail_id: int, _here: Sequence[PrivacyPlace]) -> None:
    _empty_mails(context, OutboxMail.id == mail_id)


def _take_file(context: Context, files: FileStore, attachment_id: int, here: Sequence[PrivacyPlace]) -> None:
    attachment = context.session.get_one(Attachment, attachment_id, populate_existing=True)
    words = [each for each in here if each.column_name != CONTENT]
    if len(words) < len(here):
        attachments.take_away(context, files, attachment)
        attachment.shown_name = REDACTED
    elif words:
        _redact(context.session, Base.metadata.tables["attachments"], (str(attachment_id),), "shown_name", words)
    context.session.flush()


def _take_import_file(context: Context, files: FileStore, run_id: int, here: Sequence[PrivacyPlace]) -> None:
    """A file that was not brought in yet must then be loaded anew."""
    run = context.session.get_one(ImportRun, run_id, with_for_update=True, populate_existing=True)
    words = [each for each in here if each.column_name != CONTENT]
    if words:
        _redact(context.session, Base.metadata.tables[ImportRun.__tablename__], (str(run_id),), "shown_name", words)
    if len(words) < len(here) and run.stored_name is not None:
        stored_files.delete_after_commit(context.session, files, run.stored_name)
        run.stored_name = None
    context.session.flush()


def _empty_closed_account(context: Context, _files: FileStore, account_id: int, _here: Sequence[PrivacyPlace]) -> None:
    account = context.session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
    if account.is_active:
        raise DomainError(ACCOUNT_IN_USE)
    empty_account(context, account)


_BY_HAND: Mapping[str, Callable[[Context, FileStore, int, Sequence[PrivacyPlace]], None]] = {
    "contacts": _erase_contact,
    "outbox": _empty_mail,
    "attachments": _take_file,
    "import_runs": _take_import_file,
    "accounts": _empty_closed_account,
}


def empty_account(context: Context, account: Account) -> None:
    """Leave of an account only its number, to which events refer, and its role."""
    session = context.session
    account.email, account.name = f"account-{account.id}@{EMPTIED_HOST}", f"Account {account.id}"
    account.password_hash = account.gone_at = None
    for model in (
        LoginSession, AccountToken, TotpFactor, RecoveryCode, Passkey, TeamMember, StartView,
        CalendarAddress, Notification,
    ):  # fmt: skip
        session.execute(delete(model).where(model.account_id == account.id))
    session.execute(delete(SignOnIdentity).where(SignOnIdentity.account_id == account.id))
    session.execute(delete(SavedView).where(SavedView.owner_id == account.id))
    _empty_mails(context, OutboxMail.account_id == account.id)
    session.flush()
    touch(session)
    events.record(context, PrivacyEvent.ACCOUNT_EMPTIED, subject=subject_of_account(account.id))


def closed_accounts(context: Context) -> Select[int]:
    """Accounts that were closed, stand in no case that is still kept, and in which nothing happened for a year: until
    then who closed one by mistake can open it again."""
    kept_case = select(Event.number).join(Case, Case.id == Event.case_id)
    recent = context.now - ACCOUNT_KEPT_AFTER_LAST_ACT
    subject = func.concat("account:", cast(Account.id, Text))
    return (
        select(Account.id)
        .where(
            ~Account.is_active,
            ~Account.is_demo,
            ~Account.email.endswith(f"@{EMPTIED_HOST}"),
            Account.created_at < recent,
            ~exists().where(
                Case.archived_on.is_(None), or_(Case.author_id == Account.id, Case.handler_id == Account.id)
            ),
            ~kept_case.where(Event.actor_id == Account.id, Case.archived_on.is_(None)).exists(),
            ~exists().where(or_(Event.actor_id == Account.id, Event.subject == subject), Event.recorded_at >= recent),
        )
        .order_by(Account.id)
    )


def empty_when_closed(context: Context, account_id: int) -> None:
    """The timer's part: look again under the lock."""
    account = context.session.get_one(Account, account_id, with_for_update=True, populate_existing=True)
    if context.session.scalar(closed_accounts(context).where(Account.id == account_id)) is not None:
        empty_account(context, account)


def _forget_mails_to(context: Context, address: str | None) -> None:
    if address:
        _empty_mails(context, func.lower(OutboxMail.to_address) == address.lower())


def _empty_mails(context: Context, which: Any) -> None:
    """Empty mails; one that waits is not sent any more."""
    done = or_(OutboxMail.sent_at.is_not(None), OutboxMail.gave_up_at.is_not(None))
    quietly = {"synchronize_session": False}
    waits = update(OutboxMail).where(which, ~done).values(gave_up_at=context.now)
    context.session.execute(waits, execution_options=quietly)
    emptied = update(OutboxMail).where(which).values(to_address=None, subject="", body=None, last_error=None)
    context.session.execute(emptied, execution_options=quietly)


# --- what follows from it


def _withdraw_public_texts(context: Context, going: Iterable[PrivacyPlace], locked: Mapping[int, Case]) -> None:
    """A public text in which something goes is withdrawn first, by the same step as always."""
    shown = {
        each.case_id
        for each in going
        if each.table_name in (PublishedCase.__tablename__, PublicText.__tablename__) and each.case_id is not None
    }
    for case_id in sorted(shown):
        case = locked[case_id]
        if case.publication is PublicationStatus.PUBLIC:
            publication.withdraw_for_person(context, case, WITHDRAWN_FOR)


def _after_case(context: Context, case_id: int, count: int, *, is_own: bool) -> None:
    """Find the case by the words that are left, say in its story that something went, and let open forms notice."""
    session = context.session
    case = cases.get_by_id_for_update(session, case_id)
    if is_own:
        contact = session.get(Contact, case_id, populate_existing=True)
        if contact is not None and contact.erased_at is None:
            erase_contact_data(context, case, contact)
    case.updated_at = context.now
    session.flush()
    if case.archived_on is None:
        answer = session.scalar(select(PublicText.answer).where(PublicText.case_id == case_id))
        search_index.index_case(session, case, [answer] if case.source_url is not None else [])
    if count:
        events.record(context, EventKind.DATA_TAKEN_AWAY, case=case, data={"plaatsen": count})


def _find_anew(session: Session, going: Iterable[PrivacyPlace]) -> None:
    """The search terms of texts that changed, other than those of cases."""
    ids: dict[str, set[int]] = {}
    for each in going:
        ids.setdefault(each.table_name, set()).add(int(each.row_key[0]) if each.row_key[0].isdigit() else 0)
    for published in session.scalars(
        select(PublishedCase).where(PublishedCase.case_id.in_(ids.get(PublishedCase.__tablename__, ())))
    ).all():
        words = (published.reference, published.title, published.question, published.answer)
        _set(session, PublishedCase, PublishedCase.case_id == published.case_id, search_index.published_terms(*words))
    for row in session.scalars(select(Bottleneck).where(Bottleneck.id.in_(ids.get("bottlenecks", ())))).all():
        _set(session, Bottleneck, Bottleneck.id == row.id, search_index.terms(f"{row.title}\n{row.problem}"))
    versions = (
        select(GuideVersion)
        .join(Guide, (Guide.id == GuideVersion.guide_id) & (Guide.published_number == GuideVersion.number))
        .where(GuideVersion.id.in_(ids.get("guide_versions", ())))
    )
    for version in session.scalars(versions).all():
        _set(session, Guide, Guide.id == version.guide_id, guides.terms_of(version))


def _tell_who_keeps_a_copy(context: Context, going: Iterable[PrivacyPlace]) -> None:
    """Say of which public texts words went, other than answers: those are withdrawn."""
    keys: dict[str, set[str]] = {}
    for each in going:
        keys.setdefault(each.table_name, set()).add(each.row_key[0])

    def ids(model: type[Base]) -> list[int]:
        return [int(key) for key in keys.get(model.__tablename__, ())]

    def days(model: type[Base]) -> list[date]:
        return [date.fromisoformat(key) for key in keys.get(model.__tablename__, ())]

    of_guides = select(GuideVersion.guide_id).where(
        GuideVersion.id.in_(ids(GuideVersion)), GuideVersion.published_on.is_not(None)
    )
    of_rules = select(BottleneckNews.bottleneck_id).where(BottleneckNews.id.in_(ids(BottleneckNews)))
    of_quarters = select(QuarterText.quarter).where(
        QuarterText.quarter.in_({*days(QuarterText), *days(QuarterSection)}),
        QuarterText.status == QuarterStatus.PRESENTED,
    )
    session = context.session
    quarters = [quarter_of(each) for each in sorted(session.scalars(of_quarters))]
    told = [
        *((WordsGone.GUIDE, guides.subject_of(each)) for each in sorted(set(session.scalars(of_guides)))),
        *(
            (WordsGone.BOTTLENECK, f"bottleneck:{each}")
            for each in sorted({*ids(Bottleneck), *session.scalars(of_rules)})
        ),
        *((WordsGone.QUARTER, f"kwartaal:{quarter}") for quarter in quarters),
    ]
    for quarter in quarters:
        quarter_files.ask(context, quarter)  # what was made of its text still holds the words
    for kind, subject in told:
        events.record(context, kind, subject=subject)


def _set(session: Session, model: Any, which: Any, terms: Any) -> None:
    session.execute(update(model).where(which).values(terms=terms).execution_options(synchronize_session=False))
