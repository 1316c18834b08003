"""Mails about a ruimtewijzer: to confirm that somebody follows it, that it changed, and whether it worked."""

from knelpunt.domain.languages import DUTCH
from knelpunt.domain.texts import Text
from knelpunt.services.mail.texts import MailText, to_reader, to_user

NEW_VERSION = Text("Er is een nieuwe versie.")
LOOKED_AT_AGAIN = Text("Wij kijken deze tekst opnieuw na.")
STILL_RIGHT = Text("Wij hebben deze tekst nagekeken. Hij klopt nog.")
EXPIRED = Text("Deze ruimtewijzer geldt niet meer.")


def guide_confirm(*, question: str, url: str, days: int, language: str = DUTCH.code) -> MailText:
    """Somebody typed this address to follow a guide; nothing is sent until its owner confirms.

    Args:
        days: how long the link works.
        language: the code of the language in which the mail goes out.
    """
    return to_reader(
        Text("Bevestig dat u een ruimtewijzer wilt volgen"),
        Text("Iemand vulde dit adres in om deze ruimtewijzer te volgen:\n%(question)s", question=question),
        "" if language == DUTCH.code else Text("De ruimtewijzer zelf is in het Nederlands geschreven."),
        Text("Wilt u bericht als de tekst verandert? Bevestig het met deze link:\n%(url)s", url=url),
        Text("De link werkt %(days)s dagen. Daarna wissen wij uw adres.", days=days),
        Text("Hebt u dit niet gevraagd? Dan hoeft u niets te doen."),
    )


def guide_changed(
    *, question: str, what: str, url: str, stop_url: str, reason: str = "", language: str = DUTCH.code
) -> MailText:
    """A guide that somebody follows changed.

    Args:
        what: what changed: one of the sentences of this module.
        reason: why, as somebody at the desk wrote it in Dutch.
        language: the code of the language in which the mail goes out.
    """
    if reason and language == DUTCH.code:
        told: list[str] = [f"{what} {reason}"]
    else:
        over_dutch = Text("De reden, zoals zij in het Nederlands is geschreven:\n%(reason)s", reason=reason)
        told = [what, over_dutch if reason else ""]
    return to_reader(
        Text("Er is nieuws over een ruimtewijzer"),
        Text("U volgt deze ruimtewijzer:\n%(question)s", question=question),
        *told,
        Text("U leest hem hier:\n%(url)s", url=url),
        Text("Wilt u geen bericht meer? Stop met volgen:\n%(stop_url)s", stop_url=stop_url),
    )


def claim_question(*, question: str, project: str, url: str) -> MailText:
    """Some months after a municipality said that it would use a guide: did it work?"""
    return to_user(
        "Heeft de ruimtewijzer bij u gewerkt?",
        f"Uw gemeente liet weten dat zij deze ruimtewijzer gaat gebruiken:\n{question}",
        f"Het ging om: {project}",
        f"Is het gelukt? U antwoordt met één klik en één zin:\n{url}",
        "Op de openbare pagina staan de naam van uw gemeente en of het werkte.",
    )
