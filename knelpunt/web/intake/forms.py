"""The questions of a filing: one form a page, whose fields are named as a draft keeps them."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from wtforms import BooleanField, EmailField, HiddenField, MultipleFileField, StringField, TelField, TextAreaField
from wtforms.validators import Length

from knelpunt.domain.accounts import EMAIL_MAX_CHARACTERS
from knelpunt.domain.filing.rules import DRAFT_FIELDS, SHORT_LENGTH, TEXT_LENGTH, TITLE_LENGTH
from knelpunt.domain.vocabulary import KNOWN_THEMES, Theme
from knelpunt.web.shared.forms.forms import BaseForm, EnumField, IdField, TypedDayField, VersionedForm
from knelpunt.web.shared.texts import lazy_gettext

YES = "ja"
FILE_TYPES = ".pdf,.odt,.docx,.jpg,.jpeg,.png"
_LONG = [Length(max=2 * TEXT_LENGTH)]
_SHORT = [Length(max=2 * SHORT_LENGTH)]


class StepForm(BaseForm):
    """One page of questions. ``basis`` marks what the page showed, so that two people never overwrite each other."""

    basis = HiddenField()

    @classmethod
    def draft_fields(cls) -> list[str]:
        """The names of its fields that a draft keeps."""
        return [name for name in dir(cls) if name in DRAFT_FIELDS]

    @classmethod
    def basis_of(cls, data: Mapping[str, str]) -> str:
        """A mark of what a draft holds for this page."""
        held = json.dumps([data.get(name, "") for name in cls.draft_fields()])
        return hashlib.sha256(held.encode()).hexdigest()[:16]

    def fill(self, data: Mapping[str, str]) -> None:
        """Show what a draft holds."""
        for name in self.draft_fields():
            self[name].process(None, data=_shown(self[name], data.get(name, "")))
        self.basis.data = self.basis_of(data)

    def texts(self) -> dict[str, str]:
        """What was typed and chosen, as a draft keeps it."""
        return {name: _kept(self[name].data) for name in self.draft_fields()}


def _kept(value: Any) -> str:
    if value is True:
        return YES
    return "" if value in (None, False) else str(value)


def _shown(field: Any, text: str) -> Any:
    if isinstance(field, BooleanField):
        return text == YES
    if isinstance(field, EnumField):
        return Theme(text) if text in KNOWN_THEMES else None
    return text


def _title(label: str, hint: str) -> TextAreaField:
    """One sentence, with room to read all of it on a phone."""
    return TextAreaField(
        label,
        description=hint,
        filters=[_on_one_line],
        validators=[Length(max=2 * TITLE_LENGTH)],
        render_kw={"rows": 2, "maxlength": TITLE_LENGTH, "aria-required": "true"},
    )


def _on_one_line(text: str | None) -> str | None:
    return " ".join(line.strip() for line in text.splitlines()).strip() if text else text


def _text(label: str, hint: str, rows: int, *, is_required: bool = False) -> TextAreaField:
    attributes: dict[str, Any] = {"rows": rows}
    if is_required:
        attributes["aria-required"] = "true"
    return TextAreaField(label, description=hint, validators=_LONG, render_kw=attributes)


def _theme(label: str) -> EnumField:
    return EnumField(label, kind=Theme, members=KNOWN_THEMES, blank=lazy_gettext("Weet ik niet"))


def _municipality(hint: str) -> StringField:
    return StringField(
        lazy_gettext("In welke gemeente?"),
        description=hint,
        validators=_SHORT,
        render_kw={"list": "gemeenten", "autocomplete": "off", "aria-required": "true"},
    )


def _files(hint: str) -> MultipleFileField:
    return MultipleFileField(lazy_gettext("Bestanden toevoegen"), description=hint, render_kw={"accept": FILE_TYPES})


_FILES_HINT = lazy_gettext(
    "Bijvoorbeeld de brief met de afwijzing, een tekening of een foto. U kunt PDF, ODT, "
    "DOCX, JPG en PNG versturen, en meer bestanden tegelijk kiezen."
)
_REFUSED_HINT = lazy_gettext("Die staat bovenaan de brief. Wij kijken dan naar de regels van die dag.")


_POINT_HINT = lazy_gettext(
    "Plak de coördinaten uit een kaart op uw telefoon of computer, zoals 52.09083, 5.12222. "
    "Rijksdriehoek mag ook. Alleen het loket ziet het punt."
)


def _point() -> StringField:
    return StringField(
        lazy_gettext("Wilt u een punt op de kaart geven?"),
        description=_POINT_HINT,
        validators=_SHORT,
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class ResidentPlanForm(StepForm):
    title = _title(
        lazy_gettext("Uw plan in één zin"),
        lazy_gettext("Bijvoorbeeld: van een leegstaand schoolgebouw een buurthuis maken."),
    )
    goal = _text(
        lazy_gettext("Wat wilt u ermee bereiken?"),
        lazy_gettext("Bijvoorbeeld: een plek waar buren elkaar ontmoeten en samen eten."),
        4,
    )
    theme = _theme(lazy_gettext("Waar gaat het vooral over?"))


class ResidentPlaceForm(StepForm):
    municipality_id = _municipality(lazy_gettext("Typ de eerste letters en kies uw gemeente uit de lijst."))
    place = _text(
        lazy_gettext("Waar precies?"),
        lazy_gettext("Een straat, een buurt of een gebouw. Bijvoorbeeld: de oude school aan de Kerkweg."),
        2,
    )
    point = _point()


class ResidentObstacleForm(StepForm):
    description = _text(
        lazy_gettext("Vertel wat er gebeurde"),
        lazy_gettext(
            "Wie zei dat het niet mag? Waarom niet? Uw eigen woorden zijn genoeg. Bijvoorbeeld: de "
            "gemeente zegt dat het gebouw alleen voor onderwijs mag worden gebruikt."
        ),
        8,
        is_required=True,
    )
    rule_words = _text(
        lazy_gettext("Weet u om welke regel het gaat?"),
        lazy_gettext("Neem over wat er in de brief staat. Weet u het niet? Laat dit leeg, dan zoeken wij het uit."),
        2,
    )
    refused_on = TypedDayField(
        lazy_gettext("Kreeg u een afwijzing? Op welke dag?"), description=_REFUSED_HINT, validators=_SHORT
    )
    attachments = _files(_FILES_HINT)


class ResidentContactForm(StepForm):
    contact_email = EmailField(
        lazy_gettext("Uw e-mailadres"),
        description=lazy_gettext(
            "Naar dit adres sturen wij de link waarmee u uw melding volgt, en onze vragen en ons antwoord."
        ),
        validators=[Length(max=2 * EMAIL_MAX_CHARACTERS)],
        render_kw={"autocomplete": "email", "aria-required": "true", "spellcheck": "false"},
    )
    contact_name = StringField(
        lazy_gettext("Uw naam"), description=lazy_gettext("Dan weet het loket met wie het spreekt."), validators=_SHORT,
        render_kw={"autocomplete": "name"},
    )  # fmt: skip
    contact_phone = TelField(
        lazy_gettext("Uw telefoonnummer"),
        description=lazy_gettext("Alleen als wij u ook mogen bellen."),
        validators=_SHORT,
        render_kw={"autocomplete": "tel"},
    )


class DeskContactForm(ResidentContactForm):
    """Filled in by the desk for somebody who may have no e-mail address."""

    contact_email = EmailField(
        lazy_gettext("E-mailadres"),
        description=lazy_gettext("Is er geen e-mailadres? Laat dit leeg, en vul een postadres of telefoonnummer in."),
        validators=[Length(max=2 * EMAIL_MAX_CHARACTERS)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    contact_address = TextAreaField(
        lazy_gettext("Postadres"),
        description=lazy_gettext("Alleen zonder e-mailadres. Dan gaan onze berichten per brief."),
        validators=_SHORT,
        render_kw={"rows": 3, "autocomplete": "off"},
    )
    contact_phone = TelField(
        lazy_gettext("Telefoonnummer"),
        description=lazy_gettext("Zonder e-mailadres en postadres geven wij onze berichten telefonisch door."),
        validators=_SHORT,
        render_kw={"autocomplete": "off"},
    )


class ProjectForm(StepForm):
    title = _title(
        lazy_gettext("Het project in één zin"),
        lazy_gettext("Bijvoorbeeld: tijdelijke woningen op het terrein van de oude veiling."),
    )
    goal = _text(
        lazy_gettext("Wat wilt u bereiken, en voor wie?"), lazy_gettext("Noem het doel en wie ervan profiteert."), 4
    )
    theme = _theme(lazy_gettext("Waar gaat het vooral over?"))


class PlaceForm(StepForm):
    municipality_id = _municipality(lazy_gettext("Typ de eerste letters en kies de gemeente uit de lijst."))
    place = _text(lazy_gettext("Waar in de gemeente?"), lazy_gettext("Een adres, een gebied of een omschrijving."), 2)
    point = _point()


class ObstacleForm(StepForm):
    description = _text(
        lazy_gettext("Wat lukt er niet, en wie zegt dat?"),
        lazy_gettext("Bijvoorbeeld: de provincie staat geen woningen toe langs het spoor, vanwege het geluid."),
        8,
        is_required=True,
    )
    refused_on = TypedDayField(
        lazy_gettext("Is er een besluit of een afwijzing? Op welke dag?"), description=_REFUSED_HINT, validators=_SHORT
    )
    attachments = _files(_FILES_HINT)


class RuleForm(StepForm):
    rule_unknown = BooleanField(
        lazy_gettext("Ik weet niet welke regel het is"), description=lazy_gettext("Dan zoeken wij het uit.")
    )
    rule_words = _text(
        lazy_gettext("Welke regel staat in de weg, in uw eigen woorden?"),
        lazy_gettext(
            "Zoals: artikel 22.26 van het omgevingsplan. Regels van een gemeente, een provincie of "
            "een waterschap staan alleen in grote lijnen in onze lijst. Schrijf dus op welke het is."
        ),
        4,
    )


class EffortForm(StepForm):
    tried = _text(
        lazy_gettext("Wat hebt u al geprobeerd?"),
        lazy_gettext("Bijvoorbeeld: een ontheffing gevraagd, overlegd met de provincie."),
        5,
    )
    involved = _text(
        lazy_gettext("Wie zijn erbij betrokken?"),
        lazy_gettext("Noem organisaties en functies. Namen van personen zijn niet nodig."),
        3,
    )


class WishForm(StepForm):
    wanted = _text(
        lazy_gettext("Wat zou helpen?"),
        lazy_gettext("Zoals: uitleg over de ruimte in de wet, een ontheffing of een proef."),
        5,
    )


class FilingForm(VersionedForm):
    """The last page: what may be done with the filing, and the words that it is sent."""

    may_share = BooleanField(
        lazy_gettext("Het loket mag mijn melding delen met de overheid die over de regel gaat"),
        description=lazy_gettext(
            "Bijvoorbeeld met een ministerie of een provincie. Zonder dat vragen wij hun alleen iets in het algemeen."
        ),
    )
    may_publish = BooleanField(
        lazy_gettext("Het loket mag een tekst over mijn melding openbaar maken"),
        description=lazy_gettext(
            "Zo leren anderen ervan. Uw naam en adres staan er niet in. U leest de tekst eerst, en kunt bezwaar maken."
        ),
    )
    mandate = BooleanField(
        lazy_gettext("Ik mag deze melding namens mijn organisatie indienen"),
        description=lazy_gettext("U hebt daarvoor een mandaat of toestemming van wie erover gaat."),
    )
    consents_seen = BooleanField(
        lazy_gettext("Ik heb gelezen wat er met mijn melding gebeurt"),
        description=lazy_gettext(
            "Wij gebruiken uw gegevens alleen voor uw melding. U kunt uw melding altijd intrekken. U "
            "kunt uw gegevens ook laten wissen."
        ),
    )

    def texts(self) -> dict[str, str]:
        """The choices as a draft keeps them."""
        names = [name for name in self._fields if name in DRAFT_FIELDS]
        return {name: _kept(self[name].data) for name in names}

    def fill(self, data: Mapping[str, str]) -> None:
        for name in self._fields:
            if name in DRAFT_FIELDS:
                self[name].data = data.get(name) == YES


class MailLinkForm(BaseForm):
    submission_key = None  # attempts are counted in a transaction of their own

    email = EmailField(
        lazy_gettext("Uw e-mailadres"),
        validators=[Length(max=EMAIL_MAX_CHARACTERS)],
        render_kw={"autocomplete": "email", "required": True, "spellcheck": "false"},
    )


class PartnerForm(BaseForm):
    municipality = StringField(
        lazy_gettext("Welke gemeente?"),
        description=lazy_gettext("Typ de eerste letters en kies de gemeente uit de lijst."),
        validators=_SHORT,
        render_kw={"list": "gemeenten", "autocomplete": "off", "aria-required": "true"},
    )
    email = EmailField(
        lazy_gettext("Naar welk e-mailadres gaat de vraag?"),
        description=lazy_gettext(
            "Liefst van een collega daar die mag indienen. U spreekt het best eerst af dat de vraag komt."
        ),
        validators=[Length(max=2 * EMAIL_MAX_CHARACTERS)],
        render_kw={"aria-required": "true", "spellcheck": "false", "autocomplete": "off"},
    )


class AskColleagueForm(BaseForm):
    signer = IdField(lazy_gettext("Welke collega tekent mee?"), blank=lazy_gettext("Kies een collega"))


class AskByMailForm(BaseForm):
    submission_key = None  # attempts are counted in a transaction of their own

    name = StringField(lazy_gettext("Naam van wie meetekent"), validators=_SHORT)
    email = EmailField(
        lazy_gettext("E-mailadres van wie meetekent"),
        description=lazy_gettext("Daar sturen wij een link heen. Vraag die persoon eerst of dat goed is."),
        validators=[Length(max=2 * EMAIL_MAX_CHARACTERS)],
        render_kw={"aria-required": "true", "spellcheck": "false", "autocomplete": "off"},
    )
    filing_waits = BooleanField(
        lazy_gettext("Wacht met versturen tot die persoon heeft getekend"),
        description=lazy_gettext(
            "Zonder dit vinkje kunt u meteen versturen. De link gaat dan daarna naar die persoon."
        ),
    )


class SendBackForm(VersionedForm):
    reason = TextAreaField(
        lazy_gettext("Waarom tekent u niet?"),
        description=lazy_gettext("Wie de melding schreef, leest dit."),
        validators=_LONG,
        render_kw={"rows": 4},
    )


class SignatureRuleForm(BaseForm):
    is_required = BooleanField(
        lazy_gettext("Een melding van ons heeft altijd twee handtekeningen nodig"),
        description=lazy_gettext(
            "Een collega leest en tekent elke melding. Daarna verstuurt iemand anders de melding."
        ),
    )
