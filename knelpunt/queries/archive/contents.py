"""Everything that one case holds, row by row: for the package of a transfer, and for the hash of what was destroyed.

Contact data and secrets of links are left out: they are no part of the file of a case.
"""

import hashlib
import json
from typing import Any, cast

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from knelpunt.models import (
    Aftercare,
    Assessment,
    Attachment,
    Base,
    BottleneckCase,
    Case,
    CaseLink,
    CaseParticipant,
    ClockPeriod,
    Consultation,
    Disagreement,
    Event,
    Letter,
    Message,
    Note,
    PointedRule,
    Proposal,
    PublicText,
    PublishedCase,
    Referral,
    Review,
    SecondLook,
)

Contents = dict[str, list[dict[str, Any]]]

_PARTS: tuple[type[Base], ...] = (
    PointedRule,
    CaseParticipant,
    CaseLink,
    Assessment,
    Message,
    Note,
    Proposal,
    Review,
    Consultation,
    Disagreement,
    Referral,
    BottleneckCase,
    SecondLook,
    Aftercare,
    Letter,
    PublicText,
    PublishedCase,
    Attachment,
    ClockPeriod,
    Event,
)
SECRETS = frozenset({"public_id", "nonce", "draft_key", "stored_name", "email", "receiver_email", "terms"})
COUNTED = {
    "berichten": "messages",
    "notities": "notes",
    "voorstellen": "proposals",
    "toetsingen": "reviews",
    "toetsen aan regels": "assessments",
    "vragen aan ministeries": "consultations",
    "brieven": "letters",
    "bijlagen": "attachments",
}
"""What a certificate counts, and the table that holds it."""


def read_contents(session: Session, case_id: int) -> Contents:
    """The rows of a case by table, in the order in which they were made."""
    cases = _table(Case)
    found = {"cases": _rows(session, cases, case_id, cases.c.id)}
    for model in _PARTS:
        table = _table(model)
        found[table.name] = _rows(session, table, case_id, table.c.case_id)
    return found


def counts_of(contents: Contents) -> dict[str, int]:
    """How many rows of each kind a case holds, and how many bytes its files have."""
    counts = {words: len(contents[table]) for words, table in COUNTED.items()}
    return {**counts, "bytes": sum(row["size"] for row in contents["attachments"])}


def as_json(contents: Contents) -> bytes:
    """The rows in the one form over which they are hashed: sorted JSON in UTF-8."""
    return json.dumps(contents, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def digest_of(contents: Contents) -> str:
    """SHA-256 over the rows, which hold the SHA-256 of each file: who has a copy can prove that it is this case."""
    return hashlib.sha256(as_json(contents)).hexdigest()


def _table(model: type[Base]) -> Table:
    return cast(Table, model.__table__)


def _rows(session: Session, table: Table, case_id: int, owner: Any) -> list[dict[str, Any]]:
    statement = select(func.to_jsonb(table.table_valued())).where(owner == case_id).order_by(*table.primary_key)
    return [
        {name: value for name, value in row.items() if name not in SECRETS} for row in session.scalars(statement).all()
    ]
