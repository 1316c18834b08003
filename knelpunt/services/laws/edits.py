"""Changing the law catalogue in the site: one administrator proposes, another decides (decision 0011)."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, VersionConflict
from knelpunt.domain.laws.edits import (
    REASON_MAX_CHARACTERS,
    SOURCE_MAX_CHARACTERS,
    CatalogueEvent,
    Changed,
    EditStatus,
    EntryKind,
    fingerprint,
    meaning_faults,
    with_change,
)
from knelpunt.domain.laws.schema import in_file_order
from knelpunt.domain.laws.succession import Succession, name_of
from knelpunt.domain.permissions import Permission
from knelpunt.domain.redaction.checks import in_words, look_through
from knelpunt.domain.shapes import Fault, InvalidData
from knelpunt.models import CatalogueEdit, GuideProvision, Law, Provision
from knelpunt.queries.core import people
from knelpunt.services.accounts.administrators import require_confirmed
from knelpunt.services.core import events, small_tables
from knelpunt.services.core.context import Context
from knelpunt.services.core.public_words import TAKE_OUT
from knelpunt.services.guides import editing as guides
from knelpunt.services.laws import changes as law_changes
from knelpunt.services.laws import files as law_files
from knelpunt.services.laws import loading as laws

NOT_THE_PROPOSER = "U stelde dit zelf voor. Een andere beheerder moet het bekijken."
ONLY_THE_PROPOSER = "Alleen wie dit voorstelde, mag het intrekken."
DECIDED = "Over dit voorstel is al besloten. Laad de pagina opnieuw."
CHANGED_SINCE = "De tekst is intussen veranderd door iemand anders. Vergelijk wat er nu staat met het voorstel."
WAITS = "Er wacht hier al een voorstel op een tweede beheerder. Laat die eerst kiezen."
_FRIENDLY = {
    "moet een tekst zijn": "Vul dit in.",
    "moet ten minste een tekst noemen": "Vul ten minste een regel in.",
    "ontbreekt": "Vul dit in.",
}
_WEB = ("https://", "http://")
_SUCCESSION = {"predecessor", "successor", "replaced_by"}


class EditInvalid(DomainError):
    """The catalogue would not load with this change in it. ``by_field`` has the Dutch sentences, by field of the entry;
    under None those about the rest of the catalogue."""

    def __init__(self, by_field: Mapping[str | None, list[str]]) -> None:
        self.by_field = by_field
        super().__init__(" ".join(sentence for sentences in by_field.values() for sentence in sentences))


def propose(
    context: Context,
    kind: EntryKind,
    after: Mapping[str, Any],
    *,
    base_digest: str,
    reason: str,
    source_url: str,
    keeps_meaning: bool = False,
) -> CatalogueEdit:
    """Ask another administrator to make an entry of the catalogue say this.

    Args:
        after: every field of the entry, as the catalogue file writes it; ``id`` says which entry, or is a new key.
        base_digest: the fingerprint of the entry that the proposer saw; empty for a new entry.
        keeps_meaning: it says the same in other words, so that no case and no ruimtewijzer has to be looked at again.

    Raises:
        EditInvalid: the catalogue would not load with it, it changes what holds although it says that it does not, or
            what is new in it points at a person.
        VersionConflict: the entry was changed since the proposer saw it.
        DomainError: on ``id``, ``reason`` or ``source_url``, or on no field when nothing changes or a proposal waits.
    """
    context.actor.require(Permission.EDIT_CATALOGUE)
    require_confirmed(context)
    if context.actor.account_id is None:
        raise PermissionDenied("U mag dit niet doen.")
    laws.lock_catalogue(context.session)
    proposed = in_file_order(after, kind.shape)
    key = str(proposed.get("id") or "")
    before = _stands(context.session, kind, key)
    if not base_digest and before is not None:
        raise DomainError("Deze sleutel is al in gebruik. Kies een andere.", field="id")
    if fingerprint(before) != base_digest:
        raise VersionConflict(CHANGED_SINCE)
    if _waiting(context.session, kind, key) is not None:
        raise DomainError(WAITS)
    if before == proposed:
        raise DomainError("U hebt nog niets gewijzigd.")
    _check_grounds(reason, source_url)
    if keeps_meaning and (faults := meaning_faults(kind, before, proposed)):
        raise EditInvalid({name: [fault] for name, fault in faults.items()})
    _require_nobody(context.session, before, proposed)
    _changed_catalogue(context.session, kind, proposed)
    edit = CatalogueEdit(
        kind=kind,
        key=key,
        before=before,
        after=proposed,
        base_digest=base_digest,
        reason=reason.strip(),
        source_url=source_url.strip(),
        status=EditStatus.PROPOSED,
        proposed_by_id=context.actor.account_id,
        proposed_at=context.now,
        neighbour_keys=[],
        keeps_meaning=keeps_meaning,
    )
    context.session.add(edit)
    context.session.flush()
    _record(context, edit, CatalogueEvent.PROPOSED)
    return edit


def impossible(
    session: Session, kind: EntryKind, field: str, typed: Mapping[str, Any], keys: Iterable[str]
) -> dict[str, str]:
    """Which of these keys a field of an entry may not name, and why, in Dutch without a capital and a full stop.

    Args:
        field: ``predecessor``, ``successor`` or ``replaced_by``.
        typed: the entry as somebody is writing it.
    """
    laws_now, provisions_now = law_files.entries(session)
    rows = laws_now if kind is EntryKind.LAW else provisions_now
    others = [row for row in rows if row["id"] != typed.get("id")]
    line = (Succession.of_laws if kind is EntryKind.LAW else Succession.of_provisions)([*others, typed])
    own = str(typed.get("id") or "")
    pairs = {key: (key, own) if field == "predecessor" else (own, key) for key in keys}
    found = {key: line.why_not(*pair) for key, pair in pairs.items()}
    return {key: reason for key, reason in found.items() if reason}


def approve(context: Context, edit_id: int) -> CatalogueEdit:
    """Make the catalogue say what was proposed, by the way of a load: the system finds the change of the law in it.

    Raises:
        PermissionDenied: the proposer may not decide (four eyes), nor an administrator whom nobody confirmed.
        VersionConflict: somebody decided already, or the entry was changed since the proposal.
        EditInvalid: the catalogue changed so that it would not load with this in it any more.
    """
    edit = _to_decide(context, edit_id)
    if fingerprint(_stands(context.session, edit.kind, edit.key)) != edit.base_digest:
        raise VersionConflict(CHANGED_SINCE)
    changed = _changed_catalogue(context.session, edit.kind, edit.after)
    held = _digest_of_provision(context.session, edit)
    report = laws.apply_catalogue(context.session, law_files.checked(changed.laws, changed.provisions))
    _mark_ahead(context.session, edit, changed)
    edit.neighbour_keys = list(changed.neighbours)
    _decide(context, edit, EditStatus.APPROVED, "")
    if edit.keeps_meaning:
        _keep_guides(context.session, edit, held)
    else:
        law_changes.note_found(context.session, report.law_changes, context.today)
    small_tables.touch(context.session)
    _record(context, edit, CatalogueEvent.APPROVED)
    return edit


def send_back(context: Context, edit_id: int, note: str) -> CatalogueEdit:
    """Refuse a proposal and say why; the proposer can write a new one from its text.

    Raises:
        DomainError: on ``note`` when it is empty or too long.
        PermissionDenied, VersionConflict: as ``approve`` does, but not because the entry changed.
    """
    edit = _to_decide(context, edit_id)
    if not note.strip() or len(note) > REASON_MAX_CHARACTERS:
        raise DomainError(f"Schrijf op wat anders moet, in ten hoogste {REASON_MAX_CHARACTERS} tekens.", field="note")
    _decide(context, edit, EditStatus.SENT_BACK, note.strip())
    _record(context, edit, CatalogueEvent.SENT_BACK)
    return edit


def withdraw(context: Context, edit_id: int) -> CatalogueEdit:
    """Take back an own proposal. Raises PermissionDenied for anybody else, VersionConflict when it was decided."""
    context.actor.require(Permission.EDIT_CATALOGUE)
    edit = _open_edit(context.session, edit_id)
    if edit.proposed_by_id != context.actor.account_id:
        raise PermissionDenied(ONLY_THE_PROPOSER)
    _decide(context, edit, EditStatus.WITHDRAWN, "")
    _record(context, edit, CatalogueEvent.WITHDRAWN)
    return edit


def _to_decide(context: Context, edit_id: int) -> CatalogueEdit:
    context.actor.require(Permission.EDIT_CATALOGUE)
    require_confirmed(context)
    laws.lock_catalogue(context.session)
    edit = _open_edit(context.session, edit_id)
    if context.actor.account_id is None or edit.proposed_by_id == context.actor.account_id:
        raise PermissionDenied(NOT_THE_PROPOSER)
    return edit


def _open_edit(session: Session, edit_id: int) -> CatalogueEdit:
    edit = session.scalar(
        select(CatalogueEdit)
        .where(CatalogueEdit.id == edit_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if edit is None:
        raise NotFound()
    if edit.status is not EditStatus.PROPOSED:
        raise VersionConflict(DECIDED)
    return edit


def _decide(context: Context, edit: CatalogueEdit, status: EditStatus, note: str) -> None:
    edit.status, edit.note = status, note or None
    edit.decided_by_id, edit.decided_at = context.actor.account_id, context.now


def _stands(session: Session, kind: EntryKind, key: str) -> dict[str, Any] | None:
    """What the entry says now; None when there is none."""
    table = Law if kind is EntryKind.LAW else Provision
    found: dict[str, Any] | None = session.scalar(select(table.details).where(table.key == key))
    return None if found is None else in_file_order(found, kind.shape)


def _require_nobody(session: Session, before: Mapping[str, Any] | None, proposed: Mapping[str, Any]) -> None:
    """Everybody reads the catalogue: raise EditInvalid where words that were not there yet point at a person."""
    old = before or {}
    written = {name: _words_in(value) for name, value in proposed.items() if value != old.get(name)}
    found = look_through(written, people.known_at_the_desk(session))
    told: dict[str | None, list[str]] = {}
    for each in found:
        told.setdefault(each.field, []).extend(in_words([each], {each.field: "deze tekst"}))
    if told:
        raise EditInvalid({name: [*sentences, TAKE_OUT] for name, sentences in told.items()})


def _words_in(value: object) -> str:
    """All words of a field, however deep they stand; an address of a web page is none."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        return "\n".join(filter(None, map(_words_in, value)))
    return value if isinstance(value, str) and not value.startswith(_WEB) else ""


