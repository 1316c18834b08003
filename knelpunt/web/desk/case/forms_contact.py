"""Forms about reaching the submitter."""

from collections.abc import Sequence

from wtforms import BooleanField, EmailField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from knelpunt.domain.accounts import EMAIL_MAX_CHARACTERS
from knelpunt.domain.cases.replies import NEEDS_NO_WORDS, Reaction, ReplyChannel
from knelpunt.domain.filing.rules import SHORT_LENGTH
from knelpunt.domain.vocabulary import AftercareAnswer
from knelpunt.services.submitters.on_behalf import WHO_SAID_IT
from knelpunt.services.submitters.replies import WORDS_MISSING
from knelpunt.web.shared.forms.forms import (
    BaseForm,
    Chosen,
    DayField,
    EnumRadioField,
    IdField,
    VersionedForm,
    enum_choices,
)

LONG_TEXT = 10_000


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
    sent_on = DayField(
        "Verstuurd of doorgegeven op",
        [InputRequired("Vul de dag in waarop het bericht is verstuurd of doorgegeven.")],
        description="De termijn van de indiener telt vanaf deze dag.",
    )


class ReplyForm(VersionedForm):
    channel = EnumRadioField("Hoe kwam de reactie binnen?", [Chosen("Kies hoe het binnenkwam.")], kind=ReplyChannel)
    received_on = DayField(
        "Op welke dag?",
        [InputRequired("Vul de dag in waarop de reactie bij u was.")],
        description="De dag van het gesprek, of waarop de brief bij u binnenkwam.",
    )
    said_by_id = IdField("Wie liet het weten?", [Chosen(WHO_SAID_IT)])
    reaction = EnumRadioField("Wat is de reactie?", [Chosen("Kies wat de indiener liet weten.")], kind=Reaction)
    body = TextAreaField(
        "Wat zei of schreef de indiener?",
        [Length(max=LONG_TEXT, message=f"Maak de tekst korter: ten hoogste {LONG_TEXT} tekens.")],
        description="Schrijf het op zoals de indiener het zei. De indiener leest dit.",
        render_kw={"rows": 6},
    )

    def validate_body(self, field: TextAreaField) -> None:
        """Some reactions say enough without words."""
        if not field.data and self.reaction.data not in NEEDS_NO_WORDS:
            raise ValidationError(WORDS_MISSING)

    def ask_who(self, colleagues: Sequence[tuple[int, str]] | None) -> None:
        """Offer who may answer for an organisation; a resident (None) told it in person."""
        if colleagues is None:
            del self.said_by_id
        else:
            self.said_by_id.offer(colleagues)

    def offer(self, fitting: Sequence[Reaction]) -> None:
        """Show the reactions that fit the case now; the words are marked as optional only where they may be."""
        self.reaction.choices = enum_choices(fitting)
        if Reaction.SECOND_LOOK in fitting:
            self.body.description += " Vraagt de indiener een heroverweging? Zet dan elk punt op een eigen regel."
        if Reaction.ACCEPT in fitting:
            self.body.description += " Neemt de indiener het voorstel aan? Dan mag dit leeg blijven."
        if Reaction.SHARE in fitting:
            self.body.description += " Gaat het over delen? Dan mag dit leeg blijven."
        if not NEEDS_NO_WORDS.intersection(fitting):
            self.body.flags.required = True


class AftercareForm(VersionedForm):
    channel = EnumRadioField("Hoe kwam het antwoord binnen?", [Chosen("Kies hoe het binnenkwam.")], kind=ReplyChannel)
    received_on = DayField("Op welke dag?", [InputRequired("Vul de dag in waarop het antwoord bij u was.")])
    said_by_id = IdField("Wie liet het weten?", [Chosen(WHO_SAID_IT)])
    answer = EnumRadioField("Ging het project door?", [Chosen("Kies een antwoord.")], kind=AftercareAnswer)
    words = TextAreaField(
        "Wat zei of schreef de indiener?",
        [Length(max=LONG_TEXT, message=f"Maak de tekst korter: ten hoogste {LONG_TEXT} tekens.")],
        description="De indiener leest dit.",
        render_kw={"rows": 4},
    )
    asks_reopening = BooleanField("Het zit nog vast, en de indiener vraagt om de zaak opnieuw te openen")
