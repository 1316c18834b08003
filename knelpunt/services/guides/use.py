"""What people do with a public ruimtewijzer: it answered them, they follow it, or their municipality uses it."""

from datetime import date, timedelta

from sqlalchemy import func, select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.working_days import add_months
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.guides.track import (
    ANSWERING,
    READABLE,
    ClaimOutcome,
    GuideEvent,
    GuideStatus,
    is_slug,
)
from knelpunt.domain.links import UNCONFIRMED_DAYS
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import OrganisationKind
from knelpunt.models import Guide, GuideClaim, GuideDeflection, Organisation
from knelpunt.services.accounts import Ticket
from knelpunt.services.core import clocks, events
from knelpunt.services.core.context import Context
from knelpunt.services.guides import editing as guides
from knelpunt.services.guides import mail_texts as texts
from knelpunt.services.guides.following import GUIDES
from knelpunt.services.mail import messages

NO_MUNICIPALITY = "Alleen een gemeente kan laten weten dat zij een ruimtewijzer gebruikt."
REASON_LENGTH = 1000
PROJECT_LENGTH = 200
MOST_CLAIMS = 25
"""How many projects one municipality may name with one guide: everybody reads how many use it."""
LATEST_START = timedelta(days=5 * 366)


def deflect(context: Context, slug: str) -> None:
    """Count that this page answered somebody's question: the day and the page, and nothing about who it was."""
    guide = _readable(context, slug)
    context.session.add(GuideDeflection(guide_id=guide.id, on_day=context.today))


def ask_to_follow(context: Context, slug: str, address: str, ticket: Ticket) -> None:
    """Mail a link by which the owner of an address confirms that they follow a guide.

    The caller gives the same answer for an address that follows it already; that one gets the link by which it stops.

    Raises:
        TooManyAttempts: this address was asked for too often; nothing is sent.
        DomainError: the address is none (field ``email``).
    """
    guide = _readable(context, slug)
    if guide.status is GuideStatus.EXPIRED:
        raise DomainError(Text("Deze ruimtewijzer is vervallen en verandert niet meer."))
    follower = GUIDES.enrol(context, guide.id, address, ticket)
    text = texts.guide_confirm(
        question=guides.published_version(context.session, guide).question,
        url=GUIDES.url(context, follower, context.language),
        days=UNCONFIRMED_DAYS,
        language=context.language,
    )
    messages.queue_text(context, MailKind.GUIDE_CONFIRM, follower.email, text, language=context.language)


def stop_following(context: Context, token: str) -> None:
    """Erase the address of a follower at once."""
    context.session.delete(GUIDES.find(context, token, lock=True))


def claim(context: Context, slug: str, *, project: str, starts_on: date) -> GuideClaim:
    """A municipality says that it will do this too, for one project.

    Raises:
        PermissionDenied: this role may not speak for its organisation.
        DomainError: the organisation is no municipality, or it named this project before, or named very many.
    """
    context.actor.require(Permission.CLAIM_GUIDE)
    guide = _readable(context, slug, lock=True)
    if guide.status not in ANSWERING:
        raise DomainError("Deze ruimtewijzer is vervallen.")
    organisation = context.session.get(Organisation, context.actor.organisation_id)
    if (
        organisation is None
        or organisation.kind is not OrganisationKind.MUNICIPALITY
        or organisation.municipality_id is None
    ):
        raise DomainError(NO_MUNICIPALITY)
    if abs(starts_on - context.today) > LATEST_START:
        raise DomainError("Vul een dag in die niet meer dan vijf jaar van vandaag ligt.", field="starts_on")
    earlier = select(GuideClaim.id).where(
        GuideClaim.guide_id == guide.id,
        GuideClaim.organisation_id == organisation.id,
        func.lower(GuideClaim.project) == project.strip().lower(),
    )
    if context.session.scalar(earlier) is not None:
        raise DomainError("Uw gemeente heeft dit project hier al gemeld.", field="project")
    theirs = (GuideClaim.guide_id == guide.id, GuideClaim.organisation_id == organisation.id)
    if (context.session.scalar(select(func.count()).select_from(GuideClaim).where(*theirs)) or 0) >= MOST_CLAIMS:
        raise DomainError(f"Uw gemeente meldde hier al {MOST_CLAIMS} projecten. Meer tellen wij niet.")
    made = GuideClaim(
        guide_id=guide.id,
        guide_number=guide.published_number or 0,
        organisation_id=organisation.id,
        municipality_id=organisation.municipality_id,
        account_id=context.actor.account_id,
        project=project.strip(),
        starts_on=starts_on,
        claimed_on=context.today,
        ask_on=add_months(
            max(context.today, starts_on), clocks.term_lengths(context.session, Clock.CLAIM, context.today)[0]
        ),
    )
    context.session.add(made)
    context.session.flush()
    events.record(context, GuideEvent.CLAIMED, subject=guides.subject_of(guide.id), data={"gebruik": made.id})
    return made


def answer_claim(context: Context, claim_id: int, *, outcome: ClaimOutcome, reason: str) -> None:
    """Say how it went; a colleague of the same organisation may too, and a second answer replaces the first.

    Raises:
        NotFound: there is no such use, or it is another organisation's.
    """
    context.actor.require(Permission.CLAIM_GUIDE)
    found = context.session.get(GuideClaim, claim_id, with_for_update=True, populate_existing=True)
    if found is None or found.organisation_id != context.actor.organisation_id:
        raise NotFound()
    if outcome is not ClaimOutcome.WORKED and not reason.strip():
        raise DomainError("Schrijf op waarom het niet of maar deels lukte.", field="reason")
    found.outcome, found.outcome_reason, found.answered_on = outcome, reason.strip() or None, context.today
    events.record(
        context,
        GuideEvent.CLAIM_ANSWERED,
        subject=guides.subject_of(found.guide_id),
        data={"gebruik": found.id, "uitkomst": outcome.value},
    )


def _readable(context: Context, slug: str, *, lock: bool = False) -> Guide:
    if not is_slug(slug):
        raise NotFound()
    statement = select(Guide).where(Guide.slug == slug, Guide.status.in_(READABLE))
    guide = context.session.scalar(statement.with_for_update() if lock else statement)
    if guide is None:
        raise NotFound()
    return guide
