"""Mails on the way of a quarter: to the second person, the ministries that comment, and owners of commitments."""

from datetime import date

from knelpunt.domain.texts import date_in_words, with_article
from knelpunt.services.mail.texts import MailText, to_official, to_user

_NO_ACCOUNT = "U hebt geen account nodig. De link is alleen voor u en voor deze tekst."


def seal_asked(*, quarter: str, url: str) -> MailText:
    """A quarter waits for a second person who seals it."""
    return to_user(
        f"Een kwartaal wacht op verzegeling ({quarter})",
        f"Een collega vroeg om {quarter} te verzegelen.",
        "Een tweede persoon kijkt de cijfers na en beslist. Dat kunt u zijn.",
        f"Bekijk het verzoek hier:\n{url}",
    )


def check_given(*, quarter: str, title: str, due_on: date, url: str) -> MailText:
    """Somebody looks after the finds of a check before a quarter is sealed."""
    return to_user(
        f"Kijk iets na voor een kwartaal ({quarter})",
        f"Een collega vraagt u om iets na te kijken voor {quarter}.",
        f"Het gaat om: {title}.",
        f"Doe dat uiterlijk op {date_in_words(due_on)}.",
        f"De lijst staat hier:\n{url}",
    )


def text_asked(*, quarter: str, url: str) -> MailText:
    """A text waits for a second person who agrees to it."""
    return to_user(
        f"Een kwartaaltekst wacht op akkoord ({quarter})",
        f"De tekst over {quarter} is klaar. Een collega legde haar voor.",
        "Een tweede persoon leest haar en beslist. Dat kunt u zijn.",
        f"Lees de tekst hier:\n{url}",
    )


def text_decided(*, quarter: str, is_approved: bool, url: str) -> MailText:
    """What a second person decided about a text."""
    return to_user(
        f"Beslist over een kwartaaltekst ({quarter})",
        f"U legde de tekst over {quarter} voor.",
        "Uw collega gaf akkoord." if is_approved else "Uw collega gaf de tekst terug en schreef erbij waarom.",
        f"De tekst staat hier:\n{url}",
    )


def comment_asked(*, quarter: str, ministry: str, due_on: date, url: str) -> MailText:
    """A ministry is asked to comment on a text."""
    return to_official(
        f"Reageer op de tekst over een kwartaal ({quarter})",
        f"Wij schrijven voor de Tweede Kamer over {quarter}.",
        f"Wij vragen {with_article(ministry)} of de tekst klopt.",
        f"Reageer uiterlijk op {date_in_words(due_on)}.",
        f"Lees de tekst en reageer hier:\n{url}",
        _NO_ACCOUNT,
    )


def comment_reminder(*, quarter: str, due_on: date, url: str) -> MailText:
    """A ministry did not say that it is ready."""
    return to_official(
        f"Herinnering: reageer op de tekst over een kwartaal ({quarter})",
        f"Wij vroegen u om een reactie op de tekst over {quarter}.",
        f"Dat kan nog tot en met {date_in_words(due_on)}.",
        f"Lees de tekst en reageer hier:\n{url}",
        "Hebt u niets op te merken? Meld dan op die pagina dat u klaar bent.",
        _NO_ACCOUNT,
    )


def commented(*, quarter: str, ministry: str, url: str) -> MailText:
    """A ministry is ready with its comments."""
    return to_user(
        f"Een ministerie heeft gereageerd ({quarter})",
        f"{with_article(ministry, begins=True)} is klaar met de reactie op de tekst over {quarter}.",
        f"De reacties staan hier:\n{url}",
    )


def day_reminder(*, quarter: str, what: str, due_on: date, is_late: bool, url: str) -> MailText:
    """A reference date of a quarter comes near, or has passed.

    Args:
        what: what must be done by then, as an order.
    """
    return to_user(
        f"Een dag van een kwartaal {'is voorbij' if is_late else 'komt dichterbij'} ({quarter})",
        f"Dit moet nog gebeuren voor {quarter}:\n{what}.",
        f"De laatste dag {'was' if is_late else 'is'} {date_in_words(due_on)}.",
        f"U doet het hier:\n{url}",
    )


def commitment_names(*, title: str, url: str) -> MailText:
    """The people round a case changed, and a text of a commitment about it points at them by now; who stays out."""
    return to_user(
        "Kijk een tekst over een toezegging na",
        f"Het gaat om: {title}.",
        "Bij een zaak die erbij hoort, zijn gegevens gewijzigd. Een tekst wijst nu misschien naar iemand uit die zaak.",
        f"Hier ziet u welke tekst dat is:\n{url}",
    )


def commitment_reminder(*, title: str, due_on: date, is_late: bool, url: str) -> MailText:
    """The last day of a commitment comes near."""
    return to_user(
        "Een toezegging aan de Kamer is over tijd" if is_late else "De termijn van een toezegging komt dichterbij",
        f"Het gaat om: {title}.",
        f"De laatste dag {'was' if is_late else 'is'} {date_in_words(due_on)}.",
        f"Schrijf hier hoe het gaat, of geef een nieuwe termijn:\n{url}",
    )
