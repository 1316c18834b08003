"""The forms of the steps of a rule bottleneck: the shape of what is typed, and nothing of the rules."""

from collections.abc import Iterable

from wtforms import StringField, TextAreaField
from wtforms.fields import SelectChoice
from wtforms.validators import DataRequired, Length

from knelpunt.domain.bottlenecks import BottleneckChoice
from knelpunt.domain.vocabulary import AssessmentRole
from knelpunt.services.bottlenecks.reviews import NOTE_MAX_CHARACTERS
from knelpunt.services.bottlenecks.track import TITLE_MAX_CHARACTERS, URL_MAX_CHARACTERS
from knelpunt.web.shared.forms.forms import (
    BaseForm,
    Chosen,
    DayField,
    EnumField,
    EnumRadioField,
    IdField,
    VersionedForm,
    choices,
)

LONG_TEXT = 10_000
SHORT_TEXT = 300
NOT_EMPTY = "Deze tekst mag niet leeg zijn."


def _most(number: int) -> Length:
    return Length(max=number, message=f"Maak de tekst korter: ten hoogste {number} tekens.")


def _news() -> TextAreaField:
    return TextAreaField(
        "Nieuws voor iedereen",
        [DataRequired("Schrijf het nieuws op, in gewone woorden."), _most(LONG_TEXT)],
        description="Dit komt op de openbare pagina, en in de mail aan wie dit volgt.",
        render_kw={"rows": 5},
    )


def _waiting() -> StringField:
    return StringField(
        "Waar wacht het nu op?",
        [_most(SHORT_TEXT)],
        description="Bijvoorbeeld: de eerste tekst van het ministerie.",
    )


def _source(label: str = "Link naar het officiële stuk", description: str = "", required: str = "") -> StringField:
    needed = [DataRequired(required)] if required else []
    validators = [*needed, _most(URL_MAX_CHARACTERS)]
    return StringField(label, validators, description=description, render_kw={"inputmode": "url"})


class SignalForm(BaseForm):
    title = StringField(
        "Titel",
        [DataRequired("Geef het regelknelpunt een titel."), _most(TITLE_MAX_CHARACTERS)],
        description="Noem de regel en wat er knelt. Iedereen leest dit.",
    )
    problem = TextAreaField(
        "Wat knelt er?",
        [DataRequired("Schrijf op wat er knelt."), _most(LONG_TEXT)],
        description="Schrijf over de regel, niet over een persoon of een plek. Iedereen leest dit.",
        render_kw={"rows": 6},
    )
    provision_id = IdField("Bepaling", [Chosen("Kies een bepaling.")])
    role = EnumField("Wat doet deze bepaling?", kind=AssessmentRole, blank=None, default=AssessmentRole.BLOCKS)
    second_provision_id = IdField("Tweede bepaling", blank="Geen tweede bepaling")
    second_role = EnumField(
        "Wat doet de tweede bepaling?", kind=AssessmentRole, blank=None, default=AssessmentRole.BLOCKS
    )
    body = _news()
    why = StringField(
        "Waarom hoort deze zaak bij dit regelknelpunt?",
        [_most(SHORT_TEXT)],
        description="Nodig als geen bepaling hierboven van een wet is die bij de zaak staat. Wie erover beslist, leest "
        "dit. Het is niet openbaar.",
    )


class OwnerForm(VersionedForm):
    ministry_id = IdField("Ministerie dat over de regel gaat", [Chosen("Kies een ministerie.")])
    owner_id = IdField("Eigenaar van dit regelknelpunt", [Chosen("Kies een eigenaar.")])


class AnalyseForm(OwnerForm):
    body = _news()
    waiting_for = _waiting()


class ChooseForm(VersionedForm):
    choice = EnumRadioField("Wat gaat er gebeuren?", [Chosen("Kies wat er gaat gebeuren.")], kind=BottleneckChoice)
    reason = TextAreaField(
        "Waarom?",
        [DataRequired("Schrijf op waarom dit is gekozen."), _most(LONG_TEXT)],
        description="Dit komt op de openbare pagina.",
        render_kw={"rows": 5},
    )
    body = _news()
    waiting_for = _waiting()


class NewsForm(VersionedForm):
    body = _news()
    source_url = _source()
    waiting_for = _waiting()


