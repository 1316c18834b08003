"""Rule bottlenecks: signalling one, moving it along its track, and telling everybody who waits for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from knelpunt.domain import bottlenecks as rules
from knelpunt.domain.bottlenecks import (
    BottleneckChoice,
    BottleneckProposalStatus,
    BottleneckStatus,
    BottleneckStep,
)
from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, TransitionNotAllowed, VersionConflict
from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import AssessmentRole, OrganisationKind, Role
from knelpunt.models import (
    Bottleneck,
    BottleneckNews,
    BottleneckNumber,
    BottleneckProposal,
    BottleneckProvision,
    Organisation,
    Provision,
)
from knelpunt.queries.accounts.accounts import hold_open
from knelpunt.queries.bottlenecks.bottlenecks import is_bottleneck_reference
from knelpunt.services.bottlenecks import mail as bottleneck_mail
from knelpunt.services.bottlenecks.redaction import require_nobody, require_nobody_at_merge
from knelpunt.services.core import clocks, events, search_index
from knelpunt.services.core.context import Context
from knelpunt.services.laws import changes as law_changes

_WEB = ("https://", "http://")
TITLE_MAX_CHARACTERS = 150
URL_MAX_CHARACTERS = 500
NO_OWNER_NOW = "Dit regelknelpunt heeft nog geen eigenaar, of het loopt niet meer."


@dataclass(frozen=True, slots=True)
class News:
    """What is told with a step: a public text, the official document behind it, and what the bottleneck waits for.

    ``is_passed``: a second person read it, and let stand what points at somebody.
    """

    body: str
    source_url: str | None = None
    waiting_for: str | None = None
    is_passed: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom a step tells, and what it sets going: addresses that follow, submitters of cases, and cases to look at."""

    followers: int
    submitters: int
    rechecked: int


def signal(
    context: Context,
    *,
    title: str,
    problem: str,
    provisions: Iterable[tuple[int, AssessmentRole]],
    body: str,
    case: str = "",
    is_passed: bool = False,
) -> Bottleneck:
    """Say that one rule stands in the way of more than one project.

    Args:
        provisions: ids of the catalogue, at least one, each with what it does.
        body: the first public news.
        case: the number of the case that shows it, if one does: the texts may name nobody from there.
        is_passed: a second person read the texts, and let stand what points at somebody.
    Raises:
        DomainError: a text is missing, or a provision is not in the catalogue.
    """
    wanted = check_signal(context, title, problem, provisions)
    if not is_passed:
        require_nobody(context, bottleneck_id=None, case=case, title=title, problem=problem, body=body)
    bottleneck = Bottleneck(
        reference=_next_reference(context),
        title=_line(title, "title", "Geef het regelknelpunt een titel."),
        problem=_text(problem, "problem", "Schrijf op wat er knelt."),
        status=BottleneckStatus.SIGNALLED,
        signalled_by_id=context.actor.account_id,
        signalled_on=context.today,
        owner_due_on=clocks.last_day(context.session, Clock.OWNER, context.today, context.today),
        updated_at=context.now,
        terms=search_index.terms(f"{title}\n{problem}"),
    )
    context.session.add(bottleneck)
    context.session.flush()
    context.session.add_all(
        BottleneckProvision(bottleneck_id=bottleneck.id, provision_id=id_, role=role) for id_, role in wanted.items()
    )
    news = News(body, is_passed=True)  # by a second person, or above: the case is not under the bottleneck yet
    _tell(context, bottleneck, BottleneckStep.SIGNAL, news, data={"bepalingen": sorted(wanted)})
    return bottleneck


def check_signal(
    context: Context, title: str, problem: str, provisions: Iterable[tuple[int, AssessmentRole]]
) -> dict[int, AssessmentRole]:
    """The provisions of a signal that can be made. Raises as ``signal`` does, but not for what points at a person."""
    context.actor.require(Permission.SIGNAL_BOTTLENECK)
    wanted = dict(provisions)
    if not wanted:
        raise DomainError("Kies ten minste een bepaling.", field="provision_id")
    known = set(context.session.scalars(select(Provision.id).where(Provision.id.in_(wanted)).order_by(Provision.id)))
    if known != set(wanted):
        raise DomainError("Kies een bepaling uit de lijst.", field="provision_id")
    _line(title, "title", "Geef het regelknelpunt een titel.")
    _text(problem, "problem", "Schrijf op wat er knelt.")
    return wanted


