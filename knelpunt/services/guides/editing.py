"""Writes, reviews, publishes, rechecks and ends ruimtewijzers: the only code that changes one."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from sqlalchemy import ColumnElement, delete, func, insert, literal_column, select
from sqlalchemy.orm import Session

from knelpunt.adapters.words.search_terms import fold, to_documents
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.working_days import add_months
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, VersionConflict
from knelpunt.domain.guides import track as steps
from knelpunt.domain.guides.track import (
    GuideEvent,
    GuideOrigin,
    GuideStatus,
    GuideStep,
    GuideText,
    is_slug,
    searched_words,
    status_after_writing,
)
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import ActorKind
from knelpunt.models import Guide, GuideProvision, GuideVersion, Provision
from knelpunt.queries.guides.review import NEEDED, is_author
from knelpunt.services.core import clocks, events
from knelpunt.services.core.context import Context
from knelpunt.services.guides import mail as guide_mail
from knelpunt.services.guides import mail_texts as texts
from knelpunt.services.guides import redaction

SLUG_LENGTH = 60
RULE_CHANGED = "Een regel waar dit antwoord op steunt, is veranderd."
FOR_THE_WRITER = (
    "Deze tekst komt uit één zaak. Kijk na of hij ook voor andere gevallen klopt.",
    "Schrijf hier een tekst die een ander kan overnemen.",
)
"""What drafts of cases were begun with at first, meant for the writer and for no reader."""
NOT_THE_AUTHOR = "Wie de tekst schreef, kan hem niet zelf toetsen. Vraag een collega."
_NOT_IN_SLUG = re.compile(r"[^a-z0-9]+")
_LEANS_ON = ("conditions", "decided_by", "deviates_from", "max_duration", "status_on_reference_date")
"""What of a provision's descriptive fields a guide leans on; new sources or trigger words change no answer."""


def create(context: Context, text: GuideText, *, case_id: int | None = None) -> Guide:
    """Begin a guide as a draft, with a readable address of its own made from the question."""
    context.actor.require(Permission.EDIT_GUIDE)
    guide = Guide(
        slug=free_slug(context.session, redaction.without_people(context.session, text.question, case_id)),
        status=GuideStatus.DRAFT,
        case_id=case_id,
        latest_number=1,
        updated_at=context.now,
    )
    context.session.add(guide)
    context.session.flush()
    _add_version(context, guide, text, GuideOrigin.DESK)
    _record(context, guide, GuideEvent.SAVED)
    return guide


def save(context: Context, slug: str, version: int, text: GuideText) -> Guide:
    """Keep what was written. A version that was published or reviewed stays as it is: then a new one begins.

    Raises:
        VersionConflict: somebody else changed the guide since this actor read it.
    """
    guide = open_guide(context, slug, steps.SAVE, version=version)
    latest = latest_version(context.session, guide)
    if latest.published_on is not None or latest.reviewed_on is not None:
        guide.latest_number += 1
        _add_version(context, guide, text, GuideOrigin.DESK)
    else:
        for name, value in text.values.items():
            setattr(latest, name, value)
        latest.written_by_id, latest.written_at, latest.origin = context.actor.account_id, context.now, GuideOrigin.DESK
        latest.passed, latest.pass_reason = [], None
    _move(context, guide, steps.SAVE, status_after_writing(guide.status, is_reviewed=False))
    return guide


def review(context: Context, slug: str, version: int, pass_reason: str = "") -> None:
    """Agree with the law in the version in hand.

    Args:
        pass_reason: why what points at a person may stand in it all the same.
    Raises:
        PermissionDenied: the actor wrote this version.
        DomainError: something points at a person, and no reason says why it may stand.
    """
    guide = open_guide(context, slug, steps.REVIEW, version=version)
    latest = _for_second_person(context, guide)
    if latest.reviewed_on is not None or latest.published_on is not None:
        raise DomainError("Deze versie is al getoetst.")
    require_whole(latest)
    let_stand = redaction.let_stand(context, guide, latest, pass_reason)
    latest.reviewed_by_id, latest.reviewed_on, latest.review_remark = context.actor.account_id, context.today, None
    more = {"toch_openbaar": let_stand} if let_stand else {}
    _move(context, guide, steps.REVIEW, status_after_writing(guide.status, is_reviewed=True), more)


def give_back(context: Context, slug: str, version: int, remark: str) -> None:
    """Give the version in hand back to its author with the reason; a review that was given is taken back."""
    guide = open_guide(context, slug, steps.RETURN, version=version)
    latest = _for_second_person(context, guide)
    if latest.published_on is not None:
        raise DomainError("Deze versie is al openbaar.")
    if not remark.strip():
        raise DomainError("Schrijf op wat er anders moet.", field="remark")
    latest.reviewed_by_id, latest.reviewed_on, latest.review_remark = None, None, remark.strip()
    _move(context, guide, steps.RETURN, status_after_writing(guide.status, is_reviewed=False))


