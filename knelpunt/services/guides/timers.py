"""What happens to ruimtewijzers by the calendar: a recheck that is due, and the question how its use went."""

from sqlalchemy import Select, or_, select

from knelpunt.domain.calendar.working_days import add_months
from knelpunt.domain.guides.track import (
    CLAIM_ASKED_AFTER_MONTHS,
    CLAIM_ASKED_AGAIN_AFTER_MONTHS,
    REVIEW_AFTER_MONTHS,
    GuideStatus,
)
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.models import Account, Guide, GuideClaim, GuideProvision, GuideVersion, Provision
from knelpunt.services.core.context import Context
from knelpunt.services.guides import editing as guides
from knelpunt.services.guides import mail_texts as texts
from knelpunt.services.mail import messages

TWO_YEARS_OLD = "De tekst is twee jaar niet nagekeken."
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
        return TWO_YEARS_OLD
    return PERIOD_OVER if _is_just_over(context, guide) else None


def _is_just_over(context: Context, guide: Guide) -> bool:
    """Whether its period ended since somebody last looked; who confirmed it after that day is not asked again."""
    ended = guides.published_version(context.session, guide).valid_to
    if ended is None or ended >= context.today:
        return False
    return guide.review_due_on is None or add_months(ended, REVIEW_AFTER_MONTHS) >= guide.review_due_on


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
    """Uses that were started three months ago and of which nobody said how they went."""
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
    """Uses of which nobody said in a year how they went."""
    since = add_months(context.today, CLAIM_ASKED_AFTER_MONTHS - CLAIM_ASKED_AGAIN_AFTER_MONTHS)
    return (
        select(GuideClaim.id)
        .where(
            GuideClaim.ask_on <= since,
            GuideClaim.asked_at.is_not(None),
            GuideClaim.asked_again_at.is_(None),
            GuideClaim.outcome.is_(None),
        )
        .order_by(GuideClaim.id)
    )


def ask_again_about_claim(context: Context, claim_id: int) -> None:
    """Ask once more, after a year."""
    claim = context.session.get(GuideClaim, claim_id, with_for_update=True, populate_existing=True)
    if claim is None or claim.asked_again_at is not None or claim.outcome is not None:
        return
    claim.asked_again_at = context.now
    if claim.asked_at != claim.asked_again_at:  # both were due at once: one mail is enough
        _mail_question(context, claim, f"ruimtewijzer-ervaring:{claim.id}:12")


def _mail_question(context: Context, claim: GuideClaim, once_key: str) -> None:
    account = context.session.get(Account, claim.account_id) if claim.account_id is not None else None
    if account is None or not account.is_active:
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
