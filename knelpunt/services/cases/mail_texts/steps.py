"""Mails to the submitter about the steps of a case, from its handler to its closing letter."""

from datetime import date

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.post.letter_templates import LETTER_FORMS
from knelpunt.domain.texts import Text
from knelpunt.services.mail.texts import NO_TURN, About, MailText, about_case, how_to_ask, next_step, to_submitter


@about_case(MailKind.HANDLER_NAMED)
def handler_named(about: About, *, handler_name: str, next_date: date | None) -> MailText:
    """Who handles the case.

    Args:
        next_date: the last day for the verdict (K2); None while that clock stands still.
    """
    return to_submitter(
        about,
        LETTER_FORMS[MailKind.HANDLER_NAMED].subject,
        Text("Uw melding wordt behandeld door %(handler_name)s.", handler_name=handler_name),
        Text("Wij bekijken welke regel in de weg staat. Wij kijken ook welke ruimte de regels geven."),
        next_step(next_date, Text("U krijgt ons oordeel")),
    )


@about_case(MailKind.QUESTION)
def question(about: About, *, question: str, why: str, answer_by: date) -> MailText:
    """The desk needs something of the submitter, and its own clock stands still until the answer."""
    return to_submitter(
        about,
        LETTER_FORMS[MailKind.QUESTION].subject,
        Text("Wij hebben nog iets van u nodig."),
        Text("Onze vraag:\n%(question)s", question=question),
        Text("Waarom wij dit vragen:\n%(why)s", why=why),
        Text("U bent nu aan zet. Antwoord uiterlijk op %(answer_by)s.", answer_by=answer_by),
        Text("Tot uw antwoord staat onze termijn stil. Horen wij niets, dan gaan wij verder met wat wij hebben."),
    )


@about_case(MailKind.REMINDER_HALFWAY)
def reminder_halfway(about: About, *, question: str, answer_by: date) -> MailText:
    """Half of the time to answer has gone by."""
    return to_submitter(
        about,
        Text("Herinnering: onze vraag over uw melding"),
        Text("Wij wachten nog op uw antwoord. De helft van de tijd is voorbij."),
        Text("Onze vraag:\n%(question)s", question=question),
        Text("U bent nu aan zet. Antwoord uiterlijk op %(answer_by)s.", answer_by=answer_by),
    )


@about_case(MailKind.REMINDER_LAST)
def reminder_last(about: About, *, question: str, answer_by: date) -> MailText:
    """Two days before the time to answer ends."""
    return to_submitter(
        about,
        Text("Laatste herinnering: onze vraag over uw melding"),
        Text("Wij wachten nog op uw antwoord. U kunt antwoorden tot en met %(answer_by)s.", answer_by=answer_by),
        Text("Onze vraag:\n%(question)s", question=question),
        Text("U bent nu aan zet. Horen wij niets, dan gaan wij verder met wat wij hebben."),
    )


@about_case(MailKind.NO_REACTION)
def no_reaction(about: About, *, answer_by: date, next_date: date | None) -> MailText:
    """The time to answer went by without an answer.

    Args:
        answer_by: the last day on which an answer was expected.
        next_date: the last day of the clock that goes on.
    """
    return to_submitter(
        about,
        Text("Geen reactie ontvangen: wij gaan verder"),
        Text(
            "Wij vroegen u om een antwoord tot en met %(answer_by)s. Wij hebben geen reactie ontvangen.",
            answer_by=answer_by,
        ),
        Text("Wij gaan verder met wat wij hebben. De tijd dat wij op u wachtten, telt niet mee."),
        next_step(next_date, Text("De volgende stap komt")),
        Text("Wilt u toch nog iets laten weten? Dat kan op de pagina van uw melding."),
    )


@about_case(MailKind.MESSAGE)
def message(about: About, *, body: str) -> MailText:
    """A message of the desk that asks for nothing."""
    return to_submitter(
        about, LETTER_FORMS[MailKind.MESSAGE].subject, Text("Wij hebben een bericht voor u."), body, NO_TURN
    )


@about_case(MailKind.VERDICT)
def verdict(about: About, *, plain: str, legal: str, next_date: date | None) -> MailText:
    """What we think that stands in the way, in plain and in legal words.

    Args:
        next_date: the last day for our proposal (K4).
    """
    return to_submitter(
        about,
        LETTER_FORMS[MailKind.VERDICT].subject,
        Text("Wij hebben uw melding beoordeeld. Een tweede medewerker heeft ons oordeel getoetst."),
        Text("In gewone woorden:\n%(plain)s", plain=plain),
        Text("In juridische woorden:\n%(legal)s", legal=legal),
        next_step(next_date, Text("U krijgt een voorstel")),
    )


@about_case(MailKind.VERDICT_CHANGED)
def verdict_changed(about: About, *, plain: str, legal: str, next_date: date | None) -> MailText:
    """The verdict became another one.

    Args:
        next_date: the last day of the clock that runs.
    """
    return to_submitter(
        about,
        LETTER_FORMS[MailKind.VERDICT_CHANGED].subject,
        Text("Wij kijken nu anders naar uw melding. Een tweede medewerker heeft het nieuwe oordeel getoetst."),
        Text("In gewone woorden:\n%(plain)s", plain=plain),
        Text("In juridische woorden:\n%(legal)s", legal=legal),
        next_step(next_date, Text("De volgende stap komt")),
    )


