"""Forms about the fixed texts of letters."""

from enum import StrEnum

from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.validators import Length, ValidationError

from knelpunt.domain.filing.rules import SHORT_LENGTH
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.post.letter_templates import TEXT_MAX_CHARACTERS
from knelpunt.domain.vocabulary import KNOWN_THEMES, Result, SecondLookOutcome, Verdict
from knelpunt.services.mail.templates import REMARK_MISSING
from knelpunt.web.shared.forms.forms import BaseForm, Chosen, VersionedForm, choices
from knelpunt.web.shared.labels.labels import label

_LONG = Length(max=TEXT_MAX_CHARACTERS, message=f"Maak de tekst korter: ten hoogste {TEXT_MAX_CHARACTERS} tekens.")
OUTCOMES: dict[MailKind, type[StrEnum]] = {
    MailKind.VERDICT: Verdict,
    MailKind.VERDICT_CHANGED: Verdict,
    MailKind.PROPOSAL: Verdict,
    MailKind.CLOSED: Result,
    MailKind.SECOND_LOOK_OUTCOME: SecondLookOutcome,
}
"""By what a letter may differ besides its topic; a question or a message comes before any outcome."""


class VersionForm(VersionedForm):
    theme = SelectField("Onderwerp", choices=[], validate_choice=True)
    outcome = SelectField("Uitkomst", choices=[], validate_choice=True)
    plain = TextAreaField(
        "De tekst",
        [_LONG],
        description="Een lege regel maakt een nieuwe alinea. Een alinea met een plek die leeg blijft, valt weg.",
        render_kw={"rows": 18},
    )
    legal = TextAreaField(
        "In juridische woorden",
        [_LONG],
        description="Komt onder de brief. Laat leeg als dat niet nodig is.",
        render_kw={"rows": 6},
    )
    stops = BooleanField(
        "Gebruik hier geen eigen tekst meer",
        description="De twee teksten hierboven tellen dan niet. Voor dit onderwerp en deze uitkomst gaat weer de tekst "
        "uit die er zonder eigen versie is.",
    )

    def validate_plain(self, field: TextAreaField) -> None:
        """A letter says something."""
        if not field.data and not self.stops.data:
            raise ValidationError("Schrijf de tekst van de brief.")

    def offer(self, kind: MailKind) -> None:
        """Show the topics, and the outcomes that this letter can have."""
        self.theme.choices = choices([("", "Alle onderwerpen"), *((each.value, label(each)) for each in KNOWN_THEMES)])
        outcomes = OUTCOMES.get(kind)
        self.outcome.choices = choices(
            [("", "Alle uitkomsten"), *((each.value, label(each)) for each in outcomes or ())]
        )
        if outcomes is None:
            del self.outcome


class Answer(StrEnum):
    """What a second person says."""

    AGREE = "akkoord"
    GIVE_BACK = "terug"


class DecisionForm(BaseForm):
    answer = SelectField(
        "Uw besluit",
        [Chosen("Kies een besluit.")],
        choices=choices(
            [
                ("", "Kies"),
                (Answer.AGREE.value, "Akkoord: gebruik deze versie"),
                (Answer.GIVE_BACK.value, "Niet akkoord: geef terug"),
            ]
        ),
    )
    remark = TextAreaField(
        "Wat moet er anders?",
        [Length(max=SHORT_LENGTH, message=f"Gebruik niet meer dan {SHORT_LENGTH} tekens.")],
        description="Alleen nodig als u niet akkoord bent.",
        render_kw={"rows": 3},
    )

    def validate_remark(self, field: TextAreaField) -> None:
        """Giving back needs a reason."""
        if self.answer.data == Answer.GIVE_BACK and not field.data:
            raise ValidationError(REMARK_MISSING)
