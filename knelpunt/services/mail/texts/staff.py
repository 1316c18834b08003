"""Mails to colleagues at the desk: that something waits, never what it says."""

from collections.abc import Sequence
from datetime import date

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import date_in_words
from knelpunt.services.mail.texts.letter import About, MailText, about_case, to_colleague, to_user


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


@about_case(MailKind.SUBMITTER_REACTED)
def submitter_reacted(about: About, *, what: str) -> MailText:
    """The submitter did something that the handler waits for.

    Args:
        what: what came in, in Dutch words.
    """
    return to_colleague(about, "De indiener heeft gereageerd", f"De indiener heeft gereageerd. Het gaat om: {what}.")


@about_case(MailKind.MENTIONED)
def mentioned(about: About) -> MailText:
    """Somebody named the reader in an internal note."""
    return to_colleague(
        about, "U bent genoemd in een notitie", "Een collega noemde u in een interne notitie. Lees haar in de zaak."
    )


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


def leave_cover(*, name: str, first_day: date, last_day: date, url: str) -> MailText:
    """Somebody stands in for a colleague who is away."""
    return to_user(
        "U neemt waar voor een collega",
        f"{name} is afwezig van {date_in_words(first_day)} tot en met {date_in_words(last_day)}. U neemt dan waar.",
        "In die dagen krijgt u de mails over de zaken van uw collega. Die zaken staan ook op uw pagina Vandaag.",
        f"De pagina Vandaag:\n{url}",
        "Kunt u niet? Zeg het uw collega of het hoofd van het loket, dan kan een ander het overnemen.",
    )


def leave_taken_back(*, name: str) -> MailText:
    """The colleague is here after all, or again."""
    return to_user(
        "U neemt niet meer waar",
        f"{name} is er weer, of gaat niet weg. U hoeft niet meer waar te nemen.",
    )


def leave_without_cover(*, name: str, first_day: date, last_day: date) -> MailText:
    """Who stood in cannot any more, by another role or a closed account."""
    return to_user(
        "Uw afwezigheid heeft geen waarnemer meer",
        f"{name} kan niet meer voor u waarnemen. Uw afwezigheid van {date_in_words(first_day)} tot en met "
        f"{date_in_words(last_day)} is daarom ingetrokken. U krijgt de mails over uw zaken weer zelf.",
        "Bent u dan toch weg? Zet het er opnieuw in met een andere waarnemer, of vraag het hoofd van het loket.",
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


@about_case(MailKind.REFERRAL_NEWS)
def referral_news(about: About, *, what: str) -> MailText:
    """Something happened to a case that was offered to another organisation.

    Args:
        what: what came in, in Dutch words.
    """
    return to_colleague(about, "Nieuws over een overdracht", f"Er is nieuws over een overdracht. Het gaat om: {what}.")


@about_case(MailKind.SECOND_LOOK_WAITS)
def second_look_waits(about: About) -> MailText:
    """To the head of desk: a submitter asked for a second look."""
    return to_colleague(
        about,
        "Een indiener vraagt een heroverweging",
        "Een indiener is het niet eens met onze uitkomst. Wijs een andere behandelaar aan.",
        "De termijn van zes weken loopt al.",
    )


@about_case(MailKind.SECOND_LOOK_GIVEN)
def second_look_given(about: About) -> MailText:
    """To the second handler."""
    return to_colleague(
        about,
        "U bekijkt een zaak opnieuw",
        "Het hoofd van het loket wees u aan als tweede behandelaar. In de zaak staat wat er volgens de indiener mist.",
        "Beantwoord elk punt, en leg de uitkomst voor aan het hoofd van het loket.",
    )
