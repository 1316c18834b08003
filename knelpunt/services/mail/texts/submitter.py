"""Mails to the one who filed a case: a person with a follow link, or an account of an organisation."""

from collections.abc import Sequence
from datetime import date

from knelpunt.domain.calendar.dutch_dates import date_in_words
from knelpunt.domain.cases.replies import OnBehalf
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.services.mail.texts.letter import (
    About,
    MailText,
    about_case,
    as_written,
    to_submitter,
    to_submitter_without_link,
)

_OUR_TURN = "Wij zijn nu aan zet."
_YOUR_TURN = "U bent nu aan zet."
_NO_TURN = "U hoeft nu niets te doen."


def _next_step(next_date: date | None, what: str) -> str:
    """Our own date, or that there is none while a clock stands still."""
    if next_date is None:
        return f"{_OUR_TURN} U hoort van ons zodra er nieuws is."
    return f"{_OUR_TURN} {what} uiterlijk op {date_in_words(next_date)}."


def _as_on_behalf(on_behalf: OnBehalf | None, written: str) -> tuple[str, ...]:
    """What the desk wrote down for the submitter, so that it can be put right."""
    if on_behalf is None:
        return ()
    received_on = date_in_words(on_behalf.received_on)
    return (
        f"{on_behalf.said_by} gaf dit {on_behalf.channel.words} door op {received_on}. Een medewerker schreef het op."
        if on_behalf.said_by
        else f"U gaf dit {on_behalf.channel.words} door op {received_on}. Een medewerker schreef het op.",
        f"Dit schreven wij op:\n{written}" if written else "",
        "Klopt dit niet? Laat het ons meteen weten.",
    )


@about_case(MailKind.RECEIPT)
def receipt(about: About, *, next_date: date | None, asked_along: Sequence[str] = ()) -> MailText:
    """The case came in. A person confirms the mail address by opening the follow link.

    Args:
        next_date: the last day for a first reaction by a person (K1).
        asked_along: the municipalities that were asked to file along.
    """
    together: tuple[str, ...] = ()
    if asked_along:
        names = "\n".join(as_written(name) for name in asked_along)
        together = (
            f"Wij vroegen deze gemeenten om mee te doen:\n{names}",
            "Wij wachten niet op hun antwoord. U blijft de indiener en geeft de antwoorden.",
            "Wie meedoet, leest en volgt de zaak. De naam van die gemeente staat dan in een openbare tekst. Wie niet "
            "meedoet of niet antwoordt, ziet de zaak niet. Wat elke gemeente antwoordt, ziet u op de pagina van uw "
            "melding.",
        )
    confirm = (
        "Open de link hieronder. Daarmee bevestigt u dat dit uw e-mailadres is. Met dezelfde link volgt u uw melding."
        if about.is_private_link
        else ""
    )
    return to_submitter(
        about,
        "Wij hebben uw melding ontvangen",
        f"Wij hebben uw melding ontvangen. Het nummer is {about.reference}.",
        confirm,
        _next_step(next_date, "Een medewerker reageert"),
        *together,
        "Wilt u iets toevoegen, zoals uitleg of een bestand? Dat kan op de pagina van uw melding.",
        "Let op: een termijn voor bezwaar of beroep loopt gewoon door. Uw melding verandert daar niets aan. "
        "Wilt u bezwaar maken of in beroep gaan? Doe dat op tijd. In het besluit staat waar en tot wanneer.",
    )


@about_case(MailKind.FOLLOW_LINK)
def follow_link(about: About) -> MailText:
    """The link again, because it was asked for."""
    return to_submitter(
        about,
        "De link naar uw melding",
        "Iemand vroeg om de link naar uw melding. U vindt de link hieronder.",
        "Hebt u dit niet gevraagd? Dan hoeft u niets te doen.",
    )


