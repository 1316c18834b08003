"""What happens to ruimtewijzers by the calendar: a recheck that is due, and the question how its use went."""

from datetime import date

from sqlalchemy import Select, and_, false, func, or_, select

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.calendar.working_days import add_months
from knelpunt.domain.guides.track import GuideStatus
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission, roles_with
from knelpunt.models import Account, Guide, GuideClaim, GuideProvision, GuideVersion, Provision
from knelpunt.services.core import clocks
from knelpunt.services.core.context import Context
from knelpunt.services.guides import editing as guides
from knelpunt.services.guides import mail_texts as texts
from knelpunt.services.mail import messages

TOO_OLD = "De tekst is al lang niet meer nagekeken."
PERIOD_OVER = "De periode waarvoor dit antwoord is geschreven, is voorbij."


def due_guides(context: Context) -> Select[int]:
    """Public guides that may need a recheck: long not looked at, written for a period, or leaning on a provision."""
    leans = select(GuideProvision.provision_id).where(GuideProvision.guide_id == Guide.id).exists()
    is_over = (
        select(GuideVersion.id)
        .where(
            GuideVersion.guide_id == Guide.id,
            GuideVersion.number == Guide.published_number,
            GuideVersion.valid_to < context.today,
        )
        .exists()
    )
    return (
        select(Guide.id)
        .where(Guide.status == GuideStatus.PUBLIC, or_(Guide.review_due_on < context.today, leans, is_over))
        .order_by(Guide.id)
    )


def ask_recheck_when_due(context: Context, guide_id: int) -> None:
    """Ask for a recheck where one is due: a timer states what changed, never that the answer is wrong."""
    guide = context.session.get(Guide, guide_id, with_for_update=True, populate_existing=True)
    if guide is None or guide.status is not GuideStatus.PUBLIC:
        return
    reason = _why_recheck(context, guide)
    if reason is not None:
        guides.ask_recheck(context, guide.slug, None, reason)


def _why_recheck(context: Context, guide: Guide) -> str | None:
    if has_changed_rule(context, guide):
        return guides.RULE_CHANGED
    if guide.review_due_on is not None and guide.review_due_on < context.today:
        return TOO_OLD
    return PERIOD_OVER if _is_just_over(context, guide) else None


def _is_just_over(context: Context, guide: Guide) -> bool:
    """Whether its period ended since somebody last looked; who confirmed it after that day is not asked again."""
    ended = guides.published_version(context.session, guide).valid_to
    if ended is None or ended >= context.today:
        return False
    looked_at = _last_looked_at(context, guide)
    return looked_at is None or looked_at <= ended


def _last_looked_at(context: Context, guide: Guide) -> date | None:
    """The day from which the next review was counted, by the term that held on it."""
    if guide.review_due_on is None:
        return None
    for term in clocks.held_terms(context.session, Clock.GUIDE):
        day = add_months(guide.review_due_on, -term.length)
        if term.holds_on(day):
            return day
    return None


def has_changed_rule(context: Context, guide: Guide) -> bool:
    """Whether a provision holds something else than when somebody last looked at this guide."""
    rows = context.session.execute(
        select(GuideProvision.digest, Provision)
        .join(Provision, Provision.id == GuideProvision.provision_id)
        .where(GuideProvision.guide_id == guide.id)
        .order_by(Provision.id)
    )
    return any(digest != guides.digest_of(provision) for digest, provision in rows)


def due_claims(context: Context) -> Select[int]:
    """Uses that were started some months ago and of which nobody said how they went."""
    return (
        select(GuideClaim.id)
        .where(GuideClaim.ask_on <= context.today, GuideClaim.asked_at.is_(None), GuideClaim.outcome.is_(None))
        .order_by(GuideClaim.id)
    )


def ask_about_claim(context: Context, claim_id: int) -> None:
    """Ask the municipality once how it went; without an account to mail to, the question waits in the site."""
    claim = context.session.get(GuideClaim, claim_id, with_for_update=True, populate_existing=True)
    if claim is None or claim.asked_at is not None or claim.outcome is not None:
        return
    claim.asked_at = context.now
    _mail_question(context, claim, f"ruimtewijzer-ervaring:{claim.id}")


def open_claims(context: Context) -> Select[int]:
    """Uses of which nobody said for long how they went, each by the terms of the day on which it was told."""
    begun_on = func.greatest(GuideClaim.claimed_on, GuideClaim.starts_on)
    is_due = (
        and_(
            clocks.is_held_on(GuideClaim.claimed_on, term),
            begun_on <= add_months(context.today, -term.length),
        )
        for term in clocks.held_terms(context.session, Clock.CLAIM, 1)
    )
    return (
        select(GuideClaim.id)
        .where(
            or_(false(), *is_due),
            GuideClaim.asked_at.is_not(None),
            GuideClaim.asked_again_at.is_(None),
            GuideClaim.outcome.is_(None),
        )
        .order_by(GuideClaim.id)
    )


def ask_again_about_claim(context: Context, claim_id: int) -> None:
    """Ask once more, long after."""
    claim = context.session.get(GuideClaim, claim_id, with_for_update=True, populate_existing=True)
    if claim is None or claim.asked_again_at is not None or claim.outcome is not None:
        return
    claim.asked_again_at = context.now
    if claim.asked_at != claim.asked_again_at:  # both were due at once: one mail is enough
        _mail_question(context, claim, f"ruimtewijzer-ervaring:{claim.id}:12")


def _who_tells(context: Context, claim: GuideClaim) -> Account | None:
    """Who said that the guide would be used; once that one has left or may not tell any more, the colleague who may and
    is there longest. Of a municipality that merged these are the people of the one that came for it."""
    may_tell = select(Account).where(
        Account.organisation_id == claim.organisation_id,
        Account.is_active,
        Account.role.in_(roles_with(Permission.CLAIM_GUIDE)),
    )
    first = func.coalesce(Account.id == claim.account_id, false())
    return context.session.scalar(may_tell.order_by(first.desc(), Account.id).limit(1))


def _mail_question(context: Context, claim: GuideClaim, once_key: str) -> None:
    account = _who_tells(context, claim)
    if account is None:
        return
    guide = context.session.get_one(Guide, claim.guide_id)
    question = guides.published_version(context.session, guide).question
    messages.queue_text(
        context,
        MailKind.CLAIM_QUESTION,
        account.email,
        texts.claim_question(
            question=question, project=claim.project, url=context.links.to(f"/onze-ruimtewijzers/{claim.id}")
        ),
        account_id=account.id,
        once_key=once_key,
    )
