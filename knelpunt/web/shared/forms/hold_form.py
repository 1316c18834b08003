"""The form to keep a case longer than its category says, on its own page and on a list of the archive."""

from wtforms import TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from knelpunt.domain.archive.retention import REASON_MAX_CHARACTERS
from knelpunt.domain.vocabulary import HoldGround
from knelpunt.web.shared.forms.forms import Chosen, DayField, EnumRadioField, VersionedForm


class HoldForm(VersionedForm):
    """Why a case stays, and until when."""

    ground = EnumRadioField("Waarom blijft deze zaak?", [Chosen("Kies waarom de zaak blijft.")], kind=HoldGround)
    reason = TextAreaField(
        "Toelichting",
        [
            DataRequired("Schrijf op waarom de zaak blijft."),
            Length(max=REASON_MAX_CHARACTERS, message="Maak de tekst korter."),
        ],
        description="Noem bijvoorbeeld het nummer van het verzoek of van de procedure. Noem geen namen.",
        render_kw={"rows": 4},
    )
    until = DayField(
        "Tot en met welke dag?",
        [InputRequired("Kies een dag.")],
        description="Daarna komt de zaak vanzelf weer op een lijst.",
    )
