"""What can be done with a ruimtewijzer now, by whom, and its text as lines of name and value."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from knelpunt.domain.guides import lines as guide_lines
from knelpunt.domain.guides import track as steps
from knelpunt.domain.guides.track import GuideStatus, GuideStep, GuideText
from knelpunt.domain.permissions import Actor
from knelpunt.domain.texts import date_in_words
from knelpunt.queries.guides.desk import DeskGuide
from knelpunt.queries.guides.review import is_author
from knelpunt.web.shared.labels.labels import label

TO_BE_PUBLISHED = "De behandelaar of het hoofd van het loket maakt deze versie openbaar."


@dataclass(frozen=True, slots=True)
class Action:
    """A step that this actor may take now: the page of it, and what its button says."""

    slug: str
    words: str


PAGES: dict[GuideStep, Action] = {
    steps.REVIEW: Action("toetsen", "Toets de tekst"),
    steps.PUBLISH: Action("publiceren", "Maak deze versie openbaar"),
    steps.CONFIRM: Action("bevestigen", "Nagekeken: de tekst klopt nog"),
    steps.SAVE: Action("tekst", "Schrijf aan de tekst"),
    steps.ASK_RECHECK: Action("hercontrole", "Vraag een hercontrole"),
    steps.EXPIRE: Action("vervallen", "Laat de ruimtewijzer vervallen"),
}
"""In the order in which they are shown: what takes a guide further comes first."""


def actions_for(guide: DeskGuide, actor: Actor) -> list[Action]:
    """The steps that fit the state and the version in hand, and that this actor may take."""
    return [page for step, page in PAGES.items() if _fits(step, guide, actor)]


def _fits(step: GuideStep, guide: DeskGuide, actor: Actor) -> bool:
    if guide.status not in step.sources or not actor.can(step.permission):
        return False
    if step.by_second_person and is_author(guide.written_by_id, actor.account_id):
        return False
    if step is steps.REVIEW:
        return guide.waits_for_review
    if step is steps.PUBLISH:
        return _can_be_published(guide)
    return True


def _can_be_published(guide: DeskGuide) -> bool:
    return guide.published_on is None and guide.reviewed_on is not None and guide.status in steps.PUBLISH.sources


def whose_turn(guide: DeskGuide) -> str:
    """What somebody reads who can do nothing with a guide now: who can."""
    if _can_be_published(guide):
        return TO_BE_PUBLISHED
    if guide.status is GuideStatus.EXPIRED:
        return "Deze ruimtewijzer is vervallen. U kunt hier niets meer doen."
    if guide.published_on is not None:
        return "Deze versie is openbaar. U hoeft hier nu niets te doen."
    return "De schrijver is nog bezig met deze tekst. Daarna toetst een tweede persoon hem."


def waits_for_second_person(guide: DeskGuide, actor: Actor) -> bool:
    """Whether the version in hand waits for a review that this actor, its author, may not give."""
    return (
        is_author(guide.written_by_id, actor.account_id)
        and guide.reviewed_on is None
        and guide.published_on is None
        and guide.status is not GuideStatus.EXPIRED
    )


def _linked(lines: Iterable[tuple[str, str]]) -> Markup:
    """Lines that each end with the address of a page, with a link there; nothing else in them is markup."""
    return Markup("\n").join(
        Markup('{}<a rel="external noopener" href="{}">{}</a>').format(line.removesuffix(url), url, url)
        for line, url in lines
    )


def lines_of(text: GuideText, municipality_names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What a version says, name by name."""
    return [
        ("De vraag", text.question),
        ("Het korte antwoord", text.short_answer),
        ("De ruimte", text.room),
        ("Voorwaarden", text.conditions),
        ("Wie beslist", text.who_decides),
        ("Tekst om over te nemen", text.model_text),
        ("Onderwerp", label(text.theme)),
        ("Soort ruimte", label(text.room_type)),
        ("De regels", guide_lines.rule_lines(text.rules)),
        (
            "Wie het eerder deed",
            _linked((guide_lines.example_lines([each], municipality_names), each["url"]) for each in text.examples),
        ),
        ("Bronnen", _linked((guide_lines.source_lines([each]), each["url"]) for each in text.sources)),
        ("Hoe zeker zijn wij", f"{label(text.confidence)}. {text.confidence_note}"),
        ("Zoekwoorden", text.search_words),
        ("Geldt vanaf", date_in_words(text.valid_from) if text.valid_from else ""),
        ("Geldt tot en met", date_in_words(text.valid_to) if text.valid_to else ""),
    ]
