"""Mails about accounts: invitations, passwords, and who stands in for whom."""

from collections.abc import Sequence
from datetime import date, datetime

from knelpunt.domain.calendar.timezone import AMSTERDAM, nl_day
from knelpunt.domain.texts import date_in_words
from knelpunt.services.mail.texts import MailText, to_user


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


def password_not_needed(*, url: str) -> MailText:
    """Somebody asked for a new password for an account that its organisation logs in."""
    return to_user(
        "Log in via uw organisatie",
        "Iemand vroeg om een nieuw wachtwoord voor uw account. U logt in via uw organisatie.",
        f"Kies op de inlogpagina uw organisatie:\n{url}",
        "Lukt dat niet? Vraag het dan aan een beheerder van uw organisatie.",
        "Hebt u dit niet gevraagd? Dan hoeft u niets te doen.",
    )


def password_changed() -> MailText:
    """The password of an account was changed."""
    return to_user(
        "Uw wachtwoord is gewijzigd",
        "Het wachtwoord van uw account is gewijzigd. U bent overal uitgelogd.",
        "Hebt u dit niet zelf gedaan? Vraag dan meteen een nieuw wachtwoord aan op de inlogpagina.",
    )


_CHOOSE_ONE = "Kies een wachtwoord op de inlogpagina, bij: Wachtwoord vergeten."


def merger_planned(*, old: str, new: str, day: date, needs_password: bool = False) -> MailText:
    """The municipality of an account goes up in another one on a day to come.

    Args:
        old: the organisations that end, in words.
        new: the organisation of this account from that day on.
        needs_password: the account comes in by the old organisation until that day.
    """
    way_in = (
        f"Via uw oude organisatie kunt u dan niet meer inloggen. {_CHOOSE_ONE} Dat kan vanaf die dag."
        if needs_password
        else "U hoeft niets te doen. U logt in zoals u gewend bent."
    )
    return to_user(
        "Uw gemeente gaat op in een andere",
        f"Op {date_in_words(day)} verandert uw gemeente bij Knelpunt. Dan eindigt: {old}. U hoort dan bij: {new}.",
        "Accounts, concepten en zaken gaan die dag vanzelf mee. Ook de zaken waarin u samen meldt.",
        "Koppelingen met andere systemen stoppen die dag. Maak daarna nieuwe, als u ze nodig hebt.",
        way_in,
        "Klopt dit niet? Laat het ons weten voor die dag.",
    )


def merger_cancelled(*, old: str, new: str, day: date) -> MailText:
    """A merger that was told of does not happen, or not on that day."""
    return to_user(
        "Uw gemeente gaat toch niet op in een andere",
        f"Wij schreven u over {date_in_words(day)}. Dan zou eindigen: {old}. U zou horen bij: {new}.",
        "Dat gaat niet door, of niet op die dag. Er is niets veranderd.",
    )


def merger_done(*, old: str, new: str, day: date, url: str, needs_password: bool = False) -> MailText:
    """The municipality of an account went up in another one, or another one came to it; as for ``merger_planned``."""
    return to_user(
        "Een gemeente is opgegaan in een andere",
        f"Sinds {date_in_words(day)} bestaat niet meer: {old}. U hoort nu bij: {new}.",
        "De accounts, concepten en zaken zijn meegegaan. Ook de zaken waarin u samen meldt.",
        *([f"Via uw oude organisatie kunt u niet meer inloggen. {_CHOOSE_ONE}"] if needs_password else []),
        f"U vindt alles hier:\n{url}",
    )


def leave_cover(*, name: str, first_day: date, last_day: date, url: str) -> MailText:
    """Somebody stands in for a colleague who is away."""
    return to_user(
        "U neemt waar voor een collega",
        f"{name} is afwezig van {date_in_words(first_day)} tot en met {date_in_words(last_day)}. U neemt dan waar.",
        "In die dagen krijgt u de mails over de zaken van uw collega. Die zaken staan ook op uw pagina Vandaag.",
        f"De pagina Vandaag:\n{url}",
        "Kunt u niet? Zeg het uw collega of het hoofd van het loket, dan kan een ander het overnemen.",
    )