def analyse(context: Context, reference: str, version: int, *, ministry_id: int, owner_id: int, news: News) -> None:
    """Name the ministry that owns the rule, and the person there who moves the bottleneck along and hears so.

    Raises:
        DomainError: not a ministry, or not an active owner of rule bottlenecks.
    """
    bottleneck = open_bottleneck(context, reference, version)
    _name_owner(context, bottleneck, ministry_id, owner_id)
    _take_step(
        context, bottleneck, BottleneckStep.ANALYSE, news, data={"ministerie": ministry_id, "eigenaar": owner_id}
    )


def give_to(context: Context, reference: str, version: int, *, ministry_id: int, owner_id: int) -> None:
    """Give a bottleneck that has an owner to another one, by the owner or the head of the desk: who owned it may have
    left. The one who gets it hears so, and who owned it unless that one gave it away. Its place on the track and clock
    K7 stay as they are.

    Raises:
        DomainError: it has no owner yet or has ended, or as ``analyse``; or this is its owner (field ``owner_id``).
    """
    bottleneck = open_bottleneck(context, reference, version)
    before = bottleneck.owner_id
    if before is None or bottleneck.status not in rules.OPEN:
        raise TransitionNotAllowed(NO_OWNER_NOW)
    if owner_id == before and ministry_id == bottleneck.ministry_id:
        raise DomainError("Dit is de eigenaar al.", field="owner_id")
    _name_owner(context, bottleneck, ministry_id, owner_id)
    if owner_id != before:
        bottleneck_mail.tell_former_owner(context, bottleneck, before)
    bottleneck.updated_at = context.now
    data = {"ministerie": ministry_id, "eigenaar": owner_id, "daarvoor": before}
    events.record(context, rules.OWNER_CHANGED, subject=f"bottleneck:{bottleneck.id}", data=data)


def _name_owner(context: Context, bottleneck: Bottleneck, ministry_id: int, owner_id: int) -> None:
    """Raises DomainError as ``analyse`` does."""
    kind = context.session.scalar(select(Organisation.kind).where(Organisation.id == ministry_id))
    if kind is not OrganisationKind.MINISTRY:
        raise DomainError("Kies een ministerie uit de lijst.", field="ministry_id")
    # Held, so that an account that is being closed or given another role at this moment is not named.
    if hold_open(context.session, owner_id) is not Role.BOTTLENECK_OWNER:
        raise DomainError("Kies een eigenaar uit de lijst.", field="owner_id")
    is_other = owner_id != bottleneck.owner_id
    bottleneck.ministry_id, bottleneck.owner_id = ministry_id, owner_id
    if is_other:
        bottleneck_mail.tell_owner(context, bottleneck)


def choose(
    context: Context, reference: str, version: int, *, choice: BottleneckChoice, reason: str, news: News
) -> None:
    """Choose what will be done about the rule; keeping it as it is ends the track, with the reasons in public."""
    bottleneck = open_bottleneck(context, reference, version)
    step = BottleneckStep.KEEP_RULE if choice is BottleneckChoice.KEPT else BottleneckStep.CHOOSE
    rules.rule_for(step, bottleneck.status, bottleneck.choice)
    bottleneck.choice = choice
    bottleneck.choice_reason = _text(reason, "reason", "Schrijf op waarom dit is gekozen.")
    if not news.is_passed:
        require_nobody(context, bottleneck_id=bottleneck.id, reason=reason)
    _take_step(context, bottleneck, step, news, data={"keuze": choice.value})


def move(
    context: Context,
    reference: str,
    version: int,
    step: BottleneckStep,
    news: News,
    *,
    consultation_until: date | None = None,
) -> None:
    """Take a step that asks no more than news: prepare, consult, send to parliament, evaluate; or only report.

    Args:
        consultation_until: for a consultation, the last day to react.
    Raises:
        DomainError: the step needs a source, or the last day of a consultation.
    """
    if step not in _PLAIN_STEPS:
        raise DomainError("Kies een stap uit de lijst.", field="step")
    bottleneck = open_bottleneck(context, reference, version)
    rules.rule_for(step, bottleneck.status, bottleneck.choice)
    if step in (BottleneckStep.CONSULT, BottleneckStep.SEND_TO_PARLIAMENT) and not news.source_url:
        raise DomainError("Vul de link naar het officiële stuk in.", field="source_url")
    if step is BottleneckStep.CONSULT:
        if consultation_until is None or consultation_until < context.today:
            raise DomainError("Vul de laatste dag om te reageren in. Die ligt niet voor vandaag.", field="until")
        bottleneck.consultation_until = consultation_until
    _take_step(context, bottleneck, step, news)


