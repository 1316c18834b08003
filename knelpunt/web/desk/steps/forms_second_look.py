"""Forms of a second look, and of what the desk decides on request of a submitter."""

from collections.abc import Sequence

from wtforms import BooleanField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from knelpunt.domain.cases.second_looks import CHANGES
from knelpunt.domain.vocabulary import SecondLookOutcome
from knelpunt.web.desk.steps.forms import LONG_TEXT
from knelpunt.web.shared.forms.forms import Chosen, DayField, EnumRadioField, IdField, VersionedForm, enum_choices

_TOO_LONG = Length(max=LONG_TEXT, message=f"Maak de tekst korter: ten hoogste {LONG_TEXT} tekens.")
_WHO = "Kies wie de zaak opnieuw bekijkt."
_READ = "De indiener leest dit precies zoals u het schrijft."


class SecondHandlerForm(VersionedForm):
    handler_id = IdField("Wie bekijkt de zaak opnieuw?", [Chosen(_WHO)])


class SecondLookStartForm(VersionedForm):
    reason = TextAreaField(
        "Waarom bekijkt een ander de zaak opnieuw?",
        [DataRequired("Schrijf op waarom een ander de zaak opnieuw bekijkt."), _TOO_LONG],
        description=_READ,
        render_kw={"rows": 4},
    )
    handler_id = IdField("Wie bekijkt de zaak opnieuw?", [Chosen(_WHO)])


class KeepForm(VersionedForm):
    """An answer to each point and the reason; ``form_for`` adds those fields, the points first."""

    why = "Waarom blijft de uitkomst?"
    reason: TextAreaField


class ChangeForm(VersionedForm):
    """The same, where the outcome changes or a part of it."""

    outcome = EnumRadioField(
        "Wat verandert er?", [Chosen("Kies of de hele uitkomst verandert, of een deel.")], kind=SecondLookOutcome
    )
    why = "Waarom verandert de uitkomst, en wat gebeurt er nu?"
    reason: TextAreaField


def form_for(kind: type[KeepForm] | type[ChangeForm], points: Sequence[str]) -> KeepForm | ChangeForm:
    """The form with a field for the answer to each point, which stands in its label."""
    fields = {
        f"answer_{number}": _long_text(f"Punt {number}: {point}", "Beantwoord dit punt.")
        for number, point in enumerate(points, start=1)
    }
    fields["reason"] = _long_text(kind.why, "Schrijf op waarom dit de uitkomst is.")
    form = type(kind.__name__, (kind,), fields)()
    if isinstance(form, ChangeForm):
        form.outcome.choices = enum_choices(CHANGES)
    return form


def _long_text(label: str, missing: str) -> TextAreaField:
    return TextAreaField(label, [DataRequired(missing), _TOO_LONG], description=_READ, render_kw={"rows": 5})


class SuspensionForm(VersionedForm):
    until = DayField(
        "Tot en met welke dag staat de termijn stil?",
        [InputRequired("Vul een datum in.")],
        description="Daarna loopt de termijn vanzelf verder.",
    )
    reason = TextAreaField(
        "Waarom staat de termijn stil?",
        [DataRequired("Schrijf op waarom de termijn stilstaat."), _TOO_LONG],
        description=_READ,
        render_kw={"rows": 4},
    )
    consent = BooleanField(
        "De indiener vroeg hierom, of vindt het goed",
        [InputRequired("Dit kan alleen als de indiener erom vroeg of het goed vindt.")],
    )


class DeclineForm(VersionedForm):
    reason = TextAreaField(
        "Waarom blijft de zaak gesloten?",
        [DataRequired("Schrijf op waarom de zaak gesloten blijft."), _TOO_LONG],
        description=_READ,
        render_kw={"rows": 4},
    )
