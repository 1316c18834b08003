"""Rules of the catalogue for a submitter to point at: a search as of a day, and what was chosen."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from knelpunt.domain.filing.pointed_rules import RuleChoice, RuleKind
from knelpunt.domain.laws.catalogue import NO_RULE
from knelpunt.domain.laws.dates import Standing
from knelpunt.domain.laws.schema import LawKind
from knelpunt.models import Law, PointedRule, Provision
from knelpunt.queries.laws import catalogue as laws
from knelpunt.queries.laws.rows import (
    LAW_COLUMNS,
    LINKABLE,
    LawLink,
    LawSummary,
    ProvisionSummary,
    law_link,
    provision_summary,
    select_provisions,
)

MOST_LAWS, MOST_PROVISIONS = 6, 4
"""How many laws a search shows, and of each how many provisions; who looks for more adds a word."""
FEW_LAWS = 3
"""When fewer laws have all words of a search, those with most of them are shown too."""
Found = LawLink | ProvisionSummary | LawSummary


@dataclass(frozen=True, slots=True)
class RuleOption:
    """A law or provision as it stood on the day. ``instead`` did hold then, where this one did not.

    ``is_dated`` is false for a collective name, which has no dates of its own.
    """

    choice: RuleChoice
    law_key: str
    title: str
    what: str
    period: str
    standing: Standing
    is_dated: bool = True
    instead: tuple["RuleOption", ...] = ()

    @property
    def held(self) -> bool:
        """Whether it can be chosen: it held, or nobody knows that it did not."""
        return self.standing in LINKABLE


@dataclass(frozen=True, slots=True)
class FoundLaw:
    """One law that a search found, with the provisions of it that were found."""

    law: RuleOption
    provisions: tuple[RuleOption, ...]


@dataclass(frozen=True, slots=True)
class RuleSearch:
    """What a search found. ``has_more``: there is more than is shown; ``is_loose``: not everything has all words."""

    found: tuple[FoundLaw, ...]
    has_more: bool
    is_loose: bool = False


def search(session: Session, words: str, on: date) -> RuleSearch:
    """The laws and provisions with these words, as they stood on a day; what held comes first. Six statements.

    Where few have all words, those with fewer of them follow.
    """
    found = [law for law in laws.list_laws(session, on, words=words, few=FEW_LAWS) if law.key != NO_RULE]
    # A law without anything that held comes after the others with as many of the words, which otherwise keep the order
    # of the catalogue.
    found.sort(
        key=lambda law: (-law.words_had, not (law.standing in LINKABLE or any(one.is_linkable for one in law.matches)))
    )
    catalogue = laws.catalogue_on(session, on)
    shown = found[:MOST_LAWS]
    results = []
    has_more = len(found) > len(shown)
    for law in shown:
        instead = () if law.standing in LINKABLE else catalogue.law_alternatives(law.key)
        matches = sorted(law.matches, key=lambda one: not one.is_linkable)
        has_more = has_more or len(matches) > MOST_PROVISIONS
        provisions = tuple(
            _option(one, tuple(each.provision for each in catalogue.alternatives(one)))
            for one in matches[:MOST_PROVISIONS]
        )
        results.append(FoundLaw(_option(law, instead), provisions))
    is_loose = any(law.words_had < len(words.split()) for law in shown)
    return RuleSearch(tuple(results), has_more, is_loose)


def chosen(session: Session, choices: tuple[RuleChoice, ...], on: date) -> tuple[RuleOption, ...]:
    """What these choices are, as they stood on a day, in the order given; what the catalogue does not know is left out.

    Two statements, or none when nothing was chosen.
    """
    if not choices:
        return ()
    law_keys = [choice.key for choice in choices if choice.kind is RuleKind.LAW]
    provision_keys = [choice.key for choice in choices if choice.kind is RuleKind.PROVISION]
    options: list[RuleOption] = [
        _option(law_link(row, on)) for row in session.execute(select(*LAW_COLUMNS).where(Law.key.in_(law_keys)))
    ]
    options += [
        _option(provision_summary(row, on))
        for row in session.execute(select_provisions().where(Provision.key.in_(provision_keys)))
    ]
    by_choice = {option.choice: option for option in options}
    return tuple(by_choice[choice] for choice in choices if choice in by_choice)


def ids_of(session: Session, choices: Iterable[RuleChoice]) -> dict[RuleChoice, tuple[int, int | None]]:
    """The law and the provision behind each choice that the catalogue knows: in one statement, or none."""
    wanted = list(choices)
    if not wanted:
        return {}
    law_keys = [choice.key for choice in wanted if choice.kind is RuleKind.LAW]
    provision_keys = [choice.key for choice in wanted if choice.kind is RuleKind.PROVISION]
    rows = session.execute(
        select(Law.id, Law.key, Provision.id.label("provision_id"), Provision.key.label("provision_key"))
        .outerjoin(Provision, (Provision.law_id == Law.id) & Provision.key.in_(provision_keys))
        .where(Law.key.in_(law_keys) | Provision.key.in_(provision_keys))
        .order_by(Law.id, Provision.id)
    )
    found: dict[RuleChoice, tuple[int, int | None]] = {}
    for row in rows:
        if row.key in law_keys:
            found[RuleChoice(RuleKind.LAW, row.key)] = (row.id, None)
        if row.provision_id is not None:
            found[RuleChoice(RuleKind.PROVISION, row.provision_key)] = (row.id, row.provision_id)
    return found


def of_case(session: Session, case_id: int) -> tuple[RuleChoice, ...]:
    """What the submitter of a case pointed at."""
    rows = session.execute(
        select(Law.key, Provision.key)
        .join_from(PointedRule, Law, Law.id == PointedRule.law_id)
        .outerjoin(Provision, Provision.id == PointedRule.provision_id)
        .where(PointedRule.case_id == case_id)
        .order_by(PointedRule.id)
    )
    return tuple(
        RuleChoice(RuleKind.LAW, law) if provision is None else RuleChoice(RuleKind.PROVISION, provision)
        for law, provision in rows
    )


def _option(found: Found, instead: Iterable[Found] = ()) -> RuleOption:
    others = tuple(_option(one) for one in list(instead)[:MOST_PROVISIONS])
    if isinstance(found, ProvisionSummary):
        choice = RuleChoice(RuleKind.PROVISION, found.key)
        return RuleOption(
            choice, found.law_key, found.citation, found.instrument, found.period, found.standing, instead=others
        )
    return RuleOption(
        RuleChoice(RuleKind.LAW, found.key),
        found.key,
        found.citation_title,
        "",
        found.period,
        found.standing,
        found.kind is not LawKind.COLLECTIVE,
        others,
    )
