"""What authors, second persons and ministries fill in about the text of a quarter."""

from wtforms import RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from knelpunt.domain.figures.writing import SECTIONS
from knelpunt.domain.quarters.findings import FindingDecision
from knelpunt.domain.quarters.track import MOST_CHARACTERS, PAPER_LENGTH
from knelpunt.web.shared.forms.forms import (
    CHOOSE,
    BaseForm,
    DayField,
    HiddenIntegerField,
    IdField,
    VersionedForm,
    YesNoField,
    choices,
)

LONG = 5_000
SECTION_CHOICES = choices([("", CHOOSE), *((key.value, about.title) for key, about in SECTIONS.items())])


class SectionForm(BaseForm):
    """One section. ``basis`` is the version that the page showed; autosave brings it up to date."""

    basis = HiddenIntegerField(validators=[InputRequired("Laad deze pagina opnieuw en probeer het nog eens.")])
    source = TextAreaField(
        "Tekst",
        [Optional(), Length(max=MOST_CHARACTERS)],
        render_kw={"rows": 22, "spellcheck": "true"},
    )


class VersionForm(BaseForm):
    basis = HiddenIntegerField(validators=[InputRequired("Laad deze pagina opnieuw en probeer het nog eens.")])


class FindingForm(BaseForm):
    decision = RadioField(
        "Wat doet u met deze zin?",
        [InputRequired("Kies wat u doet.")],
        choices=choices(
            [
                (FindingDecision.TAKEN.value, "Overnemen, zoals hij hieronder staat"),
                (FindingDecision.LEFT.value, "Laten. Wij stellen hem niet meer voor"),
            ]
        ),
    )
    sentence = TextAreaField(
        "De zin",
        [Optional(), Length(max=1_000)],
        description="U mag hem herschrijven. Wat tussen dubbele haken staat, is een cijfer uit de verzegeling.",
        render_kw={"rows": 4},
    )
    section = SelectField("In welk deel?", [InputRequired("Kies een deel.")], choices=SECTION_CHOICES)


class BottleneckForm(BaseForm):
    bottleneck_id = IdField("Knelpunt van het kwartaal", [InputRequired("Kies een regelknelpunt.")])
    why = TextAreaField(
        "Waarom dit knelpunt?",
        [DataRequired("Schrijf op waarom u dit kiest."), Length(max=LONG)],
        description="Deze tekst is het begin van het deel over het knelpunt van het kwartaal.",
        render_kw={"rows": 6},
    )


class CommentAskForm(BaseForm):
    contact_id = IdField("Wie vraagt u?", [InputRequired("Kies iemand uit het adresboek.")])
    due_on = DayField(
        "Tot en met welke dag?", [InputRequired("Vul een datum in.")], description="Hooguit zes weken vooruit."
    )


class SettleForm(BaseForm):
    is_taken = YesNoField(
        "Neemt u deze reactie over?",
        [InputRequired("Kies ja of nee.")],
    )
    answer = TextAreaField(
        "Uw antwoord",
        [Optional(), Length(max=LONG)],
        description="Het ministerie leest dit bij zijn reactie. Neemt u die niet over? Schrijf dan op waarom.",
        render_kw={"rows": 5},
    )


class ApprovalForm(VersionedForm):
    decision = RadioField(
        "Wat beslist u?",
        [InputRequired("Kies wat u beslist.")],
        choices=choices(
            [("akkoord", "Akkoord. De tekst verandert daarna niet meer."), ("terug", "Teruggeven aan de auteur")]
        ),
    )
    pass_reason = TextAreaField(
        "Waarom mag dit toch openbaar?",
        [Optional(), Length(max=LONG)],
        description="Alleen nodig als hierboven iets staat dat naar een persoon kan wijzen.",
    )
    remark = TextAreaField(
        "Wat moet er anders?", [Optional(), Length(max=LONG)], description="Nodig als u de tekst teruggeeft."
    )


class RemarkForm(BaseForm):
    remark = TextAreaField("Waarom?", [DataRequired("Schrijf op waarom."), Length(max=LONG)])


class PresentForm(BaseForm):
    on_day = DayField("Op welke dag is de tekst aangeboden?", [InputRequired("Vul een datum in.")])


class NumberForm(BaseForm):
    paper = StringField(
        "Nummer van het Kamerstuk",
        [DataRequired("Vul het nummer in."), Length(max=PAPER_LENGTH)],
        description="Zoals 32 847, nr. 106.",
    )


class CommentForm(BaseForm):
    section = SelectField("Over welk deel gaat het?", [InputRequired("Kies een deel.")], choices=SECTION_CHOICES)
    body = TextAreaField(
        "Uw reactie",
        [DataRequired("Schrijf uw reactie op."), Length(max=LONG)],
        description="Wat klopt niet, of wat ontbreekt? Schrijf het liefst op hoe het wel moet.",
        render_kw={"rows": 6},
    )


class CheckForm(BaseForm):
    owner_id = IdField("Wie kijkt dit na?", [InputRequired("Kies een collega.")])
    due_on = DayField("Uiterlijk op", [InputRequired("Vul een datum in.")])


class PlanForm(VersionedForm):
    check_on = DayField("Controle begint", [InputRequired("Vul een datum in.")])
    seal_on = DayField("Verzegelen uiterlijk", [InputRequired("Vul een datum in.")])
    text_on = DayField("Tekst klaar", [InputRequired("Vul een datum in.")])
    present_on = DayField("Aanbieden aan de Kamer", [InputRequired("Vul een datum in.")])
