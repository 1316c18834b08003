"""Tells everybody who waits for a rule that there is news about it, in the transaction of the news itself."""

from sqlalchemy import select

from knelpunt.domain.bottlenecks import STATUS_WORDS, LinkStatus
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.models import Account, Bottleneck, BottleneckCase, BottleneckNews, Case
from knelpunt.services import messages
from knelpunt.services.act import Act
from knelpunt.services.mail_texts.bottlenecks import news_to_owner


def page_of(act: Act, bottleneck: Bottleneck) -> str:
    """The address of the public page."""
    return act.links.to(f"/regelknelpunten/{bottleneck.reference}")


def send_news(act: Act, bottleneck: Bottleneck, news: BottleneckNews) -> None:
    """Mail each submitter whose case the owner took in; each once for this news."""
    cases = act.session.scalars(
        select(Case)
        .join(BottleneckCase, BottleneckCase.case_id == Case.id)
        .where(BottleneckCase.bottleneck_id == bottleneck.id, BottleneckCase.status == LinkStatus.ACCEPTED)
        .order_by(Case.id)
    ).all()
    for case in cases:
        messages.notify_submitter(
            act,
            case,
            MailKind.BOTTLENECK_NEWS,
            once_key=f"regelknelpunt-nieuws:{news.id}:{case.id}",
            title=bottleneck.title,
            stage=STATUS_WORDS[news.status],
            body=news.body,
            page=page_of(act, bottleneck),
        )


def remind_owner(act: Act, bottleneck: Bottleneck) -> None:
    """Ask the owner for news before clock K7 ends; once for each end of the clock."""
    owner = act.session.get(Account, bottleneck.owner_id) if bottleneck.owner_id is not None else None
    if owner is None or not owner.is_active or bottleneck.news_due_on is None:
        return
    messages.queue_text(
        act,
        MailKind.BOTTLENECK_REMINDER,
        owner.email,
        news_to_owner(
            reference=bottleneck.reference,
            title=bottleneck.title,
            news_due_on=bottleneck.news_due_on,
            page=page_of(act, bottleneck),
        ),
        account_id=owner.id,
        once_key=f"regelknelpunt-herinnering:{bottleneck.id}:{bottleneck.news_due_on.isoformat()}",
    )
