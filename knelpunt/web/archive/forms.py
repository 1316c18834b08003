"""Forms of the archive: confirming a list, keeping a case, a receipt, and the wording of a category."""

from wtforms import BooleanField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Regexp
from wtforms.validators import Optional as MayBeEmpty

from knelpunt.domain.archive.retention import MAX_YEARS
from knelpunt.domain.vocabulary import Disposition
from knelpunt.web.shared.forms.forms import BaseForm, Chosen, DayField, EnumRadioField, VersionedForm, YesNoField

SHORT = 200


class LookedForm(VersionedForm):
    """Whether somebody looked at a list before agreeing."""

    looked = BooleanField(
        "Ik heb gezien welke zaken er op de lijst staan, en hoeveel.",
        [DataRequired("Kijk eerst welke zaken er op de lijst staan.")],
    )


class ReceiptForm(VersionedForm):
    reference = StringField(
        "Kenmerk van het ontvangstbewijs",
        [DataRequired("Vul het kenmerk in."), Length(max=SHORT, message="Maak het kenmerk korter.")],
    )
    on = DayField("Ontvangen op", [InputRequired("Kies een dag.")])
    package_hash = StringField(
        "Controlesom die het archief noemt",
        [
            DataRequired("Vul de controlesom in."),
            Regexp(
                r"\s*[0-9a-fA-F]{64}\s*$", message="Een controlesom heeft 64 tekens: cijfers en de letters a tot f."
            ),
        ],
        description="De SHA-256 van het bestand overzicht.txt uit het pakket.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class WordingForm(BaseForm):
    name = StringField("Naam", [DataRequired("Vul een naam in."), Length(max=SHORT, message="Maak de naam korter.")])
    holds = TextAreaField(
        "Wat eronder valt",
        [DataRequired("Schrijf op wat eronder valt."), Length(max=1000, message="Maak de tekst korter.")],
        render_kw={"rows": 3},
    )
    disposition = EnumRadioField("Wat er daarna gebeurt", [Chosen("Kies wat er gebeurt.")], kind=Disposition)
    years = IntegerField(
        "Hoeveel jaar",
        [
            InputRequired("Vul een aantal jaren in."),
            NumberRange(1, MAX_YEARS, f"Kies een getal van 1 tot en met {MAX_YEARS}."),
        ],
        description="De jaren tellen vanaf de dag waarop de zaak eindigde.",
    )
    public_text_stays = YesNoField(
        "Blijft de openbare tekst op de site staan?",
        [Chosen("Kies of de openbare tekst blijft.")],
        description="Bij nee staat er daarna alleen nog dat er een tekst was.",
    )
    source = StringField(
        "Bron",
        [DataRequired("Noem de bron."), Length(max=500, message="Maak de bron korter.")],
        description="De selectielijst, met vindplaats en nummer van de categorie.",
    )
    source_checked_on = DayField(
        "De bron is nagelezen op",
        [MayBeEmpty()],
        description="Laat dit leeg als niemand de bron heeft gelezen. Dan mag er niets weg.",
    )
    valid_from = DayField(
        "Geldt voor zaken die eindigen vanaf",
        [InputRequired("Kies een dag.")],
    )


class DecideForm(VersionedForm):
    accepted = YesNoField("Neemt u dit over?", [Chosen("Kies ja of nee.")])
    remark = TextAreaField(
        "Waarom niet",
        [Length(max=1000, message="Maak de tekst korter.")],
        description="Alleen nodig als u het niet overneemt.",
        render_kw={"rows": 3},
    )
