"""The form by which a case is offered to another organisation."""

from wtforms import EmailField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from knelpunt.domain.accounts import EMAIL_MAX_CHARACTERS, NAME_MAX_CHARACTERS
from knelpunt.domain.vocabulary import ConsentSource
from knelpunt.web.desk.steps.forms import SHORT_TEXT
from knelpunt.web.shared.forms.forms import Chosen, EnumRadioField, VersionedForm


class ReferForm(VersionedForm):
    organisation = StringField(
        "Welke instantie kan beter helpen?",
        [DataRequired("Noem de instantie."), Length(max=SHORT_TEXT, message="Maak de naam korter.")],
    )
    receiver_name = StringField(
        "Wie daar",
        [DataRequired("Noem wie daar de vraag krijgt."), Length(max=NAME_MAX_CHARACTERS)],
        description="Een persoon of een afdeling. Bel eerst, zodat de vraag niet uit de lucht komt vallen.",
    )
    receiver_email = EmailField(
        "E-mailadres van die instantie", [DataRequired("Vul een e-mailadres in."), Length(max=EMAIL_MAX_CHARACTERS)]
    )
    reason = TextAreaField(
        "Waarom hoort de melding daar?",
        [DataRequired("Schrijf op waarom de melding daar hoort."), Length(max=4000, message="Maak de tekst korter.")],
        description="De indiener leest dit precies zoals u het schrijft.",
        render_kw={"rows": 5},
    )
    consent = EnumRadioField(
        "Vindt de indiener het goed dat wij de melding delen?",
        [Chosen("Kies hoe de indiener dat liet weten.")],
        kind=ConsentSource,
    )
