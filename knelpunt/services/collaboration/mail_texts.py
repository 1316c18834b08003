"""Mails to colleagues at the desk about notes and tasks: that something waits, never what it says."""

from collections.abc import Sequence
from datetime import date

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import date_in_words
from knelpunt.services.mail.texts import About, MailText, about_case, to_colleague, to_user


@about_case(MailKind.MENTIONED)
def mentioned(about: About) -> MailText:
    """Somebody named the reader in an internal note."""
    return to_colleague(
        about, "U bent genoemd in een notitie", "Een collega noemde u in een interne notitie. Lees haar in de zaak."
    )


@about_case(MailKind.TASK_GIVEN)
def task_given(about: About, *, due_on: date | None) -> MailText:
    """The reader has a task in a case.

    Args:
        due_on: the last day to do it; None: no day was named.
    """
    until = f"De taak moet klaar op {date_in_words(due_on)}." if due_on else "Bij de taak staat geen dag."
    return to_colleague(about, "U hebt een taak", f"Een collega gaf u een taak in deze zaak. {until}")


@about_case(MailKind.TASK_DUE)
def task_due(about: About, *, due_on: date) -> MailText:
    """The last day of a task is there."""
    return to_colleague(about, "Een taak moet klaar", f"In deze zaak moet een taak klaar op {date_in_words(due_on)}.")


def daily_digest(*, lines: Sequence[str], more: int, url: str, choose_url: str) -> MailText:
    """What somebody was told of since the last one, for who wants one mail a day.

    Args:
        lines: what happened with the number of the case, the oldest first.
        more: how many stand on the page beside those.
    """
    rest = (f"En nog {more} meer.",) if more else ()
    return to_user(
        "Uw meldingen van het loket",
        "Dit zijn uw nieuwe meldingen:",
        "\n".join(f"- {line}" for line in lines),
        *rest,
        f"Alle meldingen:\n{url}",
        f"U krijgt deze mail op werkdagen, als er iets nieuws is. Wilt u dat anders?\n{choose_url}",
    )
