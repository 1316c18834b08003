"""Mails about handing a case over: to its submitter, its handler, and the organisation that is asked to take it."""

from dataclasses import dataclass
from datetime import date

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import Text, date_in_words
from knelpunt.domain.vocabulary import ReferralStatus
from knelpunt.services.mail.texts import (
    NO_REPLY,
    NO_TURN,
    WHO_WE_ARE,
    About,
    MailText,
    about_case,
    letter,
    to_colleague,
    to_submitter,
)


@dataclass(frozen=True, slots=True)
class Offer:
    """The offer that a mail to the other organisation is about."""

    reference: str
    organisation: str
    answer_by: date
    url: str


@about_case(MailKind.SHARING_ASKED)
def consent_asked(about: About, *, organisation: str, reason: str, handler: str, answer_by: date) -> MailText:
    """May the case be shared with an organisation that can help better?"""
    return to_submitter(
        about,
        Text("Mogen wij uw melding delen?"),
        Text("%(handler)s bekeek uw melding. Een andere instantie kan u beter helpen.", handler=handler),
        Text("Die instantie is: %(organisation)s", organisation=organisation),
        Text("De reden:\n%(reason)s", reason=reason),
        Text("Wij delen uw melding en uw contactgegevens alleen als u dat goedvindt."),
        Text("U bent nu aan zet. Laat uiterlijk op %(answer_by)s weten of het mag.", answer_by=answer_by),
        Text("Bel of schrijf ons.") if about.is_on_paper else Text("Dat kan op de pagina van uw melding."),
        Text("Horen wij niets van u? Dan delen wij niets en gaan wij zelf verder."),
    )


@about_case(MailKind.REFERRAL_OFFERED)
def offered(about: About, *, organisation: str, reason: str, handler: str, answer_by: date) -> MailText:
    """The case is offered to another organisation; until it says yes, the desk keeps it."""
    return to_submitter(
        about,
        Text("Een andere instantie kan u beter helpen"),
        Text("%(handler)s bekeek uw melding. Een andere instantie kan u beter helpen.", handler=handler),
        Text("Die instantie is: %(organisation)s", organisation=organisation),
        Text("De reden:\n%(reason)s", reason=reason),
        Text("Wij vroegen of zij uw melding overneemt. Zij antwoordt uiterlijk op %(answer_by)s.", answer_by=answer_by),
        Text("Tot dan blijft uw melding bij ons. Neemt zij het niet over, dan gaan wij zelf verder."),
        NO_TURN,
    )


@about_case(MailKind.REFERRED)
def handed_over(about: About, *, organisation: str, contact: str, reason: str) -> MailText:
    """Another organisation took the case over."""
    return to_submitter(
        about,
        Text("Uw melding is overgenomen"),
        Text("Uw melding is overgenomen door: %(organisation)s", organisation=organisation),
        Text("Zo bereikt u deze instantie:\n%(contact)s", contact=contact),
        Text("De reden dat zij u verder helpt:\n%(reason)s", reason=reason),
        Text("Ons loket sluit uw melding hiermee af. De pagina van uw melding blijft bestaan."),
    )


_WHY_IT_STAYS = {
    ReferralStatus.REFUSED: Text("Deze instantie neemt uw melding niet over: %(organisation)s"),
    ReferralStatus.LAPSED: Text("Deze instantie reageerde niet op tijd: %(organisation)s"),
    ReferralStatus.NOT_SHARED: Text(
        "U liet niet weten of wij uw melding mogen delen. Wij delen haar dus niet met: %(organisation)s"
    ),
    ReferralStatus.ENDED: Text("Wij houden uw melding zelf. Wij dragen haar niet over aan: %(organisation)s"),
}


@about_case(MailKind.REFERRAL_STAYS)
def stays(about: About, *, organisation: str, ended_as: ReferralStatus) -> MailText:
    """The case is not handed over.

    Args:
        ended_as: what became of the offer: the other organisation said no, said nothing or was not needed any more, or
            the submitter did not say whether the case may be shared.
    """
    return to_submitter(
        about,
        Text("Uw melding blijft bij ons"),
        Text(_WHY_IT_STAYS[ended_as].message, organisation=organisation),
        Text("Wij gaan zelf verder met uw melding. U hoort van ons zodra er nieuws is."),
        NO_TURN,
    )


def _to_receiver(subject: str, *paragraphs: str) -> MailText:
    return letter(subject, "Beste lezer,", *paragraphs, NO_REPLY, WHO_WE_ARE)


def asked(about: Offer) -> MailText:
    """Will the other organisation take the case over?"""
    return _to_receiver(
        f"Neemt u een melding over? ({about.reference})",
        f"Bij ons kwam een melding binnen waarmee {about.organisation} beter kan helpen.",
        "De indiener vindt het goed dat wij de melding met u delen.",
        f"Laat uiterlijk op {date_in_words(about.answer_by)} weten of u haar overneemt.",
        f"Lees de melding en antwoord hier:\n{about.url}",
        "U hebt geen account nodig. De link is alleen voor deze melding. Horen wij niets, dan gaan wij zelf verder.",
    )


def reminder(about: Offer) -> MailText:
    """The other organisation did not answer yet."""
    return _to_receiver(
        f"Herinnering: neemt u een melding over? ({about.reference})",
        f"Wij vroegen {about.organisation} om een melding over te nemen. Wij hebben nog geen antwoord.",
        f"Laat uiterlijk op {date_in_words(about.answer_by)} weten of u haar overneemt.",
        f"Lees de melding en antwoord hier:\n{about.url}",
        "Horen wij niets, dan gaan wij zelf verder. Uw link werkt dan niet meer.",
    )


def no_longer_offered(about: Offer) -> MailText:
    """The offer is over."""
    return _to_receiver(
        f"U hoeft een melding niet meer over te nemen ({about.reference})",
        f"Wij vroegen {about.organisation} om een melding over te nemen, uiterlijk op "
        f"{date_in_words(about.answer_by)}.",
        "Dat is niet meer nodig. U hoeft niets te doen.",
        f"De link werkt daarom niet meer:\n{about.url}",
    )


@about_case(MailKind.REFERRAL_NEWS)
def referral_news(about: About, *, what: str) -> MailText:
    """Something happened to a case that was offered to another organisation.

    Args:
        what: what came in, in Dutch words.
    """
    return to_colleague(about, "Nieuws over een overdracht", f"Er is nieuws over een overdracht. Het gaat om: {what}.")
