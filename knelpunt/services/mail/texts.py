"""What every mail has in common: who it is about, how it opens, and how it says who we are and how to react."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Concatenate, Generic, ParamSpec

from knelpunt.adapters.translations import translator
from knelpunt.domain.cases.replies import OnBehalf
from knelpunt.domain.languages import DUTCH, OTHERS, language_of
from knelpunt.domain.mail_kinds import MailKind, can_be_switched_off
from knelpunt.domain.texts import Text

NO_TURN = Text("U hoeft nu niets te doen.")
WHO_WE_ARE = Text(
    "Deze mail komt van Knelpunt.\nKnelpunt is het loket voor regels die een project in de buurt in de weg staan."
)
WHO_WE_ARE_ON_PAPER = Text(
    "Deze brief komt van Knelpunt.\nKnelpunt is het loket voor regels die een project in de buurt in de weg staan."
)
NO_REPLY = Text("Een antwoord op deze mail komt niet bij ons aan.")
"""Stands where a mail says what becomes of an answer; ``with_way_to_answer`` puts there what is true on this site."""
_BY_REPLY = Text("U kunt ook op deze mail antwoorden. Uw antwoord komt dan bij uw melding.")
_READ_BY_A_PERSON = Text("U kunt op deze mail antwoorden. Een medewerker leest uw antwoord.")
WHY_SUBMITTER = Text("U krijgt deze mail omdat u een melding deed bij het loket.")
WHY_COLLEAGUE = Text("U krijgt deze mail omdat u bij het loket werkt. Hij stopt als iemand anders de zaak behandelt.")
WHY_USER = Text(
    "U krijgt deze mail omdat u een account bij Knelpunt hebt, of omdat iemand u noemde. Wilt u dit niet meer? Laat "
    "het ons weten."
)
WHY_READER = Text("U krijgt deze mail omdat iemand dit adres bij ons opgaf. Wilt u dit niet? Laat het ons weten.")
WHY_OFFICIAL = Text("U krijgt deze mail omdat het loket u iets vraagt. Is dat klaar, dan stoppen deze mails.")
"""Why a mail came, and what ends such mails; every mail holds one."""
CANNOT_STOP = Text(
    "Deze mail hoort bij een termijn, een besluit of uw gegevens. Daarom kunt u hem niet uitzetten. Andere mails wel: "
    "dat kiest u op de pagina van uw melding, of in uw account."
)
_ONLY_YOURS = Text("De link is alleen voor u. Wie de link heeft, kan uw melding lezen. Stuur hem dus niet door.")
_DEAR_SUBMITTER = Text("Beste indiener,")


@dataclass(frozen=True, slots=True)
class MailText:
    """One mail as people read it. A paragraph that is a ``Text`` is ours; any other was written by a person."""

    subject: str
    paragraphs: tuple[str, ...]
    core: tuple[str, ...] = ()
    """What is said about the case itself, for the mail with what happened in a week."""

    @property
    def body(self) -> str:
        """The whole text; empty paragraphs are left out."""
        kept = (paragraph.strip() for paragraph in self.paragraphs)
        return "\n\n".join(paragraph for paragraph in kept if paragraph) + "\n"


def in_language(text: MailText, code: str) -> MailText:
    """A mail that was put together in Dutch, in the language with this code."""
    language = language_of(code)
    if language is DUTCH:
        return text
    say = translator(language).say
    return MailText(say(text.subject), tuple(map(say, text.paragraphs)), tuple(map(say, text.core)))


@dataclass(frozen=True, slots=True)
class About:
    """The case a mail is about. ``is_private_link``: the link itself gives access, without an account.

    ``title`` is empty in a mail to an address that nobody confirmed. ``is_on_paper``: this is printed or read out, to
    somebody who may have no internet.
    """

    reference: str
    title: str
    link: str
    is_private_link: bool = False
    is_on_paper: bool = False


Values = ParamSpec("Values")


@dataclass(frozen=True, slots=True)
class CaseMail:
    """A mail about a case, whose text is written once it is known to whom it goes and by which link."""

    kind: MailKind
    text: Callable[[About], MailText]
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CaseText(Generic[Values]):
    """The text of one kind of mail about a case: called with what it needs, it gives the mail."""

    kind: MailKind
    write: Callable[Concatenate[About, Values], MailText]

    def __call__(self, *args: Values.args, **values: Values.kwargs) -> CaseMail:
        return CaseMail(self.kind, lambda about: self.write(about, *args, **values), dict(values))


def about_case(kind: MailKind) -> Callable[[Callable[Concatenate[About, Values], MailText]], CaseText[Values]]:
    """Mark a function as the text of this kind."""
    return lambda write: CaseText(kind, write)


def letter(subject: str, greeting: str, *paragraphs: str) -> MailText:
    """Put a mail together."""
    return MailText(subject, (greeting, *paragraphs))


def numbered(subject: str, reference: str) -> Text:
    """A subject with the number of what it is about."""
    return Text("%(subject)s (%(reference)s)", subject=subject, reference=reference)


def to_submitter(about: About, subject: str, *paragraphs: str) -> MailText:
    """A mail about a case to the one who filed it; the number stands in the subject, the title does not."""
    if about.is_on_paper:
        return replace(_on_paper(about, subject, *paragraphs), core=paragraphs)
    text = letter(
        numbered(subject, about.reference),
        _DEAR_SUBMITTER,
        *paragraphs,
        Text(
            "Uw melding: %(reference)s\nTitel: %(title)s\nDe pagina van uw melding:\n%(link)s",
            reference=about.reference,
            title=about.title,
            link=about.link,
        )
        if about.title
        else Text(
            "Uw melding: %(reference)s\nDe pagina van uw melding:\n%(link)s",
            reference=about.reference,
            link=about.link,
        ),
        _ONLY_YOURS if about.is_private_link else Text("U ziet de melding nadat u bent ingelogd."),
        Text("Wilt u reageren? Dat kan op de pagina van uw melding.\n%(no_reply)s", no_reply=NO_REPLY),
        WHY_SUBMITTER,
        WHO_WE_ARE,
    )
    return replace(text, core=paragraphs)


def _on_paper(about: About, subject: str, *paragraphs: str) -> MailText:
    return letter(
        numbered(subject, about.reference),
        _DEAR_SUBMITTER,
        *paragraphs,
        Text("Uw melding: %(reference)s\nTitel: %(title)s", reference=about.reference, title=about.title),
        _react_on_paper(about.reference),
        Text(
            "Hebt u internet? De pagina van uw melding:\n%(link)s\n%(only_yours)s",
            link=about.link,
            only_yours=_ONLY_YOURS,
        ),
        WHO_WE_ARE_ON_PAPER,
    )


def _react_on_paper(reference: str) -> Text:
    return Text(
        "Wilt u reageren? Bel of schrijf het loket. Noem daarbij het nummer %(reference)s.", reference=reference
    )


def on_paper(body: str, reference: str, code: str) -> str:
    """A mail about a case that reached nobody, in the language with this code, as it goes by post: with how its reader
    reacts then, and without what is said of mails."""
    say = translator(language_of(code)).say
    answers = [say(each) for each in (NO_REPLY, _BY_REPLY, _READ_BY_A_PERSON)]
    of_mails = [say(CANNOT_STOP), say(WHY_SUBMITTER), say(_choose("")).strip()]
    kept: list[str] = []
    for paragraph in body.strip().split("\n\n"):
        if any(answer in paragraph for answer in answers):
            kept.append(say(_react_on_paper(reference)))
        elif paragraph == say(WHO_WE_ARE):
            kept.append(say(WHO_WE_ARE_ON_PAPER))
        elif not paragraph.startswith(tuple(of_mails)):
            kept.append(paragraph)
    return "\n\n".join(kept) + "\n"


def with_way_to_answer(body: str, contact_url: str, *, is_read: bool, goes_to_case: bool) -> str:
    """A mail, in any language of the site, that says truly what becomes of an answer to it.

    Args:
        contact_url: the page that says how people reach the desk.
        is_read: mails that come in are read.
        goes_to_case: an answer comes with the case that the mail is about.
    """
    ways: list[Callable[[str], str]] = [str, *(translator(language).say for language in OTHERS)]
    for say in ways:
        if is_read:
            true = say(_BY_REPLY if goes_to_case else _READ_BY_A_PERSON)
        else:
            true = say(Text("%(no_reply)s Zo bereikt u ons wel:\n%(url)s", no_reply=NO_REPLY, url=contact_url))
        body = body.replace(say(NO_REPLY), true)
    return body


def with_choice(text: MailText, url: str) -> MailText:
    """A mail that its reader may do without, with where to say so."""
    return replace(text, paragraphs=(*text.paragraphs, _choose(url)))


def _choose(url: str) -> Text:
    return Text("Wilt u minder mails van ons? Kies zelf welke u krijgt:\n%(url)s", url=url)


def as_mailed(text: MailText, kind: MailKind, choose_url: str, code: str) -> MailText:
    """A mail to a submitter as it goes out: with what can be done about such mails, in the language with this code."""
    return in_language(with_choice(text, choose_url) if can_be_switched_off(kind) else without_choice(text), code)


def without_choice(text: MailText) -> MailText:
    """A mail that always comes, with why that is so."""
    return replace(text, paragraphs=(*text.paragraphs, CANNOT_STOP))


def to_submitter_without_link(about: About, subject: str, *paragraphs: str) -> MailText:
    """A mail about a case whose link no longer works."""
    return letter(
        numbered(subject, about.reference),
        _DEAR_SUBMITTER,
        *paragraphs,
        Text("Uw melding: %(reference)s", reference=about.reference),
        NO_REPLY,
        WHY_SUBMITTER,
        WHO_WE_ARE,
    )


def to_colleague(about: About, subject: str, *paragraphs: str) -> MailText:
    """A mail to somebody at the desk. It holds no text from the file: that is read after logging in."""
    return letter(
        f"{subject} ({about.reference})",
        "Beste collega,",
        *paragraphs,
        f"De zaak: {about.reference}\n{about.link}",
        f"Reageren kan in de zaak zelf.\n{NO_REPLY}",
        WHY_COLLEAGUE,
        WHO_WE_ARE,
    )


def to_user(subject: str, *paragraphs: str) -> MailText:
    """A mail to somebody with an account."""
    return letter(subject, Text("Beste gebruiker,"), *paragraphs, NO_REPLY, WHY_USER, WHO_WE_ARE)


def to_reader(subject: str, *paragraphs: str) -> MailText:
    """A mail to somebody who has no account here, and need not have one."""
    return letter(subject, Text("Beste lezer,"), *paragraphs, NO_REPLY, WHY_READER, WHO_WE_ARE)


def to_official(subject: str, *paragraphs: str) -> MailText:
    """A mail to somebody at a ministry whom the desk asks something."""
    return letter(subject, "Beste collega,", *paragraphs, NO_REPLY, WHY_OFFICIAL, WHO_WE_ARE)


def next_step(next_date: date | None, what: Text) -> Text:
    """Our own date, or that there is none while a clock stands still."""
    if next_date is None:
        return Text("Wij zijn nu aan zet. U hoort van ons zodra er nieuws is.")
    return Text("Wij zijn nu aan zet. %(what)s uiterlijk op %(next_date)s.", what=what, next_date=next_date)


def how_to_ask(about: About) -> Text:
    """How the reader asks for a second look: on the page, or on paper by telephone or letter."""
    if about.is_on_paper:
        return Text("Bel of schrijf ons, en zeg wat wij hebben gemist.")
    return Text(
        "Vraag het op de pagina van uw melding, met de knop ‘Vraag een heroverweging’. Schrijf erbij wat wij hebben "
        "gemist."
    )


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
