"""The mail with what happened in a week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knelpunt.domain.texts import Text, counted
from knelpunt.services.mail.texts.letter import NO_REPLY, WHO_WE_ARE, WHY_SUBMITTER, MailText, letter


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
