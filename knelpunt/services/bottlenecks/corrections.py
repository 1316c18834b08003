"""Corrects what is public of a rule bottleneck: seen at once, with the day and what changed beside the text.

A correction is no news: nobody is mailed, and clock K7 runs on. What two persons told, that a rule is in force or that
it was not, two persons correct.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain import bottlenecks as rules
from knelpunt.domain.bottlenecks import BottleneckStatus, BottleneckStep
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied
from knelpunt.models import Bottleneck, BottleneckNews, BottleneckProposal
from knelpunt.services.bottlenecks import track
from knelpunt.services.bottlenecks.redaction import require_nobody, settle
from knelpunt.services.core import events, search_index
from knelpunt.services.core.context import Context
from knelpunt.services.laws import changes as law_changes

_COLUMNS = {"title": "title", "problem": "problem", "reason": "choice_reason", "waiting_for": "waiting_for"}
SAME = "U wijzigde nog niets. Pas eerst de tekst aan."
SAY_WHAT = "Schrijf op wat er is gewijzigd. Dat komt bij de tekst te staan."
TWO_PERSONS = "Dit bericht zetten twee personen op de site. Leg de correctie voor aan een ander."
MOVED_ON = "De tekst is gewijzigd nadat deze correctie is voorgelegd. Geef haar terug."


@dataclass(frozen=True, slots=True)
class Correction:
    """What is to stand there.

    ``texts``: by field; what is left out stays. ``news_id``: the message that is corrected; left out, the texts of the
    bottleneck itself are. ``seen``: how the texts stood when a second person was asked.
    """

    texts: Mapping[str, str]
    change: str
    news_id: int | None = None
    seen: str = ""


def takes_two(status: BottleneckStatus, *, is_erratum: bool) -> bool:
    """Whether two persons correct a message: one that was told once the rule was in force, or that took that back."""
    return is_erratum or status in rules.SOLVED


def texts_of(session: Session, bottleneck: Bottleneck, news_id: int | None) -> dict[str, str]:
    """The texts that can be corrected, by field, as they stand now. Raises NotFound for news of another one."""
    if news_id is not None:
        news = _news(session, bottleneck, news_id)
        return {"body": news.body, "source_url": news.source_url or ""}
    texts = {field: getattr(bottleneck, column) for field, column in _COLUMNS.items()}
    return {field: text for field, text in texts.items() if text}


def to_ask(context: Context, bottleneck: Bottleneck, wanted: Correction) -> Correction:
    """A correction as it waits for a second person: only what changes, and how it stood. Raises as ``correct`` does,
    but not for what points at a person."""
    now = texts_of(context.session, bottleneck, wanted.news_id)
    return Correction(_changed(now, wanted), _change(wanted), wanted.news_id, _fingerprint(now))


def correct(
    context: Context, reference: str, version: int, wanted: Correction, *, agreed: BottleneckProposal | None = None
) -> None:
    """Change a text that is public.

    Args:
        agreed: what a second person agreed to.
    Raises:
        NamesSomebody: a text points at a person; a second person may let it stand.
        PermissionDenied: two persons told this, and no second one agreed.
        VersionConflict: somebody changed the bottleneck since this actor read it.
        DomainError: nothing changes, a text is empty, nothing says what changed, or the text that a second person read
            has changed since.
    """
    session = context.session
    bottleneck = track.open_bottleneck(context, reference, version)
    now = texts_of(session, bottleneck, wanted.news_id)
    if agreed is not None:
        track.require_agreed(agreed, bottleneck, BottleneckStep.CORRECT)
        if wanted.seen != _fingerprint(now):
            raise DomainError(MOVED_ON)
    changed, change = _changed(now, wanted), _change(wanted)
    news = _news(session, bottleneck, wanted.news_id) if wanted.news_id is not None else None
    if agreed is None:
        if news is not None and takes_two(news.status, is_erratum=news.corrects_id is not None):
            raise PermissionDenied(TWO_PERSONS)
        read = {field: text for field, text in changed.items() if field != "source_url"}
        require_nobody(context, bottleneck_id=bottleneck.id, **read, change=change)
    line = {"on": context.today.isoformat(), "what": change}
    if news is not None:
        body = changed.get("body", news.body)
        law_changes.tell_anew(session, bottleneck.id, news.body, body)
        news.body, news.source_url = body, changed.get("source_url", news.source_url or "") or None
        news.corrections, news.corrected_at = [*news.corrections, line], context.now
    else:
        for field, text in changed.items():
            setattr(bottleneck, _COLUMNS[field], text)
        bottleneck.terms = search_index.terms(f"{bottleneck.title}\n{bottleneck.problem}")
        bottleneck.corrections = [*bottleneck.corrections, line]
    bottleneck.updated_at = context.now
    session.flush()
    settle(session, bottleneck.id)
    about = {"nieuws": news.id} if news is not None else {"velden": sorted(changed)}
    events.record(context, BottleneckStep.CORRECT, subject=f"bottleneck:{bottleneck.id}", data=about)


def _news(session: Session, bottleneck: Bottleneck, news_id: int | None) -> BottleneckNews:
    found = session.scalar(
        select(BottleneckNews)
        .where(BottleneckNews.id == news_id, BottleneckNews.bottleneck_id == bottleneck.id)
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotFound()
    return found


def _changed(now: Mapping[str, str], wanted: Correction) -> dict[str, str]:
    """The texts that become others, as they are kept."""
    changed: dict[str, str] = {}
    for field in now:
        if field not in wanted.texts:
            continue
        text = track.checked_text(field, wanted.texts[field])
        if text != now[field].strip():
            changed[field] = text
    if not changed:
        raise DomainError(SAME)
    return changed


def _change(wanted: Correction) -> str:
    if not wanted.change.strip():
        raise DomainError(SAY_WHAT, field="change")
    return wanted.change.strip()


def _fingerprint(texts: Mapping[str, str]) -> str:
    """Of the texts together, so that a proposal keeps no words that were taken out."""
    whole = "\n".join(f"{field}\n{text}" for field, text in sorted(texts.items()))
    return hashlib.sha256(whole.encode()).hexdigest()
