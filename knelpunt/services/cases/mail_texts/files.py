"""Mails to the submitter about files that the desk put with the case, or took away."""

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import Text, counted
from knelpunt.services.mail.texts import About, MailText, about_case, to_submitter


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
