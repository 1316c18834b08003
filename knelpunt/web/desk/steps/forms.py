"""The forms of the step pages: the shape of what is typed, and nothing of the rules."""

from typing import Any, ClassVar

from wtforms import BooleanField, Field, MultipleFileField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from knelpunt.adapters.uploads.sniff import ACCEPT
from knelpunt.domain.vocabulary import AssessmentRole, Result, Route, RuleLevel, Verdict
from knelpunt.services.cases.resolution import RESULTS_AT_CLOSING
from knelpunt.web.shared.forms.forms import (
    BaseForm,
    Chosen,
    DayField,
    EnumField,
    EnumRadioField,
    HiddenIntegerField,
    IdField,
    VersionedForm,
    YesNoField,
)

LONG_TEXT = 10_000
SHORT_TEXT = 300
LEAVES_TASKS = "Ik sluit af, ook al zijn er nog taken open"


def _long(most: int = LONG_TEXT) -> Length:
    return Length(max=most, message=f"Maak de tekst korter: ten hoogste {most} tekens.")


class NeededAtTimes:
    """Marks a field whose hint says when it is needed; the service asks for it then."""

    field_flags: ClassVar = {"needed_at_times": True}

    def __call__(self, form: Any, field: Field) -> None:
        """Refuses nothing itself."""


class AssignForm(VersionedForm):
    handler_id = IdField("Behandelaar", [Chosen("Kies een behandelaar.")])


class ScopeForm(VersionedForm):
    in_scope = YesNoField(
        "Hoort de melding bij dit loket?",
        [Chosen("Kies ja of nee.")],
        yes="Ja, een regel staat een plan voor de leefbaarheid in de weg",
        no="Nee, dit hoort ergens anders",
    )
    reason = TextAreaField(
        "Toelichting",
        [_long(), NeededAtTimes()],
        description="Alleen nodig bij ‘nee’. De toelichting wordt een interne notitie.",
        render_kw={"rows": 4},
    )


class TakeInForm(VersionedForm):
    handler_id = IdField("Behandelaar", [Chosen("Kies een behandelaar.")])
    in_scope = YesNoField("Hoort de melding bij dit loket?", [Chosen("Kies ja of nee.")])
    reason = TextAreaField(
        "Toelichting",
        [_long(), NeededAtTimes()],
        description="Alleen nodig bij ‘nee’. De toelichting wordt een interne notitie.",
        render_kw={"rows": 3},
    )


class SupplementForm(VersionedForm):
    question = TextAreaField(
        "Wat moet de indiener aanvullen?",
        [DataRequired("Schrijf op wat u nog nodig hebt."), _long()],
        description="De indiener leest dit precies zoals u het schrijft.",
        render_kw={"rows": 6},
    )
    why = TextAreaField(
        "Waarom hebt u dit nodig?",
        [DataRequired("Leg uit waarom u dit nodig hebt."), _long()],
        render_kw={"rows": 3},
    )
    answer_by = DayField(
        "Antwoord uiterlijk op",
        [InputRequired("Vul een datum in.")],
        description="Tot het antwoord er is, staat de termijn van het loket stil.",
    )


class VerdictForm(VersionedForm):
    verdict = EnumRadioField(
        "Wat staat er in de weg?",
        [Chosen("Kies een oordeel.")],
        kind=Verdict,
        description="Koppel eerst de bepaling waarop het oordeel rust. Bij V1 tot V4 is dat een die ruimte biedt. "
        "Bij V5 (Rijk), V6 (EU of verdrag) en V7 (gemeente, provincie of waterschap) een van dat niveau die belemmert. "
        "Bij V8 zijn dat er ten minste twee, bij V9 geen.",
    )
    plain = TextAreaField(
        "Oordeel in gewone woorden",
        [DataRequired("Schrijf het oordeel in gewone woorden."), _long()],
        description="Dit leest de indiener. Korte zinnen, en zeg wat er nu gebeurt.",
        render_kw={"rows": 5},
    )
    legal = TextAreaField(
        "Oordeel in juridische woorden",
        [DataRequired("Schrijf het oordeel in juridische woorden."), _long()],
        description="Met artikel en datum.",
        render_kw={"rows": 5},
    )
    level = EnumField("Wie maakte de regel, of gaat erover?", [Chosen("Kies wie erover gaat.")], kind=RuleLevel)
    route = EnumField("Hoe gaat het verder?", [Chosen("Kies hoe het verder gaat.")], kind=Route)
    lead_ministry_id = IdField("Ministerie dat voorop gaat", blank="Geen ministerie")
    no_provision_reason = TextAreaField(
        "Waarom er geen bepaling bij hoort",
        [_long()],
        description="Alleen nodig als er geen bepaling is gekoppeld.",
        render_kw={"rows": 3},
    )


