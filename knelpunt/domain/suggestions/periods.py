"""How laws and provisions stood in the time of a question, which is a day, a year or not known."""

from collections.abc import Mapping

from knelpunt.domain.laws.catalogue import LawEntry, ProvisionEntry
from knelpunt.domain.laws.dates import Standing, reachable, standing
from knelpunt.domain.suggestions.asked import Question

DAYS_A_YEAR = 365.25


def law_standing(law: LawEntry, question: Question) -> Standing:
    """How a law stood; in force on one day of the time is enough. Where the time is not known it is uncertain."""
    if question.first is None or question.last is None:
        return Standing.UNCERTAIN
    if law.in_force_to is not None and law.in_force_to < question.first:
        return Standing.ENDED
    day = question.last if law.in_force_to is None else min(question.last, law.in_force_to)
    return standing(law.in_force_from, law.in_force_to, day, end_is_known=law.status != "onbekend")


def years_outside(law: LawEntry, question: Question) -> float:
    """How many years lie between the time of a question and the time in which a law was in force; 0 within it."""
    days = 0
    if question.last is not None and law.in_force_from is not None:
        days = max(days, (law.in_force_from - question.last).days)
    if question.first is not None and law.in_force_to is not None:
        days = max(days, (question.first - law.in_force_to).days)
    return days / DAYS_A_YEAR


def provision_standing(entry: ProvisionEntry, law: LawEntry, question: Question) -> Standing:
    """How a provision stood; having held on one day of the time is enough."""
    if question.first is None or question.last is None:
        return Standing.UNCERTAIN
    if entry.valid_to is not None and entry.valid_to < question.first:
        return Standing.ENDED
    day = question.last if entry.valid_to is None else min(question.last, entry.valid_to)
    return standing(
        entry.valid_from,
        entry.valid_to,
        day,
        start_is_known=entry.start_is_known,
        end_is_known=entry.end_is_known,
        law_from=law.in_force_from,
    )


def what_held_instead(
    entry: ProvisionEntry,
    provisions: Mapping[str, ProvisionEntry],
    laws: Mapping[str, LawEntry],
    question: Question,
) -> tuple[str, ...]:
    """The keys of what held then in the place of a provision that had ended: its successors, however far."""
    if provision_standing(entry, laws[entry.law_key], question) is not Standing.ENDED:
        return ()
    after = reachable(entry.key, lambda key: provisions[key].replaced_by if key in provisions else ())
    held = (
        key
        for key in after
        if key in provisions
        and provision_standing(provisions[key], laws[provisions[key].law_key], question) is not Standing.ENDED
        and provision_standing(provisions[key], laws[provisions[key].law_key], question) is not Standing.NOT_YET
    )
    return tuple(sorted(held, key=lambda key: (after[key], key)))
