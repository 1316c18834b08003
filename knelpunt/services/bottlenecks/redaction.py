"""Keeps personal details out of what people write in public of a rule bottleneck, as ``services.cases.redaction`` does
for the text of a case."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from knelpunt.domain.errors import DomainError
from knelpunt.domain.redaction.checks import Found, in_words, kept_of, look_for, look_through, not_passed
from knelpunt.domain.texts import date_in_words
from knelpunt.models import (
    Bottleneck,
    BottleneckCase,
    BottleneckNews,
    Case,
    Commitment,
    CommitmentBottleneck,
    CommitmentNews,
)
from knelpunt.queries.bottlenecks.families import put_under
from knelpunt.queries.core import people
from knelpunt.services.core.context import Context

PUBLIC_FIELDS = {
    "title": "de titel",
    "problem": "wat er knelt",
    "reason": "de reden",
    "body": "het nieuws",
    "waiting_for": "waar het op wacht",
    "change": "wat er is gewijzigd",
}
"""What people write of a rule bottleneck, in words."""

OF_COMMITMENTS = {
    "title": "de titel van een toezegging",
    "words": "de tekst van een toezegging",
    "made_when": "het moment van een toezegging",
}
ALREADY_PUBLIC = "Dit staat al openbaar. Schrijf op waarom het mag blijven staan, of neem de zaak niet op."
PUBLIC_AT_MERGE = "Dit staat daar al openbaar. Leg de stap voor aan een tweede persoon."
NOT_THE_LINKER = (
    "U zette de zaak zelf bij dit regelknelpunt. Een ander moet beslissen of dit openbaar mag blijven staan."
)


class NamesSomebody(DomainError):
    """A text that becomes public points at a person; a second person may let it stand."""


def found_in(
    session: Session, fields: Mapping[str, str | None], *, bottleneck_id: int | None, case: str = ""
) -> tuple[Found, ...]:
    """All that points at a person in what would become public: somebody at the desk, or somebody round a case that was
    put under the bottleneck or under one that went up into it, whatever its owner said of it.

    Args:
        bottleneck_id: left out for one that is still to be signalled.
        case: the number of the case that a signal comes from.
    """
    linked = put_under(Bottleneck.id == (bottleneck_id or 0))
    cases = select(Case.id).where(Case.id.in_(linked) | (Case.reference == case))
    return look_through(fields, people.known_beside_the_desk(session, cases))


@dataclass(frozen=True, slots=True)
class Standing:
    """What was found in texts that are public already; ``called`` is what each of them is called, in a sentence."""

    found: tuple[Found, ...]
    called: Mapping[str, str]

    @property
    def told(self) -> list[str]:
        return in_words(self.found, self.called)


NOTHING_STANDING = Standing((), {})


def found_standing(session: Session, bottleneck_id: int, cases: Collection[int] | Select[int]) -> Standing:
    """What was told of a bottleneck, or of the commitments about it, and points at somebody round cases that come under
    it now: when it was written nobody could know of them."""
    public = _public_texts(session, bottleneck_id)
    return public.pointing_at(session, cases)


def standing_of_each(session: Session, bottleneck_id: int, cases: Collection[int]) -> dict[int, Standing]:
    """The same of each of these cases by itself, those alone for whom something was found that nobody let stand yet."""
    public = _public_texts(session, bottleneck_id)
    if not public.pointing_at(session, cases).found:
        return {}
    rows = select(BottleneckCase.case_id, BottleneckCase.passed).where(
        BottleneckCase.bottleneck_id == bottleneck_id, BottleneckCase.case_id.in_(cases)
    )
    passed = {row.case_id: row.passed for row in session.execute(rows)}
    standing = {case_id: public.pointing_at(session, (case_id,), passed.get(case_id, ())) for case_id in cases}
    return {case_id: each for case_id, each in standing.items() if each.found}


@dataclass(frozen=True, slots=True)
class _PublicTexts:
    """What is public of a bottleneck and of the commitments about it, by field, and what each is called."""

    texts: Mapping[str, str | None]
    called: Mapping[str, str]

    def pointing_at(
        self, session: Session, cases: Collection[int] | Select[int], passed: Sequence[Mapping[str, Any]] = ()
    ) -> Standing:
        found = look_for(self.texts, people.known_round(session, cases))
        return Standing(not_passed(found, passed), self.called)


def _public_texts(session: Session, bottleneck_id: int) -> _PublicTexts:
    texts, called = dict[str, str | None](), dict[str, str]()

    def add(field: str, words: str | None, name: str) -> None:
        texts[field], called[field] = words, name

    bottleneck = session.get_one(Bottleneck, bottleneck_id)
    for field, words in (
        ("title", bottleneck.title),
        ("problem", bottleneck.problem),
        ("reason", bottleneck.choice_reason),
        ("waiting_for", bottleneck.waiting_for),
    ):
        add(field, words, PUBLIC_FIELDS[field])
    news = select(BottleneckNews.id, BottleneckNews.body, BottleneckNews.on_day).order_by(BottleneckNews.id)
    for id_, body, day in session.execute(news.where(BottleneckNews.bottleneck_id == bottleneck_id)):
        add(f"news:{id_}", body, f"het nieuws van {date_in_words(day)}")
    about = select(CommitmentBottleneck.commitment_id).where(CommitmentBottleneck.bottleneck_id == bottleneck_id)
    for row in session.scalars(select(Commitment).where(Commitment.id.in_(about)).order_by(Commitment.id)):
        for field, name in OF_COMMITMENTS.items():
            add(f"commitment:{row.id}:{field}", getattr(row, field), name)
    said = select(CommitmentNews.id, CommitmentNews.words).where(CommitmentNews.commitment_id.in_(about))
    for id_, words in session.execute(said.order_by(CommitmentNews.id)):
        add(f"commitment_news:{id_}", words, "wat over een toezegging is gemeld")
    return _PublicTexts(texts, called)


def standing_of_link(session: Session, link: BottleneckCase) -> Standing:
    """What points at the people round this case, and no second person let stand."""
    return _public_texts(session, link.bottleneck_id).pointing_at(session, (link.case_id,), link.passed)


def let_stand(session: Session, link: BottleneckCase, account_id: int | None, reason: str) -> dict[str, int]:
    """Keep that a second person let stand what points at the people round a case, and why; nothing when nothing does.
    Gives what the event keeps of it."""
    found = standing_of_link(session, link).found
    if found:
        link.passed = [*link.passed, *(each.mark for each in found)]
        link.pass_reason, link.passed_by_id = reason.strip(), account_id
    return kept_of(found)


def standing_at_merge(session: Session, bottleneck_id: int, into_id: int) -> Standing:
    """What is public of the bottleneck into which this one goes up, and points at people round the cases that it did
    not have before."""
    along = put_under(Bottleneck.id == bottleneck_id)
    new = along.where(BottleneckCase.case_id.not_in(put_under(Bottleneck.id == into_id)))
    return found_standing(session, into_id, new)


def require_nobody_at_merge(context: Context, bottleneck_id: int, into_id: int) -> None:
    """Raise when something that is public of a bottleneck points at somebody round a case that comes along."""
    if told := standing_at_merge(context.session, bottleneck_id, into_id).told:
        raise NamesSomebody(f"{' '.join(told)} {PUBLIC_AT_MERGE}", field="into")


def require_nobody(context: Context, *, bottleneck_id: int | None, case: str = "", **fields: str) -> None:
    """Raise when a text that becomes public at once points at a person, and no second person let that stand."""
    found = found_in(context.session, fields, bottleneck_id=bottleneck_id, case=case)
    for field in fields:
        if told := in_words((each for each in found if each.field == field), PUBLIC_FIELDS):
            raise NamesSomebody(
                f"{' '.join(told)} Deze tekst wordt openbaar. Haal dit weg, of leg hem voor aan een tweede persoon.",
                field=field,
            )
