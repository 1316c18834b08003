"""Mails about a ruimtewijzer: to its followers when it changes, and to a municipality that used it."""

from sqlalchemy import select

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.models import Guide, GuideFollower
from knelpunt.services import messages
from knelpunt.services.act import Act
from knelpunt.services.following import GUIDES
from knelpunt.services.mail_texts import guides as texts


def guide_url(act: Act, slug: str) -> str:
    """The public page of a guide."""
    return act.links.to(f"/ruimtewijzers/{slug}")


def tell_followers(act: Act, guide: Guide, question: str, what: str) -> None:
    """Mail everybody who confirmed that they follow this guide; once per change, however often it is tried."""
    act.session.flush()
    followers = act.session.scalars(
        select(GuideFollower)
        .where(GuideFollower.guide_id == guide.id, GuideFollower.confirmed_at.is_not(None))
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
                url=guide_url(act, guide.slug),
                stop_url=GUIDES.url(act, follower),
            ),
            once_key=f"ruimtewijzer:{guide.id}:{guide.version}:{follower.id}",
        )
