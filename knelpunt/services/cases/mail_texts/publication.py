"""Mails to the submitter about the public text."""

from collections.abc import Sequence
from datetime import date

from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.texts import Text, below_one_another
from knelpunt.services.mail.texts import NO_TURN, About, MailText, about_case, to_submitter


@about_case(MailKind.PREVIEW)
def preview(
    about: About,
    *,
    title: str,
    question: str,
    answer: str,
    next_step: str | None,
    rules: Sequence[str],
    facts: Sequence[str],
    object_by: date,
) -> MailText:
    """The public text, before it becomes public, with all that stands beside it.

    Args:
        rules: the laws and articles, each with what it does.
        facts: the verdict, the municipality and what else is told, each in a line.
        object_by: the last day to object.
    """
    return to_submitter(
        about,
        Text("Wij willen over uw melding publiceren"),
        Text(
            "Wij willen anderen laten leren van uw melding. Daarom maakten wij een tekst voor onze "
            "website. Uw naam en uw adres staan er niet in."
        ),
        Text("De titel:\n%(title)s", title=title),
        Text("De vraag:\n%(question)s", question=question),
        Text("Ons antwoord:\n%(answer)s", answer=answer),
        *([Text("De volgende stap:\n%(next_step)s", next_step=next_step)] if next_step else []),
        *([Text("De regels die erbij staan:\n%(rules)s", rules=below_one_another(rules))] if rules else []),
        Text("Dit staat er ook bij:\n%(facts)s", facts=below_one_another(facts)),
        Text("U bent nu aan zet. Moet er iets anders? Laat dat weten tot en met %(object_by)s.", object_by=object_by),
        Text(
            "U kunt ook laten weten dat de tekst goed is. Horen wij niets, dan kunnen wij de tekst daarna publiceren."
        ),
    )


@about_case(MailKind.PREVIEW_STOPPED)
def preview_stopped(about: About) -> MailText:
    """The desk took the text back before it became public: there is nothing to object to any more."""
    return to_submitter(
        about,
        Text("De tekst voor onze website ligt niet meer bij u"),
        Text("Wij legden u een tekst voor onze website voor. Die hebben wij teruggenomen. Hij wordt zo niet openbaar."),
        Text("U hoeft nu niets te doen. Maken wij een andere tekst, dan leggen wij die eerst weer aan u voor."),
    )


@about_case(MailKind.TEXT_KEPT_BACK)
def kept_back(about: About) -> MailText:
    """The submitter wanted the text otherwise, and the desk does not make it public."""
    return to_submitter(
        about,
        Text("De tekst over uw melding wordt niet openbaar"),
        Text("U maakte bezwaar tegen de tekst voor onze website. Wij maken die tekst niet openbaar."),
        Text("U hoeft nu niets te doen. Maken wij toch een andere tekst, dan leggen wij die eerst aan u voor."),
    )


@about_case(MailKind.PUBLISHED)
def published(about: About, *, public_url: str) -> MailText:
    """The public text is public."""
    return to_submitter(
        about,
        Text("De tekst over uw melding staat op onze website"),
        Text("De tekst over uw melding is nu openbaar. Iedereen kan hem lezen:\n%(public_url)s", public_url=public_url),
        Text("U hoeft nu niets te doen. Klopt er iets niet? Laat het weten op de pagina van uw melding."),
    )


@about_case(MailKind.PUBLICATION_CORRECTED)
def publication_corrected(about: About, *, change: str, public_url: str) -> MailText:
    """The public text was changed."""
    return to_submitter(
        about,
        Text("De tekst over uw melding is gewijzigd"),
        Text("Wij hebben de openbare tekst over uw melding gewijzigd. Dit is anders:\n%(change)s", change=change),
        Text("De tekst staat hier:\n%(public_url)s", public_url=public_url),
        Text("U hoeft nu niets te doen. Klopt er iets niet? Laat het weten op de pagina van uw melding."),
    )


@about_case(MailKind.PUBLICATION_WITHDRAWN)
def publication_withdrawn(about: About, *, reason: str) -> MailText:
    """The public text was taken away."""
    return to_submitter(
        about,
        Text("De tekst over uw melding is niet meer openbaar"),
        Text("Wij hebben de openbare tekst over uw melding weggehaald. Op die plek staat nu alleen dat hij weg is."),
        Text("De reden:\n%(reason)s", reason=reason),
        NO_TURN,
    )
