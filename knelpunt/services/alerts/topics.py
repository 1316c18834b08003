"""Following topics by e-mail: asked for, confirmed by a link that works once, told at most once a day, stopped.

A topic is the filters of a list as they stand in an address. All that one address follows is one row, with one secret
link, so that one click ends it all.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlencode

from sqlalchemy import ColumnElement, Select, and_, case, select, update

from knelpunt.adapters.words.search_terms import to_query
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.languages import prefix_of
from knelpunt.domain.links import UNCONFIRMED_DAYS, Links, new_nonce
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import KNOWN_THEMES, Theme
from knelpunt.models import OutboxMail, Subscription
from knelpunt.queries.core.reference import Reference, reference
from knelpunt.queries.public.news import MOST, News, Topic, news
from knelpunt.services.accounts import Ticket
from knelpunt.services.alerts import mail_texts as texts
from knelpunt.services.core.context import Context
from knelpunt.services.guides.following import TOPICS
from knelpunt.services.mail import messages

PLACE, THEME, LAW, SEARCH = "gemeente", "thema", "wet", "q"
LONGEST_SEARCH = 200
MOST_TOPICS = 20
Found = dict[tuple[str, date], list[News]]
"""What was found about a topic since a day."""
LOOKED_BACK = timedelta(days=2)
"""What became public is looked for in these days before the last look too: it may have come in during that look."""
_CONFIRM = "op-de-hoogte-bevestigen"
NO_WORDS = Text("Hierop kunnen wij niet zoeken. Gebruik een paar gewone woorden.")
CONFIRM_OVER = Text(
    "Deze link werkt niet meer. Misschien hebt u al bevestigd of bent u gestopt, of is de link ouder dan 7 dagen."
)
TOO_MANY = Text("U volgt al 20 onderwerpen. Stop eerst met een ander onderwerp.")


def topic_text(values: Mapping[str, str], names: Reference) -> str:
    """A topic as it is kept and as it stands in an address: what is known of it, always in the same order.

    Who makes an address by hand names a municipality by the code of the CBS and a law by its key, as in the API.
    """
    known = {}
    place = _number_or(values.get(PLACE, ""), {row.code: row.id for row in names.municipalities.values()})
    if place in names.municipalities:
        known[PLACE] = str(names.today_of.get(place, place))
    if values.get(THEME, "") in set(KNOWN_THEMES):
        known[THEME] = values[THEME]
    law = _number_or(values.get(LAW, ""), {row.key: row.id for row in names.laws.values()})
    if law is not None and law in names.laws:
        known[LAW] = str(law)
    typed = values.get(SEARCH, "")[:LONGEST_SEARCH]
    if search := " ".join("".join(each for each in typed if each.isprintable() or each.isspace()).split()):
        known[SEARCH] = search
    return urlencode(known)


def values_of(text: str) -> dict[str, str]:
    """What a kept topic says, by the name of each filter."""
    return dict(parse_qsl(text))


def topic_of(text: str, names: Reference) -> Topic | None:
    """What is looked for; None when its words say nothing, or its law or municipality is gone: never more instead."""
    values = values_of(text)
    words = to_query(values[SEARCH]) if SEARCH in values else None
    law = names.laws.get(int(values[LAW])) if LAW in values else None
    place = names.municipalities.get(int(values[PLACE])) if PLACE in values else None
    if any(name in values and found is None for name, found in ((SEARCH, words), (LAW, law), (PLACE, place))):
        return None
    places: tuple[int, ...] = ()
    if place is not None:
        now = names.today_of.get(place.id, place.id)
        places = (now, *sorted(id_ for id_, today in names.today_of.items() if today == now))
    return Topic(
        theme=Theme(values[THEME]) if THEME in values else None,
        law_id=law.id if law else None,
        law_key=law.key if law else None,
        municipality_ids=places,
        words=words,
    )


def ask(context: Context, text: str, address: str, ticket: Ticket) -> None:
    """Mail a link by which the owner of an address confirms a topic. Links for other topics go on to work, and so does
    an earlier one for this topic.

    The caller gives the same answer whatever this address follows. The mail holds nothing that was typed.

    Raises:
        TooManyAttempts: this address was asked for too often; nothing is sent.
        DomainError: the address is none (field ``email``), or nothing can be searched for (field ``q``).
    """
    if topic_of(text, reference(context.session)) is None:
        raise DomainError(NO_WORDS, field="q")
    follower = TOPICS.enrol(context, None, address, ticket)
    if follower.confirmed_at is None:
        follower.topics, follower.told = [], {}
    waiting = {each["topic"]: each["nonce"] for each in follower.questions if _still_counts(each, context.today)}
    question = {"topic": text, "nonce": waiting.get(text) or new_nonce(), "on": context.today.isoformat()}
    others = [each for each in follower.questions if each["topic"] in waiting and each["topic"] != text]
    follower.questions, follower.asked_at = [*others[1 - MOST_TOPICS :], question], context.now
    token = context.links.token(_CONFIRM, follower.public_id, question["nonce"])
    mail = texts.topic_confirm(
        url=context.links.to(f"{prefix_of(context.language)}{TOPICS.path}/bevestigen/{token}"), days=UNCONFIRMED_DAYS
    )
    messages.queue_text(context, MailKind.TOPIC_CONFIRM, follower.email, mail, language=context.language)


def asked(context: Context, token: str, *, lock: bool = False) -> tuple[Subscription, str]:
    """Who asked for which topic, by the link that confirms.

    Raises NotFound when it is wrong, was used, or its days are over.
    """
    public_id = Links.public_id_of(token)
    found = select(Subscription).where(Subscription.public_id == public_id)
    if lock:
        found = found.with_for_update().execution_options(populate_existing=True)
    follower = context.session.scalar(found) if public_id else None
    if follower is None:
        raise NotFound(CONFIRM_OVER)
    for each in follower.questions:
        is_it = context.links.matches(token, _CONFIRM, follower.public_id, each["nonce"])
        if is_it and _still_counts(each, context.today):
            return follower, each["topic"]
    raise NotFound(CONFIRM_OVER)


def _still_counts(question: Mapping[str, str], today: date) -> bool:
    return date.fromisoformat(question["on"]) + timedelta(days=UNCONFIRMED_DAYS) >= today


def confirm(context: Context, token: str) -> str:
    """The owner of the address wants to hear of the topic from now on; the secret address to change and stop.

    What is public already is not told: it counts as told.

    Raises:
        NotFound: the link was used, or its days are over.
        DomainError: this address follows very much already.
    """
    follower, topic = asked(context, token, lock=True)
    if topic not in follower.topics:
        if len(follower.topics) >= MOST_TOPICS:
            raise DomainError(TOO_MANY)
        follower.topics = [*follower.topics, topic]
    follower.questions = [each for each in follower.questions if each["topic"] != topic]
    if follower.looked_on is None or follower.confirmed_at is None:
        follower.looked_on = context.today
    context.session.flush()
    known = _found(context, [topic], follower.looked_on - LOOKED_BACK)
    follower.told = {**follower.told, **{each.key: each.on.isoformat() for each in known}}
    token = context.links.token(TOPICS.purpose, follower.public_id, follower.nonce)
    TOPICS.confirm(context, token)
    return token


def stop_one(context: Context, token: str, topic: str) -> bool:
    """Stop with one topic; with the last one the address goes too. Whether the address is still kept."""
    follower = TOPICS.find(context, token, lock=True)
    left = [each for each in follower.topics if each != topic]
    if not left:
        stop(context, token)
        return False
    follower.topics = left
    return True


def stop(context: Context, token: str) -> None:
    """Erase an address at once, also from the mails that went to it; what still waits is not sent."""
    follower = TOPICS.find(context, token, lock=True)
    waits = and_(OutboxMail.sent_at.is_(None), OutboxMail.gave_up_at.is_(None))
    context.session.execute(
        update(OutboxMail)
        .where(
            OutboxMail.kind.in_((MailKind.TOPIC_CONFIRM, MailKind.TOPIC_NEWS)), OutboxMail.to_address == follower.email
        )
        .values(
            to_address=None,
            body=None,
            gave_up_at=case((waits, context.now), else_=OutboxMail.gave_up_at),
            last_error=case((waits, "stopped"), else_=None),
        ),
        execution_options={"synchronize_session": False},
    )
    context.session.delete(follower)


def due(context: Context) -> Select[int]:
    """Who was not looked at today."""
    return select(Subscription.id).where(_is_due(context.today)).order_by(Subscription.id)


def tell(context: Context, subscription_id: int, found: Found | None = None) -> None:
    """Mail somebody what became public since the last look, as one mail, and note in the same transaction what it told.

    So a worker that is killed tells it again from the start, or not at all; and nobody gets two mails on one day.

    Args:
        found: what this run found already, for whoever follows the same; it is added to.
    """
    follower = context.session.scalar(
        select(Subscription)
        .where(Subscription.id == subscription_id, _is_due(context.today))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if follower is None or follower.looked_on is None:
        return
    all_found = _found(context, follower.topics, follower.looked_on - LOOKED_BACK, found)
    new = [each for each in all_found if each.key not in follower.told]
    if new:
        mail = texts.topic_news(
            news=new,
            is_cut=max(Counter(each.kind for each in all_found).values()) > MOST,
            page=lambda path: context.links.to(f"{prefix_of(follower.language)}{path}"),
            manage_url=TOPICS.url(context, follower, follower.language),
            language=follower.language,
        )
        once_key = f"{TOPICS.purpose}:{follower.id}:{context.today.isoformat()}"
        messages.queue_text(
            context, MailKind.TOPIC_NEWS, follower.email, mail, once_key=once_key, language=follower.language
        )
    told = follower.told | {each.key: each.on.isoformat() for each in new}
    last = (context.today - LOOKED_BACK).isoformat()
    follower.told = {key: day for key, day in told.items() if day >= last}
    follower.looked_on = context.today


def _is_due(today: date) -> ColumnElement[bool]:
    return and_(Subscription.looked_on < today, Subscription.confirmed_at.is_not(None), Subscription.ends_on >= today)


def _found(context: Context, topics: Iterable[str], since: date, before: Found | None = None) -> list[News]:
    """What became public about any of these topics, each thing once; what was found before is not looked for again."""
    names = reference(context.session)
    looked = {} if before is None else before
    found: dict[str, News] = {}
    for text in topics:
        if (text, since) not in looked:
            topic = topic_of(text, names)
            looked[text, since] = news(context.session, topic, since) if topic is not None else []
        found |= {each.key: each for each in looked[text, since]}
    return list(found.values())


def _number_or(text: str, by_code: Mapping[str, int]) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else by_code.get(text)
