"""The forms of the ruimtewijzers: the text, the review, and what people do with a public one."""

from collections.abc import Mapping
from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from knelpunt.domain import guide_lines
from knelpunt.domain.catalogue_schema import Confidence, RoomType
from knelpunt.domain.guides import ClaimOutcome, GuideAudience, GuideText
from knelpunt.domain.vocabulary import KNOWN_THEMES, Theme
from knelpunt.queries.guide_rules import Catalogue, NamedRule
from knelpunt.services.guide_use import PROJECT_LENGTH, REASON_LENGTH
from knelpunt.web.shared.forms import (
    BaseForm,
    CheckboxGroupField,
    Chosen,
    DateField,
    EnumField,
    EnumRadioField,
    VersionedForm,
    enum_choices,
)

QUESTION_LENGTH = 200
TEXT_LENGTH = 5000
NOTE_LENGTH = 1000


def _text(label: str, rows: int, hint: str = "", length: int = TEXT_LENGTH, required: str = "") -> TextAreaField:
    validators: list[Any] = [Length(max=length)]
    if required:
        validators.insert(0, DataRequired(required))
    return TextAreaField(label, validators, description=hint, render_kw={"rows": rows})


class GuideForm(VersionedForm):
    """The text of one version. Lists are typed one a line; what cannot be read is said with its line."""

    question = StringField(
        "De vraag",
        [DataRequired("Schrijf de vraag op."), Length(max=QUESTION_LENGTH)],
        description="Zoals iemand die stelt. Bijvoorbeeld: mag een buurthuis bier en wijn schenken?",
    )
    short_answer = _text(
        "Het korte antwoord", 4, "Begin met ja of nee. Korte zinnen.", required="Schrijf het antwoord op."
    )
    room = _text("De ruimte", 6, "Wat laat de regel toe, en hoe gebruikt u dat?")
    conditions = _text("Voorwaarden", 5, "Eén voorwaarde per regel.")
    who_decides = _text("Wie beslist", 3)
    model_text = _text("Tekst om over te nemen", 6, "Zet tussen haken wat iemand zelf moet invullen.")
    theme = EnumField("Onderwerp", [Chosen("Kies een onderwerp.")], kind=Theme, members=KNOWN_THEMES)
    room_type = EnumField("Soort ruimte", [Chosen("Kies een soort ruimte.")], kind=RoomType)
    audiences = CheckboxGroupField(
        "Voor wie", [InputRequired("Kies voor wie dit is.")], choices=enum_choices(GuideAudience)
    )
    rules = _text(
        "De regels",
        4,
        "Eén per regel: biedt ruimte | lsw-15-a | 2026-11-24. De naam van een bepaling staat in Wet op de dag. Zonder "
        "bepaling: belemmert | alcoholwet, artikel 4 | 2026-11-24.",
    )
    examples = _text(
        "Wie het eerder deed",
        4,
        "Eén per regel: plaats | gemeente | jaar | wat er gebeurde | gelukt, deels, niet of onbekend | webadres. Zet "
        "er geen namen van mensen in.",
        length=20_000,
    )
    sources = _text("Bronnen", 4, "Eén per regel: titel | webadres | helemaal, deels of niet.", length=20_000)
    confidence = EnumField("Hoe zeker zijn wij", [Chosen("Kies hoe zeker wij zijn.")], kind=Confidence)
    confidence_note = _text("Wat niet is nagelezen", 3, length=NOTE_LENGTH)
    search_words = _text(
        "Zoekwoorden", 2, "Woorden waarmee mensen hiernaar vragen en die niet in de tekst staan.", length=NOTE_LENGTH
    )
    valid_from = DateField("Geldt vanaf", [Optional()])
    valid_to = DateField("Geldt tot en met", [Optional()])

    def show(self, text: GuideText, municipality_names: Mapping[str, str]) -> None:
        """Fill in what a version says."""
        for name in GuideText.__slots__:
            if name not in ("rules", "examples", "sources", "audiences"):
                self[name].data = getattr(text, name)
        self.audiences.data = list(text.audiences)
        self.rules.data = guide_lines.write_rules(text.rules)
        self.examples.data = guide_lines.write_examples(text.examples, municipality_names)
        self.sources.data = guide_lines.write_sources(text.sources)

    def read(self, names: Catalogue) -> GuideText | None:
        """What was typed; None when a line cannot be read, and then its field says which one."""
        rules = self._lines(
            "rules", lambda text: [names.rule(_named(each, names)) for each in guide_lines.read_rules(text)]
        )
        examples = self._lines(
            "examples", lambda text: [_placed(each, names) for each in guide_lines.read_examples(text)]
        )
        sources = self._lines("sources", guide_lines.read_sources)
        start, end = self.valid_from.data, self.valid_to.data
        if start is not None and end is not None and end < start:
            self.valid_to.errors = [*self.valid_to.errors, "Deze dag ligt voor de eerste dag."]
        if self.errors or rules is None or examples is None or sources is None:
            return None
        return GuideText(
            **{
                name: self[name].data or ""
                for name in (
                    "question",
                    "short_answer",
                    "room",
                    "conditions",
                    "who_decides",
                    "model_text",
                    "confidence_note",
                    "search_words",
                )
            },
            theme=self.theme.data,
            room_type=self.room_type.data,
            audiences=tuple(GuideAudience(each) for each in self.audiences.data),
            confidence=self.confidence.data,
            valid_from=start,
            valid_to=end,
            rules=rules,
            examples=examples,
            sources=sources,
        )

    def _lines(self, name: str, read: Any) -> list[dict[str, Any]] | None:
        try:
            found: list[dict[str, Any]] = read(self[name].data or "")
        except ValueError as error:
            self[name].errors = [*self[name].errors, str(error)]
            return None
        return found


