"""Keeps personal details out of what people write in public of a rule bottleneck, as ``services.cases.redaction`` does
for the text of a case."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from knelpunt.domain.bottlenecks import NAMES_FOUND, LinkStatus
from knelpunt.domain.errors import DomainError
from knelpunt.domain.redaction.checks import Found, in_words, kept_of, look_for, look_through, not_passed
from knelpunt.domain.redaction.finds import Find, Piece, pieces
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
from knelpunt.queries.bottlenecks.families import family_of, put_under
from knelpunt.queries.core import people
from knelpunt.services.bottlenecks import mail as bottleneck_mail
from knelpunt.services.core import events
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
MOST_LOOKED_AT = 200
"""As many cases are compared at once; the others come with the next round of the calendar."""
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
    texts: Mapping[str, str | None]

    @property
    def words(self) -> set[str]:
        """The texts in which something was found."""
        return {(self.texts[each.field] or "").strip() for each in self.found}

    @property
    def marked(self) -> list[tuple[str, list[Piece]]]:
        """What each text is called in which something was found, and the text cut at what was found."""
        finds = defaultdict[str, list[Find]](list)
        for each in self.found:
            finds[each.field].append(each.find)
        return [(self.called[field], pieces(self.texts[field] or "", found)) for field, found in finds.items()]

    @property
    def told(self) -> list[str]:
        return in_words(self.found, self.called)


NOTHING_STANDING = Standing((), {}, {})


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
    """What is public of a bottleneck, of those that it went up into, and of the commitments about these; by field, and
    what each is called."""

    texts: Mapping[str, str | None]
    called: Mapping[str, str]

    def pointing_at(
        self, session: Session, cases: Collection[int] | Select[int], passed: Sequence[Mapping[str, Any]] = ()
    ) -> Standing:
        found = look_for(self.texts, people.known_round(session, cases))
        return Standing(not_passed(found, passed), self.called, self.texts)


def _public_texts(session: Session, bottleneck_id: int) -> _PublicTexts:
    texts, called = dict[str, str | None](), dict[str, str]()

    def add(field: str, words: str | None, name: str) -> None:
        texts[field], called[field] = words, name

    bottlenecks = [session.get_one(Bottleneck, bottleneck_id)]
    while (into := bottlenecks[-1].merged_into_id) is not None:
        bottlenecks.append(session.get_one(Bottleneck, into))
    for each in bottlenecks:
        is_own = each.id == bottleneck_id
        before, of = ("", "") if is_own else (f"{each.id}:", f" van {each.reference}")
        for field, words in (
            ("title", each.title),
            ("problem", each.problem),
            ("reason", each.choice_reason),
            ("waiting_for", each.waiting_for),
        ):
            add(f"{before}{field}", words, f"{PUBLIC_FIELDS[field]}{of}")
        for place, line in enumerate(each.corrections):
            add(f"{before}change:{place}", line["what"], f"{PUBLIC_FIELDS['change']}{of}")
    ids = [each.id for each in bottlenecks]
    news = select(BottleneckNews).where(BottleneckNews.bottleneck_id.in_(ids)).order_by(BottleneckNews.id)
    for item in session.scalars(news):
        name = f"het nieuws van {date_in_words(item.on_day)}"
        add(f"news:{item.id}", item.body, name)
        for place, line in enumerate(item.corrections):
            add(f"news:{item.id}:change:{place}", line["what"], f"{PUBLIC_FIELDS['change']} in {name}")
    about = select(CommitmentBottleneck.commitment_id).where(CommitmentBottleneck.bottleneck_id.in_(ids))
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
        link.pass_reason = "\n".join(filter(None, (link.pass_reason, reason.strip())))
        link.passed_by_id, link.found_at = account_id, None
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


def to_look_at(context: Context) -> Sequence[tuple[int, int]]:
    """The cases under a rule bottleneck of which the people may have changed since its texts were looked through."""
    rows = context.session.execute(
        select(BottleneckCase.bottleneck_id, BottleneckCase.case_id)
        .join(Case, Case.id == BottleneckCase.case_id)
        .where(BottleneckCase.status == LinkStatus.ACCEPTED, people.changed_since(BottleneckCase.looked_at))
        .order_by(BottleneckCase.bottleneck_id, BottleneckCase.case_id)
        .limit(MOST_LOOKED_AT)
    )
    return [(row.bottleneck_id, row.case_id) for row in rows]


def look_again(context: Context, which: tuple[int, int]) -> None:
    """Compare what is public of a bottleneck with the people round a case under it as they are now. What is found waits
    for who decides about its cases, who hears so once; what nobody finds any more waits no longer."""
    link = context.session.get(BottleneckCase, which, with_for_update=True, populate_existing=True)
    if link is None or link.status is not LinkStatus.ACCEPTED:
        return
    found = standing_of_link(context.session, link).found
    link.looked_at = context.now
    if not found:
        link.found_at = None
        return
    if link.found_at is not None:
        return
    link.found_at = context.now
    bottleneck = context.session.get_one(Bottleneck, link.bottleneck_id)
    bottleneck_mail.tell_names_found(context, bottleneck, link)
    data = {"zaak": link.case_id, "gevonden": kept_of(found)}
    events.record(context, NAMES_FOUND, subject=f"bottleneck:{bottleneck.id}", data=data)


def settle(session: Session, bottleneck_id: int, passed: Collection[str] = ()) -> None:
    """After a text of a bottleneck changed: what is found no longer waits no longer, and what stands in these texts was
    let stand by a second person, who read them."""
    links = select(BottleneckCase).where(
        BottleneckCase.bottleneck_id.in_(family_of(bottleneck_id)), BottleneckCase.status == LinkStatus.ACCEPTED
    )
    for link in session.scalars(links if passed else links.where(BottleneckCase.found_at.is_not(None))).all():
        standing = standing_of_link(session, link)
        read = [each for each in standing.found if (standing.texts[each.field] or "").strip() in passed]
        if read:
            link.passed = [*link.passed, *(each.mark for each in read)]
        if len(read) == len(standing.found):
            link.found_at = None
