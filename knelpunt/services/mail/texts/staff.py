"""Mails to colleagues at the desk: that something waits, never what it says."""

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.services.mail.texts.letter import About, MailText, about_case, to_colleague


@about_case(MailKind.REVIEW_GIVEN_BACK)
def review_given_back(about: About, *, step: str) -> MailText:
    """The second person gave a step back.

    Args:
        step: the step in Dutch words.
    """
    return to_colleague(
        about,
        "Een stap is teruggegeven",
        f"De toetser gaf een stap aan u terug. Het gaat om: {step}.",
        "In de zaak staat waarom. Pas de stap aan en vraag de toets opnieuw.",
    )


@about_case(MailKind.SUBMITTER_REACTED)
def submitter_reacted(about: About, *, what: str) -> MailText:
    """The submitter did something that the handler waits for.

    Args:
        what: what came in, in Dutch words.
    """
    return to_colleague(about, "De indiener heeft gereageerd", f"De indiener heeft gereageerd. Het gaat om: {what}.")


@about_case(MailKind.CONSULTATION_NEWS)
def consultation_news(about: About, *, what: str) -> MailText:
    """Something happened to a question to a ministry.

    Args:
        what: what came in, in Dutch words.
    """
    return to_colleague(
        about, "Nieuws over een vraag aan een ministerie", f"Er is nieuws over een vraag. Het gaat om: {what}."
    )


@about_case(MailKind.REFERRAL_NEWS)
def referral_news(about: About, *, what: str) -> MailText:
    """Something happened to a case that was offered to another organisation.

    Args:
        what: what came in, in Dutch words.
    """
    return to_colleague(about, "Nieuws over een overdracht", f"Er is nieuws over een overdracht. Het gaat om: {what}.")