@about_case(MailKind.HANDLER_NAMED)
def handler_named(about: About, *, handler_name: str, next_date: date | None) -> MailText:
    """Who handles the case.

    Args:
        next_date: the last day for the verdict (K2); None while that clock stands still.
    """
    return to_submitter(
        about,
        "Uw melding heeft een behandelaar",
        f"Uw melding wordt behandeld door {handler_name}.",
        "Wij bekijken welke regel in de weg staat. Wij kijken ook welke ruimte de regels geven.",
        _next_step(next_date, "U krijgt ons oordeel"),
    )


@about_case(MailKind.QUESTION)
def question(about: About, *, question: str, why: str, answer_by: date) -> MailText:
    """The desk needs something of the submitter, and its own clock stands still until the answer."""
    return to_submitter(
        about,
        "Wij hebben een vraag over uw melding",
        "Wij hebben nog iets van u nodig.",
        f"Onze vraag:\n{question}",
        f"Waarom wij dit vragen:\n{why}",
        f"{_YOUR_TURN} Antwoord uiterlijk op {date_in_words(answer_by)}.",
        "Tot uw antwoord staat onze termijn stil. Horen wij niets, dan gaan wij verder met wat wij hebben.",
    )


@about_case(MailKind.REMINDER_HALFWAY)
def reminder_halfway(about: About, *, question: str, answer_by: date) -> MailText:
    """Half of the time to answer has gone by."""
    return to_submitter(
        about,
        "Herinnering: onze vraag over uw melding",
        "Wij wachten nog op uw antwoord. De helft van de tijd is voorbij.",
        f"Onze vraag:\n{question}",
        f"{_YOUR_TURN} Antwoord uiterlijk op {date_in_words(answer_by)}.",
    )


@about_case(MailKind.REMINDER_LAST)
def reminder_last(about: About, *, question: str, answer_by: date) -> MailText:
    """Two days before the time to answer ends."""
    return to_submitter(
        about,
        "Laatste herinnering: onze vraag over uw melding",
        f"Wij wachten nog op uw antwoord. U kunt antwoorden tot en met {date_in_words(answer_by)}.",
        f"Onze vraag:\n{question}",
        f"{_YOUR_TURN} Horen wij niets, dan gaan wij verder met wat wij hebben.",
    )


@about_case(MailKind.ANSWER_RECEIVED)
def answer_received(
    about: About, *, next_date: date | None, on_behalf: OnBehalf | None = None, written: str = ""
) -> MailText:
    """The answer came in, our clock goes on, and the date moved.

    Args:
        next_date: the last day of the clock that goes on.
        told: how it reached the desk, where the desk wrote it down.
        written: what the desk wrote down.
    """
    return to_submitter(
        about,
        "Wij hebben uw antwoord ontvangen",
        "Wij hebben uw antwoord ontvangen. Bedankt.",
        *_as_on_behalf(on_behalf, written),
        "Onze termijn loopt weer verder. De tijd dat wij op u wachtten, telt niet mee.",
        _next_step(next_date, "De volgende stap komt"),
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
        "Geen reactie ontvangen: wij gaan verder",
        f"Wij vroegen u om een antwoord tot en met {date_in_words(answer_by)}. Wij hebben geen reactie ontvangen.",
        "Wij gaan verder met wat wij hebben. De tijd dat wij op u wachtten, telt niet mee.",
        _next_step(next_date, "De volgende stap komt"),
        "Wilt u toch nog iets laten weten? Dat kan op de pagina van uw melding.",
    )


@about_case(MailKind.MESSAGE)
def message(about: About, *, body: str) -> MailText:
    """A message of the desk that asks for nothing."""
    return to_submitter(about, "Bericht over uw melding", "Wij hebben een bericht voor u.", body, _NO_TURN)


@about_case(MailKind.VERDICT)
def verdict(about: About, *, plain: str, legal: str, next_date: date | None) -> MailText:
    """What we think that stands in the way, in plain and in legal words.

    Args:
        next_date: the last day for our proposal (K4).
    """
    return to_submitter(
        about,
        "Ons oordeel over uw melding",
        "Wij hebben uw melding beoordeeld. Een tweede medewerker heeft ons oordeel getoetst.",
        f"In gewone woorden:\n{plain}",
        f"In juridische woorden:\n{legal}",
        _next_step(next_date, "U krijgt een voorstel"),
    )


