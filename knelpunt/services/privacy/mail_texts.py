"""Mails about a request for the own data. They hold nothing about the person: that is read behind the link."""

from datetime import date

from knelpunt.domain.privacy.requests import RequestKind
from knelpunt.domain.texts import Text, date_in_words
from knelpunt.services.mail.texts import NO_REPLY, WHO_WE_ARE, WHY_READER, MailText, letter, to_user

_DEAR = Text("Beste lezer,")


def received(*, kind: RequestKind, due_on: date, url: str) -> MailText:
    """The request is there, and by when there is an answer."""
    asked = (
        Text("U vroeg ons om uw gegevens te wissen.")
        if kind is RequestKind.ERASURE
        else Text("U vroeg ons om uw gegevens.")
    )
    return _to_person(
        Text("Wij hebben uw verzoek over uw gegevens"),
        asked,
        Text("U krijgt uiterlijk op %(due_on)s ons antwoord. Eerst kijken wij of u het echt bent.", due_on=due_on),
        _read_on(url),
    )


def extended(*, due_on: date, url: str) -> MailText:
    """More time is needed; why stands behind the link."""
    return _to_person(
        Text("Wij hebben meer tijd nodig voor uw verzoek"),
        Text(
            "U vroeg ons iets over uw gegevens. Dat kost meer tijd. U krijgt uiterlijk op %(due_on)s ons antwoord.",
            due_on=due_on,
        ),
        Text("Op de pagina van uw verzoek leest u waarom. Daar staat ook waar u kunt klagen."),
        _read_on(url),
    )


def answered(*, url: str) -> MailText:
    """The answer is there."""
    return _to_person(
        Text("Ons antwoord op uw verzoek over uw gegevens"),
        Text("Wij hebben uw verzoek over uw gegevens afgehandeld."),
        Text(
            "Op de pagina van uw verzoek leest u wat wij deden, wat blijft en waarom. U kunt het ook bewaren als PDF."
        ),
        Text("Bewaar deze mail als u de pagina later nog wilt lezen. Wij sturen de link niet nog eens."),
        _read_on(url),
    )


def due(*, number: int, due_on: date, is_late: bool, url: str) -> MailText:
    """A request waits, and its last day comes near or is over; to who may decide about it."""
    when = (
        f"Verzoek {number} over persoonsgegevens had op {date_in_words(due_on)} klaar moeten zijn."
        if is_late
        else f"Verzoek {number} over persoonsgegevens moet klaar op {date_in_words(due_on)}."
    )
    return to_user(
        "Een verzoek over persoonsgegevens moet klaar",
        when,
        "De wet geeft daar een maand voor. Lukt het niet? Verleng de termijn dan op tijd, met een reden.",
        f"Het verzoek:\n{url}",
    )


def letter_due(*, number: int, url: str) -> MailText:
    """A letter or a copy must still go out; to who may decide about requests."""
    return to_user(
        "Een brief over persoonsgegevens moet nog weg",
        f"Bij verzoek {number} over persoonsgegevens moet nog een brief weg. De vrager weet dus nog niets.",
        "Verstuur de brief. Zeg daarna bij het verzoek dat hij weg is.",
        f"Het verzoek:\n{url}",
    )


def _read_on(url: str) -> Text:
    return Text("De pagina van uw verzoek:\n%(url)s", url=url)


def _to_person(subject: str, *paragraphs: str) -> MailText:
    return letter(subject, _DEAR, *paragraphs, NO_REPLY, WHY_READER, WHO_WE_ARE)
