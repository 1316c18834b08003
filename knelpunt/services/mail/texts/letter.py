"""What every mail has in common: who it is about, how it opens, and how it says who we are and how to react."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Concatenate, Generic, ParamSpec

from knelpunt.domain.mail_kinds import MailKind

WHO_WE_ARE = (
    "Deze mail komt van Knelpunt.\nKnelpunt is het loket voor regels die een project in de buurt in de weg staan."
)
_ONLY_YOURS = "De link is alleen voor u. Wie de link heeft, kan uw melding lezen. Stuur hem dus niet door."
WRITTEN, WRITTEN_END = "\ue000", "\ue001"
"""Round a text of a person until the mail is in its language; no text that is shown holds these signs."""
NO_REPLY = "Antwoord niet op deze mail: zo'n antwoord komt niet bij ons aan."


@dataclass(frozen=True, slots=True)
class MailText:
    """One mail as people read it."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class About:
    """The case a mail is about. ``is_private_link``: the link itself gives access, without an account.

    ``is_on_paper``: this is printed or read out, to somebody who may have no internet.
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


def as_written(text: str) -> str:
    """A text that a person wrote: it stays as it is in a mail in another language."""
    return f"{WRITTEN}{text.strip()}{WRITTEN_END}"


def letter(subject: str, greeting: str, *paragraphs: str) -> MailText:
    """Put a mail together; empty paragraphs are left out."""
    kept = (paragraph.strip() for paragraph in (greeting, *paragraphs))
    return MailText(subject, "\n\n".join(paragraph for paragraph in kept if paragraph) + "\n")


def to_submitter(about: About, subject: str, *paragraphs: str) -> MailText:
    """A mail about a case to the one who filed it; the number stands in the subject, the title does not."""
    if about.is_on_paper:
        return _on_paper(about, subject, *paragraphs)
    way_in = _ONLY_YOURS if about.is_private_link else "U ziet de melding nadat u bent ingelogd."
    return letter(
        f"{subject} ({about.reference})",
        "Beste indiener,",
        *paragraphs,
        f"Uw melding: {about.reference}\nTitel: {about.title}\nDe pagina van uw melding:\n{about.link}",
        way_in,
        f"Wilt u reageren? Dat kan op de pagina van uw melding.\n{NO_REPLY}",
        WHO_WE_ARE,
    )


def _on_paper(about: About, subject: str, *paragraphs: str) -> MailText:
    return letter(
        f"{subject} ({about.reference})",
        "Beste indiener,",
        *paragraphs,
        f"Uw melding: {about.reference}\nTitel: {about.title}",
        f"Wilt u reageren? Bel of schrijf het loket. Noem daarbij het nummer {about.reference}.",
        f"Hebt u internet? De pagina van uw melding:\n{about.link}\n{_ONLY_YOURS}",
        WHO_WE_ARE.replace("Deze mail", "Deze brief"),
    )


def with_choice(body: str, url: str) -> str:
    """A mail that its reader may do without, with where to say so."""
    return body + f"\nWilt u minder mails van ons? Kies zelf welke u krijgt:\n{url}\n"


def to_submitter_without_link(about: About, subject: str, *paragraphs: str) -> MailText:
    """A mail about a case whose link no longer works."""
    return letter(
        f"{subject} ({about.reference})",
        "Beste indiener,",
        *paragraphs,
        f"Uw melding: {about.reference}",
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
    return letter(subject, "Beste gebruiker,", *paragraphs, NO_REPLY, WHO_WE_ARE)


def to_reader(subject: str, *paragraphs: str) -> MailText:
    """A mail to somebody who has no account here, and need not have one."""
    return letter(subject, "Beste lezer,", *paragraphs, NO_REPLY, WHO_WE_ARE)