def merge(context: Context, reference: str, version: int, *, into: str, news: News) -> None:
    """End this bottleneck because another one covers it; its page stays, and points there.

    Raises:
        DomainError: the other one does not exist, is this one, or has ended itself.
        NamesSomebody: what is public of the other one points at somebody round a case that comes along.
    """
    target = into.strip().upper()
    context.actor.require(Permission.MOVE_BOTTLENECK)
    other = _lock_both(context, reference, target)
    bottleneck = open_bottleneck(context, reference, version)
    if other is None or other.id == bottleneck.id or other.status not in rules.OPEN:
        raise DomainError("Kies een ander regelknelpunt dat nog loopt.", field="into")
    if not news.is_passed:
        require_nobody_at_merge(context, bottleneck.id, other.id)
    bottleneck.merged_into_id = other.id
    _take_step(context, bottleneck, BottleneckStep.MERGE, news, data={"in": other.id})


def _lock_both(context: Context, reference: str, target: str) -> Bottleneck | None:
    """The other one, both locked in one order: two that go up into each other at once would lead nowhere."""
    numbers = [each for each in (reference, target) if is_bottleneck_reference(each)]
    rows = context.session.scalars(
        select(Bottleneck)
        .where(Bottleneck.reference.in_(numbers))
        .order_by(Bottleneck.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).all()
    return next((row for row in rows if row.reference == target), None)


def reach_of_force(
    context: Context, reference: str, version: int, *, provision_id: int, in_force_on: date, news: News
) -> Reach:
    """Whom ``bring_into_force`` would tell and what it would put up for a second look; takes no step.

    Raises:
        DomainError: it would refuse, for the same reason.
    """
    bottleneck = open_bottleneck(context, reference, version)
    check_force(context, bottleneck, provision_id, in_force_on)
    checked_news(context, bottleneck.id, news)
    return reach_of(context, bottleneck, provision_id)


def reach_of(context: Context, bottleneck: Bottleneck, provision_id: int) -> Reach:
    """Whom the step to in force tells now, and what it puts up for a second look."""
    return Reach(
        bottleneck_mail.count_followers(context, bottleneck),
        bottleneck_mail.count_submitters(context, bottleneck),
        law_changes.count_up_for_recheck(context.session, bottleneck.id, provision_id),
    )


def bring_into_force(
    context: Context,
    reference: str,
    version: int,
    *,
    provision_id: int,
    in_force_on: date,
    news: News,
    agreed: BottleneckProposal,
) -> Bottleneck:
    """The rule leaves room by now: which provision of the catalogue gives it, and since when.

    Args:
        agreed: what a second person agreed to; nobody takes this step alone.
    Raises:
        DomainError: the provision is not in the catalogue or does not hold on that day, or the day is in the future.
    """
    bottleneck = open_bottleneck(context, reference, version)
    require_agreed(agreed, bottleneck, BottleneckStep.BRING_INTO_FORCE)
    check_force(context, bottleneck, provision_id, in_force_on)
    bottleneck.solving_provision_id, bottleneck.in_force_on = provision_id, in_force_on
    law_changes.note_solved(context, bottleneck, news.body.strip(), (news.source_url or "").strip() or None)
    _take_step(
        context,
        bottleneck,
        BottleneckStep.BRING_INTO_FORCE,
        news,
        data={"bepaling": provision_id, "sinds": in_force_on.isoformat()},
    )
    return bottleneck


def take_back(context: Context, reference: str, version: int, *, news: News, agreed: BottleneckProposal) -> Bottleneck:
    """An erratum: the rule was not in force. The bottleneck stands where it stood before, what was up for a second look
    lapses, and whoever was told hears it.

    Args:
        news: what was not right.
        agreed: what a second person agreed to; nobody takes this step alone.
    """
    bottleneck = open_bottleneck(context, reference, version)
    require_agreed(agreed, bottleneck, BottleneckStep.ERRATUM)
    rules.rule_for(BottleneckStep.ERRATUM, bottleneck.status, bottleneck.choice)
    wrong = wrong_news(context, bottleneck)
    bottleneck.status = wrong.before
    bottleneck.solving_provision_id = bottleneck.in_force_on = None
    bottleneck.waiting_for = (news.waiting_for or "").strip() or None
    bottleneck.updated_at = context.now
    changes = law_changes.take_back_solved(context, bottleneck.id)
    item = _write(context, bottleneck, news, corrects_id=wrong.ids[0])
    told = bottleneck_mail.send_erratum(context, bottleneck, item, wrong.ids, changes)
    data = {"nieuws": item.id, "herroept": wrong.ids[0], "verteld": told}
    events.record(context, BottleneckStep.ERRATUM, subject=f"bottleneck:{bottleneck.id}", data=data)
    return bottleneck


@dataclass(frozen=True, slots=True)
class WrongNews:
    """The messages that said that a bottleneck is in force, the first of them in front, and where it stood before."""

    ids: tuple[int, ...]
    before: BottleneckStatus


def wrong_news(context: Context, bottleneck: Bottleneck) -> WrongNews:
    """What an erratum would take back."""
    rows = context.session.execute(
        select(BottleneckNews.id, BottleneckNews.status)
        .where(BottleneckNews.bottleneck_id == bottleneck.id)
        .order_by(BottleneckNews.id.desc())
    ).all()
    ids: list[int] = []
    for row in rows:
        if row.status not in rules.SOLVED:
            return WrongNews(tuple(reversed(ids)), row.status)
        ids.append(row.id)
    return WrongNews(tuple(reversed(ids)), BottleneckStatus.SIGNALLED)


def solved_changes(context: Context, bottleneck: Bottleneck) -> list[int]:
    """The changes of the law that came of this bottleneck being in force, and were not taken back."""
    return law_changes.solved_by(context.session, bottleneck.id)


def require_agreed(agreed: BottleneckProposal, bottleneck: Bottleneck, step: BottleneckStep) -> None:
    """Raise unless another than who asked agreed to this step of this bottleneck."""
    is_agreed = (
        agreed.status is BottleneckProposalStatus.APPROVED
        and (agreed.bottleneck_id, agreed.step) == (bottleneck.id, step)
        and agreed.decided_by_id not in (None, agreed.proposed_by_id)
    )
    if not is_agreed:
        raise PermissionDenied("Deze stap zetten twee personen. Leg hem voor aan een ander.")


def require_none_waiting(context: Context, bottleneck: Bottleneck) -> None:
    """Raise when a step of this bottleneck waits for a second person."""
    waiting = select(BottleneckProposal.id).where(
        BottleneckProposal.bottleneck_id == bottleneck.id, BottleneckProposal.status == BottleneckProposalStatus.OPEN
    )
    with context.session.no_autoflush:  # a step that is half filled in may not be written yet
        is_waiting = context.session.scalar(waiting.limit(1)) is not None
    if is_waiting:
        raise DomainError("Er wacht al een stap op een tweede persoon. Laat die eerst beslissen.")


def check_force(context: Context, bottleneck: Bottleneck, provision_id: int, in_force_on: date) -> None:
    """Raise when this provision and day cannot bring a bottleneck into force."""
    rules.rule_for(BottleneckStep.BRING_INTO_FORCE, bottleneck.status, bottleneck.choice)
    if in_force_on > context.today:
        raise DomainError("Deze dag moet nog komen. Doe deze stap op de dag zelf of later.", field="in_force_on")
    provision = context.session.get(Provision, provision_id)
    if provision is None:
        raise DomainError("Kies een bepaling uit de lijst.", field="provision_id")
    if (provision.valid_from and provision.valid_from > in_force_on) or (
        provision.valid_to and provision.valid_to < in_force_on
    ):
        raise DomainError("Deze bepaling geldt niet op de dag van inwerkingtreding.", field="provision_id")


def open_bottleneck(context: Context, reference: str, version: int) -> Bottleneck:
    """The bottleneck, locked for this act, for the one who may move it.

    Rows that only point at it may come meanwhile: two about one rule, each of which is named in the change of the law
    that the other makes, would wait for each other.

    Raises:
        NotFound: there is none.
        PermissionDenied: the actor is neither its owner nor at the head of the desk.
        VersionConflict: somebody changed it since this actor read it.
    """
    context.actor.require(Permission.MOVE_BOTTLENECK)
    if not is_bottleneck_reference(reference):
        raise NotFound()
    bottleneck = context.session.scalars(
        select(Bottleneck)
        .where(Bottleneck.reference == reference)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if bottleneck is None:
        raise NotFound()
    if not may_move(context.actor.role, context.actor.account_id, bottleneck.owner_id):
        raise PermissionDenied("Alleen de eigenaar en het hoofd van het loket mogen dit wijzigen.")
    if bottleneck.version != version:
        raise VersionConflict("Iemand anders heeft dit regelknelpunt intussen gewijzigd.")
    return bottleneck


def may_move(role: Role | None, account_id: int | None, owner_id: int | None) -> bool:
    """Whether this account moves this bottleneck: its owner, or the head of the desk."""
    return role is Role.HEAD_OF_DESK or (account_id is not None and account_id == owner_id)


def _take_step(
    context: Context, bottleneck: Bottleneck, step: BottleneckStep, news: News, *, data: dict[str, Any] | None = None
) -> None:
    rule = rules.rule_for(step, bottleneck.status, None if step is BottleneckStep.CHOOSE else bottleneck.choice)
    if step is not BottleneckStep.REPORT:
        require_none_waiting(context, bottleneck)
    bottleneck.status = rule.target or bottleneck.status
    bottleneck.waiting_for = (news.waiting_for or "").strip() or None
    bottleneck.updated_at = context.now
    _tell(context, bottleneck, step, news, data=data)


def _tell(
    context: Context, bottleneck: Bottleneck, step: BottleneckStep, news: News, *, data: dict[str, Any] | None = None
) -> None:
    """The news, the new end of clock K7, the mails and the event, together.

    The event comes last: a mail waits for its case, and nobody may wait with the chain of events in hand.
    """
    item = _write(context, bottleneck, news)
    bottleneck_mail.send_news(context, bottleneck, item)
    events.record(context, step, subject=f"bottleneck:{bottleneck.id}", data={"nieuws": item.id, **(data or {})})


def _write(context: Context, bottleneck: Bottleneck, news: News, *, corrects_id: int | None = None) -> BottleneckNews:
    """The news itself, and the new end of clock K7."""
    body, url = checked_news(context, bottleneck.id, news)
    item = BottleneckNews(
        bottleneck_id=bottleneck.id,
        status=bottleneck.status,
        body=body,
        source_url=url,
        on_day=context.today,
        author_id=context.actor.account_id,
        written_at=context.now,
        corrects_id=corrects_id,
    )
    context.session.add(item)
    bottleneck.news_due_on = _news_due_on(context) if bottleneck.status in rules.OPEN else None
    context.session.flush()
    return item


def checked_news(context: Context, bottleneck_id: int | None, news: News) -> tuple[str, str | None]:
    """The text and the address as they are kept. Raises DomainError for a text or an address that cannot be told."""
    body = _text(news.body, "body", "Schrijf het nieuws op, in gewone woorden.")
    if not news.is_passed:
        require_nobody(context, bottleneck_id=bottleneck_id, body=body, waiting_for=news.waiting_for or "")
    return body, _address(news.source_url or "") or None


def checked_text(field: str, text: str) -> str:
    """One public text as it is kept. Raises DomainError when it is empty or cannot be told."""
    if field == "source_url":
        return _address(text)
    if field == "title":
        return _line(text, field, "Geef het regelknelpunt een titel.")
    return _text(text, field, "Deze tekst mag niet leeg zijn.")


def _address(text: str) -> str:
    url = text.strip()
    if url and (not url.startswith(_WEB) or len(url) > URL_MAX_CHARACTERS or not url.isprintable() or " " in url):
        raise DomainError("Vul een adres in dat met https:// begint.", field="source_url")
    return url


def _news_due_on(context: Context) -> date:
    return clocks.last_day(context.session, Clock.K7, context.today, context.today)


def _next_reference(context: Context) -> str:
    """The next number of the year, such as RK-2026-0007."""
    last = context.session.scalar(
        insert(BottleneckNumber)
        .values(year=context.today.year, last=1)
        .on_conflict_do_update(index_elements=["year"], set_={"last": BottleneckNumber.last + 1})
        .returning(BottleneckNumber.last)
    )
    return f"RK-{context.today.year}-{last:04d}"


def _line(text: str, field: str, when_empty: str) -> str:
    line = " ".join(text.split())
    if not line:
        raise DomainError(when_empty, field=field)
    if len(line) > TITLE_MAX_CHARACTERS:
        raise DomainError(f"Gebruik ten hoogste {TITLE_MAX_CHARACTERS} tekens.", field=field)
    return line


def _text(text: str, field: str, when_empty: str) -> str:
    if not text.strip():
        raise DomainError(when_empty, field=field)
    return text.strip()


_PLAIN_STEPS = frozenset(
    {
        BottleneckStep.PREPARE,
        BottleneckStep.CONSULT,
        BottleneckStep.SEND_TO_PARLIAMENT,
        BottleneckStep.EVALUATE,
        BottleneckStep.REPORT,
    }
)
