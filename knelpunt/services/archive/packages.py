"""Makes the package of a list to transfer: per case its rows, its files, and MDTO metadata with checksums."""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from pathlib import PurePosixPath

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.adapters.archive import mdto
from knelpunt.adapters.archive.mdto import CaseRecord, FileFacts
from knelpunt.adapters.archive.package import Entry, zip_pieces
from knelpunt.adapters.uploads.store import FileStore
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import DisposalStatus, Disposition
from knelpunt.models import Account, Attachment, Case, DisposalList, Organisation, Retention, RetentionCategory
from knelpunt.queries.archive.contents import as_json, read_contents
from knelpunt.queries.core.reference import reference
from knelpunt.services.archive import lists
from knelpunt.services.core.context import Context

DOSSIER = "dossier.json"
NO_PACKAGE = "Er is geen pakket: deze lijst is nog niet door twee mensen bevestigd, of al uitgevoerd."
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


def package(context: Context, files: FileStore, list_id: int) -> Iterator[bytes]:
    """The package of a confirmed list as a ZIP, in pieces.

    Raises:
        NotFound: there is no such list to transfer.
        DomainError: it is not confirmed, or was carried out.
    """
    context.actor.require(Permission.MANAGE_ARCHIVE)
    each = context.session.get(DisposalList, list_id)
    if each is None or each.disposition is not Disposition.TRANSFER:
        raise NotFound()
    if each.status is not DisposalStatus.CONFIRMED:
        raise DomainError(NO_PACKAGE)
    return zip_pieces(entries(context, files, each))


def entries(context: Context, files: FileStore, each: DisposalList) -> Iterator[Entry]:
    """Every file of the package, one case at a time. The last one lists the cases with the hash of each."""
    creator, creator_code = _creator(context.session, each)
    lines, checksums = [], []
    for case_id, number in context.session.execute(lists.listed_cases(each.id)).all():
        folder = _safe(number)
        held = as_json(read_contents(context.session, case_id))
        lines.append(f"{number} {hashlib.sha256(held).hexdigest()}\n")
        record = _record(context.session, case_id, creator, creator_code)
        attached = context.session.scalars(
            select(Attachment)
            .where(Attachment.case_id == case_id, Attachment.removed_at.is_(None))
            .order_by(Attachment.id)
        ).all()
        sha256 = hashlib.sha256(held).hexdigest()
        facts = [FileFacts(f"{folder}/{DOSSIER}", DOSSIER, "application/json", len(held), sha256)]
        made = [Entry(facts[0].identifier, held)]
        for number_of, row in enumerate(attached, start=1):
            path = f"{folder}/bijlagen/{number_of:03d}-{_safe(row.shown_name)}"
            facts.append(FileFacts(path, row.shown_name, row.media_type, row.size, row.sha256))
            made.append(Entry(path, open=partial(files.open, row.stored_name), sha256=row.sha256))
        made.append(Entry(f"{folder}/{folder}.mdto.xml", mdto.case_document(record, facts)))
        made += [
            Entry(f"{file.identifier}.bestand.mdto.xml", mdto.file_document(file, record, _made_at(each, context.now)))
            for file in facts
        ]
        for entry in made:
            checksums.append(f"{entry.sha256 or hashlib.sha256(entry.content).hexdigest()}  {entry.path}\n")
            yield entry
    yield Entry("manifest-sha256.txt", "".join(checksums).encode())
    yield Entry("overzicht.txt", "".join(lines).encode())


def _made_at(each: DisposalList, now: datetime) -> datetime:
    """The moment of the second confirmation, so that the same package has the same bytes."""
    return each.second_at or now


def _record(session: Session, case_id: int, creator: str, creator_code: str | None) -> CaseRecord:
    case = session.get_one(Case, case_id)
    kept = session.get_one(Retention, case_id)
    category = session.get_one(RetentionCategory, kept.category_id)
    places = reference(session).municipality_names
    return CaseRecord(
        reference=case.reference,
        title=case.title,
        theme=case.theme.value.replace("_", " "),
        language=case.language,
        filed_on=case.filed_on,
        ended_on=kept.ended_on,
        municipality=places[case.municipality_id] if case.municipality_id else case.municipality_then,
        category_code=category.code,
        category_name=category.name,
        category_source=category.source,
        valuation="B" if category.disposition is Disposition.TRANSFER else "V",
        creator=creator,
        creator_code=creator_code,
    )


def _creator(session: Session, each: DisposalList) -> tuple[str, str | None]:
    """The ministry of who agreed last: the desk is part of it."""
    row = session.execute(
        select(Organisation.name, Organisation.code)
        .join(Account, Account.organisation_id == Organisation.id)
        .where(Account.id == each.second_by_id)
    ).one()
    return row.name, row.code


def _safe(name: str) -> str:
    """A name that every file system takes, with the kind of file behind its point."""
    path = PurePosixPath(name.replace("\\", "/")).name
    return _UNSAFE.sub("-", path).strip(".-")[-100:] or "bestand"
