"""Mails about a ruimtewijzer: to its followers when it changes, and to a municipality that used it."""

from sqlalchemy import select

from knelpunt.domain.languages import DUTCH, prefix_of
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.models import Guide, GuideFollower
from knelpunt.services.core.context import Context
from knelpunt.services.guides import mail_texts as texts
from knelpunt.services.guides.following import GUIDES
from knelpunt.services.mail import messages


def guide_url(context: Context, slug: str, language: str = DUTCH.code) -> str:
    """The public page of a guide, in the language with this code."""
    return context.links.to(f"{prefix_of(language)}/ruimtewijzers/{slug}")


def tell_followers(context: Context, guide: Guide, question: str, what: str, reason: str | None = None) -> None:
    """Mail everybody who confirmed that they follow this guide; once per change, however often it is tried.

    Args:
        what: what changed: one of the sentences of ``guides.mail_texts``.
        reason: why, as somebody at the desk wrote it.
    """
    context.session.flush()
    followers = context.session.scalars(
        select(GuideFollower)
        .where(
            GuideFollower.guide_id == guide.id,
            GuideFollower.confirmed_at.is_not(None),
            GuideFollower.ends_on >= context.today,
        )
        .order_by(GuideFollower.id)
    )
    for follower in followers:
        messages.queue_text(
            context,
            MailKind.GUIDE_CHANGED,
            follower.email,
            texts.guide_changed(
                question=question,
                what=what,
                reason=reason or "",
                url=guide_url(context, guide.slug, follower.language),
                stop_url=GUIDES.url(context, follower, follower.language),
                language=follower.language,
            ),
            once_key=f"ruimtewijzer:{guide.id}:{guide.version}:{follower.id}",
            language=follower.language,
        )