def publish(context: Context, slug: str, version: int) -> None:
    """Show the reviewed version to everybody; the one before stays readable. Followers hear of it."""
    guide = open_guide(context, slug, steps.PUBLISH, version=version)
    latest = latest_version(context.session, guide)
    if latest.published_on is not None:
        raise DomainError("Deze versie is al openbaar.")
    if latest.reviewed_on is None:
        raise DomainError("Laat de tekst eerst toetsen door een tweede persoon.")
    redaction.require_clear(context, guide, latest)
    show_version(context, guide, latest)
    _move(context, guide, steps.PUBLISH, GuideStatus.PUBLIC)
    guide_mail.tell_followers(context, guide, latest.question, texts.NEW_VERSION)


def ask_recheck(context: Context, slug: str, version: int | None, reason: str) -> None:
    """Say that somebody must look at a public guide again, and why."""
    guide = open_guide(context, slug, steps.ASK_RECHECK, version=version)
    if not reason.strip():
        raise DomainError("Schrijf op waarom een hercontrole nodig is.", field="reason")
    redaction.require_none(context, guide, reason)
    guide.recheck_reason = reason.strip()
    _move(context, guide, steps.ASK_RECHECK, GuideStatus.RECHECK)
    shown = published_version(context.session, guide)
    guide_mail.tell_followers(context, guide, shown.question, texts.LOOKED_AT_AGAIN, guide.recheck_reason)


def confirm(context: Context, slug: str, version: int) -> None:
    """Looked at again: the published version still holds, for another term."""
    guide = open_guide(context, slug, steps.CONFIRM, version=version)
    shown = published_version(context.session, guide)
    if context.actor.account_id is not None and shown.written_by_id == context.actor.account_id:
        raise PermissionDenied(NOT_THE_AUTHOR)
    guide.recheck_reason = None
    guide.review_due_on = _next_review(context)
    if shown.reviewed_on is None:
        shown.reviewed_by_id, shown.reviewed_on = context.actor.account_id, context.today
    lean_on(context.session, guide, shown)
    _move(context, guide, steps.CONFIRM, GuideStatus.PUBLIC)
    guide_mail.tell_followers(context, guide, shown.question, texts.STILL_RIGHT)


def _next_review(context: Context) -> date:
    """The day on which a guide that is right today is looked at again."""
    return add_months(context.today, clocks.term_lengths(context.session, Clock.GUIDE, context.today)[0])


def expire(context: Context, slug: str, version: int, reason: str) -> None:
    """End a guide: its page stays readable, with the reason on top."""
    guide = open_guide(context, slug, steps.EXPIRE, version=version)
    if not reason.strip():
        raise DomainError("Schrijf op waarom de ruimtewijzer vervalt.", field="reason")
    redaction.require_none(context, guide, reason)
    guide.expired_on, guide.expired_reason, guide.recheck_reason = context.today, reason.strip(), None
    guide.review_due_on = None
    _move(context, guide, steps.EXPIRE, GuideStatus.EXPIRED)
    shown = published_version(context.session, guide)
    guide_mail.tell_followers(context, guide, shown.question, texts.EXPIRED, guide.expired_reason)


def open_guide(context: Context, slug: str, step: GuideStep, *, version: int | None = None) -> Guide:
    """The guide, locked for this step.

    Raises:
        NotFound, PermissionDenied, VersionConflict, TransitionNotAllowed.
    """
    context.actor.require(step.permission)
    if not is_slug(slug):
        raise NotFound()
    guide = context.session.scalar(
        select(Guide).where(Guide.slug == slug).with_for_update().execution_options(populate_existing=True)
    )
    if guide is None:
        raise NotFound()
    if version is not None and guide.version != version:
        raise VersionConflict("Iemand anders heeft deze ruimtewijzer intussen gewijzigd.")
    step.check_from(guide.status)
    return guide


def show_version(context: Context, guide: Guide, version: GuideVersion) -> None:
    """Make a version the one that everybody reads and finds."""
    version.published_on = context.today
    # Together, before anything is asked of the database: it refuses the one without the other.
    guide.published_number, guide.status = version.number, GuideStatus.PUBLIC
    guide.recheck_reason = None
    guide.review_due_on = _next_review(context)
    guide.terms = terms_of(version)
    lean_on(context.session, guide, version)


