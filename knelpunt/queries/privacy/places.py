"""Where a person stands in the database: every column with text of every table is looked through, in two statements a
table at most; and the files of the person's cases."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    ColumnElement,
    Enum,
    Integer,
    Row,
    String,
    Table,
    Text,
    and_,
    any_,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from knelpunt.domain.errors import DomainError
from knelpunt.domain.privacy.requests import Person, RequestChannel
from knelpunt.domain.redaction.finds import Find, Known, clues, finds_in, finds_of, joined
from knelpunt.domain.redaction.folding import LAST_SIGMA, PLAIN, SIGMA, fold, hidden_ranges
from knelpunt.domain.vocabulary import Channel
from knelpunt.models import (
    Account,
    Attachment,
    Base,
    Case,
    Contact,
    Draft,
    Event,
    ImportRun,
    PrivacyPlace,
    PrivacyRequest,
)
from knelpunt.queries.privacy.register import personal_columns

ROWS_AT_ONCE = 5_000
"""So many keys one statement looks through: a page waits for no statement longer than some seconds."""
MOST_ROWS = 1000
"""So many rows of one table outside the own cases are read at most; with more the name is too common to look for."""
CONTENT = "content"
"""Stands for the bytes of a file where else a column is named."""
UNREADABLE = "niet te lezen"
"""The kind of a place in a file that the computer cannot read: a person has to look."""
AROUND = 90
"""So many characters either side of a find are shown."""
SECRET = frozenset(
    {
        "public_id", "nonce", "password_hash", "token_hash", "code_hash", "sealed_secret", "stored_name", "draft_key",
        "provider_session", "terms", "hash", "previous_hash", "key", "once_key", "digest", "message_id",
    }
)  # fmt: skip
"""Columns with keys and fingerprints: nobody is found in them, and nobody gets them."""
_OWN_TABLES = frozenset({PrivacyRequest.__tablename__, PrivacyPlace.__tablename__, "alembic_version"})
ADDRESS_COLUMNS = frozenset({"email", "to_address", "from_address", "receiver_email"})
"""Columns with the address of one person, by which it is known whose the row is."""
_ABOUT_SUBMITTER = frozenset({"address_changes", "contacts", "digest_items", "letters"})
"""Tables of which a row is about the submitter of its case."""
Path = tuple[str, ...]


class TooCommon(DomainError):
    """More rows hold the words of a name than anybody can look through."""

    def __init__(self) -> None:
        super().__init__("Deze naam komt te vaak voor. Vul de naam aan, of zoek met een e-mailadres.")


@dataclass(frozen=True, slots=True)
class Place:
    """One place in which somebody is found; ``row_key`` as text, in the order of the primary key."""

    table: str
    column: str
    row_key: Path
    path: Path
    case_id: int | None
    kind: str
    start: int
    end: int
    words_hash: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A place with the words around it; None: they are not there any more."""

    before: str
    words: str
    after: str


