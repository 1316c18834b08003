"""Mails about a ruimtewijzer: to confirm that somebody follows it, that it changed, and whether it worked."""

from knelpunt.domain.languages import DUTCH
from knelpunt.services.mail.texts.letter import MailText, as_written, to_reader, to_user

NEW_VERSION = "Er is een nieuwe versie."
LOOKED_AT_AGAIN = "Wij kijken deze tekst opnieuw na."
STILL_RIGHT = "Wij hebben deze tekst nagekeken. Hij klopt nog."
EXPIRED = "Deze ruimtewijzer geldt niet meer."


def guide_confirm(*, question: str, url: str, days: int, language: str = DUTCH.code) -> MailText:
    """Somebody typed this address to follow a guide; nothing is sent until its owner confirms.

    Args:
        days: how long the link works.
        language: the code of the language in which the mail goes out.
    """
    return to_reader(
        "Bevestig dat u een ruimtewijzer wilt volgen",
        f"Iemand vulde dit adres in om deze ruimtewijzer te volgen:\n{as_written(question)}",
        "" if language == DUTCH.code else "De ruimtewijzer zelf is in het Nederlands geschreven.",
        f"Wilt u bericht als de tekst verandert? Bevestig het met deze link:\n{url}",
        f"De link werkt {days} dagen. Daarna wissen wij uw adres.",
        "Hebt u dit niet gevraagd? Dan hoeft u niets te doen.",
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
    if not reason:
        told = [what]
    elif language == DUTCH.code:
        told = [f"{what} {as_written(reason)}"]
    else:
        told = [what, f"De reden, zoals zij in het Nederlands is geschreven:\n{as_written(reason)}"]
    return to_reader(
        "Er is nieuws over een ruimtewijzer",
        f"U volgt deze ruimtewijzer:\n{as_written(question)}",
        *told,
        f"U leest hem hier:\n{url}",
        f"Wilt u geen bericht meer? Stop met volgen:\n{stop_url}",
    )


def claim_question(*, question: str, project: str, url: str) -> MailText:
    """Three months after a municipality said that it would use a guide: did it work?"""
    return to_user(
        "Heeft de ruimtewijzer bij u gewerkt?",
        f"Uw gemeente liet weten dat zij deze ruimtewijzer gaat gebruiken:\n{question}",
        f"Het ging om: {project}",
        f"Is het gelukt? U antwoordt met één klik en één zin:\n{url}",
        "Andere gemeenten zien alleen de naam van uw gemeente en of het werkte.",
    )