class ProposalForm(VersionedForm):
    text = TextAreaField(
        "Voorstel aan de indiener",
        [DataRequired("Schrijf het voorstel."), _long()],
        description="De indiener leest dit precies zoals u het schrijft.",
        render_kw={"rows": 8},
    )
    legal_basis = StringField(
        "Juridische grondslag",
        [DataRequired("Noem de bepaling waar het voorstel op rust."), _long(SHORT_TEXT)],
        description="Wet en artikel.",
    )
    legal_date = DayField(
        "Wet zoals die gold op",
        [InputRequired("Vul een datum in.")],
        description="De dag naar wiens recht het voorstel is gemaakt.",
    )
    conditions = TextAreaField(
        "Voorwaarden",
        [DataRequired("Noem de voorwaarden, of schrijf dat er geen zijn."), _long()],
        render_kw={"rows": 4},
    )
    who_acts = StringField("Wie iets doet", [DataRequired("Schrijf op wie nu iets doet."), _long(SHORT_TEXT)])
    act_by = DayField("Voor wanneer", [InputRequired("Vul een datum in.")])


WHY_UNDER = "Alleen nodig als de zaak geen bepaling of wet met het regelknelpunt deelt. Eigenaar en toetser lezen dit."


class BottleneckForm(VersionedForm):
    bottleneck = SelectField(
        "Regelknelpunt", [DataRequired("Kies een regelknelpunt.")], description="U ziet alleen wat nog loopt."
    )
    why = TextAreaField("Waarom hoort de zaak hierbij?", [_long(2000), NeededAtTimes()], description=WHY_UNDER)


class LinkedClosingForm(VersionedForm):
    bottleneck = SelectField("Regelknelpunt", [DataRequired("Kies een regelknelpunt.")])
    reason = TextAreaField(
        "Reden",
        [DataRequired("Schrijf op waarom alleen een andere regel helpt."), _long()],
        description="Dit staat in het bericht aan de indiener.",
        render_kw={"rows": 5},
    )
    next_step = TextAreaField(
        "Volgende stap",
        [DataRequired("Schrijf op wat er met de regel gebeurt, en wat de indiener nu kan."), _long()],
        render_kw={"rows": 4},
    )
    leaves_tasks = BooleanField(LEAVES_TASKS)
    why = TextAreaField("Waarom hoort de zaak hierbij?", [_long(2000), NeededAtTimes()], description=WHY_UNDER)


class ReopenForm(VersionedForm):
    reason = TextAreaField(
        "Waarom gaat de zaak opnieuw open?",
        [DataRequired("Schrijf op waarom de zaak opnieuw open gaat."), _long()],
        description="Dit staat in de mail aan de indiener.",
        render_kw={"rows": 4},
    )


class ClosingForm(VersionedForm):
    result = EnumRadioField(
        "Hoe is het afgelopen?", [Chosen("Kies een resultaat.")], kind=Result, members=RESULTS_AT_CLOSING
    )
    reason = TextAreaField(
        "Reden",
        [DataRequired("Schrijf op waarom dit de uitkomst is."), _long()],
        description="Dit staat in het bericht aan de indiener.",
        render_kw={"rows": 5},
    )
    next_step = TextAreaField(
        "Volgende stap",
        [DataRequired("Schrijf op wat er nu gebeurt, en wie dat doet."), _long()],
        render_kw={"rows": 3},
    )
    leaves_tasks = BooleanField(LEAVES_TASKS)


