"""Commitments to the Kamer: noting, changing, taking a step, and linking the cases and bottlenecks they are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.errors import DomainError, NotFound, VersionConflict
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import Permission
from knelpunt.domain.quarters import commitments as rules
from knelpunt.domain.quarters.commitments import CommitmentKind, CommitmentStatus, CommitmentStep
from knelpunt.domain.quarters.track import HAS_CHANGED
from knelpunt.domain.redaction.checks import in_words, look_for
from knelpunt.domain.texts import Text, date_in_words
from knelpunt.models import (
    Account,
    Bottleneck,
    Case,
    Commitment,
    CommitmentBottleneck,
    CommitmentCase,
    CommitmentNews,
)
from knelpunt.queries.bottlenecks.families import put_under
from knelpunt.queries.core import people
from knelpunt.queries.quarters.commitments import OWNERS
from knelpunt.services.core import events
from knelpunt.services.core.context import Context
from knelpunt.services.core.public_words import require_nobody
from knelpunt.services.quarters import mail_texts
from knelpunt.services.quarters.telling import tell_account, tell_sealers

FIELDS = {
    "title": "de titel",
    "words": "de tekst",
    "made_when": "het moment",
    "dossier": "het dossiernummer",
    "paper": "het Kamerstuk",
}
MOST_LOOKED_AT = 200
"""As many cases are compared at once; the others come with the next round of the calendar."""
FILL_IN = Text("Vul dit in.")
_ALREADY_TOLD = "Wat is gemeld, kan naar de Kamer gaan en verandert niet meer. Laat deze zaak of regel eraf."
_TAKE_OUT = "Haal dit weg: deze tekst kan naar de Kamer gaan."


@dataclass(frozen=True, slots=True)
class Values:
    """What is noted of a commitment. ``cases`` and ``bottlenecks`` are references."""

    kind: CommitmentKind
    title: str
    words: str
    made_when: str
    dossier: str = ""
    paper: str = ""
    source_url: str = ""
    owner_id: int | None = None
    cases: tuple[str, ...] = ()
    bottlenecks: tuple[str, ...] = ()


FIRST = (
    Values(
        kind=CommitmentKind.PROMISE,
        title="Knelpunten in regels oppakken met wie ze tegenkomt",
        words="Waar regels niet blijken te passen bij lokale initiatieven, pakt het Rijk het knelpunt op. "
        "Dat doet het samen met wie erbij betrokken is.",
        made_when="Tweede helft van november 2013. De dag staat niet in de gelezen tekst.",
        dossier="32 847",
        paper="32 847, nr. 106",
        source_url="https://zoek.officielebekendmakingen.nl/kst-32847-106.html",
    ),
    Values(
        kind=CommitmentKind.MOTION,
        title="Elk jaar een voortgangsbrief (motie Monasch)",
        words="De brief van 2013 is een jaarlijkse brief, volgens de motie Monasch. "
        "Het nummer en de woorden van de motie staan niet in onze bronnen.",
        made_when="Voor november 2013. De dag is niet bekend.",
        dossier="32 847",
    ),
)
"""What the desk goes back to. Only what the papers that were read say."""


def add_first(context: Context) -> int:
    """Note the first commitments, once; how many were noted now."""
    known = set(context.session.scalars(select(Commitment.title)))
    missing = [each for each in FIRST if each.title not in known]
    for each in missing:
        add(context, each)
    return len(missing)


def add(context: Context, values: Values) -> Commitment:
    """Note a commitment.

    Raises:
        PermissionDenied: the actor looks after no commitments.
        DomainError: on the field that is missing, names nothing that exists, or points at a person.
    """
    context.actor.require(Permission.SEAL_QUARTER)
    row = Commitment(status=CommitmentStatus.NOTED, made_by_id=context.actor.account_id)
    _fill(context, row, values)
    context.session.add(row)
    context.session.flush()
    _link(context, row, values)
    _say(context, row, "")
    _note(context, CommitmentStep.NOTE, row)
    return row


def change(context: Context, commitment_id: int, version: int, values: Values) -> Commitment:
    """Change what is noted of a commitment; its state and last day change by steps alone.

    Raises:
        NotFound: there is none.
        VersionConflict: somebody else changed it since.
        Others: as ``add``.
    """
    context.actor.require(Permission.SEAL_QUARTER)
    row = _locked(context, commitment_id, version)
    _fill(context, row, values)
    _require_nobody_standing(context, row, values)
    _link(context, row, values)
    for found in context.session.scalars(_waiting_links(row.id)).all():
        _look(context.session, row, found, context.now)
    _note(context, CommitmentStep.CHANGE, row)
    return row


def take_step(
    context: Context, commitment_id: int, version: int, step: CommitmentStep, *, words: str, due_on: date | None
) -> Commitment:
    """Take a step of the table, and say how it stands.

    Raises:
        NotFound, VersionConflict: as ``change``.
        TransitionNotAllowed: the step does not fit.
        DomainError: there are no words (field ``words``), or a day is missing (field ``due_on``).
    """
    context.actor.require(Permission.SEAL_QUARTER)
    row = _locked(context, commitment_id, version)
    found = rules.require(step, row.status, due_on=due_on, today=context.today)
    if not words.strip():
        raise DomainError(Text("Schrijf op hoe het staat."), field="words")
    known = people.known_beside_the_desk(context.session, _cases_under(row))
    require_nobody({"words": words}, known, {"words": "de stand"}, _TAKE_OUT)
    row.status = found.after
    if found.asks_day:
        row.due_on = due_on
    row.updated_at = context.now
    _say(context, row, words.strip())
    _note(context, step, row)
    return row


def _locked(context: Context, commitment_id: int, version: int) -> Commitment:
    row = context.session.get(Commitment, commitment_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound()
    if row.version != version:
        raise VersionConflict(HAS_CHANGED)
    return row


def _fill(context: Context, row: Commitment, values: Values) -> None:
    for field in ("title", "words", "made_when"):
        if not getattr(values, field).strip():
            raise DomainError(FILL_IN, field=field)
    written = {field: getattr(values, field) for field in ("title", "words", "made_when", "dossier", "paper")}
    known = people.known_beside_the_desk(context.session, _cases_of(values))
    require_nobody(written, known, FIELDS, _TAKE_OUT)
    if values.source_url.strip() and not values.source_url.strip().startswith("https://"):
        raise DomainError(Text("Een adres begint met https://."), field="source_url")
    if values.owner_id is not None:
        owner = context.session.scalar(
            select(Account.id).where(Account.id == values.owner_id, Account.is_active, Account.role.in_(OWNERS))
        )
        if owner is None:
            raise DomainError(Text("Kies een eigenaar uit de lijst."), field="owner_id")
    row.kind, row.owner_id = values.kind, values.owner_id
    row.title, row.words, row.made_when = values.title.strip(), values.words.strip(), values.made_when.strip()
    row.dossier, row.paper = values.dossier.strip() or None, values.paper.strip() or None
    row.source_url = values.source_url.strip() or None
    row.updated_at = context.now


def _require_nobody_standing(context: Context, row: Commitment, values: Values) -> None:
    """Raise when what was told of a commitment before points at people round a case that comes under it now."""
    new = _cases_of(values).where(Case.id.not_in(_cases_under(row)))
    texts, called = _said(context.session, row.id)
    if told := in_words(look_for(texts, people.known_round(context.session, new)), called):
        raise DomainError(f"{' '.join(told)} {_ALREADY_TOLD}", field="cases" if values.cases else "bottlenecks")


def to_look_at(context: Context) -> Sequence[tuple[int, int]]:
    """The cases that a commitment is about of which the people may have changed since its texts were looked through."""
    rows = context.session.execute(
        select(CommitmentCase.commitment_id, CommitmentCase.case_id)
        .join(Case, Case.id == CommitmentCase.case_id)
        .where(people.changed_since(CommitmentCase.looked_at))
        .order_by(CommitmentCase.commitment_id, CommitmentCase.case_id)
        .limit(MOST_LOOKED_AT)
    )
    return [(row.commitment_id, row.case_id) for row in rows]


def look_again(context: Context, which: tuple[int, int]) -> None:
    """Compare the texts of a commitment with the people round a case as they are now. What is found waits for its
    owner, or while there is none for who looks after commitments, who hear so once."""
    link = context.session.get(CommitmentCase, which, with_for_update=True, populate_existing=True)
    if link is None:
        return
    row, waited = context.session.get_one(Commitment, link.commitment_id), link.found_at is not None
    if not _look(context.session, row, link, context.now) or waited:
        return
    text = mail_texts.commitment_names(title=row.title, url=context.links.to(f"/toezeggingen/{row.id}"))
    key = f"toezegging-namen:{row.id}:{context.today.isoformat()}"
    owner = context.session.get(Account, row.owner_id) if row.owner_id is not None else None
    if owner is not None and owner.is_active:
        tell_account(context, MailKind.COMMITMENT_REMINDER, text, owner.id, once_key=key)
    else:
        tell_sealers(context, MailKind.COMMITMENT_REMINDER, text, besides=[], once_key=key)


def names_standing(session: Session, commitment_id: int) -> list[str]:
    """What of a commitment points at people round a case whose data changed since it was noted, a sentence each."""
    row, links = session.get_one(Commitment, commitment_id), session.scalars(_waiting_links(commitment_id)).all()
    if not links:
        return []
    texts, called = _texts_of(session, row)
    return in_words(look_for(texts, people.known_round(session, [each.case_id for each in links])), called)


def _waiting_links(commitment_id: int) -> Select[CommitmentCase]:
    return (
        select(CommitmentCase)
        .where(CommitmentCase.commitment_id == commitment_id, CommitmentCase.found_at.is_not(None))
        .order_by(CommitmentCase.case_id)
    )


def _look(session: Session, row: Commitment, link: CommitmentCase, now: datetime) -> bool:
    """Whether a text points at somebody round this case; kept with the day since when it does."""
    texts, _called = _texts_of(session, row)
    found = look_for(texts, people.known_round(session, (link.case_id,)))
    link.looked_at, link.found_at = now, (link.found_at or now) if found else None
    return bool(found)


def _texts_of(session: Session, row: Commitment) -> tuple[dict[str, str | None], dict[str, str]]:
    """What is public of a commitment by field, and what each is called in a sentence."""
    texts: dict[str, str | None] = {field: getattr(row, field) for field in ("title", "words", "made_when")}
    said, called = _said(session, row.id)
    return texts | said, FIELDS | called


def _said(session: Session, commitment_id: int) -> tuple[dict[str, str | None], dict[str, str]]:
    rows = select(CommitmentNews).where(CommitmentNews.commitment_id == commitment_id).order_by(CommitmentNews.id)
    news = session.scalars(rows).all()
    called = {str(each.id): f"wat op {date_in_words(nl_day(each.written_at))} is gemeld" for each in news}
    return {str(each.id): each.words for each in news}, called


def _cases_of(values: Values) -> Select[int]:
    """The cases that a commitment is about, by themselves or by way of a bottleneck."""
    by_rule = put_under(Bottleneck.reference.in_(values.bottlenecks))
    return select(Case.id).where(Case.reference.in_(values.cases) | Case.id.in_(by_rule))


def _cases_under(row: Commitment) -> Select[int]:
    linked = select(CommitmentCase.case_id).where(CommitmentCase.commitment_id == row.id)
    rules_of = select(CommitmentBottleneck.bottleneck_id).where(CommitmentBottleneck.commitment_id == row.id)
    return select(Case.id).where(Case.id.in_(linked) | Case.id.in_(put_under(Bottleneck.id.in_(rules_of))))


def _link(context: Context, row: Commitment, values: Values) -> None:
    session = context.session
    cases = _ids(context, Case, values.cases, "cases")
    bottlenecks = _ids(context, Bottleneck, values.bottlenecks, "bottlenecks")
    held = set(session.scalars(select(CommitmentCase.case_id).where(CommitmentCase.commitment_id == row.id)))
    gone = CommitmentCase.commitment_id == row.id, CommitmentCase.case_id.not_in(cases)
    session.execute(delete(CommitmentCase).where(*gone))
    session.execute(delete(CommitmentBottleneck).where(CommitmentBottleneck.commitment_id == row.id))
    session.add_all(
        CommitmentCase(commitment_id=row.id, case_id=each, looked_at=context.now) for each in cases if each not in held
    )
    session.add_all(CommitmentBottleneck(commitment_id=row.id, bottleneck_id=each) for each in bottlenecks)
    session.flush()


def _ids(context: Context, model: type[Case] | type[Bottleneck], references: tuple[str, ...], field: str) -> list[int]:
    if not references:
        return []
    found = {
        reference: id_
        for id_, reference in context.session.execute(
            select(model.id, model.reference).where(model.reference.in_(references))
        )
    }
    missing = [each for each in references if each not in found]
    if missing:
        raise DomainError(Text("Dit nummer bestaat niet: %(numbers)s.", numbers=", ".join(missing)), field=field)
    return sorted(set(found.values()))


def _say(context: Context, row: Commitment, words: str) -> None:
    context.session.add(
        CommitmentNews(
            commitment_id=row.id,
            status=row.status,
            words=words,
            due_on=row.due_on,
            author_id=context.actor.account_id,
            written_at=context.now,
        )
    )


def _note(context: Context, step: CommitmentStep, row: Commitment) -> None:
    data: dict[str, object] = {"stand": row.status.value}
    if row.due_on is not None:
        data["uiterlijk"] = row.due_on.isoformat()
    events.record(context, step, subject=f"toezegging:{row.id}", data=data)
