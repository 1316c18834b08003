"""Mails that are about no case yet: drafts, invitations and passwords."""

from datetime import date

from knelpunt.domain.texts import Text, date_in_words
from knelpunt.services.mail.texts.letter import MailText, to_user


def draft_link(*, url: str, purge_on: date) -> MailText:
    """The link to go on with a draft.

    Args:
        purge_on: the day on which an untouched draft is erased.
    """
    return to_user(
        Text("De link naar uw concept"),
        Text("U bent begonnen met een melding. Met deze link gaat u verder:\n%(url)s", url=url),
        Text("De link is alleen voor u. Wie de link heeft, kan uw concept lezen en wijzigen. Stuur hem dus niet door."),
        Text("Wij bewaren uw concept tot %(purge_on)s. Wijzigt u iets, dan bewaren wij het langer.", purge_on=purge_on),
        Text("Uw melding is nog niet verstuurd. Wij kijken er pas naar als u haar verstuurt."),
    )


def draft_warning(*, url: str, purge_on: date) -> MailText:
    """A draft that lies untouched for 60 days.

    Args:
        purge_on: the day on which it is erased.
    """
    return to_user(
        Text("Uw concept wordt binnenkort gewist"),
        Text("U bent begonnen met een melding, maar u hebt haar nog niet verstuurd."),
        Text("Op %(purge_on)s wissen wij uw concept. Daarna kunt u het niet terughalen.", purge_on=purge_on),
        Text("Wilt u verder? Gebruik dan deze link:\n%(url)s", url=url),
        Text("Wilt u niet verder? Dan hoeft u niets te doen."),
    )


def invitation(*, url: str, organisation: str, role: str, valid_until: date) -> MailText:
    """An account was made; its owner chooses a password.

    Args:
        role: the role in Dutch words.
        valid_until: the last day on which the link works.
    """
    return to_user(
        "Uitnodiging voor Knelpunt",
        f"U bent uitgenodigd voor Knelpunt. U hoort bij: {organisation}. Uw rol: {role}.",
        f"Kies een wachtwoord met deze link:\n{url}",
        f"De link werkt één keer, tot en met {date_in_words(valid_until)}.",
        "Kent u Knelpunt niet? Dan hoeft u niets te doen.",
    )


def invitation_to_existing_account(*, organisation: str) -> MailText:
    """Somebody invited an address that has an account in another organisation; only its owner is told."""
    return to_user(
        "U hebt al een account bij Knelpunt",
        f"U bent uitgenodigd voor Knelpunt, om mee te werken bij: {organisation}.",
        "U hebt met dit adres al een account. Een account hoort bij één organisatie. "
        "Wilt u ook hier meewerken? Vraag dan een uitnodiging voor een ander adres.",
        "Kent u deze organisatie niet? Dan hoeft u niets te doen.",
    )


def password_reset(*, url: str, hours: int) -> MailText:
    """Somebody asked for a new password.

    Args:
        hours: how long the link works.
    """
    how_long = "1 uur" if hours == 1 else f"{hours} uur"
    return to_user(
        "Kies een nieuw wachtwoord",
        f"Iemand vroeg om een nieuw wachtwoord voor uw account. Kies het met deze link:\n{url}",
        f"De link werkt één keer, {how_long} lang.",
        "Hebt u dit niet gevraagd? Dan hoeft u niets te doen. Uw wachtwoord blijft zoals het is.",
    )


def password_changed() -> MailText:
    """The password of an account was changed."""
    return to_user(
        "Uw wachtwoord is gewijzigd",
        "Het wachtwoord van uw account is gewijzigd. U bent overal uitgelogd.",
        "Hebt u dit niet zelf gedaan? Vraag dan meteen een nieuw wachtwoord aan op de inlogpagina.",
    )