def _named(line: guide_lines.RuleLine, names: Catalogue) -> NamedRule:
    """A line without an article names a provision, unless there is only a law of that name."""
    is_law = line.article is not None or (line.key in names.laws and line.key not in names.provisions)
    return NamedRule(
        provision=None if is_law else line.key,
        law=line.key if is_law else None,
        article=line.article or None,
        role=line.role,
        on_date=line.on_date,
    )


def _placed(example: dict[str, Any], names: Catalogue) -> dict[str, Any]:
    return {**example, "municipality": names.municipality(example["municipality"])}


class GuideReviewForm(VersionedForm):
    remark = _text(
        "Wat moet er anders?", 4, "Verplicht als u het teruggeeft. De schrijver leest dit.", length=NOTE_LENGTH
    )


class GuideReasonForm(VersionedForm):
    """A step that needs a reason which everybody can read."""

    reason = _text(
        "De reden",
        3,
        "Deze tekst staat bovenaan de openbare pagina.",
        length=NOTE_LENGTH,
        required="Schrijf de reden op.",
    )


class GuideConfirmForm(VersionedForm):
    """A step that asks nothing but whether it may be taken."""


class ButtonForm(BaseForm):
    """One button."""


class ClaimForm(BaseForm):
    project = StringField(
        "Welk project?",
        [DataRequired("Schrijf op om welk project het gaat."), Length(max=PROJECT_LENGTH)],
        description="Kort, zonder namen van mensen. Bijvoorbeeld: woningen in de oude mavo.",
    )
    starts_on = DateField("Wanneer begint u?", [InputRequired("Vul een dag in. Die mag ook in het verleden liggen.")])


class OutcomeForm(BaseForm):
    outcome = EnumRadioField("Is het gelukt?", [Chosen("Kies een antwoord.")], kind=ClaimOutcome)
    reason = TextAreaField(
        "Waarom wel of niet?",
        [Length(max=REASON_LENGTH)],
        description="Invullen als het niet of maar deels lukte. Dit leest alleen het loket.",
        render_kw={"rows": 4},
    )