def lean_on(session: Session, guide: Guide, version: GuideVersion) -> None:
    """Note which provisions a version leans on, and what they hold now."""
    keys = sorted({rule["provision"] for rule in version.rules if rule.get("provision")})
    session.execute(delete(GuideProvision).where(GuideProvision.guide_id == guide.id))
    rows = session.scalars(select(Provision).where(Provision.key.in_(keys)).order_by(Provision.id)).all()
    if rows:
        session.execute(
            insert(GuideProvision),
            [{"guide_id": guide.id, "provision_id": row.id, "digest": digest_of(row)} for row in rows],
        )


def digest_of(provision: Provision) -> str:
    """A mark of everything in a provision that an answer can lean on."""
    held: Mapping[str, Any] = {
        "article": provision.article,
        "room_type": provision.room_type,
        "from": str(provision.valid_from),
        "to": str(provision.valid_to),
        "is_end_known": provision.end_is_known,
        **{name: provision.details.get(name) for name in _LEANS_ON},
    }
    return hashlib.sha256(json.dumps(held, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def latest_version(session: Session, guide: Guide) -> GuideVersion:
    """The version that the desk works on."""
    return _version(session, guide, guide.latest_number)


def published_version(session: Session, guide: Guide) -> GuideVersion:
    """The version that everybody reads; the state says that there is one."""
    return _version(session, guide, guide.published_number or 0)


def _version(session: Session, guide: Guide, number: int) -> GuideVersion:
    return session.scalars(
        select(GuideVersion).where(GuideVersion.guide_id == guide.id, GuideVersion.number == number)
    ).one()


def free_slug(session: Session, question: str) -> str:
    """A readable address that no guide has yet."""
    base = _NOT_IN_SLUG.sub("-", fold(question))[:SLUG_LENGTH].strip("-") or "ruimtewijzer"
    taken = set(session.scalars(select(Guide.slug).where(Guide.slug.startswith(base, autoescape=True))))
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def require_whole(version: GuideVersion) -> None:
    """Raise when a version lacks what a reader cannot do without."""
    missing = [words for name, words in NEEDED.items() if not getattr(version, name)]
    if missing:
        raise DomainError(f"Vul eerst aan: {', '.join(missing)}.")
    for words in FOR_THE_WRITER:
        if words in version.confidence_note or words in version.model_text:
            raise DomainError(f"Dit is voor de schrijver, en moet eerst uit de tekst: ‘{words}’")


def terms_of(version: GuideVersion) -> ColumnElement[str]:
    """What a guide is found by: the words by which people ask for it weigh more than the rest, and a word more than
    what it is made of."""
    asked, rest = searched_words({name: getattr(version, name) for name in GuideText.__slots__})
    (whole, parts), (other, other_parts) = to_documents(asked), to_documents(rest)
    found = _weighed(whole, "A").op("||")(_weighed(other, "B"))
    return found.op("||")(_weighed(parts, "C")).op("||")(_weighed(other_parts, "D"))


def _weighed(document: str, weight: Literal["A", "B", "C", "D"]) -> ColumnElement[str]:
    return func.setweight(func.to_tsvector("simple", document), literal_column(f"'{weight}'"))


def _add_version(context: Context, guide: Guide, text: GuideText, origin: GuideOrigin) -> GuideVersion:
    version = GuideVersion(
        guide_id=guide.id,
        number=guide.latest_number,
        origin=origin,
        written_by_id=context.actor.account_id,
        written_at=context.now,
        **text.values,
    )
    context.session.add(version)
    context.session.flush()
    return version


def _for_second_person(context: Context, guide: Guide) -> GuideVersion:
    latest = latest_version(context.session, guide)
    if context.actor.kind is ActorKind.ACCOUNT and is_author(latest.written_by_id, context.actor.account_id):
        raise PermissionDenied(NOT_THE_AUTHOR)
    return latest


def _move(
    context: Context, guide: Guide, step: GuideStep, target: GuideStatus, more: Mapping[str, Any] | None = None
) -> None:
    """Write the state and the event; ``updated_at`` makes the row's own version go up."""
    guide.status, guide.updated_at = target, context.now
    _record(context, guide, step.name, more)


def _record(context: Context, guide: Guide, kind: GuideEvent, more: Mapping[str, Any] | None = None) -> None:
    data = {"versie": guide.latest_number, "openbare_versie": guide.published_number, "staat": guide.status.value}
    events.record(context, kind, subject=subject_of(guide.id), data={**data, **(more or {})})


def subject_of(guide_id: int) -> str:
    """How an event names a guide."""
    return f"ruimtewijzer:{guide_id}"
