"""Mails about a ruimtewijzer: to its followers when it changes, and to a municipality that used it."""

from sqlalchemy import select

from knelpunt.domain.languages import DUTCH, prefix_of
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.models import Guide, GuideFollower
from knelpunt.services import messages
from knelpunt.services.act import Act
from knelpunt.services.following import GUIDES
from knelpunt.services.mail_texts import guides as texts


def guide_url(act: Act, slug: str, language: str = DUTCH.code) -> str:
    """The public page of a guide, in the language with this code."""
    return act.links.to(f"{prefix_of(language)}/ruimtewijzers/{slug}")


def tell_followers(act: Act, guide: Guide, question: str, what: str, reason: str | None = None) -> None:
    """Mail everybody who confirmed that they follow this guide; once per change, however often it is tried.

    Args:
        what: what changed: one of the sentences of ``mail_texts.guides``.
        reason: why, as somebody at the desk wrote it.
    """
    act.session.flush()
    followers = act.session.scalars(
        select(GuideFollower)
        .where(
            GuideFollower.guide_id == guide.id,
            GuideFollower.confirmed_at.is_not(None),
            GuideFollower.ends_on >= act.today,
        )
        .order_by(GuideFollower.id)
    )
    for follower in followers:
        messages.queue_text(
            act,
            MailKind.GUIDE_CHANGED,
            follower.email,
            texts.guide_changed(
                question=question,
                what=what,
                reason=reason or "",
                url=guide_url(act, guide.slug, follower.language),
                stop_url=GUIDES.url(act, follower, follower.language),
                language=follower.language,
            ),
            once_key=f"ruimtewijzer:{guide.id}:{guide.version}:{follower.id}",
            language=follower.language,
        )
