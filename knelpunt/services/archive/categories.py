"""Retention categories: one person proposes a wording, another decides."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select, update

from knelpunt.domain.archive.retention import MAX_YEARS, ArchiveEvent, subject_of_category
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, VersionConflict
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import CategoryStatus, Disposition
from knelpunt.models import RetentionCategory
from knelpunt.queries.core import people
from knelpunt.services.archive import retention
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.core.public_words import require_nobody

SAME_PERSON = "U stelde dit zelf voor. Een ander beslist erover."
DECIDED = "Over dit voorstel is al besloten."
WAITS = "Er wacht al een voorstel voor deze categorie. Daarover beslist eerst iemand."
FIELDS = {"name": "de naam", "holds": "de omschrijving", "source": "de bron"}


@dataclass(frozen=True, slots=True)
class Wording:
    """What a category says. ``source_checked_on``: when somebody read the source; None: nobody did."""

    name: str
    holds: str
    years: int
    disposition: Disposition
    public_text_stays: bool
    source: str
    source_checked_on: date | None
    valid_from: date


def propose(context: Context, code: str, wording: Wording) -> RetentionCategory:
    """Propose a new wording of a category. Nothing changes until another person agrees.

    Raises:
        NotFound: there is no such category.
        DomainError: another proposal waits, or what is filled in does not fit.
    """
    context.actor.require(Permission.MANAGE_ARCHIVE)
    session = context.session
    known = session.scalars(
        select(RetentionCategory).where(RetentionCategory.code == code).order_by(RetentionCategory.id).with_for_update()
    ).all()
    if not known:
        raise NotFound()
    if any(each.status is CategoryStatus.PROPOSED for each in known):
        raise DomainError(WAITS)
    _check(context, wording)
    made = RetentionCategory(
        code=code,
        name=wording.name.strip(),
        holds=wording.holds.strip(),
        years=wording.years,
        disposition=wording.disposition,
        public_text_stays=wording.public_text_stays,
        source=wording.source.strip(),
        source_checked_on=wording.source_checked_on,
        valid_from=wording.valid_from,
        valid_to=None,
        status=CategoryStatus.PROPOSED,
        proposed_by_id=context.actor.account_id,
        proposed_at=context.now,
    )
    session.add(made)
    session.flush()
    _record(context, made, ArchiveEvent.CATEGORY_PROPOSED)
    return made


def decide(context: Context, category_id: int, version: int, *, accepted: bool, remark: str) -> RetentionCategory:
    """Agree with a proposed wording, or say why not. Cases that ended while it holds follow it at once.

    Raises:
        NotFound: there is no such proposal.
        PermissionDenied: the actor proposed it.
        DomainError: it was decided already, or a refusal has no reason.
    """
    context.actor.require(Permission.MANAGE_ARCHIVE)
    session = context.session
    each = session.scalar(
        select(RetentionCategory)
        .where(RetentionCategory.id == category_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if each is None:
        raise NotFound()
    if each.version != version:
        raise VersionConflict(Text("Het voorstel is intussen gewijzigd."))
    if each.status is not CategoryStatus.PROPOSED:
        raise DomainError(DECIDED)
    if each.proposed_by_id == context.actor.account_id:
        raise PermissionDenied(SAME_PERSON)
    if not accepted and not remark.strip():
        raise DomainError("Schrijf op waarom u het niet overneemt.", field="remark")
    each.status = CategoryStatus.IN_FORCE if accepted else CategoryStatus.REFUSED
    each.decided_by_id, each.decided_at = context.actor.account_id, context.now
    each.remark = remark.strip() or None
    session.flush()
    if not accepted:
        _record(context, each, ArchiveEvent.CATEGORY_REFUSED)
        return each
    _end_earlier(context, each)
    followed = retention.follow_new_wording(context, each)
    _record(context, each, ArchiveEvent.CATEGORY_APPROVED, zaken=followed)
    return each


def _end_earlier(context: Context, new: RetentionCategory) -> None:
    """The wordings before it hold until the day before; those that would begin on its day or later are replaced."""
    others = (
        RetentionCategory.code == new.code,
        RetentionCategory.id != new.id,
        RetentionCategory.status == CategoryStatus.IN_FORCE,
    )
    context.session.execute(
        update(RetentionCategory)
        .where(*others, RetentionCategory.valid_from >= new.valid_from)
        .values(status=CategoryStatus.REPLACED)
    )
    context.session.execute(
        update(RetentionCategory)
        .where(*others, RetentionCategory.valid_from < new.valid_from, RetentionCategory.valid_to.is_(None))
        .values(valid_to=new.valid_from - timedelta(days=1))
    )


def _check(context: Context, wording: Wording) -> None:
    if not 1 <= wording.years <= MAX_YEARS:
        raise DomainError(f"Kies een aantal jaren van 1 tot en met {MAX_YEARS}.", field="years")
    for field, value in (("name", wording.name), ("holds", wording.holds), ("source", wording.source)):
        if not value.strip():
            raise DomainError("Vul dit in.", field=field)
    written = {"name": wording.name, "holds": wording.holds, "source": wording.source}
    require_nobody(written, people.known_at_the_desk(context.session), FIELDS)
    if wording.source_checked_on is not None and wording.source_checked_on > context.today:
        raise DomainError("Kies vandaag of een eerdere dag.", field="source_checked_on")


def _record(context: Context, each: RetentionCategory, kind: ArchiveEvent, **more: int) -> None:
    data = {"categorie": each.code, "jaren": each.years, "wat": each.disposition.value, **more}
    events.record(context, kind, subject=subject_of_category(each.id), data=data)