@about_case(MailKind.PROPOSAL)
def proposal(
    about: About,
    *,
    text: str,
    legal_basis: str,
    legal_date: date,
    conditions: str,
    who_acts: str,
    act_by: date,
    react_by: date,
) -> MailText:
    """What we propose.

    Args:
        legal_date: the day by whose law the basis holds.
        react_by: the last day to react (K5).
    """
    return to_submitter(
        about,
        LETTER_FORMS[MailKind.PROPOSAL].subject,
        Text("Wij hebben een voorstel. Een tweede medewerker heeft het getoetst."),
        Text("Ons voorstel:\n%(text)s", text=text),
        Text(
            "Waarop het voorstel steunt:\n%(legal_basis)s\nZo gold dat op %(legal_date)s.",
            legal_basis=legal_basis,
            legal_date=legal_date,
        ),
        Text("Voorwaarden:\n%(conditions)s", conditions=conditions) if conditions.strip() else "",
        Text(
            "Wie iets moet doen, en voor wanneer:\n%(who_acts)s\nUiterlijk op %(act_by)s.",
            who_acts=who_acts,
            act_by=act_by,
        ),
        Text("U bent nu aan zet. Laat uiterlijk op %(react_by)s weten of het voorstel u helpt.", react_by=react_by),
        Text("U kunt het voorstel aannemen. U kunt ook uitleggen waarom het niet werkt. Dan kijken wij opnieuw."),
    )


@about_case(MailKind.PROPOSAL_LAPSED)
def proposal_lapsed(about: About, *, react_by: date, next_date: date | None) -> MailText:
    """The time to react to the proposal went by; a person decides what comes next.

    Args:
        react_by: the last day on which a reaction was expected.
        next_date: the last day on which the desk closes the case.
    """
    return to_submitter(
        about,
        Text("Geen reactie ontvangen op ons voorstel"),
        Text(
            "U kon op ons voorstel reageren tot en met %(react_by)s. Wij hebben geen reactie ontvangen.",
            react_by=react_by,
        ),
        Text("Een medewerker bekijkt nu of wij uw melding afsluiten. Een tweede medewerker kijkt mee."),
        next_step(next_date, Text("U krijgt onze brief daarover")),
        Text("Wilt u toch nog reageren? Dat kan tot wij afsluiten. Bel of schrijf ons.")
        if about.is_on_paper
        else Text("Wilt u toch nog reageren? Dat kan tot wij afsluiten. Doe het op de pagina van uw melding."),
    )


@about_case(MailKind.CLOSED)
def closed(about: About, *, result: str, reason: str, next_step: str, contest_until: date) -> MailText:
    """The closing letter. Its Dutch words also stand in ``LETTER_FORMS``, for the versions of administrators.

    Args:
        result: how the case ended, in words.
        contest_until: the last day to ask for a second look (K6).
    """
    return to_submitter(
        about,
        LETTER_FORMS[MailKind.CLOSED].subject,
        Text("Wij hebben uw melding afgesloten. Een tweede medewerker heeft dat getoetst."),
        Text("Het resultaat:\n%(result)s", result=result),
        Text("De reden:\n%(reason)s", reason=reason),
        Text("Wat nu de volgende stap is:\n%(next_step)s", next_step=next_step),
        Text(
            "Bent u het er niet mee eens? Vraag dan om een heroverweging. Een andere behandelaar "
            "kijkt dan opnieuw. Dat kan tot en met %(contest_until)s.",
            contest_until=contest_until,
        ),
        how_to_ask(about),
    )


@about_case(MailKind.REOPENED)
def reopened(about: About, *, reason: str, next_date: date | None) -> MailText:
    """The desk opened a closed case again.

    Args:
        next_date: the last day for a new proposal (K4).
    """
    return to_submitter(
        about,
        LETTER_FORMS[MailKind.REOPENED].subject,
        Text("Uw melding was afgesloten. Wij gaan er opnieuw mee aan de slag."),
        Text("Waarom wij dat doen:\n%(reason)s", reason=reason),
        next_step(next_date, Text("U krijgt een voorstel")),
    )


@about_case(MailKind.SPLIT)
def split(about: About, *, first_reference: str, next_date: date | None) -> MailText:
    """A part of a case became a case of its own.

    Args:
        first_reference: the number of the case that it was part of.
        next_date: the last day for a first reaction by a person (K1).
    """
    return to_submitter(
        about,
        Text("Wij maakten twee meldingen van één"),
        Text(
            "Uw melding %(first_reference)s gaat over twee dingen. Daarom maakten wij van een deel een eigen melding.",
            first_reference=first_reference,
        ),
        Text("Zo krijgt u op allebei een antwoord. Uw eerste melding loopt gewoon door."),
        next_step(next_date, Text("Een medewerker reageert")),
    )