def leave_taken_back(*, name: str) -> MailText:
    """The colleague is here after all, or again."""
    return to_user(
        "U neemt niet meer waar",
        f"{name} is er weer, of gaat niet weg. U hoeft niet meer waar te nemen.",
    )


def leave_without_cover(*, name: str, first_day: date, last_day: date) -> MailText:
    """Who stood in cannot any more, by another role or a closed account."""
    return to_user(
        "Uw afwezigheid heeft geen waarnemer meer",
        f"{name} kan niet meer voor u waarnemen. Uw afwezigheid van {date_in_words(first_day)} tot en met "
        f"{date_in_words(last_day)} is daarom ingetrokken. U krijgt de mails over uw zaken weer zelf.",
        "Bent u dan toch weg? Zet het er opnieuw in met een andere waarnemer, of vraag het hoofd van het loket.",
    )


def work_left(*, name: str, left: Sequence[str], url: str) -> MailText:
    """An account was closed or got another role, and what rested on it is done by nobody now.

    Args:
        left: what that is, and what to do about it.
    """
    return to_user(
        "Werk van een collega ligt stil",
        f"Het account van {name} is uitgezet, of heeft een andere rol. Daardoor doet nu niemand dit werk:",
        *left,
        f"Meer ziet u op deze pagina:\n{url}",
    )


def new_device(*, browser: str, at: datetime, url: str) -> MailText:
    """The account was used in a browser that it was never used in."""
    return to_user(
        "Ingelogd op een nieuw apparaat",
        f"Er is met uw account ingelogd in een browser die wij nog niet kenden: {browser}.",
        f"Dat was op {date_in_words(nl_day(at))} om {at.astimezone(AMSTERDAM):%H.%M} uur.",
        "Was u dit? Dan hoeft u niets te doen.",
        f"Was u dit niet? Log die browser uit en wijzig uw wachtwoord:\n{url}",
    )


def factor_set_up(*, url: str) -> MailText:
    """The second step of an account was set up or replaced."""
    return to_user(
        "De tweede stap van uw account staat aan",
        "Uw account vraagt vanaf nu bij het inloggen ook een code van uw telefoon.",
        f"Hebt u dit niet zelf gedaan? Wijzig dan meteen uw wachtwoord:\n{url}",
    )


def factor_switched_off() -> MailText:
    """The owner of an account switched the second step off."""
    return to_user(
        "De tweede stap van uw account is uit",
        "U logt nu weer in met alleen uw wachtwoord. Uw herstelcodes werken niet meer.",
        "Hebt u dit niet zelf gedaan? Wijzig dan meteen uw wachtwoord, en zeg het ons.",
    )


def factor_taken_away(*, url: str | None, hours: int) -> MailText:
    """Two administrators took the second step of an account away, because its owner lost it.

    Args:
        url: the link to choose a new password, as the old one went too; None for who never had one.
        hours: how long the link works.
    """
    how_long = "1 uur" if hours == 1 else f"{hours} uur"
    new_password = (
        f"Uw oude wachtwoord werkt ook niet meer. Kies een nieuw wachtwoord met deze link:\n{url}",
        f"De link werkt één keer, {how_long} lang. Te laat? Vraag op de inlogpagina een nieuwe link aan.",
    )
    return to_user(
        "De tweede stap van uw account is weggehaald",
        "Twee beheerders haalden de tweede stap van uw account weg. U bent overal uitgelogd.",
        *(new_password if url else ()),
        "Log daarna opnieuw in. Moet u een tweede stap hebben? Dan stelt u die dan opnieuw in.",
        "Hebt u dit niet gevraagd? Zeg het dan meteen uw beheerder.",
    )


def recovery_code_used(*, left: int) -> MailText:
    """Somebody came in with a recovery code instead of a telephone."""
    return to_user(
        "Er is een herstelcode gebruikt",
        f"Er is met uw account ingelogd met een herstelcode. U hebt er nog {left}.",
        "Was u dit niet? Wijzig dan meteen uw wachtwoord, en zeg het uw beheerder.",
    )