@about_case(MailKind.VERDICT_CHANGED)
def verdict_changed(about: About, *, plain: str, legal: str, next_date: date | None) -> MailText:
    """The verdict became another one.

    Args:
        next_date: the last day of the clock that runs.
    """
    return to_submitter(
        about,
        "Ons oordeel over uw melding is veranderd",
        "Wij kijken nu anders naar uw melding. Een tweede medewerker heeft het nieuwe oordeel getoetst.",
        f"In gewone woorden:\n{plain}",
        f"In juridische woorden:\n{legal}",
        _next_step(next_date, "De volgende stap komt"),
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
        "Ons voorstel voor uw melding",
        "Wij hebben een voorstel. Een tweede medewerker heeft het getoetst.",
        f"Ons voorstel:\n{text}",
        f"Waarop het voorstel steunt:\n{legal_basis}\nZo gold dat op {date_in_words(legal_date)}.",
        f"Voorwaarden:\n{conditions}" if conditions.strip() else "",
        f"Wie iets moet doen, en voor wanneer:\n{who_acts}\nUiterlijk op {date_in_words(act_by)}.",
        f"{_YOUR_TURN} Laat uiterlijk op {date_in_words(react_by)} weten of het voorstel u helpt.",
        "U kunt het voorstel aannemen. U kunt ook uitleggen waarom het niet werkt. Dan kijken wij opnieuw.",
    )


@about_case(MailKind.PROPOSAL_ACCEPTED)
def proposal_accepted(about: About, *, on_behalf: OnBehalf | None = None, written: str = "") -> MailText:
    """The submitter took the proposal; ``on_behalf`` and ``written`` as for an answer."""
    return to_submitter(
        about,
        "U hebt ons voorstel aangenomen",
        "U hebt ons voorstel aangenomen. Bedankt voor uw reactie.",
        *_as_on_behalf(on_behalf, written),
        f"{_OUR_TURN} Wij sluiten uw melding af. U krijgt daarover een brief.",
    )


@about_case(MailKind.PROPOSAL_REFUSED)
def proposal_refused(
    about: About, *, next_date: date | None, on_behalf: OnBehalf | None = None, written: str = ""
) -> MailText:
    """The submitter said why the proposal does not work; ``on_behalf`` and ``written`` as for an answer.

    Args:
        next_date: the last day for a new proposal (K4).
    """
    return to_submitter(
        about,
        "Wij kijken opnieuw naar uw melding",
        "U hebt uitgelegd waarom ons voorstel niet werkt. Wij kijken opnieuw naar uw melding.",
        *_as_on_behalf(on_behalf, written),
        _next_step(next_date, "U krijgt een nieuw voorstel"),
    )


@about_case(MailKind.PROPOSAL_LAPSED)
def proposal_lapsed(about: About, *, react_by: date) -> MailText:
    """The time to react to the proposal went by; a person decides what comes next.

    Args:
        react_by: the last day on which a reaction was expected.
    """
    return to_submitter(
        about,
        "Geen reactie ontvangen op ons voorstel",
        f"U kon op ons voorstel reageren tot en met {date_in_words(react_by)}. Wij hebben geen reactie ontvangen.",
        f"{_OUR_TURN} Een medewerker bekijkt of wij uw melding afsluiten. Dat hoort u dan van ons.",
        "Wilt u toch nog reageren? Doe dat zo snel mogelijk op de pagina van uw melding.",
    )


@about_case(MailKind.CLOSED)
def closed(about: About, *, result: str, reason: str, next_step: str, contest_until: date) -> MailText:
    """The closing letter.

    Args:
        result: the result in Dutch words.
        contest_until: the last day to ask for a second look (K6).
    """
    return to_submitter(
        about,
        "Wij hebben uw melding afgesloten",
        "Wij hebben uw melding afgesloten. Een tweede medewerker heeft dat getoetst.",
        f"Het resultaat:\n{result}",
        f"De reden:\n{reason}",
        f"Wat nu de volgende stap is:\n{next_step}",
        "Bent u het er niet mee eens? Vraag dan om een heroverweging. Een andere behandelaar kijkt dan opnieuw. "
        f"Dat kan tot en met {date_in_words(contest_until)}.",
        "Zet uw verzoek op de pagina van uw melding. Schrijf erbij waarom u het niet eens bent.",
    )


