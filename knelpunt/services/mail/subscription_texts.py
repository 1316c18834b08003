"""Mails about the subscriptions of an organisation, to who manages it."""

from datetime import date

from knelpunt.domain.texts import date_in_words
from knelpunt.services.mail.texts import MailText, to_user


def subscription_made(*, host: str, organisation: str, is_new: bool) -> MailText:
    """A system of the organisation gets events from now on, or events are signed with a new secret.

    Args:
        host: the server that they go to.
        is_new: it was made now, not renewed.
    """
    what = (
        f"Er is een abonnement gemaakt. Wij sturen berichten van {organisation} naar {host}."
        if is_new
        else f"Het abonnement van {organisation} op {host} heeft een nieuwe sleutel."
    )
    return to_user(
        "Nieuw abonnement" if is_new else "Nieuwe sleutel voor een abonnement",
        what,
        "In de berichten staan nummers en adressen van zaken. Er staan geen namen en geen teksten in.",
        "Klopt dit niet? Stop het abonnement dan meteen. U vindt het op de pagina Koppelingen.",
    )


def mirror_set(*, host: str, organisation: str) -> MailText:
    """The cases of the organisation go to its own case system, as for ``subscription_made``."""
    return to_user(
        "Uw zaken gaan naar uw zaaksysteem",
        f"Wij geven de zaken van {organisation} door aan {host}. Een beheerder stelde dat in.",
        "Uw systeem krijgt ook de status en het resultaat. Het krijgt de berichten en de bijlagen.",
        "Klopt dit niet? Stop het doorgeven dan meteen. U vindt het op de pagina Koppelingen.",
    )


def mirror_parked(*, host: str, organisation: str, url: str) -> MailText:
    """A case was not taken over there, as for ``subscription_off``."""
    return to_user(
        "Een zaak kwam niet in uw zaaksysteem",
        f"{host} nam een zaak van {organisation} niet over. Andere zaken gaan gewoon door.",
        "Wij proberen deze zaak niet vanzelf opnieuw. Eerst moet iemand kijken wat er mis is.",
        f"Kijk hier waarom, en stuur de zaak daarna opnieuw:\n{url}",
    )


def mirror_without_content(*, host: str, organisation: str, url: str) -> MailText:
    """Large files go there without their content, as for ``subscription_off``."""
    return to_user(
        "Grote bestanden staan niet in uw zaaksysteem",
        f"Een groot bestand bij een zaak van {organisation} mag niet in delen naar {host}. Daar staat nu alleen een "
        "document met het adres van het bestand. De zaak zelf gaat gewoon door.",
        "Geeft u Knelpunt het recht dat nog ontbreekt? Dan gaan volgende bestanden wel in delen. Wat er al staat, "
        "blijft zo.",
        f"Kijk hier welk recht dat is:\n{url}",
    )


def subscription_off(*, host: str, organisation: str, url: str) -> MailText:
    """Nothing arrives there; as for ``subscription_made``.

    Args:
        url: where it is switched on again.
    """
    return to_user(
        "Een abonnement staat uit",
        f"Bezorgen bij {host} lukt niet. Daarom staat dit abonnement van {organisation} nu uit.",
        "Wat er intussen gebeurt, bewaren wij dertig dagen. Zet u het weer aan? Dan sturen wij dat alsnog.",
        f"Kijk hier wat er misging, en zet het abonnement weer aan:\n{url}",
    )


def subscription_of_nobody(*, host: str, organisation: str, ends_on: date, url: str) -> MailText:
    """Nobody manages the organisation of a subscription any more; for the administrators of the site.

    Args:
        ends_on: its last day.
        url: the subscriptions of all organisations.
    """
    return to_user(
        "Een abonnement zonder beheerder stopt",
        f"De organisatie {organisation} heeft geen beheerder meer. Niemand let daar nog op de berichten naar {host}.",
        f"Wij sturen ze nog tot en met {date_in_words(ends_on)}.",
        "Moeten ze blijven komen? Maak dan iemand van daar beheerder. Dan stopt het abonnement niet.",
        f"Alle abonnementen staan hier:\n{url}",
    )


def subscription_ended(*, host: str, organisation: str, is_of_nobody: bool = False) -> MailText:
    """It stopped with the connection or the organisation that it belonged to, or as nobody managed that organisation;
    as for ``subscription_made``."""
    why = (
        "De organisatie had een maand lang geen beheerder."
        if is_of_nobody
        else "De koppeling of de organisatie waar het bij hoorde, is er niet meer."
    )
    return to_user(
        "Een abonnement is gestopt",
        f"Wij sturen geen berichten van {organisation} meer naar {host}.",
        why,
        "Wilt u weer berichten krijgen? Maak dan een nieuw abonnement op de pagina Koppelingen.",
    )