def passkey_added(*, url: str) -> MailText:
    """A passkey was added, which opens the account without a password. Its name is left out: whoever has a session
    chose it, and could write to the owner in our name."""
    return to_user(
        "Er is een toegangssleutel toegevoegd",
        "Met een nieuwe toegangssleutel kunt u vanaf nu zonder wachtwoord inloggen in uw account.",
        f"Was u dit niet? Haal de sleutel dan meteen weg:\n{url}",
        "Wijzig daarna uw wachtwoord, en zeg het uw beheerder.",
    )


def passkey_removed(*, url: str) -> MailText:
    """A passkey was taken away."""
    return to_user(
        "Er is een toegangssleutel weggehaald",
        "Een van uw toegangssleutels werkt niet meer. U kunt er niet meer mee inloggen.",
        f"Was u dit niet? Kijk dan welke sleutels u nog hebt:\n{url}",
        "Wijzig daarna uw wachtwoord, en zeg het uw beheerder.",
    )


def client_made(*, name: str, organisation: str, ends_on: date, is_new: bool) -> MailText:
    """A system of the organisation got a key, or a new one.

    Args:
        name: what the administrator who made it calls it.
        is_new: it was made now, not renewed.
    """
    what = "gemaakt" if is_new else "vernieuwd. De oude sleutel werkt niet meer"
    return to_user(
        "Nieuwe sleutel voor een koppeling",
        f"Er is een koppeling {what}. Zij hoort bij: {organisation}. Haar naam: {name}.",
        f"De sleutel werkt tot en met {date_in_words(ends_on)}. U krijgt bericht voordat hij eindigt.",
        "Klopt dit niet? Trek de koppeling dan meteen in. U vindt haar op de pagina Koppelingen.",
    )


def client_ending(*, name: str, organisation: str, ends_on: date, url: str) -> MailText:
    """A key ends soon; as for ``client_made``."""
    return to_user(
        "Een koppeling eindigt binnenkort",
        f"De koppeling {name} van {organisation} werkt tot en met {date_in_words(ends_on)}.",
        "Daarna kan uw systeem geen meldingen meer doen en niets meer lezen.",
        f"Verleng de koppeling hier. U krijgt dan een nieuwe sleutel:\n{url}",
    )


def client_of_nobody(*, name: str, organisation: str, ends_on: date, url: str) -> MailText:
    """Nobody manages the organisation of a key any more; as for ``client_made``, for the administrators of the site."""
    return to_user(
        "Een koppeling zonder beheerder eindigt",
        f"De organisatie {organisation} heeft geen beheerder meer. Niemand let daar nog op de koppeling {name}.",
        f"De koppeling werkt nog tot en met {date_in_words(ends_on)}.",
        "Moet zij blijven werken? Maak dan iemand van daar beheerder. Die kan de koppeling verlengen.",
        f"Moet de koppeling eerder stoppen? Trek haar dan hier in:\n{url}",
    )


def client_revoked(*, name: str, organisation: str, ends_on: date) -> MailText:
    """Somebody ended a key; as for ``client_made``."""
    return to_user(
        "Een koppeling is ingetrokken",
        f"De koppeling {name} van {organisation} werkt niet meer. Zij zou werken tot en met {date_in_words(ends_on)}.",
        "Concepten en zaken blijven zoals ze zijn.",
        "Wilt u uw systeem weer koppelen? Maak dan een nieuwe op de pagina Koppelingen.",
    )


def client_ended_by_merger(*, name: str, organisation: str, ends_on: date) -> MailText:
    """A key ended because its organisation went up in another one; as for ``client_made``."""
    return to_user(
        "Een koppeling werkt niet meer",
        f"De koppeling {name} van {organisation} werkt niet meer. Die organisatie is opgegaan in een andere.",
        f"De koppeling zou werken tot en met {date_in_words(ends_on)}. Concepten en zaken zijn meegegaan.",
        "Wilt u uw systeem weer koppelen? Maak dan een nieuwe op de pagina Koppelingen.",
    )
