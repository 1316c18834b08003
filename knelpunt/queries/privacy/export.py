"""Everything that the site keeps about one person, for that person (AVG art. 15 and 20): table by table, a part at a
time.

Only what stands here by name goes out: what the person gave, or was told. Not what colleagues write for themselves, and
nothing of other people (art. 15 lid 4). Of a mail only that it was sent: its text holds links that open things.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Table, and_, exists, false, func, or_, select
from sqlalchemy.orm import Session

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import ORGANISATION_ROLES
from knelpunt.domain.post.incoming import IncomingStatus
from knelpunt.domain.privacy.register import BY_KEY
from knelpunt.domain.privacy.requests import RequestChannel
from knelpunt.models import Account, Base, Case, Contact, Draft, Event
from knelpunt.queries.privacy.places import begun_by, filed_by

ROWS_A_PART = 200
MOMENTS = frozenset(
    {
        "act_by", "agreed_on", "answer_by", "answered_at", "answered_on", "arrived_at", "asked_at", "asked_on",
        "claimed_on", "closed_on", "created_at", "decided_at", "ended_at", "ended_on", "ends_on", "expires_at",
        "filed_on", "gone_at", "happened_on", "last_seen_at", "last_used_at", "linked_at", "made_at", "preview_on",
        "published_on", "reacted_on", "read_at", "received_on", "recorded_at", "removed_at", "requested_on", "seen_at",
        "sent_at", "sent_on", "updated_at", "used_at", "verified_at", "withdrawn_on", "written_at",
    }
)  # fmt: skip
"""The days and moments that are told with a row."""
_LINK = re.compile(r"(?:https?://|www\.)\S+|\S*/volgen/\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """Some rows of one kind: the entry of the register in words, why it is kept, and what the rows say."""

    title: str
    purpose: str
    term: str
    table: str
    rows: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Own:
    """Columns of one table that are a person's own, and the entry of the register under which they are kept.

    ``link`` is the column that says whose a row is; ``which`` narrows the rows down.
    """

    table: str
    entry: str
    columns: str
    link: str = "case_id"
    which: Callable[[Table, Any], Any] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(self.columns.split())


def _to_contact(column: str) -> Callable[[Table, Any], Any]:
    """Of the mails about a case those with the address of its submitter, as it is today."""

    def which(table: Table, case_id: Any) -> Any:
        address = select(func.lower(Contact.email)).where(Contact.case_id == case_id).scalar_subquery()
        own = func.lower(table.c[column]) == address
        return own & table.c.account_id.is_(None) if "account_id" in table.c else own

    return which


def _landed(table: Table, case_id: Any) -> Any:
    return (table.c.status == IncomingStatus.LANDED) & _to_contact("from_address")(table, case_id)


def _of_own_cases(table: Table, account_id: Any) -> Any:
    """Files of who files: what the desk adds to the case of somebody else is not its own."""
    filed, begun = select(Case.id).where(filed_by(account_id)), select(Draft.id).where(begun_by(account_id))
    return or_(table.c.case_id.in_(filed), table.c.draft_id.in_(begun))


def _said_itself(table: Table, account_id: Any) -> Any:
    """What a colleague at the desk wrote down for a caller is of the caller."""
    of_filer = exists().where(Account.id == account_id, Account.role.in_(ORGANISATION_ROLES))
    return ~table.c.from_desk & of_filer


OF_SUBMITTER = (
    Own("contacts", "contact", "name email phone postal_address"),
    Own("cases", "story", "title description goal place rule_words tried involved wanted", "id"),
    Own("cases", "desk_words", "verdict_plain verdict_legal result_reason next_step", "id"),
    Own("case_points", "map_point", "point"),
    Own("messages", "story", "kind body why"),
    Own("proposals", "story", "reaction"),
    Own("proposals", "desk_words", "text legal_basis conditions who_acts",
        which=lambda table, _case: table.c.sent_on.is_not(None)),
    Own("public_texts", "story", "objection"),
    Own("public_texts", "desk_words", "title question answer next_step",
        which=lambda table, _case: table.c.preview_on.is_not(None)),
    Own("published_cases", "public_text", "title question answer next_step withdrawn_reason"),
    Own("second_looks", "story", "points"),
    Own("second_looks", "desk_words", "answers reason",
        which=lambda table, _case: table.c.ended_on.is_not(None)),
    Own("co_signatures", "co_signing", "status"),
    Own("attachments", "attachments", "shown_name",
        which=lambda table, _case: table.c.consultation_id.is_(None)),
    Own("referrals", "referral", "organisation reason contact"),
    Own("aftercare", "aftercare", "answer words"),
    Own("address_changes", "new_address", "email"),
    Own("incoming_mails", "incoming", "from_address subject body", which=_landed),
    Own("outbox", "outbox", "kind to_address subject", which=_to_contact("to_address")),
    Own("digest_items", "digest", "kind subject", which=lambda table, _case: table.c.account_id.is_(None)),
    Own("letters", "letters", "kind subject body"),
    Own("privacy_requests", "privacy_request", "kind status name spellings email phone postal_address words "
        "extended_reason answer",
        which=lambda table, _case: table.c.channel == RequestChannel.PAGE),
)  # fmt: skip
"""What goes to the submitter of a case."""
OF_ACCOUNT = (
    Own("accounts", "account", "email name role mail_choice notification_choice", "id"),
    Own("login_sessions", "login", "method browser", "account_id"),
    Own("account_tokens", "login", "purpose", "account_id"),
    Own("passkeys", "second_factor", "name", "account_id"),
    Own("totp_factors", "second_factor", "", "account_id"),
    Own("recovery_codes", "second_factor", "", "account_id"),
    Own("factor_resets", "second_factor", "status reason", "account_id"),
    Own("sign_on_identities", "sign_on", "provider subject", "account_id"),
    Own("saved_views", "work_layout", "name query", "owner_id"),
    Own("drafts", "draft", "kind data", "author_id", which=lambda _table, account_id: begun_by(account_id)),
    Own("cases", "story", "title description goal place rule_words tried involved wanted", "author_id",
        which=lambda _table, account_id: filed_by(account_id)),
    Own("messages", "story", "kind body why", "author_id", which=_said_itself),
    Own("attachments", "attachments", "shown_name", "author_id", which=_of_own_cases),
    Own("co_signatures", "co_signing", "status reason", "signer_id"),
    Own("guide_claims", "guide_use", "project outcome outcome_reason", "account_id"),
    Own("notifications", "notification", "kind", "account_id"),
    Own("outbox", "outbox", "kind to_address subject", "account_id"),
    Own("digest_items", "digest", "kind subject", "account_id"),
    Own("privacy_requests", "privacy_request", "kind status name spellings email phone postal_address words "
        "extended_reason answer", "account_id",
        which=lambda table, _account: table.c.channel == RequestChannel.PAGE),
    Own("events", "acts", "kind subject", "actor_id"),
)  # fmt: skip
"""What goes to who has an account. Of any other row with a link to it only that it stands there."""
OF_SIGNER = Own("co_signatures", "co_signing", "status name email reason", "email")
"""What goes to who was asked by mail to sign along: the own signature, and nothing of the case."""


def without_links(text: str) -> str:
    """A text in which no address of a page stands: it may open a case."""
    return _LINK.sub("[link]", text)


def of_case(session: Session, case_id: int) -> Iterator[Part]:
    """What is kept of the submitter of a case, and what that person was told."""
    for own in OF_SUBMITTER:
        table = Base.metadata.tables[own.table]
        yield from _parts(session, own, _rows_of(own, table.c[own.link] == case_id, case_id))


def of_signer(session: Session, address: str) -> Iterator[Part]:
    """The signatures that were asked at an address."""
    email = Base.metadata.tables[OF_SIGNER.table].c.email
    yield from _parts(session, OF_SIGNER, func.lower(email) == address.lower(), is_numbered=False)


def of_account(session: Session, account_id: int) -> Iterator[Part]:
    """What is kept of somebody with an account. Of a row of somebody else only that the account stands in it."""
    for own in OF_ACCOUNT:
        table = Base.metadata.tables[own.table]
        mine = table.c[own.link] == account_id
        if own.table == Event.__tablename__:
            mine |= table.c.subject == f"account:{account_id}"
        yield from _parts(session, own, _rows_of(own, mine, account_id))
    told = {(own.table, own.link): own for own in OF_ACCOUNT}
    for name, link in _links():
        whole, acts = told.get((name, link)), Own(name, "acts", "", link)
        table = Base.metadata.tables[name]
        which = table.c[link] == account_id
        if whole is not None and whole.which is not None:
            which &= ~func.coalesce(whole.which(table, account_id), false())
        yield from _parts(session, acts, which, role=link)


def _rows_of(own: Own, mine: Any, whose: int) -> Any:
    return and_(mine, own.which(Base.metadata.tables[own.table], whose)) if own.which is not None else mine


@lru_cache(maxsize=1)
def _links() -> tuple[tuple[str, str], ...]:
    """The links to accounts, by table and column, but for those of which every row goes out itself."""
    whole = {(own.table, own.link) for own in OF_ACCOUNT if own.which is None}
    return tuple(
        (table.name, column.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.target_fullname == "accounts.id" for key in column.foreign_keys)
        and (table.name, column.name) not in whole
    )


def _parts(
    session: Session, own: Own, which: Any, *, role: str | None = None, is_numbered: bool = True
) -> Iterator[Part]:
    """The rows in parts of a fixed size, with the days on which they were made, and the number of their case."""
    entry, table = BY_KEY[own.entry], Base.metadata.tables[own.table]
    cases = Case.__table__
    names = [*own.names, *(column.name for column in table.columns if column.name in MOMENTS)]
    keys = list(table.primary_key.columns)
    statement = select(*keys, *(table.c[name] for name in names)).select_from(table)
    if is_numbered and (table is cases or "case_id" in table.c):
        names.append("zaak")
        statement = statement.add_columns(cases.c.reference)
        if table is not cases:
            statement = statement.outerjoin(cases, cases.c.id == table.c.case_id)
    rows: list[dict[str, Any]] = []
    result = session.execute(statement.where(which).order_by(*keys).execution_options(yield_per=ROWS_A_PART))
    for row in result:
        told = {
            name: _plain(own.table, name, value)
            for name, value in zip(names, row[len(keys) :], strict=True)
            if value not in (None, [], "")
        }
        if own.names and told.keys().isdisjoint(own.names):
            continue
        rows.append({"als": role, **told} if role else told)
        if len(rows) == ROWS_A_PART:
            yield Part(entry.title, entry.purpose, entry.term, table.name, rows)
            rows = []
    if rows:
        yield Part(entry.title, entry.purpose, entry.term, table.name, rows)


def _plain(table: str, name: str, value: Any) -> Any:
    if table == "letters" and name == "body":
        return without_links(value)
    if name == "kind" and table in ("outbox", "digest_items", "letters") and value in set(MailKind):
        return MailKind(value).label
    return value.isoformat() if isinstance(value, (date, datetime)) else value
