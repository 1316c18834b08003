"""The forms about questions to ministries: the shape of what is typed, and nothing of the rules."""

from wtforms import StringField, TextAreaField
from wtforms.validators import DataRequired, Length, Optional

from knelpunt.domain.vocabulary import RoomAnswer
from knelpunt.web.desk.steps.forms import SHORT_TEXT
from knelpunt.web.shared.forms.forms import Chosen, DayField, EnumRadioField, IdField, VersionedForm, YesNoField

QUESTION_LENGTH = 4000


class ConsultForm(VersionedForm):
    contact_id = IdField("Aan wie stelt u de vraag?", [Chosen("Kies wie u de vraag stelt.")])
    assessment_id = IdField("Over welke bepaling van deze zaak?", blank="Een andere regel, die ik hieronder noem")
    article = StringField(
        "Artikel of regel",
        [Length(max=SHORT_TEXT, message=f"Maak de tekst korter: ten hoogste {SHORT_TEXT} tekens.")],
        description="Alleen nodig als de bepaling niet in de lijst staat. Wet en artikel.",
    )
    question = TextAreaField(
        "Vraag",
        [
            DataRequired("Schrijf uw vraag op."),
            Length(max=QUESTION_LENGTH, message=f"Maak de tekst korter: ten hoogste {QUESTION_LENGTH} tekens."),
        ],
        description="De ambtenaar leest dit precies zoals u het schrijft. Noem geen namen en adressen.",
        render_kw={"rows": 6},
    )


class MoreTimeForm(VersionedForm):
    is_given = YesNoField(
        "Krijgt het ministerie meer tijd?",
        [Chosen("Kies ja of nee.")],
        no="Nee, de laatste dag blijft zoals hij is",
    )
    until = DayField(
        "Nieuwe laatste dag", [Optional()], description="Alleen nodig bij ‘ja’. Hooguit zes weken vooruit."
    )


class DisagreementForm(VersionedForm):
    decision = EnumRadioField("Wat volgt het loket?", [Chosen("Kies wat het loket volgt.")], kind=RoomAnswer)
    reason = TextAreaField(
        "Waarom",
        [DataRequired("Schrijf op waarom."), Length(max=10_000, message="Maak de tekst korter.")],
        description="De behandelaar leest dit bij de zaak.",
        render_kw={"rows": 5},
    )