def _waiting(session: Session, kind: EntryKind, key: str) -> int | None:
    return session.scalar(
        select(CatalogueEdit.id).where(
            CatalogueEdit.kind == kind, CatalogueEdit.key == key, CatalogueEdit.status == EditStatus.PROPOSED
        )
    )


def _check_grounds(reason: str, source_url: str) -> None:
    if not reason.strip() or len(reason) > REASON_MAX_CHARACTERS:
        raise DomainError(
            f"Schrijf op waarom dit wijzigt, in ten hoogste {REASON_MAX_CHARACTERS} tekens.", field="reason"
        )
    url = source_url.strip()
    if not url.startswith(_WEB) or " " in url or len(url) > SOURCE_MAX_CHARACTERS:
        raise DomainError("Vul een adres in dat met https:// begint.", field="source_url")


def _changed_catalogue(session: Session, kind: EntryKind, after: Mapping[str, Any]) -> Changed:
    """The catalogue of the database with this entry in it. Raises EditInvalid when it would not load."""
    changed = with_change(kind, *law_files.entries(session), dict(after))
    try:
        law_files.checked(changed.laws, changed.provisions)
    except InvalidData as error:
        raise EditInvalid(_by_field(kind, changed, error.faults)) from error
    return changed


def _by_field(kind: EntryKind, changed: Changed, faults: list[Fault]) -> dict[str | None, list[str]]:
    """What is wrong, by field; a part of a record is a field too, as "max_duration.years"."""
    found: dict[str | None, list[str]] = {}
    elsewhere: list[Fault] = []
    for fault in faults:
        if fault.path[:2] != (kind.section, changed.place):
            elsewhere.append(fault)
            continue
        names = [part for part in fault.path[2:4] if isinstance(part, str)]
        within = [f"regel {part + 1}: " if isinstance(part, int) else f"{part}: " for part in fault.path[3:]]
        text = fault.text if len(names) == 2 else "".join([*within, fault.text])
        found.setdefault(".".join(names) or None, []).append(_sentence(text))
    if found.keys() & _SUCCESSION:
        # The neighbour that is named back says the same of the same link.
        elsewhere = [fault for fault in elsewhere if not _SUCCESSION.intersection(fault.path)]
    if elsewhere:
        found[None] = [f"Elders in de catalogus: {_elsewhere(changed, fault)}." for fault in elsewhere]
    return found


