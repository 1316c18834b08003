"""The forms of the ruimtewijzers: the text, the review, and what people do with a public one."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from knelpunt.domain.guides.track import ClaimOutcome, GuideAudience, GuideText
from knelpunt.domain.laws.edits import EntryKind
from knelpunt.domain.laws.schema import Confidence, RoomType
from knelpunt.domain.vocabulary import KNOWN_THEMES, AssessmentRole, Theme
from knelpunt.queries.guides.rule_names import Entry, RuleNames
from knelpunt.queries.guides.rules import Catalogue
from knelpunt.services.guides.use import PROJECT_LENGTH, REASON_LENGTH
from knelpunt.web.guides.rows import ADD, DROP, MOST_ROWS, ExampleRow, RowsField, RuleRow, SourceRow, is_place
from knelpunt.web.shared.forms.forms import (
    BaseForm,
    CheckboxGroupField,
    Chosen,
    DayField,
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
    """The text of one version. Its lists have a row of fields for each thing in them."""

    form_errors: list[str]
    question = StringField(
        "De vraag",
        [DataRequired("Schrijf de vraag op."), Length(max=QUESTION_LENGTH)],
        description="Zoals iemand die stelt. Bijvoorbeeld: mag een buurthuis bier en wijn schenken?",
    )
    short_answer = _text(
        "Het korte antwoord", 4, "Begin met ja of nee. Korte zinnen.", required="Schrijf het antwoord op."
    )
    room = _text("De ruimte", 6, "Wat laat de regel toe, en hoe gebruikt u dat?")
    conditions = _text("Voorwaarden", 5, "Zet elke voorwaarde op een nieuwe regel.")
    who_decides = _text("Wie beslist", 3)
    model_text = _text("Tekst om over te nemen", 6, "Zet tussen vierkante haken wat iemand zelf moet invullen.")
    theme = EnumField("Onderwerp", [Chosen("Kies een onderwerp.")], kind=Theme, members=KNOWN_THEMES)
    room_type = EnumField("Soort ruimte", [Chosen("Kies een soort ruimte.")], kind=RoomType)
    audiences = CheckboxGroupField(
        "Voor wie", [InputRequired("Kies voor wie dit is.")], choices=enum_choices(GuideAudience)
    )
    rules = RowsField("De regels", RuleRow)
    examples = RowsField("Wie het eerder deed", ExampleRow)
    sources = RowsField("Bronnen", SourceRow)
    confidence = EnumField("Hoe zeker zijn wij", [Chosen("Kies hoe zeker wij zijn.")], kind=Confidence)
    confidence_note = _text("Wat niet is nagelezen", 3, length=NOTE_LENGTH)
    search_words = _text(
        "Zoekwoorden", 2, "Woorden waarmee mensen hiernaar vragen en die niet in de tekst staan.", length=NOTE_LENGTH
    )
    valid_from = DayField("Geldt vanaf", [Optional()])
    valid_to = DayField("Geldt tot en met", [Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        is_right: bool = super().validate(extra_validators)
        too_many = [
            f"{field.label.text}: dit zijn er te veel. Er passen er {MOST_ROWS} in de lijst, de rest is niet gelezen."
            for field in self.row_lists
            if field.has_too_many
        ]
        self.form_errors = [*self.form_errors, *too_many]
        return is_right and not too_many

    def show(self, text: GuideText, municipality_names: Mapping[str, str], rule_names: RuleNames) -> None:
        """Fill in what a version says."""
        for name in GuideText.__slots__:
            if name not in ("rules", "examples", "sources", "audiences"):
                self[name].data = getattr(text, name)
        self.audiences.data = list(text.audiences)
        self.rules.show([_rule_row(each, rule_names) for each in text.rules])
        self.examples.show(
            [{**each, "municipality": municipality_names.get(each["municipality"] or "", "")} for each in text.examples]
        )
        self.sources.show([{**each, "how_far": each["read"]} for each in text.sources])

    def changed_rows(self, pressed: Mapping[str, str]) -> bool:
        """Whether a button was pressed that gives a list one row more or less; then it has it, and nothing is sent.

        Args:
            pressed: the values that came with the form, those of its buttons too.
        """
        if any(field.has_too_many for field in self.row_lists):
            return False  # sent as it is, to be refused: whatever came back would have lost rows
        name, _, place = pressed.get(DROP, "").rpartition("-")
        for field in self.row_lists:
            if pressed.get(ADD) == field.name:
                field.add()
                return True
            if name == field.name and is_place(place):
                field.drop(int(place))
                return True
        return False

    @property
    def row_lists(self) -> tuple[RowsField, ...]:
        return self.rules, self.examples, self.sources

    def read(self, names: Catalogue) -> GuideText | None:
        """What was typed; None when something in it cannot be, and then its field says so."""
        rules, examples, sources = (field.read(names) for field in self.row_lists)
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


def _rule_row(rule: Mapping[str, Any], rule_names: RuleNames) -> dict[str, Any]:
    """A rule of a version as its row shows it, by name; what the catalogue lost is called as it was then."""
    provision = rule.get("provision")
    entry = Entry(EntryKind.PROVISION, provision) if provision else Entry(EntryKind.LAW, rule["law"])
    return {
        "role": AssessmentRole(rule["role"]),
        "rule": rule_names.name_of(entry) or rule.get("instrument") or rule["title"],
        "article": "" if provision else rule.get("article") or "",
        "on_date": date.fromisoformat(rule["on_date"]),
    }


class GuideReviewForm(VersionedForm):
    remark = _text(
        "Wat moet er anders?", 4, "Alleen nodig als u het teruggeeft. De schrijver leest dit.", length=NOTE_LENGTH
    )
    pass_reason = _text(
        "Waarom mag dit toch openbaar?",
        3,
        "Nodig als u akkoord gaat terwijl er iets in staat dat naar een persoon wijst. Dit blijft intern.",
        length=NOTE_LENGTH,
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


class ClaimForm(BaseForm):
    project = StringField(
        "Welk project?",
        [DataRequired("Schrijf op om welk project het gaat."), Length(max=PROJECT_LENGTH)],
        description="Kort, zonder namen van mensen. Bijvoorbeeld: woningen in de oude mavo.",
    )
    starts_on = DayField("Wanneer begint u?", [InputRequired("Vul een dag in. Die mag ook in het verleden liggen.")])


class OutcomeForm(BaseForm):
    outcome = EnumRadioField("Is het gelukt?", [Chosen("Kies een antwoord.")], kind=ClaimOutcome)
    reason = TextAreaField(
        "Waarom wel of niet?",
        [Length(max=REASON_LENGTH)],
        description="Invullen als het niet of maar deels lukte. Dit leest alleen het loket.",
        render_kw={"rows": 4},
    )
