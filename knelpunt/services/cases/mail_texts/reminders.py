"""Mails about terms: to the submitter that one comes to its end, and to the desk that one went by."""

from datetime import date
from enum import StrEnum, auto

from knelpunt.domain.calendar.clocks import Clock
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.post.letters import WITH_A_TERM
from knelpunt.domain.texts import Text, date_in_words
from knelpunt.services.mail.texts import About, MailText, about_case, to_colleague, to_submitter


class WaitsFor(StrEnum):
    """On what the desk waits, besides an answer to a question."""

    PROPOSAL = auto()
    PREVIEW = auto()
    SHARING = auto()


_WAITS_FOR = {
    WaitsFor.PROPOSAL: (
        Text("Wij stuurden u een voorstel. U hebt nog niet gereageerd."),
        Text("Horen wij niets, dan bekijkt een medewerker of wij uw melding afsluiten."),
    ),
    WaitsFor.PREVIEW: (
        Text("Wij stuurden u een tekst voor onze website. U hebt nog niet gereageerd."),
        Text("Horen wij niets, dan kunnen wij de tekst daarna publiceren."),
    ),
    WaitsFor.SHARING: (
        Text("Wij vroegen u of wij uw melding mogen delen. U hebt nog niet gereageerd."),
        Text("Horen wij niets van u? Dan delen wij niets en gaan wij zelf verder."),
    ),
}


@about_case(MailKind.REACTION_REMINDER)
def reaction_reminder(about: About, *, waits_for: WaitsFor, until: date, is_last: bool) -> MailText:
    """Half-way in a term of the submitter, and two days before it ends."""
    asked, silence = _WAITS_FOR[waits_for]
    return to_submitter(
        about,
        Text("Laatste herinnering: wij wachten op uw reactie")
        if is_last
        else Text("Herinnering: wij wachten op uw reactie"),
        asked,
        Text("U bent nu aan zet. Reageren kan tot en met %(until)s.", until=until),
        silence,
    )


@about_case(MailKind.TERM_OVER)
def term_over(about: About, *, what: str, next_act: str) -> MailText:
    """The submitter let a term go by, so that the desk is to act.

    Args:
        what: which term, in a sentence.
        next_act: what the desk can do now, in a sentence.
    """
    return to_colleague(about, "U bent aan zet: een termijn is voorbij", what, next_act)


@about_case(MailKind.CLOCK_OVER)
def clock_over(about: About, *, clock: Clock, due_on: date) -> MailText:
    """The desk itself let a term go by; for who handles the case and for the head of desk."""
    return to_colleague(
        about,
        "Een termijn van het loket is voorbij",
        f"Het gaat om deze termijn: {clock.label}. De laatste dag was {date_in_words(due_on)}.",
        "Kijk wat de zaak nu nodig heeft.",
    )


@about_case(MailKind.LETTER_LIES)
def letter_lies(about: About, *, kind: MailKind, written_on: date) -> MailText:
    """A message on paper or by telephone did not go yet; for who handles the case, and later for the head of desk."""
    term = " De termijn van de indiener begint pas als het bericht weg is." if kind in WITH_A_TERM else ""
    return to_colleague(
        about,
        "Een bericht aan de indiener ligt nog bij het loket",
        f"Het gaat om dit bericht: {kind.label}. Het is geschreven op {date_in_words(written_on)}.",
        f"De indiener kent het bericht nog niet.{term}",
        "Verstuur het als brief of bel de indiener. Leg daarna de dag vast bij ‘Te versturen per post’.",
    )


@about_case(MailKind.MAIL_ASKS)
def mail_asks(about: About, *, arrived_on: date, is_in_case: bool) -> MailText:
    """Nobody said yet whether a mail is the answer that a case waits for; goes where ``letter_lies`` does.

    Args:
        is_in_case: the mail landed in the case; else it waits in the list of mails that came in.
    """
    came = date_in_words(arrived_on)
    holds = "Tot iemand dat zegt, gaat de zaak niet verder. Er gaan ook geen herinneringen naar de indiener."
    if is_in_case:
        return to_colleague(
            about,
            "Een mail van de indiener wacht op een besluit",
            f"Op {came} kwam er een mail. Die is misschien het antwoord waar de zaak op wacht.",
            holds,
            "Lees de mail in de zaak, en zeg of dit het antwoord is.",
        )
    return to_colleague(
        about,
        "Een mail die misschien bij een zaak hoort, wacht op een besluit",
        f"Op {came} kwam er een mail die niet vanzelf in de zaak kon. Die is misschien het antwoord.",
        holds,
        "De mail staat nog niet in de zaak. Lees hem bij ‘Binnengekomen mail’, en zeg bij welke zaak hij hoort.",
    )