def _elsewhere(changed: Changed, fault: Fault) -> str:
    section, *rest = fault.path or ("",)
    rows = {"laws": changed.laws, "provisions": changed.provisions}.get(str(section), [])
    if rest and isinstance(rest[0], int):
        row = rows[rest[0]]
        return f"bij ‘{name_of(row, str(row.get('id')))}’: {fault.text}"
    return f"{fault.where} {fault.text}"


def _sentence(text: str) -> str:
    return _FRIENDLY.get(text) or f"{text[0].upper()}{text[1:]}."


def _mark_ahead(session: Session, edit: CatalogueEdit, changed: Changed) -> None:
    if edit.kind is EntryKind.LAW:
        keys = [edit.key, *changed.neighbours]
        session.execute(update(Law).where(Law.key.in_(keys)).values(is_ahead_of_file=True))
    else:
        session.execute(update(Provision).where(Provision.key == edit.key).values(is_ahead_of_file=True))


def _digest_of_provision(session: Session, edit: CatalogueEdit) -> str | None:
    row = session.scalar(select(Provision).where(Provision.key == edit.key))
    return guides.digest_of(row) if edit.kind is EntryKind.PROVISION and row is not None else None


def _keep_guides(session: Session, edit: CatalogueEdit, held: str | None) -> None:
    """Ruimtewijzers that leant on the old words lean on the new ones: nobody has to look at them again."""
    if held is None:
        return
    row = session.scalars(select(Provision).where(Provision.key == edit.key)).one()
    session.execute(
        update(GuideProvision)
        .where(GuideProvision.provision_id == row.id, GuideProvision.digest == held)
        .values(digest=guides.digest_of(row))
    )


def _record(context: Context, edit: CatalogueEdit, kind: CatalogueEvent) -> None:
    data = {"voorstel": edit.id, **({"zelfde_betekenis": True} if edit.keeps_meaning else {})}
    events.record(context, kind, subject=f"catalogus:{edit.kind.value}:{edit.key}", data=data)