class PublicTextForm(VersionedForm):
    title = StringField("Titel", [DataRequired("Schrijf een titel."), _long(SHORT_TEXT)])
    question = TextAreaField(
        "De vraag",
        [DataRequired("Schrijf wat er aan de hand was."), _long()],
        description="Wat wilde iemand, en welke regel leek in de weg te staan? Zonder namen en adressen.",
        render_kw={"rows": 7},
    )
    answer = TextAreaField(
        "Het antwoord",
        [DataRequired("Schrijf het antwoord."), _long()],
        description="Wat mag er, waarom, en onder welke voorwaarden?",
        render_kw={"rows": 9},
    )
    next_step = TextAreaField(
        "De volgende stap",
        [_long(), NeededAtTimes()],
        description="Wie doet nu wat? Leeg laten mag: dan komt hier de volgende stap van het afsluiten te staan.",
        render_kw={"rows": 3},
    )


class WithdrawPublicationForm(VersionedForm):
    reason = TextAreaField(
        "Waarom wordt de tekst ingetrokken?",
        [DataRequired("Schrijf op waarom de tekst wordt ingetrokken."), _long(2000)],
        description="Deze reden staat op de plaats van de tekst.",
        render_kw={"rows": 3},
    )


class ReviewTextForm(VersionedForm):
    change = TextAreaField(
        "Wat is er gewijzigd?",
        [_long(2000), NeededAtTimes()],
        description="Dit staat straks bij de openbare tekst, met de dag. Schrijf geen namen of adressen op.",
        render_kw={"rows": 3},
    )


class NoteForm(BaseForm):
    body = TextAreaField(
        "Notitie",
        [DataRequired("Schrijf een notitie."), _long()],
        description="Noem een collega met @ en de naam, zoals @jansen. Die krijgt dan bericht.",
        render_kw={"rows": 6},
    )
    mentioned_id = IdField("Een collega op deze notitie wijzen", blank="Niemand")


class MessageForm(BaseForm):
    body = TextAreaField(
        "Bericht",
        [DataRequired("Schrijf een bericht."), _long()],
        description="De indiener leest dit precies zoals u het schrijft.",
        render_kw={"rows": 8},
    )


class FilesForm(BaseForm):
    attachments = MultipleFileField(
        "Bestanden",
        [InputRequired("Kies een bestand.")],
        description="PDF, ODT, DOCX, JPG of PNG. U kunt meer bestanden tegelijk kiezen. Uit een foto halen wij waar en "
        "waarmee die is gemaakt.",
        render_kw={"accept": ACCEPT},
    )


class ReviewForm(BaseForm):
    review_id = HiddenIntegerField(validators=[InputRequired("Laad deze pagina opnieuw.")])
    remark = TextAreaField(
        "Opmerking",
        [_long()],
        description="Alleen nodig als u het teruggeeft. Wie de stap vroeg, leest dit.",
        render_kw={"rows": 4},
    )
    pass_reason = TextAreaField(
        "Waarom mag dit toch openbaar?",
        [_long(2000), NeededAtTimes()],
        description="Nodig als u akkoord gaat terwijl er iets in staat dat naar een persoon wijst. Dit blijft intern.",
        render_kw={"rows": 3},
    )


class LinkProvisionForm(VersionedForm):
    role = EnumRadioField(
        "Wat doet deze bepaling in deze zaak?", [Chosen("Kies wat deze bepaling doet.")], kind=AssessmentRole
    )
    reasoning = TextAreaField(
        "Onderbouwing",
        [DataRequired("Leg uit wat deze regel in deze zaak doet."), _long()],
        render_kw={"rows": 5},
    )


class LinkArticleForm(VersionedForm):
    law_id = IdField("Wet", [Chosen("Kies een wet.")])
    article = StringField(
        "Artikel of regel",
        [DataRequired("Noem het artikel of de regel."), _long(200)],
        description="Bijvoorbeeld een artikel dat niet in de catalogus staat, of een regel van de gemeente.",
    )
    role = EnumRadioField(
        "Wat doet deze regel in deze zaak?", [Chosen("Kies wat deze regel doet.")], kind=AssessmentRole
    )
    reasoning = TextAreaField(
        "Onderbouwing",
        [DataRequired("Leg uit wat deze regel in deze zaak doet."), _long()],
        render_kw={"rows": 5},
    )
