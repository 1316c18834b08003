"""Mails about rules that move: to whoever has a case that waits for them, and to the owner of a rule bottleneck."""

from datetime import date

from knelpunt.domain.calendar.dutch_dates import date_in_words
from knelpunt.domain.languages import DUTCH
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.services.mail.texts.letter import (
    NO_REPLY,
    WHO_WE_ARE,
    About,
    MailText,
    about_case,
    as_written,
    letter,
    to_reader,
    to_submitter,
)

_OVER_DUTCH_NEWS = "Het nieuws, zoals het in het Nederlands is geschreven:"


def _room(provision: str, since: date | None) -> tuple[str, str]:
    """Which provision gives the room, and from which day; two empty paragraphs where none does yet."""
    if not provision:
        return "", ""
    return (
        f"Deze bepaling geeft de ruimte: {provision}.",
        f"De ruimte is er vanaf {date_in_words(since)}." if since else "",
    )


@about_case(MailKind.BOTTLENECK_NEWS)
def news_to_submitter(
    about: About,
    *,
    title: str,
    stage: str,
    body: str,
    page: str,
    provision: str = "",
    since: date | None = None,
    language: str = DUTCH.code,
) -> MailText:
    """There is news about the rule that holds up the submitter's project.

    Args:
        stage: where the bottleneck is now, in words.
        page: the address of its public page.
        provision: law and article that give room by now, from the day ``since``; empty when none does yet.
        language: the code of the language in which the mail goes out.
    """
    return to_submitter(
        about,
        "Nieuws over de regel die u tegenhoudt",
        f"Uw melding hoort bij het regelknelpunt: {as_written(title)}.",
        "" if language == DUTCH.code else _OVER_DUTCH_NEWS,
        as_written(body),
        f"Waar het nu staat: {stage}.",
        *_room(provision, since),
        f"Alles over dit regelknelpunt leest u hier:\n{page}",
        "U hoeft nu niets te doen. U hoort van ons zodra er nieuws is, en ten minste elk kwartaal.",
    )


@about_case(MailKind.RULE_CHANGED)
def rule_changed(
    about: About, *, law: str, summary: str, on_day: date | None, meaning: str, solved: str = ""
) -> MailText:
    """The rule that held up the submitter's project has changed, or leaves room by now without a change of its own.

    Args:
        law: the law that changed; with ``solved`` the law and the article that give the room.
        on_day: the day from which the change works, where it is known.
        meaning: what the desk says that it means for the submitter.
        solved: title of the rule bottleneck that is in force; empty where a law itself changed.
    """
    means = f"Wat dit voor u betekent:\n{meaning}"
    if solved:
        return to_submitter(
            about,
            "Er is nieuwe ruimte voor plannen zoals het uwe",
            f"Er is nieuwe ruimte voor plannen zoals het uwe. Dit regelknelpunt is in werking: {as_written(solved)}.",
            *_room(law, on_day),
            summary,
            means,
        )
    return to_submitter(
        about,
        "De regel die u tegenhield is veranderd",
        f"De regel die uw project tegenhield, is veranderd. Het gaat om: {law}.",
        summary,
        f"De wijziging werkt vanaf {date_in_words(on_day)}." if on_day else "",
        means,
    )


def news_to_owner(*, reference: str, title: str, news_due_on: date, page: str) -> MailText:
    """Followers expect news before a day."""
    return letter(
        f"Schrijf nieuws over een regelknelpunt ({reference})",
        "Beste collega,",
        f"Over het regelknelpunt '{title}' is al een tijd niets verteld.",
        f"Schrijf uiterlijk op {date_in_words(news_due_on)} een bericht.",
        "Is er geen nieuws? Vertel dan waar het op wacht.",
        f"Het regelknelpunt:\n{page}",
        NO_REPLY,
        WHO_WE_ARE,
    )


def follow_confirm(*, title: str, url: str, days: int, language: str = DUTCH.code) -> MailText:
    """Somebody typed this address to follow a rule bottleneck; nothing more is sent until its owner confirms.

    Args:
        days: how long the link works.
        language: the code of the language in which the mail goes out.
    """
    return to_reader(
        "Bevestig dat u een regelknelpunt wilt volgen",
        f"Iemand vulde dit adres in om dit regelknelpunt te volgen:\n{as_written(title)}",
        "" if language == DUTCH.code else "De titel en het nieuws zelf zijn in het Nederlands geschreven.",
        f"Wilt u een mail als er nieuws is? Bevestig het met deze link:\n{url}",
        f"De link werkt {days} dagen. Daarna wissen wij uw adres.",
        "Hebt u dit niet gevraagd? Dan hoeft u niets te doen.",
    )


def news_to_follower(
    *,
    title: str,
    stage: str,
    body: str,
    page: str,
    until: date,
    stop_url: str,
    provision: str = "",
    since: date | None = None,
    goes_on: str = "",
    is_last: bool = False,
    language: str = DUTCH.code,
) -> MailText:
    """There is news about a rule bottleneck that somebody follows.

    Args:
        stage: where the bottleneck is now, in words.
        page: the address of its public page.
        until: the last day on which the address is kept.
        provision: law and article that give room by now, from the day ``since``; empty when none does yet.
        goes_on: title and address of the bottleneck that it went up into; empty when it did not.
        is_last: no news will come after this.
        language: the code of the language in which the mail goes out.
    """
    last_day = date_in_words(until)
    return to_reader(
        "Nieuws over een regelknelpunt dat u volgt",
        f"U volgt dit regelknelpunt:\n{as_written(title)}",
        "" if language == DUTCH.code else _OVER_DUTCH_NEWS,
        as_written(body),
        f"Waar het nu staat: {stage}.",
        *_room(provision, since),
        f"Het gaat verder bij een ander regelknelpunt. U volgt voortaan dat:\n{as_written(goes_on)}" if goes_on else "",
        f"Alles over dit regelknelpunt leest u hier:\n{page}",
        f"Dit was het laatste nieuws. Na {last_day} wissen wij uw adres."
        if is_last
        else f"U krijgt deze mails tot en met {last_day}.",
        f"Wilt u geen mail meer? Stop met volgen:\n{stop_url}",
    )