def fingerprint(words: str) -> str:
    """By this it is seen whether the same words still stand in a place."""
    return hashlib.sha256(words.encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def searched() -> Mapping[str, tuple[str, ...]]:
    """The columns with free text, by table: all but closed lists, and the requests themselves."""
    return {
        table.name: columns
        for table in Base.metadata.sorted_tables
        if table.name not in _OWN_TABLES
        and (columns := tuple(column.name for column in table.columns if _is_text(column)))
    }


def own_cases(session: Session, request: PrivacyRequest) -> frozenset[int]:
    """The cases that the person filed: asked about by their follow link, with a confirmed address, or from an account.

    Not those that were only signed along, nor those in which somebody typed the address and nobody confirmed it: these
    are of somebody else, and there the person is looked for as in any other case.

    Raises:
        TooCommon: an account filed more than anybody can look through.
    """
    found = set()
    if request.case_id is not None and _filed_it(session, request):
        found.add(request.case_id)
    if request.email:
        address = func.lower(Contact.email) == request.email.lower()
        found |= set(session.scalars(select(Contact.case_id).where(address, Contact.verified_at.is_not(None))))
    if request.account_id is not None:
        found |= set(session.scalars(select(Case.id).where(filed_by(request.account_id)).limit(MOST_ROWS + 1)))
    if len(found) > MOST_ROWS:
        raise TooCommon
    return frozenset(found)


def filed_by(account_id: Any) -> Any:
    """That a case was filed from this account. Not those that it took in at the desk: they are of whoever called."""
    return and_(Case.author_id == account_id, Case.channel != Channel.DESK)


def begun_by(account_id: Any) -> Any:
    """That a draft was begun by this account for its own organisation; one without is taken in for a caller."""
    return and_(Draft.author_id == account_id, Draft.organisation_id.is_not(None))


def _filed_it(session: Session, request: PrivacyRequest) -> bool:
    """Whether who asks filed the case of the request. Who came by its follow link did; of a number in a letter the
    contact data must say so: a name, or a telephone number where no name was left."""
    if request.channel is RequestChannel.PAGE:
        return True
    contact = session.get(Contact, request.case_id)
    if contact is None:
        return False
    if contact.name:
        return " ".join(contact.name.lower().split()) == " ".join((request.name or "").lower().split())
    digits = "".join(filter(str.isdecimal, contact.phone or ""))
    return bool(digits) and digits == "".join(filter(str.isdecimal, request.phone or ""))


def find_places(
    session: Session, person: Person, cases: frozenset[int], *, and_around: bool = False
) -> Iterator[Place]:
    """Every place in a text that points at this person.

    Args:
        cases: the person's own, in which a part of the name is enough.
        and_around: whether in those everything that points at anybody is a place as well: an address or number that
            nobody told us of may be the person's.
    Raises:
        TooCommon: a table has too many rows with these words, in cases of others.
    """
    patterns = [f"%{_escaped(clue)}%" for clue in clues(person.wide)]
    if not (patterns or cases):
        return
    for name, columns in searched().items():
        table = Base.metadata.tables[name]
        keys = len(table.primary_key.columns)
        is_wide = and_around and name != Event.__tablename__
        for row in _rows_with(session, table, columns, patterns, cases, is_whole=is_wide):
            is_own = row[keys] in cases
            known = person.wide if is_own else person.narrow
            key = tuple(str(part) for part in row[:keys])
            for column, value in zip(columns, row[keys + 1 :], strict=True):
                look = finds_in if is_own and is_wide and column in personal_columns(name) else finds_of
                yield from _in_value(name, column, key, row[keys], value, known, look)


def _rows_with(
    session: Session,
    table: Table,
    columns: tuple[str, ...],
    patterns: list[str],
    cases: frozenset[int],
    *,
    is_whole: bool,
) -> Iterator[Any]:
    """The rows of one table worth reading: of the person's own cases, as many as there are, those with the words or
    ``is_whole`` all of them; and of others those with the words, of which there may not be too many."""
    texts = [table.c[column] for column in columns]
    named = folded(func.concat_ws(" ", *(_as_text(each) for each in texts))).like(any_(literal(patterns, ARRAY(Text))))
    of_case, keys = _case_of(table), list(table.primary_key.columns)
    rows = select(*keys, of_case.label("of_case"), *texts).order_by(*keys)
    if cases and _has_case(table):
        mine = of_case.in_(sorted(cases))
        whole = rows.where(mine if is_whole else mine & named).execution_options(yield_per=MOST_ROWS)
        with session.execute(whole) as result:
            yield from result
        rows = rows.where(or_(of_case.is_(None), ~mine))
    if not patterns:
        return
    others: list[Row[Any]] = []
    for stretch in _stretches(session, table):
        others += session.execute(rows.where(named, stretch).limit(MOST_ROWS + 1 - len(others)))
        if len(others) > MOST_ROWS:
            raise TooCommon
    yield from others


def _stretches(session: Session, table: Table) -> Iterator[ColumnElement[bool]]:
    """Conditions of which each row meets one, each met by few enough rows for a statement that reads their texts."""
    key, *more = table.primary_key.columns
    if more or not isinstance(key.type, Integer):
        yield true()
        return
    first, last = session.execute(select(func.min(key), func.max(key))).one()
    if first is not None:
        for low in range(first, last + 1, ROWS_AT_ONCE):
            yield key.between(low, low + ROWS_AT_ONCE - 1)


def files_of(session: Session, cases: Iterable[int], draft_ids: Iterable[int] = ()) -> list[Attachment]:
    """The files that are still there with these cases and drafts."""
    of = or_(Attachment.case_id.in_(sorted(cases)), Attachment.draft_id.in_(sorted(draft_ids)))
    return list(session.scalars(select(Attachment).where(of, Attachment.removed_at.is_(None)).order_by(Attachment.id)))


def drafts_of(session: Session, request: PrivacyRequest) -> list[int]:
    """Drafts that the person left behind: without an account and with the address, or begun by the account.

    Raises:
        TooCommon: there are more than anybody can look through.
    """
    mine: list[Any] = []
    if request.email:
        typed = func.lower(Draft.data["contact_email"].astext) == request.email.lower()
        mine.append(typed & Draft.author_id.is_(None))
    if request.account_id is not None:
        mine.append(begun_by(request.account_id))
    if not mine:
        return []
    found = list(session.scalars(select(Draft.id).where(or_(*mine)).limit(MOST_ROWS + 1)))
    if len(found) > MOST_ROWS:
        raise TooCommon
    return found


def own_rows(
    session: Session, request: PrivacyRequest, cases: frozenset[int], found: Iterable[Place], tables: Iterable[str]
) -> frozenset[tuple[str, Path]]:
    """The rows of these tables that are about this person and nobody else: with the person's address or account, or of
    an own case. One statement for each table in which something was found."""
    keys: dict[str, set[str]] = {}
    for place in found:
        keys.setdefault(place.table, set()).add(place.row_key[0])
    own = set()
    for name in sorted(set(tables) & keys.keys()):
        table = Base.metadata.tables[name]
        mine = _is_own(session, request, cases, table)
        if mine:
            key = next(iter(table.primary_key.columns))
            asked = [cast(literal(part, Text), key.type) for part in sorted(keys[name])]  # so that its index is used
            rows = session.execute(select(*table.primary_key.columns).where(or_(*mine), key.in_(asked)))
            own |= {(name, tuple(str(part) for part in row)) for row in rows}
    return frozenset(own)


def _is_own(session: Session, request: PrivacyRequest, cases: frozenset[int], table: Table) -> list[Any]:
    mine: list[Any] = []
    if request.email and table.name != Contact.__tablename__:
        address = request.email.lower()
        mine += [func.lower(column) == address for column in table.columns if column.name in ADDRESS_COLUMNS]
    if request.account_id is not None:
        names = ("id",) if table.name == Account.__tablename__ else ("account_id", "signer_id")
        mine += [table.c[name] == request.account_id for name in names if name in table.c]
    if table.name in _ABOUT_SUBMITTER:
        nobody_else = table.c.account_id.is_(None) if "account_id" in table.c else true()
        mine.append(table.c.case_id.in_(sorted(cases)) & nobody_else)
    if table.name == Draft.__tablename__:
        mine.append(table.c.id.in_(drafts_of(session, request)))
    return mine


def account_of(session: Session, email: str | None) -> int | None:
    """The account with this address."""
    if not email:
        return None
    return session.scalar(select(Account.id).where(func.lower(Account.email) == email.lower()))


def in_file(attachment: Attachment, text: str | None, known: Known) -> Place | None:
    """Whether a file must be looked at by a person: somebody is found in its text, or it cannot be read (None)."""
    finds = finds_of(text, known) if text is not None else ()
    if text is not None and not finds:
        return None
    kind = finds[0].kind.value if finds else UNREADABLE
    return Place(
        Attachment.__tablename__, CONTENT, (str(attachment.id),), (), attachment.case_id, kind, 0, 0, attachment.sha256
    )


def import_files(session: Session) -> list[ImportRun]:
    """The files with cases that somebody brought in or is about to, and that are still kept."""
    return list(session.scalars(select(ImportRun).where(ImportRun.stored_name.is_not(None)).order_by(ImportRun.id)))


def in_lines(run: ImportRun, lines: Iterable[str], known: Known) -> Place | None:
    """Whether these people are named in such a file; it is looked through line by line, for it may be long."""
    pieces = clues(known)
    for line in lines:
        lower = fold(line).lower
        if any(piece in lower for piece in pieces) and (finds := finds_of(line, known)):
            kind = finds[0].kind.value
            return Place(ImportRun.__tablename__, CONTENT, (str(run.id),), (), None, kind, 0, 0, run.sha256)
    return None


def read_value(session: Session, place: PrivacyPlace, *, lock: bool = False) -> Any:
    """What stands in the column of a place now; None when the row is gone."""
    table = Base.metadata.tables[place.table_name]
    statement = select(table.c[place.column_name]).where(is_row(table, place.row_key))
    return session.scalar(statement.with_for_update() if lock else statement)


def is_row(table: Table, key: Iterable[str]) -> Any:
    """That a row has this primary key. The text is cast and not the column: so its index is used."""
    parts = zip(table.primary_key.columns, key, strict=True)
    return and_(*(column == cast(literal(part, Text), column.type) for column, part in parts))


def read_values(session: Session, places: Iterable[PrivacyPlace]) -> dict[int, Any]:
    """The same for the places on one page, by their id, in one statement."""
    parts = []
    for place in places:
        if place.column_name != CONTENT:
            table = Base.metadata.tables[place.table_name]
            value = func.to_jsonb(table.c[place.column_name]).label("value")
            parts.append(select(literal(place.id).label("id"), value).where(is_row(table, place.row_key)))
    return {row.id: row.value for row in session.execute(union_all(*parts))} if parts else {}


def leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """The texts in a value, with the way to each."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from leaves(each, (*path, str(key)))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from leaves(each, (*path, str(number)))


def shown(value: Any, place: PrivacyPlace) -> Shown | None:
    """The words of a place and those around it; None when other words stand there now."""
    text = dict(leaves(value)).get(tuple(place.path))
    if text is None or fingerprint(text[place.start : place.end]) != place.words_hash:
        return None
    return Shown(
        text[max(0, place.start - AROUND) : place.start],
        text[place.start : place.end],
        text[place.end : place.end + AROUND],
    )


def _in_value(
    table: str,
    column: str,
    key: Path,
    case_id: int | None,
    value: Any,
    known: Known,
    look: Callable[[str, Known], tuple[Find, ...]],
) -> Iterator[Place]:
    for path, text in leaves(value):
        for find in joined(text, look(text, known)):
            yield _place(table, column, key, path, case_id, find, text)


def _place(table: str, column: str, key: Path, path: Path, case_id: int | None, find: Find, text: str) -> Place:
    words = fingerprint(text[find.start : find.end])
    return Place(table, column, key, path, case_id, find.kind.value, find.start, find.end, words)


def _is_text(column: Column[Any]) -> bool:
    is_text = isinstance(column.type, (String, JSON)) and not isinstance(column.type, Enum)
    return is_text and column.name not in SECRET


def _as_text(column: Column[Any]) -> Any:
    return cast(column, Text) if isinstance(column.type, JSON) else column


def _has_case(table: Table) -> bool:
    return table.name == Case.__tablename__ or "case_id" in table.c


def _case_of(table: Table) -> Any:
    if not _has_case(table):
        return cast(null(), BigInteger)
    return table.c.id if table.name == Case.__tablename__ else table.c.case_id


def folded(text: Any) -> Any:
    """A text as ``fold`` makes it, in small letters: a name with a ş, a ł or a č is found however it is written.

    Most texts have no such letter: for those nothing more is done.
    """
    hidden = "".join(f"{first}-{last}" for first, last in hidden_ranges())
    plain = func.lower(func.regexp_replace(func.normalize(text, literal_column("NFKD")), f"[{hidden}]", "", "g"))
    written: dict[str, set[str]] = {SIGMA: {LAST_SIGMA}}
    for letter, other in PLAIN.items():
        written.setdefault(other.lower(), set()).add(letter.lower())
    for other, letters in written.items():
        plain = func.regexp_replace(plain, f"[{''.join(sorted(letters))}]", other, "g")
    return case((func.octet_length(text) == func.char_length(text), func.lower(text)), else_=plain)


def _escaped(clue: str) -> str:
    return clue.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
