"""Mails about what a submitter does: answers, reacts, withdraws, asks for a link or gives another address."""

from datetime import date

from knelpunt.domain.cases.replies import OnBehalf
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import Text
from knelpunt.services.mail.texts import (
    NO_REPLY,
    NO_TURN,
    WHO_WE_ARE,
    About,
    MailText,
    about_case,
    as_on_behalf,
    letter,
    next_step,
    numbered,
    to_colleague,
    to_submitter,
    to_submitter_without_link,
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
        WHO_WE_ARE,
    )


@about_case(MailKind.FOLLOW_LINK)
def follow_link(about: About) -> MailText:
    """The link again, because it was asked for."""
    return to_submitter(
        about,
        Text("De link naar uw melding"),
        Text("Iemand vroeg om de link naar uw melding. U vindt de link hieronder."),
        Text("Hebt u dit niet gevraagd? Dan hoeft u niets te doen."),
    )


@about_case(MailKind.ANSWER_RECEIVED)
def answer_received(
    about: About, *, next_date: date | None, on_behalf: OnBehalf | None = None, written: str = ""
) -> MailText:
    """The answer came in, our clock goes on, and the date moved.

    Args:
        next_date: the last day of the clock that goes on.
        told: how it reached the desk, where the desk wrote it down.
        written: what the desk wrote down.
    """
    return to_submitter(
        about,
        Text("Wij hebben uw antwoord ontvangen"),
        Text("Wij hebben uw antwoord ontvangen. Bedankt."),
        *as_on_behalf(on_behalf, written),
        Text("Onze termijn loopt weer verder. De tijd dat wij op u wachtten, telt niet mee."),
        next_step(next_date, Text("De volgende stap komt")),
    )


@about_case(MailKind.PROPOSAL_ACCEPTED)
def proposal_accepted(
    about: About, *, next_date: date | None, on_behalf: OnBehalf | None = None, written: str = ""
) -> MailText:
    """The submitter took the proposal; ``on_behalf`` and ``written`` as for an answer.

    Args:
        next_date: the last day on which the desk closes the case.
    """
    return to_submitter(
        about,
        Text("U hebt ons voorstel aangenomen"),
        Text("U hebt ons voorstel aangenomen. Bedankt voor uw reactie."),
        *as_on_behalf(on_behalf, written),
        Text("Wij sluiten uw melding nu af. Een tweede medewerker kijkt mee."),
        next_step(next_date, Text("U krijgt onze afsluitende brief")),
    )


@about_case(MailKind.PROPOSAL_REFUSED)
def proposal_refused(
    about: About, *, next_date: date | None, on_behalf: OnBehalf | None = None, written: str = ""
) -> MailText:
    """The submitter said why the proposal does not work; ``on_behalf`` and ``written`` as for an answer.

    Args:
        next_date: the last day for a new proposal (K4).
    """
    return to_submitter(
        about,
        Text("Wij kijken opnieuw naar uw melding"),
        Text("U hebt uitgelegd waarom ons voorstel niet werkt. Wij kijken opnieuw naar uw melding."),
        *as_on_behalf(on_behalf, written),
        next_step(next_date, Text("U krijgt een nieuw voorstel")),
    )


@about_case(MailKind.WITHDRAWN)
def withdrawn(about: About, *, contact_ends_on: date | None, is_erased: bool = False) -> MailText:
    """The submitter took the case back; says what happens with the contact data.

    Args:
        contact_ends_on: until when the contact data are kept; None when there are none.
        is_erased: they are erased now, on request; a private link died with them.
    """
    subject = Text("U hebt uw melding ingetrokken")
    done = Text("U hebt uw melding ingetrokken. Wij doen er niets meer mee.")
    if is_erased:
        erased = Text("U vroeg ons om uw contactgegevens te wissen. Dat hebben wij gedaan.")
        if about.is_private_link:
            last = Text("De link naar uw melding werkt niet meer. Dit is onze laatste mail over deze melding.")
            return to_submitter_without_link(about, subject, done, erased, last)
        return to_submitter(about, subject, done, erased, NO_TURN)
    kept = ""
    if contact_ends_on is not None:
        kept = Text(
            "Wij bewaren uw contactgegevens tot %(contact_ends_on)s. Daarna wissen wij ze.",
            contact_ends_on=contact_ends_on,
        )
    return to_submitter(about, subject, done, kept, NO_TURN)


@about_case(MailKind.SUBMITTER_REACTED)
def submitter_reacted(about: About, *, what: str) -> MailText:
    """The submitter did something that the handler waits for.

    Args:
        what: what came in, in Dutch words.
    """
    return to_colleague(about, "De indiener heeft gereageerd", f"De indiener heeft gereageerd. Het gaat om: {what}.")
