"""Mails to colleagues about whose turn it is, and what a second person said. They never hold what the file says."""

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.services.mail.texts import About, MailText, about_case, to_colleague


@about_case(MailKind.ASSIGNED)
def assigned(about: About) -> MailText:
    """The reader handles the case from now on."""
    return to_colleague(about, "U behandelt een zaak", "Een collega wees u aan als behandelaar van deze zaak.")


@about_case(MailKind.REVIEW_ASKED)
def review_asked(about: About, *, step: str) -> MailText:
    """A step waits for the reader as a second person.

    Args:
        step: the step in Dutch words.
    """
    return to_colleague(
        about,
        "Een stap wacht op een tweede persoon",
        f"Een collega vraagt een toets. Het gaat om: {step}.",
        "Elke toetser krijgt dit bericht. Eén van u beslist.",
    )


@about_case(MailKind.REOPENED_FOR_YOU)
def reopened_for_you(about: About) -> MailText:
    """A colleague opened a case again that the reader handled, or that is with nobody now."""
    return to_colleague(
        about,
        "Een zaak is weer open",
        "Een collega opende een zaak opnieuw. U behandelt haar, of de behandelaar is er niet meer.",
        "De tijd voor een voorstel begint opnieuw.",
        "In de zaak staat waarom.",
    )


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


@about_case(MailKind.TEXT_REVIEWED)
def text_reviewed(about: About, *, is_public: bool, may_publish: bool) -> MailText:
    """The second person agreed to the public text, and what happens next.

    Args:
        is_public: it replaced the text that was public.
        may_publish: the submitter consented to a text in public.
    """
    if is_public:
        following = (
            "De wijziging staat nu op de openbare pagina, met de dag en wat er is gewijzigd. U hoeft niets te doen."
        )
    elif may_publish:
        following = "U bent aan zet: leg de tekst ter inzage bij de indiener."
    else:
        following = "De indiener wil geen openbare tekst. De tekst blijft dus intern. U hoeft niets te doen."
    return to_colleague(
        about, "De openbare tekst is getoetst", "De toetser is akkoord met de openbare tekst.", following
    )