@about_case(MailKind.PREVIEW)
def preview(about: About, *, title: str, question: str, answer: str, object_by: date) -> MailText:
    """The public text, before it becomes public.

    Args:
        object_by: the last day to object.
    """
    return to_submitter(
        about,
        "Wij willen over uw melding publiceren",
        "Wij willen anderen laten leren van uw melding. Daarom maakten wij een tekst voor onze website. "
        "Uw naam en uw adres staan er niet in.",
        f"De titel:\n{title}",
        f"De vraag:\n{question}",
        f"Ons antwoord:\n{answer}",
        f"{_YOUR_TURN} Moet er iets anders? Laat dat weten tot en met {date_in_words(object_by)}.",
        "U kunt ook laten weten dat de tekst goed is. Horen wij niets, dan kunnen wij de tekst daarna publiceren.",
    )


@about_case(MailKind.PUBLISHED)
def published(about: About, *, public_url: str) -> MailText:
    """The public text is public."""
    return to_submitter(
        about,
        "De tekst over uw melding staat op onze website",
        f"De tekst over uw melding is nu openbaar. Iedereen kan hem lezen:\n{public_url}",
        f"{_NO_TURN} Klopt er iets niet? Laat het weten op de pagina van uw melding.",
    )


@about_case(MailKind.PUBLICATION_WITHDRAWN)
def publication_withdrawn(about: About, *, reason: str) -> MailText:
    """The public text was taken away."""
    return to_submitter(
        about,
        "De tekst over uw melding is niet meer openbaar",
        "Wij hebben de openbare tekst over uw melding weggehaald. Op die plek staat nu alleen dat hij weg is.",
        f"De reden:\n{reason}",
        _NO_TURN,
    )


@about_case(MailKind.WITHDRAWN)
def withdrawn(about: About, *, contact_ends_on: date | None, is_erased: bool = False) -> MailText:
    """The submitter took the case back; says what happens with the contact data.

    Args:
        contact_ends_on: until when the contact data are kept; None when there are none.
        is_erased: they are erased now, on request; a private link died with them.
    """
    subject = "U hebt uw melding ingetrokken"
    done = "U hebt uw melding ingetrokken. Wij doen er niets meer mee."
    if is_erased:
        erased = "U vroeg ons om uw contactgegevens te wissen. Dat hebben wij gedaan."
        if about.is_private_link:
            last = "De link naar uw melding werkt niet meer. Dit is onze laatste mail over deze melding."
            return to_submitter_without_link(about, subject, done, erased, last)
        return to_submitter(about, subject, done, erased, _NO_TURN)
    kept = ""
    if contact_ends_on is not None:
        kept = f"Wij bewaren uw contactgegevens tot {date_in_words(contact_ends_on)}. Daarna wissen wij ze."
    return to_submitter(about, subject, done, kept, _NO_TURN)


@about_case(MailKind.REOPENED)
def reopened(about: About, *, reason: str, next_date: date | None) -> MailText:
    """The desk opened a closed case again.

    Args:
        next_date: the last day for a new proposal (K4).
    """
    return to_submitter(
        about,
        "Wij openen uw melding opnieuw",
        "Uw melding was afgesloten. Wij gaan er opnieuw mee aan de slag.",
        f"Waarom wij dat doen:\n{reason}",
        _next_step(next_date, "U krijgt een voorstel"),
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
        "Wij maakten twee meldingen van één",
        f"Uw melding {first_reference} gaat over twee dingen. Daarom maakten wij van een deel een eigen melding.",
        "Zo krijgt u op allebei een antwoord. Uw eerste melding loopt gewoon door.",
        _next_step(next_date, "Een medewerker reageert"),
    )
