"""Whether the texts that were read still stand in a newer copy, and what a person did about those that do not."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from knelpunt.adapters.files.law_texts import LawText, fingerprint_of, read_texts
from knelpunt.domain.errors import DomainError, NotFound, VersionConflict
from knelpunt.domain.laws.changes import TextFindingStatus
from knelpunt.domain.laws.edits import CatalogueEvent, EditStatus, EntryKind
from knelpunt.domain.permissions import Permission
from knelpunt.models import CatalogueEdit, LawTextFinding, Provision
from knelpunt.queries.laws.wordings import WordingRow, all_wordings
from knelpunt.services.core import events
from knelpunt.services.core.context import Context

NOTE_MAX_CHARACTERS = 1000
DECIDED = "Iemand anders heeft dit al bekeken. Laad de pagina opnieuw."
NO_EDIT = "Er is nog geen voorstel om deze bepaling te wijzigen. Maak eerst dat voorstel."


@dataclass(slots=True)
class CheckReport:
    """What a check found. ``without_hash`` were read, and nobody kept the fingerprint of what was read."""

    same: list[WordingRow] = field(default_factory=list)
    changed: list[tuple[WordingRow, LawText]] = field(default_factory=list)
    gone: list[tuple[WordingRow, LawText]] = field(default_factory=list)
    """The newer text has none of the articles any more, by their number."""
    not_in_copy: list[WordingRow] = field(default_factory=list)
    without_hash: list[WordingRow] = field(default_factory=list)
    new: int = 0

    @property
    def compared(self) -> int:
        return len(self.same) + len(self.changed) + len(self.gone)


def check_texts(session: Session, folders: Iterable[Path], *, on: date, today: date) -> CheckReport:
    """Compare the wordings of a day with the texts of newer copies, and put what differs in the queue. No commit.

    Args:
        on: the day of which the wordings are compared; of a copy with more texts of a law, the last until ``today``.
    """
    report = CheckReport()
    wanted: dict[str, list[WordingRow]] = defaultdict(list)
    for one in all_wordings(session):
        if one.is_read and one.held_on(on):
            if one.text_hash and one.articles and one.bwb_id:
                wanted[one.bwb_id].append(one)
            else:
                report.without_hash.append(one)
    texts: dict[str, LawText] = {}
    for folder in folders:
        for text in read_texts(folder, wanted, today):
            known = texts.get(text.bwb_id)
            if known is None or (known.valid_from or date.min) < (text.valid_from or date.min):
                texts[text.bwb_id] = text
    for bwb_id, wordings in wanted.items():
        for one in wordings:
            _compare(report, one, texts.get(bwb_id))
    report.new = _keep(session, [*report.changed, *report.gone], today)
    return report


def _compare(report: CheckReport, one: WordingRow, text: LawText | None) -> None:
    if text is None:
        report.not_in_copy.append(one)
        return
    found = fingerprint_of(text, one.articles)
    if found is None:
        report.gone.append((one, text))
    elif found == one.text_hash:
        report.same.append(one)
    else:
        report.changed.append((one, text))


def _keep(session: Session, found: list[tuple[WordingRow, LawText]], today: date) -> int:
    """A finding that is there already stays as it is, whatever somebody did about it."""
    rows = [
        {
            "provision_id": one.provision_id,
            "wording_from": one.valid_from,
            "read_on": one.read_on,
            "read_hash": one.text_hash,
            "found_hash": fingerprint_of(text, one.articles) or "",
            "text_from": text.valid_from,
            "source": _source(text),
            "found_on": today,
            "status": TextFindingStatus.OPEN,
        }
        for one, text in found
    ]
    if not rows:
        return 0
    statement = insert(LawTextFinding).on_conflict_do_nothing().returning(LawTextFinding.id)
    return len(session.execute(statement, rows).all())


def _source(text: LawText) -> str:
    """The last parts of the path: enough to find the text in a copy, and nothing of this machine."""
    return "/".join(text.source.parts[-3:])


def decide(context: Context, finding_id: int, status: TextFindingStatus, note: str) -> LawTextFinding:
    """Say what was done about a finding: looked at, with a note, or an edit of the provision was proposed.

    The edit itself is decided by a second person, as every change of the catalogue.

    Raises:
        DomainError: on ``note`` when it is empty or too long; on no field when there is no edit.
        VersionConflict: somebody said it before.
    """
    context.actor.require(Permission.EDIT_CATALOGUE)
    finding = context.session.scalar(
        select(LawTextFinding)
        .where(LawTextFinding.id == finding_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if finding is None:
        raise NotFound()
    if finding.status is not TextFindingStatus.OPEN:
        raise VersionConflict(DECIDED)
    if not note.strip() or len(note) > NOTE_MAX_CHARACTERS:
        raise DomainError(f"Schrijf op wat u zag, in ten hoogste {NOTE_MAX_CHARACTERS} tekens.", field="note")
    provision = context.session.get_one(Provision, finding.provision_id)
    if status is TextFindingStatus.EDITED:
        finding.edit_id = edit_since(context.session, provision.key, finding.found_on)
        if finding.edit_id is None:
            raise DomainError(NO_EDIT)
    finding.status, finding.note = status, note.strip()
    finding.decided_by_id, finding.decided_at = context.actor.account_id, context.now
    context.session.flush()
    events.record(
        context,
        CatalogueEvent.TEXT_DECIDED,
        subject=f"catalogus:{EntryKind.PROVISION.value}:{provision.key}",
        data={"bevinding": finding.id, "besluit": status.value},
    )
    return finding


def edit_since(session: Session, provision_key: str, found_on: date) -> int | None:
    """The newest edit of a provision since a day that waits or was approved."""
    return session.scalar(
        select(CatalogueEdit.id)
        .where(
            CatalogueEdit.kind == EntryKind.PROVISION,
            CatalogueEdit.key == provision_key,
            CatalogueEdit.status.in_((EditStatus.PROPOSED, EditStatus.APPROVED)),
            CatalogueEdit.proposed_at >= found_on,
        )
        .order_by(CatalogueEdit.id.desc())
        .limit(1)
    )
