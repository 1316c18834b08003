"""What is known of the people round a text for the public, to compare the text with. Never shown on a page."""

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, exists, false, func, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from knelpunt.domain.redaction.finds import Known, is_whole_name, names_said_in
from knelpunt.domain.redaction.folding import fold
from knelpunt.models import (
    Account,
    Case,
    CaseParticipant,
    Consultation,
    Contact,
    CoSignature,
    Message,
    MinistryContact,
    Organisation,
)
from knelpunt.queries.core.reference import Reference, reference

_TOLD = (
    Case.title, Case.description, Case.goal, Case.place, Case.rule_words, Case.tried, Case.involved, Case.wanted,
)  # fmt: skip
"""What a submitter writes of a case."""
IN_HAND = timedelta(minutes=1)
"""Longer than an act takes from the instant that it carries until it is written down."""
_WORD = re.compile(r"[a-z]+(?:-[a-z]+)*")


def known_of_case(session: Session, case_id: int) -> Known:
    """The contact of a case, who signed along, the accounts of its submitter, its handler and those who file along, and
    whom the submitter names: a resident leaves an address of e-mail alone, and a name in the text.

    Of the officials who were asked about it, and of everybody else at the desk, only first name and surname together
    count.
    """
    known = _known_of(session, (case_id,))
    return replace(known, whole_names=(*known.whole_names, *reference(session).staff_names.values()))


def _known_of(session: Session, case_ids: Collection[int] | Select[int]) -> Known:
    """The same of several cases, in as many statements as of one."""
    written = select(func.string_agg(Message.body, "\n")).where(Message.case_id == Case.id, ~Message.from_desk)
    rows = session.execute(
        select(
            Contact.name,
            Contact.email,
            Contact.phone,
            Contact.postal_address,
            func.concat_ws("\n", *_TOLD, written.scalar_subquery()).label("told"),
        )
        .select_from(Case)
        .outerjoin(Contact, Contact.case_id == Case.id)
        .where(Case.id.in_(case_ids))
        .order_by(Case.id)
    ).all()
    case = select(Case.organisation_id, Case.author_id, Case.handler_id).where(Case.id.in_(case_ids)).subquery()
    joined = select(CaseParticipant.organisation_id).where(CaseParticipant.case_id.in_(case_ids))
    signers = select(CoSignature.signer_id).where(CoSignature.case_id.in_(case_ids))
    officials = (
        select(MinistryContact.name, MinistryContact.email, true().label("is_official"))
        .join(Consultation, Consultation.contact_id == MinistryContact.id)
        .where(Consultation.case_id.in_(case_ids), ~MinistryContact.is_fallback)
    )
    everybody = session.execute(
        select(Account.name, Account.email, false().label("is_official"))
        .where(
            or_(
                Account.organisation_id.in_(select(case.c.organisation_id)),
                Account.organisation_id.in_(joined),
                Account.id.in_(select(case.c.author_id)),
                Account.id.in_(select(case.c.handler_id)),
                Account.id.in_(signers),
            )
        )
        .union(select(CoSignature.name, CoSignature.email, false()).where(CoSignature.case_id.in_(case_ids)), officials)
    ).all()
    people = [row for row in everybody if not row.is_official]
    names = reference(session)
    return Known(
        names=(
            *(row.name for row in (*rows, *people) if row.name),
            *(name for row in rows for name in names_said_in(row.told)),
        ),
        emails=tuple(row.email for row in (*rows, *everybody) if row.email),
        phones=tuple(row.phone for row in rows if row.phone),
        addresses=tuple(row.postal_address for row in rows if row.postal_address),
        whole_names=tuple(row.name for row in everybody if row.is_official and row.name and is_whole_name(row.name)),
        places=_places(names),
    )


def known_of_guide(session: Session, case_id: int | None) -> Known:
    """What a text that is about no single case is compared with; of one made from a case, that case too."""
    return known_at_the_desk(session) if case_id is None else known_beside_the_desk(session, (case_id,))


def known_beside_the_desk(session: Session, case_ids: Collection[int] | Select[int]) -> Known:
    """What a text that is about no single case is compared with, where it rests on these; in three statements, however
    many cases there are."""
    known = _known_of(session, case_ids)
    return replace(known, whole_names=(*known.whole_names, *known_at_the_desk(session).whole_names))


def known_round(session: Session, case_ids: Collection[int] | Select[int]) -> Known:
    """Only the people round these cases, to look for in texts that are public already."""
    return _known_of(session, case_ids)


def changed_since(since: ColumnElement[datetime] | InstrumentedAttribute[datetime]) -> ColumnElement[bool]:
    """Whether the people round a case may be others than at this moment: something happened in the case, an account was
    made at an organisation that files it, a merger brought that people or this case, or an official who was asked about
    it has another name or address. The statement reads ``Case`` too.

    What began shortly before counts: it may have been written down only after somebody looked.
    """
    since = since - IN_HAND
    joined = select(CaseParticipant.organisation_id).where(CaseParticipant.case_id == Case.id)
    newcomer = exists().where(
        or_(Account.organisation_id == Case.organisation_id, Account.organisation_id.in_(joined)),
        Account.created_at > since,
    )
    merged = exists().where(
        or_(Organisation.id == Case.organisation_id, Organisation.id.in_(joined)), Organisation.merged_at > since
    )
    official = exists().where(
        Consultation.case_id == Case.id,
        MinistryContact.id == Consultation.contact_id,
        MinistryContact.changed_at > since,
    )
    return or_(Case.updated_at > since, newcomer, merged, official)


def known_at_the_desk(session: Session) -> Known:
    """The names of all accounts, for a text that is about no case: first name and surname together.

    Those of who left count as long as they are kept. Once an account is emptied nothing of the name is left, not as a
    fingerprint either: that would be the name kept for longer than is promised, for who can make the same fingerprint
    of a list of names.
    """
    whole = tuple(session.scalars(select(Account.name)))
    return Known(whole_names=whole, places=_places(reference(session)))


def _places(names: Reference) -> frozenset[str]:
    return _words_of(
        (
            *names.municipality_names.values(),
            *names.province_names.values(),
            *names.organisation_names.values(),
        )
    )


@lru_cache(maxsize=4)
def _words_of(names: tuple[str, ...]) -> frozenset[str]:
    """Words of places and organisations: as part of the name of a contact they point at nobody."""
    words = {word for name in names for word in _WORD.findall(fold(name).lower)}
    return frozenset(words | {part for word in words for part in word.split("-")})
