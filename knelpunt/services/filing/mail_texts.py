"""Mails about filing: drafts, the receipt, signing as a second person, and filing together."""

from collections.abc import Sequence
from datetime import date

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import Text
from knelpunt.services.mail.texts import About, MailText, about_case, next_step, to_reader, to_submitter, to_user


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


@about_case(MailKind.RECEIPT)
def receipt(about: About, *, next_date: date | None, asked_along: Sequence[str] = ()) -> MailText:
    """The case came in. A person confirms the mail address by opening the follow link.

    Args:
        next_date: the last day for a first reaction by a person (K1).
        asked_along: the municipalities that were asked to file along.
    """
    together: tuple[str, ...] = ()
    if asked_along:
        names = "\n".join(asked_along)
        together = (
            Text("Wij vroegen deze gemeenten om mee te doen:\n%(names)s", names=names),
            Text("Wij wachten niet op hun antwoord. U blijft de indiener en geeft de antwoorden."),
            Text(
                "Wie meedoet, leest en volgt de zaak. De naam van die gemeente staat dan in een openbare "
                "tekst. Wie niet meedoet of niet antwoordt, ziet de zaak niet. Wat elke gemeente "
                "antwoordt, ziet u op de pagina van uw melding."
            ),
        )
    confirm = (
        Text(
            "Open de link hieronder. Daarmee bevestigt u dat dit uw e-mailadres is. Met dezelfde link "
            "volgt u uw melding."
        )
        if about.is_private_link
        else ""
    )
    return to_submitter(
        about,
        Text("Wij hebben uw melding ontvangen"),
        Text("Wij hebben uw melding ontvangen. Het nummer is %(reference)s.", reference=about.reference),
        confirm,
        next_step(next_date, Text("Een medewerker reageert")),
        *together,
        Text("Wilt u iets toevoegen, zoals uitleg of een bestand? Dat kan op de pagina van uw melding."),
        Text(
            "Let op: een termijn voor bezwaar of beroep loopt gewoon door. Uw melding verandert daar "
            "niets aan. Wilt u bezwaar maken of in beroep gaan? Doe dat op tijd. In het besluit "
            "staat waar en tot wanneer."
        ),
    )


def co_sign_asked(*, asked_by: str, title: str, url: str) -> MailText:
    """A colleague is asked to sign a draft of the own organisation."""
    return to_user(
        "Wilt u een melding mee ondertekenen?",
        f"{asked_by} vraagt u om een melding van uw organisatie mee te ondertekenen.",
        f"Het gaat om: {title}",
        f"Lees de melding en teken, of stuur haar terug met uw reden:\n{url}",
        "U ziet de melding nadat u bent ingelogd. Zonder uw handtekening wordt zij niet verstuurd.",
    )


def co_sign_asked_by_resident(*, url: str, filing_waits: bool) -> MailText:
    """Somebody beside a resident is asked to sign. Nobody confirmed the address: it holds no word of who filed.

    Args:
        filing_waits: the filing is sent only after this signature.
    """
    waits = (
        Text("De melding wordt pas verstuurd als u hebt getekend.")
        if filing_waits
        else Text("De melding is al verstuurd.")
    )
    return to_reader(
        Text("Wilt u een melding mee ondertekenen?"),
        Text("Iemand maakte een melding bij loket Knelpunt en vraagt u om mee te tekenen."),
        Text("Lees de melding en laat weten of u tekent:\n%(url)s", url=url),
        Text("%(waits)s De link is alleen voor u. Stuur hem dus niet door.", waits=waits),
        Text(
            "Kent u deze melding niet? Dan hoeft u niets te doen. Wij bewaren uw naam en e-mailadres "
            "niet langer dan die van de melder."
        ),
    )


