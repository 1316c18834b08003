"""What an official fills in."""

from wtforms import EmailField, MultipleFileField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length

from knelpunt.adapters.uploads.sniff import ACCEPT
from knelpunt.domain.accounts import EMAIL_MAX_CHARACTERS
from knelpunt.domain.vocabulary import RoomAnswer
from knelpunt.web.shared.forms.forms import BaseForm, Chosen, DayField, EnumRadioField

LONG_TEXT = 10_000
_SHORTER = Length(max=LONG_TEXT, message=f"Maak de tekst korter: ten hoogste {LONG_TEXT} tekens.")


class AnswerForm(BaseForm):
    room = EnumRadioField("Geeft de regel ruimte?", [Chosen("Kies een antwoord.")], kind=RoomAnswer)
    answer = TextAreaField(
        "Uw uitleg",
        [DataRequired("Leg uit waarom."), _SHORTER],
        description="Onder welke voorwaarden, en waar staat dat? Het loket kan uw woorden aanhalen in zijn voorstel.",
        render_kw={"rows": 8},
    )
    attachments = MultipleFileField(
        "Bestanden",
        description="PDF, ODT, DOCX, JPG of PNG. Alleen het loket ziet ze.",
        render_kw={"accept": ACCEPT},
    )


class SendBackForm(BaseForm):
    answer = TextAreaField(
        "Wie kan het loket wel vragen?",
        [DataRequired("Schrijf op wie het loket kan vragen."), _SHORTER],
        description="Een ministerie, een afdeling of een collega. Weet u het niet? Schrijf dat dan op.",
        render_kw={"rows": 4},
    )


class MoreTimeForm(BaseForm):
    until = DayField("Tot welke dag?", [InputRequired("Vul een datum in.")], description="Hooguit zes weken vooruit.")
    reason = TextAreaField(
        "Waarom hebt u meer tijd nodig?",
        [DataRequired("Schrijf op waarom u meer tijd nodig hebt."), _SHORTER],
        render_kw={"rows": 4},
    )


class HandOnForm(BaseForm):
    email = EmailField(
        "E-mailadres van uw collega",
        [DataRequired("Vul een e-mailadres in."), Length(max=EMAIL_MAX_CHARACTERS)],
        description="Een adres van uw eigen ministerie. Uw collega krijgt een eigen link, en die van u stopt.",
        render_kw={"spellcheck": "false"},
    )
