"""Mails about questions to a ministry: to the officials who are asked, its box, the submitter and the handler."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import Text, date_in_words, with_article
from knelpunt.services.mail.texts import (
    NO_TURN,
    About,
    MailText,
    about_case,
    to_colleague,
    to_official,
    to_submitter,
)

_NO_ACCOUNT = "U hebt geen account nodig. De link is alleen voor deze vraag en voor u."


@dataclass(frozen=True, slots=True)
class Asked:
    """The question that a mail is about. The link can be used up to and including ``link_ends_on``.

    ``reference`` is the number of the case, or of the question when the submitter did not agree to sharing.
    """

    reference: str
    ministry: str
    due_on: date
    link_ends_on: date
    url: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One line of the list of what waits at a ministry."""

    reference: str
    article: str
    asked_on: date
    due_on: date
    is_late: bool


def asked(about: Asked) -> MailText:
    """The desk asks something, or a colleague handed the question on."""
    return to_official(
        f"Een vraag van loket Knelpunt ({about.reference})",
        f"Wij hebben een vraag over een regel waar {with_article(about.ministry)} over gaat.",
        f"Antwoord uiterlijk op {date_in_words(about.due_on)}.",
        f"Lees de vraag en antwoord hier:\n{about.url}",
        f"{_NO_ACCOUNT} Hij werkt tot en met {date_in_words(about.link_ends_on)}.",
        "Hoort de vraag bij een ander, of hebt u meer tijd nodig? Dat kunt u op dezelfde pagina zeggen.",
        "U kunt de vraag daar ook doorgeven aan een collega van uw ministerie.",
    )


def reminder(about: Asked, *, is_last: bool) -> MailText:
    """No answer came yet."""
    return to_official(
        f"Herinnering: een vraag van loket Knelpunt ({about.reference})",
        f"Wij stelden {with_article(about.ministry)} een vraag over een regel. Wij hebben nog geen antwoord.",
        "De tijd is bijna voorbij." if is_last else "De helft van de tijd is voorbij.",
        f"Antwoord uiterlijk op {date_in_words(about.due_on)}.",
        f"Lees de vraag en antwoord hier:\n{about.url}",
        _NO_ACCOUNT,
    )


def more_time(about: Asked, *, is_given: bool) -> MailText:
    """What the desk decided about more time."""
    return to_official(
        f"U vroeg meer tijd voor uw antwoord ({about.reference})",
        f"U vroeg namens {with_article(about.ministry)} meer tijd voor uw antwoord.",
        "Die tijd krijgt u." if is_given else "Dat kan niet. De laatste dag blijft zoals hij was.",
        f"Antwoord uiterlijk op {date_in_words(about.due_on)}.",
        f"Lees de vraag en antwoord hier:\n{about.url}",
        _NO_ACCOUNT,
    )


def no_longer_needed(about: Asked) -> MailText:
    """The desk goes on without an answer, took its question back, or the case is over."""
    return to_official(
        f"Een antwoord is niet meer nodig ({about.reference})",
        f"Wij stelden {with_article(about.ministry)} een vraag over een regel.",
        f"De laatste dag was {date_in_words(about.due_on)}. Een antwoord is nu niet meer nodig.",
        f"Op deze pagina kunt u dus niet meer antwoorden:\n{about.url}",
        "U hoeft niets te doen.",
    )


def waiting_list(*, ministry: str, waiting: Sequence[Waiting]) -> MailText:
    """What waits at a ministry, for its own box: no names, and no links, which are for the one who was asked."""
    lines = "\n".join(
        f"- {each.reference}: {each.article}. Gevraagd op {date_in_words(each.asked_on)}, uiterlijk "
        f"{date_in_words(each.due_on)}{' (te laat)' if each.is_late else ''}."
        for each in waiting
    )
    return to_official(
        "Wat er bij uw ministerie wacht op een antwoord",
        f"Deze vragen van loket Knelpunt wachten op een antwoord van {with_article(ministry)}:",
        lines,
        "Wie de vraag kreeg, heeft een link om te antwoorden. Is die collega er niet? Laat het ons dan weten.",
    )


@about_case(MailKind.WITH_MINISTRY)
def with_ministry(about: About, *, ministry: str, asked_on: date) -> MailText:
    """A ministry is asked something; our own term goes on."""
    return to_submitter(
        about,
        Text("Wij vroegen een ministerie om een antwoord"),
        Text("Wij hebben over uw melding een vraag gesteld aan: %(ministry)s.", ministry=ministry),
        Text("Dat was op %(asked_on)s. Het ministerie ziet uw naam en uw gegevens niet.", asked_on=asked_on),
        Text("Onze eigen termijn loopt gewoon door. U hoort het als er antwoord is."),
        NO_TURN,
    )


@about_case(MailKind.MINISTRY_DONE)
def ministry_done(about: About, *, ministry: str, is_answered: bool, is_theirs: bool, is_taken_back: bool) -> MailText:
    """A ministry answered, did not, or does not decide about it; or the desk took its question back.

    Args:
        is_theirs: the ministry decides about the matter.
        is_taken_back: the desk needs no answer of this ministry any more.
    """
    if is_answered:
        subject, what = Text("Het ministerie heeft geantwoord"), Text("Wij verwerken het antwoord in ons voorstel.")
    elif is_taken_back:
        subject, what = Text("Wij trokken onze vraag in"), Text("Wij gaan verder met uw melding.")
    elif is_theirs:
        subject, what = Text("Het ministerie heeft niet geantwoord"), Text("Wij gaan verder met wat wij hebben.")
    else:
        subject, what = Text("Dit ministerie gaat er niet over"), Text("Wij zoeken uit wie er wel over gaat.")
    return to_submitter(
        about,
        subject,
        Text("Wij stelden over uw melding een vraag aan: %(ministry)s.", ministry=ministry),
        Text("%(subject)s. %(what)s", subject=subject, what=what),
        NO_TURN,
    )


@about_case(MailKind.CONSULTATION_NEWS)
def consultation_news(about: About, *, what: str) -> MailText:
    """Something happened to a question to a ministry.

    Args:
        what: what came in, in Dutch words.
    """
    return to_colleague(
        about, "Nieuws over een vraag aan een ministerie", f"Er is nieuws over een vraag. Het gaat om: {what}."
    )
