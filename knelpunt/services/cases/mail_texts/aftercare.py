"""Mails to the submitter after a case was closed: did the project go ahead, and what comes of the answer."""

from datetime import date

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.post.letter_templates import LETTER_FORMS
from knelpunt.domain.texts import Text
from knelpunt.services.mail.texts import About, MailText, about_case, to_submitter


@about_case(MailKind.AFTERCARE)
def question(about: About, *, months: int, yes: str, busy: str, stuck: str, no: str) -> MailText:
    """The one question of aftercare.

    Args:
        months: how long ago the case was closed.
        yes: the address of the page with this answer filled in, as those of the other answers; sending it answers.
    """
    ago = (
        Text("Een jaar geleden sloten wij uw melding af.")
        if months == 12
        else Text("Wij sloten uw melding %(months)s maanden geleden af.", months=months)
    )
    how: tuple[str, ...] = (
        (Text("Wilt u het ons vertellen? Bel of schrijf ons dan."),)
        if about.is_on_paper
        else (
            Text("Klik op uw antwoord. Op de pagina die dan opent, kunt u er iets bij schrijven en bevestigt u het."),
            Text("Ja, het project gaat door:\n%(yes)s", yes=yes),
            Text("Wij zijn er nog mee bezig:\n%(busy)s", busy=busy),
            Text("Het zit nog vast:\n%(stuck)s", stuck=stuck),
            Text("Nee, het gaat niet door:\n%(no)s", no=no),
        )
    )
    return to_submitter(
        about,
        Text("Ging uw project door?"),
        ago,
        Text("Wij hebben één vraag: ging het project door?"),
        *how,
        Text("Zit het nog vast? Dan kunt u vragen of wij er weer naar kijken."),
    )


@about_case(MailKind.REOPENING_DECLINED)
def reopening_declined(about: About, *, asked_on: date, reason: str) -> MailText:
    """The project is stuck, but the desk does not open the case again.

    Args:
        asked_on: the day on which the submitter asked for it.
    """
    return to_submitter(
        about,
        LETTER_FORMS[MailKind.REOPENING_DECLINED].subject,
        Text("U vroeg op %(asked_on)s of wij uw melding opnieuw openen. Dat doen wij niet.", asked_on=asked_on),
        Text("De reden:\n%(reason)s", reason=reason),
        Text("Is er iets nieuws? Schrijf dat dan op de pagina van uw melding, of doe een nieuwe melding."),
    )
