"""Forms about mail that came in, and mail that did not arrive."""

from wtforms import StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from knelpunt.domain.filing.rules import SHORT_LENGTH
from knelpunt.domain.post.incoming import Decision, Settled
from knelpunt.queries.core.cases import REFERENCE_MAX_LENGTH
from knelpunt.services.mail.failures import WHY_NOT
from knelpunt.services.post.deciding import REASON_MISSING
from knelpunt.web.shared.forms.forms import BaseForm, Chosen, EnumRadioField, VersionedForm, enum_choices

TOO_LONG = f"Gebruik niet meer dan {SHORT_LENGTH} tekens."


class DecideForm(BaseForm):
    decision = EnumRadioField("Wat is dit?", [Chosen("Kies wat er met deze mail gebeurt.")], kind=Decision)
    reference = StringField(
        "Nummer van de zaak",
        [Length(max=REFERENCE_MAX_LENGTH)],
        description="Zoals KNP-2026-00042. Alleen nodig als de mail van de indiener is.",
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )
    reason = TextAreaField(
        "Waarom is deze mail niet voor ons?",
        [Length(max=SHORT_LENGTH, message=TOO_LONG)],
        description="Alleen nodig als de mail niet voor ons is. De afzender leest dit niet.",
        render_kw={"rows": 2},
    )

    def validate_reference(self, field: StringField) -> None:
        """A case is needed to put the mail in."""
        if self.decision.data is Decision.TO_CASE and not field.data:
            raise ValidationError("Vul het nummer van de zaak in.")

    def validate_reason(self, field: TextAreaField) -> None:
        """Setting aside needs a reason."""
        if self.decision.data is Decision.ASIDE and not field.data:
            raise ValidationError(REASON_MISSING)


class SettleForm(VersionedForm):
    outcome = EnumRadioField("Hoe is de indiener bereikt?", [Chosen("Kies hoe de indiener is bereikt.")], kind=Settled)
    note = TextAreaField(
        "Wat moet een collega hiervan weten?",
        [Length(max=SHORT_LENGTH, message=TOO_LONG)],
        description="Is het bericht niet meer nodig? Schrijf dan op waarom.",
        render_kw={"rows": 3},
    )

    def offer(self, *, can_write: bool) -> None:
        """Show what a person can say; of mails tried again the site knows by itself."""
        shown = [each for each in Settled if each is not Settled.RESENT and (can_write or each is not Settled.LETTER)]
        self.outcome.choices = enum_choices(shown)

    def validate_note(self, field: TextAreaField) -> None:
        """That nothing is needed any more needs a reason."""
        if self.outcome.data is Settled.NOT_NEEDED and not field.data:
            raise ValidationError(WHY_NOT)
