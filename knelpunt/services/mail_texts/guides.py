"""Mails about a ruimtewijzer: to confirm that somebody follows it, that it changed, and whether it worked."""

from knelpunt.services.mail_texts.letter import MailText, to_user


def guide_confirm(*, question: str, url: str, days: int) -> MailText:
    """Somebody typed this address to follow a guide; nothing is sent until its owner confirms.

    Args:
        days: how long the link works.
    """
    return to_user(
        "Bevestig dat u een ruimtewijzer wilt volgen",
        f"Iemand vulde dit adres in om deze ruimtewijzer te volgen:\n{question}",
        f"Wilt u bericht als de tekst verandert? Bevestig het met deze link:\n{url}",
        f"De link werkt {days} dagen. Daarna wissen wij uw adres.",
        "Hebt u dit niet gevraagd? Dan hoeft u niets te doen.",
    )


def guide_changed(*, question: str, what: str, url: str, stop_url: str) -> MailText:
    """A guide that somebody follows changed.

    Args:
        what: what changed, in one or two Dutch sentences.
    """
    return to_user(
        "Er is nieuws over een ruimtewijzer",
        f"U volgt deze ruimtewijzer:\n{question}",
        what,
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