class ParliamentForm(VersionedForm):
    body = _news()
    source_url = _source(required="Vul de link naar het officiële stuk in.")
    waiting_for = _waiting()


class ConsultForm(VersionedForm):
    source_url = _source(
        "Link naar de consultatie",
        "Meestal op internetconsultatie.nl.",
        required="Vul de link naar de consultatie in.",
    )
    until = DayField("Laatste dag om te reageren", [Chosen("Vul de laatste dag om te reageren in.")])
    body = _news()
    waiting_for = _waiting()


class GroupedIdField(IdField):
    """A row from a list that has headings."""

    def offer_groups(self, groups: Iterable[tuple[str, Iterable[tuple[int, str]]]]) -> None:
        """Fill the list with (heading, rows of id and words) in the order given, after an empty first choice."""
        rows = [SelectChoice(id_, words, optgroup=heading) for heading, group in groups for id_, words in group]
        self.choices = [*choices([("", self.blank)]), *rows]


class ForceForm(VersionedForm):
    provision_id = GroupedIdField(
        "Bepaling die nu de ruimte geeft",
        [Chosen("Kies een bepaling.")],
        description="Staat de bepaling niet in de lijst? Laat haar eerst in de wettencatalogus zetten.",
    )
    in_force_on = DayField("Dag van inwerkingtreding", [Chosen("Vul de dag in.")])
    body = _news()
    source_url = _source()


class ErratumForm(VersionedForm):
    body = TextAreaField(
        "Wat klopte er niet?",
        [DataRequired("Schrijf op wat er niet klopte."), _most(LONG_TEXT)],
        description="Dit komt op de openbare pagina, en in de mail aan wie las dat het in werking is.",
        render_kw={"rows": 5},
    )
    waiting_for = _waiting()


class CorrectionForm(VersionedForm):
    """The texts that stand there, of which the page keeps those that can be corrected, and what is different now."""

    title = StringField("Titel", [DataRequired("Geef het regelknelpunt een titel."), _most(TITLE_MAX_CHARACTERS)])
    problem = TextAreaField("Wat knelt er?", [DataRequired(NOT_EMPTY), _most(LONG_TEXT)], render_kw={"rows": 6})
    reason = TextAreaField("Waarom is dit gekozen?", [DataRequired(NOT_EMPTY), _most(LONG_TEXT)], render_kw={"rows": 5})
    waiting_for = StringField("Waar wacht het nu op?", [DataRequired(NOT_EMPTY), _most(SHORT_TEXT)])
    body = TextAreaField("Het bericht", [DataRequired(NOT_EMPTY), _most(LONG_TEXT)], render_kw={"rows": 6})
    source_url = _source()
    change = TextAreaField(
        "Wat is er gewijzigd?",
        [DataRequired("Schrijf op wat er is gewijzigd. Dat komt bij de tekst te staan."), _most(SHORT_TEXT)],
        description="Dit komt op de openbare pagina. Haalt u een naam weg? Noem die naam hier dan ook niet.",
        render_kw={"rows": 2},
    )


class ReviewForm(BaseForm):
    """What happens to a step that waits."""

    note = TextAreaField(
        "Wat moet anders?",
        [_most(NOTE_MAX_CHARACTERS)],
        description="Nodig als u de stap teruggeeft. Wie de stap vroeg, leest dit.",
        render_kw={"rows": 3},
    )
    pass_reason = TextAreaField(
        "Waarom mag dit openbaar?",
        [_most(NOTE_MAX_CHARACTERS)],
        description="Nodig als u akkoord gaat. Dit blijft intern.",
        render_kw={"rows": 3},
    )


class MergeForm(VersionedForm):
    into = StringField(
        "Nummer van het andere regelknelpunt",
        [DataRequired("Vul het nummer in.")],
        description="Bijvoorbeeld RK-2026-0003.",
    )
    body = _news()


class LinkForm(BaseForm):
    reason = StringField("Waarom hoort deze zaak hier niet?", [_most(SHORT_TEXT)])
    pass_reason = TextAreaField(
        "Waarom mag dit openbaar blijven?",
        [_most(SHORT_TEXT)],
        description="Bijvoorbeeld: de naam staat in een gepubliceerd advies. Dit blijft intern.",
        render_kw={"rows": 3},
    )
