"""Mails about a second look at a closed case, and about a term that stands still on request."""

from collections.abc import Sequence
from datetime import date

from knelpunt.domain.cases.replies import OnBehalf
from knelpunt.domain.cases.second_looks import NO_APPEAL, OUTCOME_WORDS, may_ask_yourself, points_in_words
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.post.letter_templates import LETTER_FORMS
from knelpunt.domain.texts import Text, date_in_words
from knelpunt.domain.vocabulary import SecondLookOutcome
from knelpunt.services.mail.texts import (
    About,
    MailText,
    about_case,
    as_on_behalf,
    how_to_ask,
    next_step,
    to_colleague,
    to_submitter,
)


@about_case(MailKind.SECOND_LOOK_RECEIVED)
def second_look_received(
    about: About, *, points: Sequence[str], next_date: date | None, on_behalf: OnBehalf | None = None
) -> MailText:
    """The request came in; says what was asked and until when the desk has.

    Args:
        next_date: the last day for the outcome (K8).
    """
    return to_submitter(
        about,
        Text("Wij bekijken uw melding opnieuw"),
        Text("Wij hebben uw verzoek om een heroverweging ontvangen."),
        *as_on_behalf(on_behalf, ""),
        Text("Dit bekijken wij opnieuw:\n%(points)s", points="\n".join(f"- {point}" for point in points)),
        Text("Een andere behandelaar kijkt ernaar. U hoort nog wie dat is. U krijgt op elk punt een antwoord."),
        next_step(next_date, Text("U krijgt de uitkomst")),
    )


@about_case(MailKind.SECOND_HANDLER)
def second_handler(about: About, *, handler_name: str, next_date: date | None, reason: str = "") -> MailText:
    """Who looks at the case again.

    Args:
        next_date: the last day for the outcome (K8).
        reason: why the head of desk has the case looked at again; empty when the submitter asked for it.
    """
    begun = Text("Uw melding was afgesloten. Wij bekijken haar opnieuw.") if reason else ""
    why = Text("Waarom wij dat doen:\n%(reason)s", reason=reason) if reason else ""
    return to_submitter(
        about,
        LETTER_FORMS[MailKind.SECOND_HANDLER].subject,
        begun,
        why,
        Text(
            "%(handler_name)s bekijkt uw melding opnieuw. Wie haar eerst behandelde, doet daar niet aan mee.",
            handler_name=handler_name,
        ),
        next_step(next_date, Text("U krijgt de uitkomst")),
    )


@about_case(MailKind.SECOND_LOOK_OUTCOME)
def outcome(
    about: About,
    *,
    outcome: SecondLookOutcome,
    points: Sequence[tuple[str, str]],
    reason: str,
    next_date: date | None,
    ask_until: date | None = None,
) -> MailText:
    """What came of the second look, with an answer to each point.

    Args:
        points: each point with its answer.
        next_date: the last day for a new proposal (K4), where the case is handled again.
        ask_until: the last day to ask for a second look (K6), where the head of desk began this one.
    """
    is_kept = outcome is SecondLookOutcome.KEPT
    return to_submitter(
        about,
        LETTER_FORMS[MailKind.SECOND_LOOK_OUTCOME].subject,
        Text("Een andere behandelaar bekeek uw melding opnieuw. Het hoofd van het loket is akkoord met de uitkomst."),
        OUTCOME_WORDS[outcome],
        *points_in_words(points),
        Text("De reden:\n%(reason)s", reason=reason),
        *(may_ask_yourself(ask_until, how_to_ask(about)) if ask_until else ()),
        NO_APPEAL if is_kept else next_step(next_date, Text("U krijgt een nieuw voorstel")),
    )


@about_case(MailKind.TERM_SUSPENDED)
def term_suspended(
    about: About, *, clock: str, reason: str, until: date, next_date: date, is_your_turn: bool
) -> MailText:
    """A term stands still because the submitter asked for it, or agreed.

    Args:
        clock: which term, in words.
        until: the last day on which it stands still.
        next_date: the last day of the term from now on.
        is_your_turn: it is the submitter who has to react in this term.
    """
    return to_submitter(
        about,
        Text("De termijn staat stil"),
        Text(
            "Wij zetten een termijn stil tot en met %(until)s. Daarna loopt hij vanzelf verder. Het gaat om: "
            "%(clock)s.",
            until=until,
            clock=clock,
        ),
        Text("De reden:\n%(reason)s", reason=reason),
        Text("U hebt nu tot en met %(next_date)s om te reageren.", next_date=next_date)
        if is_your_turn
        else Text("U hoort nu uiterlijk op %(next_date)s van ons.", next_date=next_date),
        Text("Klopt dit niet? Laat het ons meteen weten."),
    )


@about_case(MailKind.SECOND_LOOK_WAITS)
def second_look_waits(about: About, *, next_date: date | None) -> MailText:
    """To the head of desk: a submitter asked for a second look.

    Args:
        next_date: the last day of clock K8.
    """
    return to_colleague(
        about,
        "Een indiener vraagt een heroverweging",
        "Een indiener is het niet eens met onze uitkomst. Wijs een andere behandelaar aan.",
        "De termijn loopt al." if next_date is None else f"De termijn loopt al, tot en met {date_in_words(next_date)}.",
    )


@about_case(MailKind.SECOND_LOOK_GIVEN)
def second_look_given(about: About) -> MailText:
    """To the second handler."""
    return to_colleague(
        about,
        "U bekijkt een zaak opnieuw",
        "Het hoofd van het loket wees u aan als tweede behandelaar. In de zaak staat wat er volgens de indiener mist.",
        "Beantwoord elk punt, en leg de uitkomst voor aan het hoofd van het loket.",
    )
