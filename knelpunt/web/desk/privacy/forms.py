"""Forms of the desk about a request for personal data."""

from typing import Any

from wtforms import BooleanField, RadioField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.validators import Optional as MayBeEmpty

from knelpunt.domain.privacy.requests import RequestChannel, RequestKind
from knelpunt.queries.core.cases import REFERENCE_MAX_LENGTH
from knelpunt.services.privacy.requests import Details
from knelpunt.web.shared.forms.forms import BaseForm, DayField, VersionedForm, choices
from knelpunt.web.shared.privacy import CHANNEL_WORDS, KIND_WORDS

SHORT, LONG = 200, 4000
LOOKED_FOR_COPY = "Ik heb elke plek bekeken. De kopie die ik ophaalde, stuur ik naar de vrager."
SHORTER = "Maak de tekst korter."


def _line(label: str, description: str = "") -> Any:
    return StringField(
        label,
        [MayBeEmpty(), Length(max=SHORT, message=SHORTER)],
        description=description,
        render_kw={"autocomplete": "off"},
    )


class WhoForm(BaseForm):
    """Who is looked for."""

    name = _line("Naam", "Voornaam en achternaam.")
    spellings = TextAreaField(
        "Andere schrijfwijzen van de naam",
        [Length(max=SHORT * 5, message=SHORTER)],
        description="Eén per regel. Zoals: J. de Vries, of de naam van vroeger.",
        render_kw={"rows": 3},
    )
    email = _line("E-mailadres", "Daar gaat ook het antwoord heen. Zonder e-mailadres stuurt u een brief.")
    phone = _line("Telefoonnummer")
    postal_address = TextAreaField(
        "Postadres",
        [Length(max=SHORT * 2, message=SHORTER)],
        description="Straat en nummer op de eerste regel.",
        render_kw={"rows": 3},
    )

    @property
    def details(self) -> Details:
        return Details(
            self.name.data or "",
            tuple((self.spellings.data or "").splitlines()),
            self.email.data or "",
            self.phone.data or "",
            self.postal_address.data or "",
        )


class IdentityForm(WhoForm, VersionedForm):
    """How somebody made sure who asks."""

    identity_how = TextAreaField(
        "Hoe weet u dat deze persoon het zelf vraagt?",
        [DataRequired("Schrijf op hoe u dit hebt nagegaan."), Length(max=LONG, message=SHORTER)],
        description="Bijvoorbeeld: gebeld op het nummer bij de melding. Bewaar geen kopie van een paspoort.",
        render_kw={"rows": 3},
    )


class WriteDownForm(WhoForm):
    """A request that came by letter, telephone or mail."""

    kind = RadioField(
        "Wat wordt er gevraagd?",
        choices=choices([(kind.value, words) for kind, words in KIND_WORDS.items()]),
        validators=[InputRequired("Kies wat er wordt gevraagd.")],
    )
    channel = RadioField(
        "Hoe kwam het binnen?",
        choices=choices(
            [(each.value, words) for each, words in CHANNEL_WORDS.items() if each is not RequestChannel.PAGE]
        ),
        validators=[InputRequired("Kies hoe het binnenkwam.")],
    )
    received_on = DayField(
        "Ontvangen op", [InputRequired("Kies een dag.")], description="De maand van de wet telt vanaf deze dag."
    )
    reference = StringField(
        "Nummer van de zaak",
        [MayBeEmpty(), Length(max=REFERENCE_MAX_LENGTH, message=SHORTER)],
        description="Als het over een melding gaat. Zoals KNP-2026-00042.",
        render_kw={"autocomplete": "off"},
    )
    words = TextAreaField(
        "Wat vraagt deze persoon precies?", [Length(max=LONG, message=SHORTER)], render_kw={"rows": 4}
    )

    @property
    def chosen(self) -> tuple[RequestKind, RequestChannel]:
        return RequestKind(self.kind.data), RequestChannel(self.channel.data)


class ReasonForm(VersionedForm):
    reason = TextAreaField(
        "Waarom is er meer tijd nodig?",
        [DataRequired("Schrijf op waarom er meer tijd nodig is."), Length(max=LONG, message=SHORTER)],
        description="De vrager leest dit. Noem geen namen.",
        render_kw={"rows": 4},
    )


class AnswerForm(VersionedForm):
    answer = TextAreaField(
        "Uw antwoord aan de vrager",
        [DataRequired("Schrijf een antwoord."), Length(max=LONG, message=SHORTER)],
        description="In gewone woorden, zonder namen. Wat er weg is en wat blijft, komt er vanzelf onder.",
        render_kw={"rows": 6},
    )


class FinishForm(AnswerForm):
    looked = BooleanField(
        "Ik heb elke plek bekeken. Wat weg moet, komt niet meer terug.",
        [DataRequired("Bekijk eerst elke plek.")],
    )
