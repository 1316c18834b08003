"""What every mail has in common: who it is about, how it opens, and how it says who we are and how to react."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Concatenate, Generic, ParamSpec

from knelpunt.adapters.translations import translator
from knelpunt.domain.cases.replies import OnBehalf
from knelpunt.domain.languages import DUTCH, language_of
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import Text

NO_TURN = Text("U hoeft nu niets te doen.")
WHO_WE_ARE = Text(
    "Deze mail komt van Knelpunt.\nKnelpunt is het loket voor regels die een project in de buurt in de weg staan."
)
NO_REPLY = Text("Antwoord niet op deze mail: zo'n antwoord komt niet bij ons aan.")
_ONLY_YOURS = Text("De link is alleen voor u. Wie de link heeft, kan uw melding lezen. Stuur hem dus niet door.")
_DEAR_SUBMITTER = Text("Beste indiener,")


@dataclass(frozen=True, slots=True)
class MailText:
    """One mail as people read it. A paragraph that is a ``Text`` is ours; any other was written by a person."""

    subject: str
    paragraphs: tuple[str, ...]

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
    return MailText(say(text.subject), tuple(map(say, text.paragraphs)))


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


@dataclass(frozen=True, slots=True)
class CaseText(Generic[Values]):
    """The text of one kind of mail about a case: called with what it needs, it gives the mail."""

    kind: MailKind
    write: Callable[Concatenate[About, Values], MailText]

    def __call__(self, *args: Values.args, **values: Values.kwargs) -> CaseMail:
        return CaseMail(self.kind, lambda about: self.write(about, *args, **values))


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
        return _on_paper(about, subject, *paragraphs)
    return letter(
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
        WHO_WE_ARE,
    )


def _on_paper(about: About, subject: str, *paragraphs: str) -> MailText:
    return letter(
        numbered(subject, about.reference),
        _DEAR_SUBMITTER,
        *paragraphs,
        Text("Uw melding: %(reference)s\nTitel: %(title)s", reference=about.reference, title=about.title),
        Text(
            "Wilt u reageren? Bel of schrijf het loket. Noem daarbij het nummer %(reference)s.",
            reference=about.reference,
        ),
        Text(
            "Hebt u internet? De pagina van uw melding:\n%(link)s\n%(only_yours)s",
            link=about.link,
            only_yours=_ONLY_YOURS,
        ),
        Text(
            "Deze brief komt van Knelpunt.\n"
            "Knelpunt is het loket voor regels die een project in de buurt in de weg staan."
        ),
    )


def with_choice(text: MailText, url: str) -> MailText:
    """A mail that its reader may do without, with where to say so."""
    choice = Text("Wilt u minder mails van ons? Kies zelf welke u krijgt:\n%(url)s", url=url)
    return replace(text, paragraphs=(*text.paragraphs, choice))


def to_submitter_without_link(about: About, subject: str, *paragraphs: str) -> MailText:
    """A mail about a case whose link no longer works."""
    return letter(
        numbered(subject, about.reference),
        _DEAR_SUBMITTER,
        *paragraphs,
        Text("Uw melding: %(reference)s", reference=about.reference),
        NO_REPLY,
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
        WHO_WE_ARE,
    )


def to_user(subject: str, *paragraphs: str) -> MailText:
    """A mail to somebody with an account."""
    return letter(subject, Text("Beste gebruiker,"), *paragraphs, NO_REPLY, WHO_WE_ARE)


def to_reader(subject: str, *paragraphs: str) -> MailText:
    """A mail to somebody who has no account here, and need not have one."""
    return letter(subject, Text("Beste lezer,"), *paragraphs, NO_REPLY, WHO_WE_ARE)


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