def co_sign_answered(*, title: str, url: str, is_signed: bool, reason: str) -> MailText:
    """To who asked: it was signed, or sent back.

    Args:
        title: empty where nobody confirmed that the address is of who asked.
        reason: why it was sent back; may be empty when it was signed.
    """
    about = Text("Het gaat om: %(title)s", title=title) if title else ""
    if is_signed:
        return to_reader(
            Text("Uw melding is mee ondertekend"),
            Text("De tweede persoon heeft uw melding getekend."),
            about,
            Text("Hier gaat u verder:\n%(url)s", url=url),
            Text("Wijzigt u nog iets? Dan vervalt de handtekening. U vraagt haar dan opnieuw."),
        )
    return to_reader(
        Text("Uw melding is niet mee ondertekend"),
        Text("De tweede persoon stuurde uw melding terug."),
        about,
        Text("De reden:\n%(reason)s", reason=reason) if reason else "",
        Text("Hier gaat u verder:\n%(url)s", url=url),
    )


def joint_asked(*, lead: str, title: str, url: str) -> MailText:
    """Another municipality is asked to file along."""
    return to_user(
        "Doet uw gemeente mee met een melding?",
        f"{lead} diende een melding in bij loket Knelpunt en vraagt uw gemeente om mee te doen.",
        f"Het gaat om: {title}",
        f"Hier laat u weten of uw gemeente meedoet:\n{url}",
        "U logt daarvoor in met een account van uw gemeente dat mag indienen. Hebt u dat niet? Stuur deze mail dan "
        "door naar een collega die dat wel heeft.",
        f"Doet u mee, dan volgt u de melding. {lead} blijft de indiener en geeft de antwoorden.",
    )


@about_case(MailKind.JOINT_ANSWERED)
def joint_answered(about: About, *, organisation: str, joins: bool, stops: bool = False) -> MailText:
    """To the one that leads: another organisation joined, declined or stopped.

    Args:
        stops: it took part until now.
    """
    if joins:
        return to_submitter(
            about,
            Text("Een gemeente doet mee met uw melding"),
            Text("%(who)s doet mee met uw melding.", who=organisation),
            Text("Deze gemeente leest en volgt de zaak. U blijft de indiener en geeft de antwoorden."),
            Text("U hoeft nu niets te doen."),
        )
    return to_submitter(
        about,
        Text("Een gemeente doet niet mee met uw melding"),
        Text("%(who)s doet niet meer mee met uw melding.", who=organisation)
        if stops
        else Text("%(who)s doet niet mee met uw melding.", who=organisation),
        Text("Deze gemeente ziet de zaak niet. Uw melding loopt gewoon door."),
        Text("U hoeft nu niets te doen."),
    )


JOINT_NEWS = {
    MailKind.HANDLER_NAMED: "Het loket heeft de melding opgepakt. Wie de melding behandelt, leest u bij de zaak.",
    MailKind.QUESTION: "Het loket stelde {lead} een vraag. {lead} geeft het antwoord. U leest de vraag bij de zaak.",
    MailKind.PROPOSAL: "Het loket deed een voorstel. {lead} zegt of het helpt. U leest het voorstel bij de zaak.",
    MailKind.CLOSED: "Het loket sloot de melding af. U leest de reden en de volgende stap bij de zaak.",
    MailKind.REFERRED: "Een andere instantie nam de melding over. {lead} las welke. Het loket sluit de melding af.",
    MailKind.SECOND_LOOK_OUTCOME: "Een andere behandelaar bekeek de melding opnieuw. U leest de uitkomst bij de zaak.",
    MailKind.WITHDRAWN: "{lead} trok de melding in. Het loket doet er niets meer mee.",
}
"""What a municipality that files along hears, by the mail that the submitter gets of the same act."""


def joint_news(*, happened: MailKind, lead: str, reference: str, title: str, url: str) -> MailText:
    """To a municipality that files along: what happened, for information. The texts themselves stand in the case.

    Args:
        happened: one of ``JOINT_NEWS``.
    """
    return to_user(
        f"Nieuws over een melding waaraan u meedoet ({reference})",
        f"Uw gemeente meldt samen met {lead}. Er is nieuws over de melding.",
        JOINT_NEWS[happened].format(lead=lead),
        "U hoeft nu niets te doen.",
        f"De melding: {reference}\nTitel: {title}\nDe zaak:\n{url}",
        "U ziet de zaak nadat u bent ingelogd.",
    )
