"""Mails to the one who filed a case: a person with a follow link, or an account of an organisation."""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum, auto
from typing import Any

from knelpunt.domain.cases.replies import OnBehalf
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import Text
from knelpunt.services.mail.texts.letter import About, MailText, about_case, to_submitter, to_submitter_without_link

_NO_TURN = Text("U hoeft nu niets te doen.")


def next_step(next_date: date | None, what: Text) -> Text:
    """Our own date, or that there is none while a clock stands still."""
    if next_date is None:
        return Text("Wij zijn nu aan zet. U hoort van ons zodra er nieuws is.")
    return Text("Wij zijn nu aan zet. %(what)s uiterlijk op %(next_date)s.", what=what, next_date=next_date)


def as_on_behalf(on_behalf: OnBehalf | None, written: str) -> tuple[str, ...]:
    """What the desk wrote down for the submitter, so that it can be put right."""
    if on_behalf is None:
        return ()
    received_on = on_behalf.received_on
    return (
        Text(
            "%(said_by)s gaf dit %(words)s door op %(received_on)s. Een medewerker schreef het op.",
            said_by=on_behalf.said_by,
            words=on_behalf.channel.words,
            received_on=received_on,
        )
        if on_behalf.said_by
        else Text(
            "U gaf dit %(words)s door op %(received_on)s. Een medewerker schreef het op.",
            words=on_behalf.channel.words,
            received_on=received_on,
        ),
        Text("Dit schreven wij op:\n%(written)s", written=written) if written else "",
        Text("Klopt dit niet? Laat het ons meteen weten."),
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
        names = "\n".join(asked_along)
        together = (
            Text("Wij vroegen deze gemeenten om mee te doen:\n%(names)s", names=names),
            Text("Wij wachten niet op hun antwoord. U blijft de indiener en geeft de antwoorden."),
            Text(
                "Wie meedoet, leest en volgt de zaak. De naam van die gemeente staat dan in een openbare "
                "tekst. Wie niet meedoet of niet antwoordt, ziet de zaak niet. Wat elke gemeente "
                "antwoordt, ziet u op de pagina van uw melding."
            ),
        )
    confirm = (
        Text(
            "Open de link hieronder. Daarmee bevestigt u dat dit uw e-mailadres is. Met dezelfde link "
            "volgt u uw melding."
        )
        if about.is_private_link
        else ""
    )
    return to_submitter(
        about,
        Text("Wij hebben uw melding ontvangen"),
        Text("Wij hebben uw melding ontvangen. Het nummer is %(reference)s.", reference=about.reference),
        confirm,
        next_step(next_date, Text("Een medewerker reageert")),
        *together,
        Text("Wilt u iets toevoegen, zoals uitleg of een bestand? Dat kan op de pagina van uw melding."),
        Text(
            "Let op: een termijn voor bezwaar of beroep loopt gewoon door. Uw melding verandert daar "
            "niets aan. Wilt u bezwaar maken of in beroep gaan? Doe dat op tijd. In het besluit "
            "staat waar en tot wanneer."
        ),
    )


@about_case(MailKind.FOLLOW_LINK)
def follow_link(about: About) -> MailText:
    """The link again, because it was asked for."""
    return to_submitter(
        about,
        Text("De link naar uw melding"),
        Text("Iemand vroeg om de link naar uw melding. U vindt de link hieronder."),
        Text("Hebt u dit niet gevraagd? Dan hoeft u niets te doen."),
    )


@about_case(MailKind.HANDLER_NAMED)
def handler_named(about: About, *, handler_name: str, next_date: date | None) -> MailText:
    """Who handles the case.

    Args:
        next_date: the last day for the verdict (K2); None while that clock stands still.
    """
    return to_submitter(
        about,
        Text("Uw melding heeft een behandelaar"),
        Text("Uw melding wordt behandeld door %(handler_name)s.", handler_name=handler_name),
        Text("Wij bekijken welke regel in de weg staat. Wij kijken ook welke ruimte de regels geven."),
        next_step(next_date, Text("U krijgt ons oordeel")),
    )


@about_case(MailKind.QUESTION)
def question(about: About, *, question: str, why: str, answer_by: date) -> MailText:
    """The desk needs something of the submitter, and its own clock stands still until the answer."""
    return to_submitter(
        about,
        Text("Wij hebben een vraag over uw melding"),
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
        Text("Wij hebben uw antwoord ontvangen"),
        Text("Wij hebben uw antwoord ontvangen. Bedankt."),
        *as_on_behalf(on_behalf, written),
        Text("Onze termijn loopt weer verder. De tijd dat wij op u wachtten, telt niet mee."),
        next_step(next_date, Text("De volgende stap komt")),
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
    return to_submitter(about, Text("Bericht over uw melding"), Text("Wij hebben een bericht voor u."), body, _NO_TURN)


@about_case(MailKind.VERDICT)
def verdict(about: About, *, plain: str, legal: str, next_date: date | None) -> MailText:
    """What we think that stands in the way, in plain and in legal words.

    Args:
        next_date: the last day for our proposal (K4).
    """
    return to_submitter(
        about,
        Text("Ons oordeel over uw melding"),
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
        Text("Ons oordeel over uw melding is veranderd"),
        Text("Wij kijken nu anders naar uw melding. Een tweede medewerker heeft het nieuwe oordeel getoetst."),
        Text("In gewone woorden:\n%(plain)s", plain=plain),
        Text("In juridische woorden:\n%(legal)s", legal=legal),
        next_step(next_date, Text("De volgende stap komt")),
    )


@about_case(MailKind.WITH_MINISTRY)
def with_ministry(about: About, *, ministry: str, asked_on: date) -> MailText:
    """A ministry is asked something; our own term goes on."""
    return to_submitter(
        about,
        Text("Wij vroegen een ministerie om een antwoord"),
        Text("Wij hebben over uw melding een vraag gesteld aan: %(ministry)s.", ministry=ministry),
        Text("Dat was op %(asked_on)s. Het ministerie ziet uw naam en uw gegevens niet.", asked_on=asked_on),
        Text("Onze eigen termijn loopt gewoon door. U hoort het als er antwoord is."),
        _NO_TURN,
    )


@about_case(MailKind.MINISTRY_DONE)
def ministry_done(about: About, *, ministry: str, is_answered: bool, is_theirs: bool, is_taken_back: bool) -> MailText:
    """A ministry answered, did not, or does not decide about it; or the desk took its question back.

    Args:
        is_theirs: the ministry decides about the matter.
        is_taken_back: the desk needs no answer of this ministry any more.
    """
    if is_answered:
        subject, what = Text("Het ministerie heeft geantwoord"), Text("Wij verwerken het antwoord in ons voorstel.")
    elif is_taken_back:
        subject, what = Text("Wij trokken onze vraag in"), Text("Wij gaan verder met uw melding.")
    elif is_theirs:
        subject, what = Text("Het ministerie heeft niet geantwoord"), Text("Wij gaan verder met wat wij hebben.")
    else:
        subject, what = Text("Dit ministerie gaat er niet over"), Text("Wij zoeken uit wie er wel over gaat.")
    return to_submitter(
        about,
        subject,
        Text("Wij stelden over uw melding een vraag aan: %(ministry)s.", ministry=ministry),
        Text("%(subject)s. %(what)s", subject=subject, what=what),
        _NO_TURN,
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
        Text("Ons voorstel voor uw melding"),
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


@about_case(MailKind.PROPOSAL_ACCEPTED)
def proposal_accepted(
    about: About, *, next_date: date | None, on_behalf: OnBehalf | None = None, written: str = ""
) -> MailText:
    """The submitter took the proposal; ``on_behalf`` and ``written`` as for an answer.

    Args:
        next_date: the last day on which the desk closes the case.
    """
    return to_submitter(
        about,
        Text("U hebt ons voorstel aangenomen"),
        Text("U hebt ons voorstel aangenomen. Bedankt voor uw reactie."),
        *as_on_behalf(on_behalf, written),
        Text("Wij sluiten uw melding nu af. Een tweede medewerker kijkt mee."),
        next_step(next_date, Text("U krijgt onze afsluitende brief")),
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
        Text("Wij kijken opnieuw naar uw melding"),
        Text("U hebt uitgelegd waarom ons voorstel niet werkt. Wij kijken opnieuw naar uw melding."),
        *as_on_behalf(on_behalf, written),
        next_step(next_date, Text("U krijgt een nieuw voorstel")),
    )


@about_case(MailKind.PROPOSAL_LAPSED)
def proposal_lapsed(about: About, *, react_by: date) -> MailText:
    """The time to react to the proposal went by; a person decides what comes next.

    Args:
        react_by: the last day on which a reaction was expected.
    """
    return to_submitter(
        about,
        Text("Geen reactie ontvangen op ons voorstel"),
        Text(
            "U kon op ons voorstel reageren tot en met %(react_by)s. Wij hebben geen reactie ontvangen.",
            react_by=react_by,
        ),
        Text("Wij zijn nu aan zet. Een medewerker bekijkt of wij uw melding afsluiten. Dat hoort u dan van ons."),
        Text("Wilt u toch nog reageren? Doe dat zo snel mogelijk op de pagina van uw melding."),
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
        Text("Wij hebben uw melding afgesloten"),
        Text("Wij hebben uw melding afgesloten. Een tweede medewerker heeft dat getoetst."),
        Text("Het resultaat:\n%(result)s", result=result),
        Text("De reden:\n%(reason)s", reason=reason),
        Text("Wat nu de volgende stap is:\n%(next_step)s", next_step=next_step),
        Text(
            "Bent u het er niet mee eens? Vraag dan om een heroverweging. Een andere behandelaar "
            "kijkt dan opnieuw. Dat kan tot en met %(contest_until)s.",
            contest_until=contest_until,
        ),
        Text("Bel of schrijf ons, en zeg wat wij hebben gemist.")
        if about.is_on_paper
        else Text(
            "Vraag het op de pagina van uw melding, met de knop ‘Vraag een heroverweging’. Schrijf erbij wat wij "
            "hebben gemist."
        ),
    )


@about_case(MailKind.PREVIEW)
def preview(
    about: About,
    *,
    title: str,
    question: str,
    answer: str,
    next_step: str | None,
    rules: Sequence[str],
    object_by: date,
) -> MailText:
    """The public text, before it becomes public: all of it that people wrote.

    Args:
        rules: the laws and articles that stand beside it.
        object_by: the last day to object.
    """
    return to_submitter(
        about,
        Text("Wij willen over uw melding publiceren"),
        Text(
            "Wij willen anderen laten leren van uw melding. Daarom maakten wij een tekst voor onze "
            "website. Uw naam en uw adres staan er niet in."
        ),
        Text("De titel:\n%(title)s", title=title),
        Text("De vraag:\n%(question)s", question=question),
        Text("Ons antwoord:\n%(answer)s", answer=answer),
        *([Text("De volgende stap:\n%(next_step)s", next_step=next_step)] if next_step else []),
        *([Text("De regels die erbij staan:\n%(rules)s", rules="\n".join(rules))] if rules else []),
        Text("U bent nu aan zet. Moet er iets anders? Laat dat weten tot en met %(object_by)s.", object_by=object_by),
        Text(
            "U kunt ook laten weten dat de tekst goed is. Horen wij niets, dan kunnen wij de tekst daarna publiceren."
        ),
    )


@about_case(MailKind.PUBLISHED)
def published(about: About, *, public_url: str) -> MailText:
    """The public text is public."""
    return to_submitter(
        about,
        Text("De tekst over uw melding staat op onze website"),
        Text("De tekst over uw melding is nu openbaar. Iedereen kan hem lezen:\n%(public_url)s", public_url=public_url),
        Text("U hoeft nu niets te doen. Klopt er iets niet? Laat het weten op de pagina van uw melding."),
    )


@about_case(MailKind.PUBLICATION_CORRECTED)
def publication_corrected(about: About, *, change: str, public_url: str) -> MailText:
    """The public text was changed."""
    return to_submitter(
        about,
        Text("De tekst over uw melding is gewijzigd"),
        Text("Wij hebben de openbare tekst over uw melding gewijzigd. Dit is anders:\n%(change)s", change=change),
        Text("De tekst staat hier:\n%(public_url)s", public_url=public_url),
        Text("U hoeft nu niets te doen. Klopt er iets niet? Laat het weten op de pagina van uw melding."),
    )


def rule_in_words(provision: Mapping[str, Any]) -> str:
    """A law and article that stand beside a public text."""
    return ", ".join(filter(None, (provision["title"], provision["article"])))


@about_case(MailKind.PUBLICATION_WITHDRAWN)
def publication_withdrawn(about: About, *, reason: str) -> MailText:
    """The public text was taken away."""
    return to_submitter(
        about,
        Text("De tekst over uw melding is niet meer openbaar"),
        Text("Wij hebben de openbare tekst over uw melding weggehaald. Op die plek staat nu alleen dat hij weg is."),
        Text("De reden:\n%(reason)s", reason=reason),
        _NO_TURN,
    )


@about_case(MailKind.WITHDRAWN)
def withdrawn(about: About, *, contact_ends_on: date | None, is_erased: bool = False) -> MailText:
    """The submitter took the case back; says what happens with the contact data.

    Args:
        contact_ends_on: until when the contact data are kept; None when there are none.
        is_erased: they are erased now, on request; a private link died with them.
    """
    subject = Text("U hebt uw melding ingetrokken")
    done = Text("U hebt uw melding ingetrokken. Wij doen er niets meer mee.")
    if is_erased:
        erased = Text("U vroeg ons om uw contactgegevens te wissen. Dat hebben wij gedaan.")
        if about.is_private_link:
            last = Text("De link naar uw melding werkt niet meer. Dit is onze laatste mail over deze melding.")
            return to_submitter_without_link(about, subject, done, erased, last)
        return to_submitter(about, subject, done, erased, _NO_TURN)
    kept = ""
    if contact_ends_on is not None:
        kept = Text(
            "Wij bewaren uw contactgegevens tot %(contact_ends_on)s. Daarna wissen wij ze.",
            contact_ends_on=contact_ends_on,
        )
    return to_submitter(about, subject, done, kept, _NO_TURN)


@about_case(MailKind.REOPENED)
def reopened(about: About, *, reason: str, next_date: date | None) -> MailText:
    """The desk opened a closed case again.

    Args:
        next_date: the last day for a new proposal (K4).
    """
    return to_submitter(
        about,
        Text("Wij openen uw melding opnieuw"),
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
