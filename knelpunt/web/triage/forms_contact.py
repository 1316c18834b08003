"""Forms about reaching the submitter."""

from wtforms import EmailField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from knelpunt.domain.accounts import EMAIL_MAX_CHARACTERS
from knelpunt.domain.filing import SHORT_LENGTH
from knelpunt.web.shared.forms import BaseForm, DateField


class AddressForm(BaseForm):
    email = EmailField(
        "Het goede e-mailadres",
        validators=[InputRequired("Vul het e-mailadres in."), Length(max=EMAIL_MAX_CHARACTERS)],
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )


class RemovalForm(BaseForm):
    reason = TextAreaField(
        "Waarom moet het bestand weg?",
        [
            DataRequired("Schrijf op waarom het bestand weg moet."),
            Length(max=SHORT_LENGTH, message=f"Gebruik niet meer dan {SHORT_LENGTH} tekens."),
        ],
        description="De indiener leest dit. Bijvoorbeeld: er staan gegevens van een ander in.",
        render_kw={"rows": 3},
    )


class SentForm(BaseForm):
    sent_on = DateField(
        "Verstuurd of doorgegeven op",
        [InputRequired("Vul de dag in waarop het bericht is verstuurd of doorgegeven.")],
        description="De termijn van de indiener telt vanaf deze dag.",
    )
