"""Mails about laws that changed, to whoever has a case that waited for it."""

from datetime import date

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import Text
from knelpunt.services.mail.texts import About, MailText, about_case, to_submitter


def room_given(provision: str, since: date | None) -> tuple[str, str]:
    """Which provision gives the room, and from which day; two empty paragraphs where none does yet."""
    if not provision:
        return "", ""
    return (
        Text("Deze bepaling geeft de ruimte: %(provision)s.", provision=provision),
        Text("De ruimte is er vanaf %(since)s.", since=since) if since else "",
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
    means = Text("Wat dit voor u betekent:\n%(meaning)s", meaning=meaning)
    if solved:
        return to_submitter(
            about,
            Text("Er is nieuwe ruimte voor plannen zoals het uwe"),
            Text(
                "Er is nieuwe ruimte voor plannen zoals het uwe. Dit regelknelpunt is in werking: %(solved)s.",
                solved=solved,
            ),
            *room_given(law, on_day),
            summary,
            means,
        )
    return to_submitter(
        about,
        Text("De regel die u tegenhield is veranderd"),
        Text("De regel die uw project tegenhield, is veranderd. Het gaat om: %(law)s.", law=law),
        summary,
        Text("De wijziging werkt vanaf %(on_day)s.", on_day=on_day) if on_day else "",
        means,
    )
