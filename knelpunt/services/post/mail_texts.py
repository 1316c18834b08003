"""Mails about mail: that one came in, and what happened in a week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import Text, counted
from knelpunt.services.mail.texts import (
    NO_REPLY,
    WHO_WE_ARE,
    WHY_SUBMITTER,
    About,
    MailText,
    about_case,
    letter,
    to_submitter,
)


@about_case(MailKind.MAIL_RECEIVED)
def mail_received(about: About, *, files: int, refused: list[str], is_asked: bool) -> MailText:
    """A mail of the submitter came in and stands with the case.

    Args:
        files: how many files were kept.
        refused: why each other file was not, in words.
        is_asked: something is open with the submitter, and a person looks whether this is the answer.
    """
    kept = counted("Wij bewaarden er een bestand bij.", "Wij bewaarden er %(num)s bestanden bij.", files)
    lost = Text(
        "Niet elk bestand konden wij bewaren:\n%(files)s\nU kunt een ander bestand toevoegen op de pagina van uw "
        "melding.",
        files="\n".join(f"- {each}" for each in refused),
    )
    return to_submitter(
        about,
        Text("Wij hebben uw mail ontvangen"),
        Text("Wij hebben uw mail ontvangen. Hij staat bij uw melding."),
        kept if files else "",
        lost if refused else "",
        Text(
            "Er staat nog iets bij u open. Een medewerker kijkt of uw mail daar het antwoord op is. De dag waarop uw "
            "mail binnenkwam, telt."
        )
        if is_asked
        else Text("Een medewerker leest uw mail. U hoeft nu niets te doen."),
    )


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that would have been a mail of its own."""

    on: date
    subject: str
    body: str


def weekly(happened: Sequence[Happened], *, link: str) -> MailText:
    """What happened since the last such mail, oldest first.

    Args:
        link: where the reader finds the case, or the cases.
    """
    return letter(
        Text("Wat er vorige week gebeurde met uw melding"),
        Text("Beste indiener,"),
        counted(
            "U koos voor één mail per week. Er is één bericht.",
            "U koos voor één mail per week. Er zijn %(num)s berichten.",
            len(happened),
        ),
        *(
            paragraph
            for each in happened
            for paragraph in (Text("%(day)s: %(subject)s", day=each.on, subject=each.subject), each.body)
        ),
        Text("Meer leest u hier:\n%(link)s", link=link),
        Text("Een mail met een termijn komt altijd meteen. Die wacht niet op het overzicht."),
        NO_REPLY,
        WHY_SUBMITTER,
        WHO_WE_ARE,
    )
