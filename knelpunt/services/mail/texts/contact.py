"""Mails about the files of a case, and about the address to which its mails go."""

from datetime import date

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import Text, counted
from knelpunt.services.mail.texts.letter import (
    NO_REPLY,
    WHO_WE_ARE,
    WHY_READER,
    WHY_SUBMITTER,
    About,
    MailText,
    about_case,
    letter,
    numbered,
    to_submitter,
)


@about_case(MailKind.FILE_ADDED)
def file_added(about: About, *, names: list[str]) -> MailText:
    """The desk put files with the case.

    Args:
        names: what the files are called.
    """
    return to_submitter(
        about,
        Text("Er is iets toegevoegd aan uw melding"),
        counted(
            "Het loket voegde een bestand toe aan uw melding:\n%(files)s",
            "Het loket voegde %(num)s bestanden toe aan uw melding:\n%(files)s",
            len(names),
            files="\n".join(f"- {name}" for name in names),
        ),
        Text("U kunt dit bekijken op de pagina van uw melding. U hoeft nu niets te doen."),
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


@about_case(MailKind.FILE_REMOVED)
def file_removed(about: About, *, name: str, reason: str) -> MailText:
    """The desk took a file away from the case.

    Args:
        name: what the file was called.
        reason: why, as the desk wrote it.
    """
    return to_submitter(
        about,
        Text("Er is een bestand van uw melding verwijderd"),
        Text("Het loket verwijderde een bestand van uw melding: %(name)s.", name=name),
        Text("Waarom wij dat deden:\n%(reason)s", reason=reason),
        Text("Bent u het er niet mee eens? Laat het weten op de pagina van uw melding."),
    )


@about_case(MailKind.ADDRESS_CHANGED)
def address_changed(about: About) -> MailText:
    """From now on the mails go here, with a new link."""
    return to_submitter(
        about,
        Text("Uw e-mailadres is gewijzigd"),
        Text("Vanaf nu sturen wij onze mails over uw melding naar dit adres."),
        Text("De oude link naar uw melding werkt niet meer. Hieronder staat uw nieuwe link."),
    )


def address_confirm(*, reference: str, url: str, until: date) -> MailText:
    """Somebody wants the mails about a case at this address.

    Args:
        until: the last day on which the link works.
    """
    return letter(
        numbered(Text("Bevestig uw nieuwe e-mailadres"), reference),
        Text("Beste indiener,"),
        Text(
            "Iemand gaf dit e-mailadres op voor de melding %(reference)s. Was u dat? Bevestig het "
            "dan met deze link:\n%(url)s",
            reference=reference,
            url=url,
        ),
        Text("De link werkt tot en met %(until)s. Tot u bevestigt, gaan onze mails naar het oude adres.", until=until),
        Text("Kent u deze melding niet? Dan hoeft u niets te doen."),
        NO_REPLY,
        WHY_READER,
        WHO_WE_ARE,
    )


def address_moved(*, reference: str) -> MailText:
    """To the old address, of which nobody may know that it is the submitter's: another one holds now."""
    return letter(
        Text("Het e-mailadres bij melding %(reference)s is gewijzigd", reference=reference),
        Text("Beste lezer,"),
        Text(
            "Bij de melding %(reference)s staat nu een ander e-mailadres. De link in onze eerdere "
            "mails werkt niet meer.",
            reference=reference,
        ),
        Text("Is dit uw melding, en wilde u dit niet? Neem dan contact op met het loket, en noem dit nummer."),
        Text("Kent u deze melding niet? Dan hoeft u niets te doen."),
        NO_REPLY,
        WHY_READER,
        WHO_WE_ARE,
    )


def address_changing(*, reference: str) -> MailText:
    """To the old address: somebody asked for another one. The new one is not named."""
    return letter(
        numbered(Text("Uw e-mailadres wordt gewijzigd"), reference),
        Text("Beste indiener,"),
        Text(
            "Bij uw melding %(reference)s is een ander e-mailadres opgegeven. Dat geldt pas als het is bevestigd.",
            reference=reference,
        ),
        Text("Tot dan werkt uw link, en blijven onze mails hierheen gaan."),
        Text(
            "Hebt u dit niet gevraagd? Vraag dan op de pagina van uw melding een nieuwe link. Dan "
            "gaat de wijziging niet door."
        ),
        NO_REPLY,
        WHY_SUBMITTER,
        WHO_WE_ARE,
    )
