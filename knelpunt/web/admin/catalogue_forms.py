"""The forms of the law catalogue: a law and a provision, new or as it stands."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from wtforms import BooleanField, Field, Form, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from knelpunt.domain.laws.edits import REASON_MAX_CHARACTERS, SOURCE_MAX_CHARACTERS, EntryKind, status_on
from knelpunt.domain.laws.schema import Confidence, LawKind, RoomType
from knelpunt.web.admin.catalogue_picker import KeysField
from knelpunt.web.admin.catalogue_values import (
    BASIS_WORDS,
    FIELD_WORDS,
    date_text,
    history_lines,
    history_text,
    lines,
    number,
    number_text,
)
from knelpunt.web.admin.law_texts.wording_lines import HINT, wordings_text, wordings_typed
from knelpunt.web.shared.forms.forms import CHOOSE, BaseForm, Chosen, EnumField, YesNoField, choices

LINE_MAX = 600
TEXT_MAX = 5000
LIST_MAX = 20_000
DATE_HINT = "Schrijf 2019-07-01 of 1-7-2019. Weet u de dag niet, schrijf dan 2019-07 of 2019. Leeg: niet bekend."
KEY_HINT = "Kleine letters, cijfers, punten en streepjes, zoals {}. De sleutel kan later niet meer anders."


def _line(name: str, hint: str = "", **more: Any) -> StringField:
    return StringField(FIELD_WORDS[name], [Length(max=LINE_MAX)], description=hint, **more)


def _text(name: str, hint: str = "", rows: int = 3, length: int = TEXT_MAX) -> TextAreaField:
    return TextAreaField(FIELD_WORDS[name], [Length(max=length)], description=hint, render_kw={"rows": rows})


def _keys(name: str, entries: EntryKind, hint: str) -> KeysField:
    return KeysField(FIELD_WORDS[name], entries=entries, description=f"{hint} Haal een vinkje weg als het niet klopt.")


def _list(name: str, hint: str, rows: int = 4) -> TextAreaField:
    return _text(name, f"{hint} Eén per regel.", rows, LIST_MAX)


class EntryForm(BaseForm):
    """What laws and provisions share. ``base`` is the fingerprint of the text that the form was filled from."""

    kind_of_entry: EntryKind
    texts: tuple[str, ...] = ()
    optional_texts: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    start = end = ""
    parts: tuple[tuple[str, str], ...] = ()

    base = HiddenField()
    end_is_known = YesNoField(
        "Is het einde bekend?",
        [Chosen("Kies ja of nee.")],
        yes="Ja, de datum staat hierboven, of er is nog geen einde vastgesteld",
        no="Nee, niemand heeft opgezocht of dit nog geldt",
    )
    trigger_words = _list("trigger_words", "Woorden waarmee mensen dit zoeken, zonder juridische betekenis.", 6)
    situations = _list("situations", "Korte omschrijvingen van problemen, in de woorden van wie ze heeft.", 6)
    confidence = EnumField(FIELD_WORDS["confidence"], [Chosen("Kies hoe zeker dit is.")], kind=Confidence)
    not_verified = _list("not_verified", "Wat hierboven niet is nagelezen.", 3)
    keeps_meaning = BooleanField(
        "Dit verandert niets aan wat er geldt",
        description="Alleen andere woorden of een andere spelling. Denk aan B en W voluit. Niemand kijkt dan opnieuw "
        "naar zaken. Dagen, getallen en voorwaarden blijven zoals ze zijn. Een tweede beheerder let daarop.",
    )
    reason = TextAreaField(
        "Waarom wijzigt u dit?",
        [InputRequired("Schrijf op waarom dit wijzigt."), Length(max=REASON_MAX_CHARACTERS)],
        description="Dit leest de tweede beheerder, en wie later de geschiedenis bekijkt.",
        render_kw={"rows": 3},
    )
    source_url = StringField(
        "Bron van de wijziging",
        [InputRequired("Vul het webadres van de bron in."), Length(max=SOURCE_MAX_CHARACTERS)],
        description="Het webadres waar de wijziging staat, bijvoorbeeld het Staatsblad. Het begint met https://.",
    )

    def __iter__(self) -> Iterator[Field]:
        """In the order of the page, so that what is wrong is summed up from top to bottom."""
        places = {name: place for place, name in enumerate(" ".join(names for _, names in self.parts).split())}
        return iter(sorted(super().__iter__(), key=lambda field: places.get(field.short_name, len(places))))

    def show(self, fields: Mapping[str, Any]) -> None:
        """Fill the form from an entry as the catalogue writes it."""
        for name in (*self.texts, *self.optional_texts, *self.dates):
            if name in self:
                self[name].data = fields.get(name) or ""
        for name in self.lists:
            self[name].data = "\n".join(fields.get(name) or [])
        for name in self.keys:
            self[name].data = list(fields.get(name) or [])
        self.confidence.data = _member(Confidence, fields.get("confidence"))
        self.end_is_known.data = fields.get("status_on_reference_date") != "onbekend"

    def read(self, base: Mapping[str, Any], reference: date) -> dict[str, Any]:
        """The entry as the form has it; fields that are not in the form stay as they are in ``base``.

        Args:
            reference: the day of the catalogue, for which it says how the entry stands.
        """
        fields = dict(base)
        fields |= {name: self[name].data or "" for name in self.texts}
        fields |= {name: self[name].data or None for name in self.optional_texts if name in self}
        fields |= {name: lines(self[name].data) for name in self.lists}
        fields |= {name: list(self[name].data) for name in self.keys}
        fields |= {name: date_text(self[name].data) for name in self.dates}
        fields["confidence"] = self.confidence.data.value if self.confidence.data else None
        try:
            fields["status_on_reference_date"] = status_on(
                self.kind_of_entry,
                fields[self.start],
                fields[self.end],
                end_is_known=bool(self.end_is_known.data),
                reference=reference,
            )
        except ValueError:
            # The date itself is refused by the rules of the file, beside its own field.
            fields.setdefault("status_on_reference_date", "onbekend")
        return fields

    @property
    def may_be_empty(self) -> frozenset[str]:
        """The fields that need nothing, by name."""
        needed = {*self.texts, "trigger_words", "situations", "sources"}
        return frozenset(field.short_name for field in self if not field.flags.required) - needed

    def refuse(self, by_field: Mapping[str | None, list[str]]) -> None:
        """Put what the catalogue refuses beside the fields that it is about."""
        for name, sentences in by_field.items():
            field = self._field_of(name)
            if field is None:
                own = f"{FIELD_WORDS.get(name, name)}: " if name else ""
                _put_on_top(self, [f"{own}{sentence}" for sentence in sentences])
            else:
                field.errors = [*field.errors, *sentences]

    def _field_of(self, name: str | None) -> Field | None:
        return self[name] if name and name in self else None

    @property
    def key_fields(self) -> list[KeysField]:
        """The fields that name other entries."""
        return [self[name] for name in self.keys]

    @property
    def shown(self) -> list[tuple[str, list[Field]]]:
        """The fields of the entry itself under their headings; reason and source stand apart."""
        return [(heading, [self[name] for name in names.split() if name in self]) for heading, names in self.parts]


class LawForm(EntryForm):
    """A law that is in the catalogue."""

    kind_of_entry = EntryKind.LAW
    texts = ("citation_title", "domain")
    optional_texts = ("abbreviation", "bwb_id", "ministry_2026", "ministry_2013", "in_force_from_note", "counts_as")
    lists = ("trigger_words", "situations", "known_text_versions", "urls", "not_verified")
    keys = ("predecessor", "successor")
    dates = ("in_force_from", "in_force_to")
    start, end = dates
    parts = (
        ("Wat het is", "family id citation_title abbreviation bwb_id kind domain"),
        ("Wie erover gaat, en hoe zaken meetellen", "ministry_2026 ministry_2013 counts_as"),
        ("Wanneer", "in_force_from in_force_from_note in_force_to end_is_known predecessor successor history"),
        ("Hoe mensen het vinden", "trigger_words situations"),
        ("Bronnen", "urls known_text_versions mentioned_in_letter confidence not_verified"),
    )

    citation_title = _line("citation_title", "Zoals de wet zichzelf noemt.")
    abbreviation = _line("abbreviation")
    bwb_id = _line("bwb_id", "Zoals BWBR0037885. Leeg: niet bevestigd.")
    kind = EnumField(FIELD_WORDS["kind"], [Chosen("Kies een soort.")], kind=LawKind)
    domain = _line("domain", "Waar de wet over gaat, zoals wonen of onderwijs.", render_kw={"list": "onderwerpen"})
    ministry_2026 = _line("ministry_2026", "Wie nu over de wet gaat.", render_kw={"list": "ministeries"})
    ministry_2013 = _line(
        "ministry_2013", "Wie in 2013 over de wet ging, toen de Kamerbrief over leefbaarheid kwam. Leeg: niet bekend."
    )
    counts_as = SelectField(
        FIELD_WORDS["counts_as"],
        description="Onder welke naam zaken over deze wet in de cijfers staan. "
        "Een opvolger telt zo mee onder de naam die al bekend is.",
        choices=[],
    )
    in_force_from = _line("in_force_from", DATE_HINT)
    in_force_from_note = _text("in_force_from_note", "Wat u van het begin weet en de datum niet zegt.", 2)
    in_force_to = _line("in_force_to", f"De laatste dag. {DATE_HINT}")
    predecessor = _keys("predecessor", EntryKind.LAW, "De wetten waar deze voor in de plaats kwam.")
    successor = _keys("successor", EntryKind.LAW, "De wetten die voor deze in de plaats kwamen of komen.")
    history = _text(
        "history", "Wat er met de wet gebeurde. Eén per regel: 2013-07-01 | Verruimd (Stb. 2013, 264).", 5, LIST_MAX
    )
    urls = _list("urls", "Webadressen.")
    known_text_versions = _list(
        "known_text_versions",
        "De dagen waarop een tekst begon te gelden die is gevonden, zoals 2019-07-01. De lijst hoeft niet volledig te "
        "zijn.",
        3,
    )
    mentioned_in_letter = YesNoField(
        "Staat de wet in de Kamerbrief van 2013?", [Chosen("Kies ja of nee.")], description="Kamerstuk 32 847, nr. 106."
    )

    def offer_names(self, names: Iterable[tuple[str, str]], own: Collection[str] = ()) -> None:
        """Offer the names under which cases count, as (name, law). A law with names of its ``own`` gives no choice."""
        if own:
            del self.counts_as
        else:
            self.counts_as.choices = choices([("", "De eigen sleutel van deze wet"), *names])

    def show(self, fields: Mapping[str, Any]) -> None:
        super().show(fields)
        self.kind.data = _member(LawKind, fields.get("kind"))
        self.history.data = history_text(fields.get("history"))
        self.mentioned_in_letter.data = bool(fields.get("mentioned_in_letter"))

    def read(self, base: Mapping[str, Any], reference: date) -> dict[str, Any]:
        fields = super().read(base, reference)
        fields["kind"] = self.kind.data.value if self.kind.data else None
        fields["history"] = history_lines(self.history.data)
        fields["known_text_versions"] = [date_text(each) for each in fields["known_text_versions"]]
        fields["mentioned_in_letter"] = bool(self.mentioned_in_letter.data)
        return fields


class NewLawForm(LawForm):
    """A law that is not in the catalogue yet: it always changes what holds."""

    keeps_meaning = None

    family = SelectField(
        FIELD_WORDS["family"],
        [InputRequired("Kies een bestand.")],
        description="De wetten staan per onderwerp in bestanden. Kies waar deze het best bij past.",
        choices=[],
    )
    id = StringField(
        FIELD_WORDS["id"],
        [InputRequired("Vul een sleutel in."), Length(max=60)],
        description=KEY_HINT.format("lsw"),
    )

    def read(self, base: Mapping[str, Any], reference: date) -> dict[str, Any]:
        own = {
            "family": self.family.data,
            "id": self.id.data or "",
            "case_keys": [],
            "named_by_client": False,
        }
        return super().read({**own, **base}, reference)


class ProvisionForm(EntryForm):
    """A provision that is in the catalogue."""

    kind_of_entry = EntryKind.PROVISION
    texts = ("article", "instrument", "decided_by")
    optional_texts = ("requested_by", "procedure", "text_version_read", "carry_over", "parliament_role")
    lists = (
        "deviates_from", "conditions", "trigger_words", "situations", "sources", "not_verified",
    )  # fmt: skip
    keys = ("replaced_by",)
    dates = ("valid_from", "valid_to")
    start, end = "valid_from", "valid_to"
    parts = (
        ("Wat het is", "law id article instrument room_type"),
        (
            "Wat er kan",
            "decided_by requested_by deviates_from duration_text duration_years duration_extension conditions "
            "procedure term_text term_weeks term_extension_weeks term_tacit_approval parliament_role",
        ),
        (
            "Wanneer",
            "valid_from start_known valid_to end_is_known validity_basis text_version_read wordings "
            "replaced_by carry_over",
        ),
        ("Hoe mensen het vinden", "trigger_words situations"),
        ("Bronnen", "sources confidence not_verified"),
    )

    article = _line("article", "Alleen het nummer, zoals 15 lid 1.")
    instrument = _line("instrument", "Wat de bepaling is of doet, in een paar woorden.")
    room_type = EnumField(FIELD_WORDS["room_type"], [Chosen("Kies een soort ruimte.")], kind=RoomType)
    decided_by = _line("decided_by", "Bijvoorbeeld: B en W, de gemeenteraad of de minister.")
    requested_by = _line("requested_by")
    deviates_from = _list("deviates_from", "Regels waarvan met deze bepaling mag worden afgeweken.")
    duration_text = _line(
        "max_duration", "In woorden, zoals: ten hoogste tien jaar. Leeg: er is er geen, of die is niet opgezocht."
    )
    duration_years = StringField("Langste duur in jaren", [Length(max=8)], description="Een getal, zoals 10 of 1,5.")
    duration_extension = StringField("Verlenging", [Length(max=LINE_MAX)], description="Of het langer kan, en hoe.")
    conditions = _list("conditions", "Wat nodig is om de ruimte te gebruiken.", 5)
    procedure = _text("procedure", "Hoe iemand dit aanvraagt of vaststelt.")
    term_text = _line("decision_term", "In woorden, zoals: acht weken. Leeg: geen termijn bekend.")
    term_weeks = StringField("Beslistermijn in weken", [Length(max=8)])
    term_extension_weeks = StringField("Verlenging in weken", [Length(max=8)])
    term_tacit_approval = YesNoField("Geeft wie te laat beslist, toestemming?", [])
    valid_from = _line("valid_from", DATE_HINT)
    start_known = YesNoField(
        "Is het begin bekend?",
        [Chosen("Kies ja of nee.")],
        yes="Ja, de bepaling gold niet voor deze datum",
        no="Nee, dit is alleen de oudste gevonden tekst, of er staat geen datum",
    )
    valid_to = _line("valid_to", f"De laatste dag. {DATE_HINT}")
    validity_basis = SelectField(
        FIELD_WORDS["validity_basis"],
        [InputRequired("Kies waar de datums op steunen.")],
        choices=choices([("", CHOOSE), *BASIS_WORDS.items()]),
    )
    text_version_read = _line(
        "text_version_read",
        "Welke tekst is gelezen, met haar dag, zoals 2019-07-01. Leeg: de wettekst is niet gelezen.",
    )
    wordings = _text("wordings", HINT, 12, LIST_MAX)
    replaced_by = _keys("replaced_by", EntryKind.PROVISION, "De bepalingen die voor deze in de plaats komen.")
    carry_over = _text("carry_over", "Wat er met lopende gevallen gebeurt.")
    parliament_role = _line("parliament_role", "Bijvoorbeeld: voorhang bij beide Kamers.")
    sources = _list("sources", "Webadressen waar dit staat.")

    def show(self, fields: Mapping[str, Any]) -> None:
        super().show(fields)
        duration, term = fields.get("max_duration") or {}, fields.get("decision_term") or {}
        self.room_type.data = _member(RoomType, fields.get("room_type"))
        self.duration_text.data = duration.get("text") or ""
        self.duration_years.data = number_text(duration.get("years"))
        self.duration_extension.data = duration.get("extension") or ""
        self.term_text.data = term.get("text") or ""
        self.term_weeks.data = number_text(term.get("weeks"))
        self.term_extension_weeks.data = number_text(term.get("extension_weeks"))
        self.term_tacit_approval.data = term.get("tacit_approval")
        self.start_known.data = bool(fields.get("start_known"))
        self.validity_basis.data = fields.get("validity_basis") or "geheugen"
        self.wordings.data = wordings_text(fields.get("wordings"))

    def read(self, base: Mapping[str, Any], reference: date) -> dict[str, Any]:
        fields = super().read(base, reference)
        fields["room_type"] = self.room_type.data.value if self.room_type.data else None
        fields["start_known"] = bool(self.start_known.data)
        fields["validity_basis"] = self.validity_basis.data
        fields["wordings"] = wordings_typed(self.wordings.data)
        fields["max_duration"] = _record(
            text=self.duration_text.data or "",
            years=number(self.duration_years.data),
            extension=self.duration_extension.data or None,
        )
        fields["decision_term"] = _record(
            text=self.term_text.data or "",
            weeks=number(self.term_weeks.data),
            extension_weeks=number(self.term_extension_weeks.data),
            tacit_approval=self.term_tacit_approval.data,
        )
        return fields

    def _field_of(self, name: str | None) -> Field | None:
        record, _, part = (name or "").partition(".")
        prefix = {"max_duration": "duration", "decision_term": "term"}.get(record)
        return super()._field_of(f"{prefix}_{part or 'text'}" if prefix else name)


class NewProvisionForm(ProvisionForm):
    """A provision that is not in the catalogue yet: it always changes what holds."""

    keeps_meaning = None

    law = SelectField(FIELD_WORDS["law"], [InputRequired("Kies een wet.")], choices=[])
    id = StringField(
        FIELD_WORDS["id"],
        [InputRequired("Vul een sleutel in."), Length(max=60)],
        description=KEY_HINT.format("lsw-15-1"),
    )

    def read(self, base: Mapping[str, Any], reference: date) -> dict[str, Any]:
        own = {"law": self.law.data, "id": self.id.data or ""}
        return super().read({**own, **base}, reference)


def _put_on_top(form: Form, sentences: list[str]) -> None:
    form.form_errors = [*form.form_errors, *sentences]


def _member(kind: type[StrEnum], value: Any) -> Any:
    return kind(value) if value in set(kind) else None


def _record(**values: Any) -> dict[str, Any] | None:
    return None if all(value in (None, "") for value in values.values()) else values
