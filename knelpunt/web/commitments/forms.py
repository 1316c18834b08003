"""What is filled in about a commitment, and about a step of it."""

import re

from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from knelpunt.domain.quarters.commitments import KIND_TEXTS, CommitmentKind, CommitmentStep
from knelpunt.services.quarters.commitments import Values
from knelpunt.web.shared.forms.forms import CHOOSE, DayField, IdField, VersionedForm, choices

LONG = 5_000
_BETWEEN = re.compile(r"[\s,;]+")


class CommitmentForm(VersionedForm):
    kind = SelectField(
        "Soort",
        [InputRequired("Kies een soort.")],
        choices=choices([("", CHOOSE), *((kind.value, str(words)) for kind, words in KIND_TEXTS.items())]),
    )
    title = StringField("Titel", [DataRequired("Vul een titel in."), Length(max=200)])
    words = TextAreaField(
        "Wat is toegezegd of gevraagd?",
        [DataRequired("Schrijf op wat er is toegezegd."), Length(max=LONG)],
        description="In eigen woorden. Deze tekst kan naar de Kamer gaan.",
        render_kw={"rows": 5},
    )
    made_when = StringField(
        "Wanneer?",
        [DataRequired("Vul in wanneer."), Length(max=200)],
        description="Een dag, of wat u ervan weet.",
    )
    dossier = StringField("Dossier", [Optional(), Length(max=60)], description="Zoals 32 847.")
    paper = StringField("Kamerstuk", [Optional(), Length(max=60)], description="Zoals 32 847, nr. 106.")
    source_url = StringField("Adres van de bron", [Optional(), Length(max=500)])
    owner_id = IdField("Eigenaar", [Optional()])
    cases = StringField("Nummers van zaken", [Optional(), Length(max=1_000)], description="Met een komma ertussen.")
    bottlenecks = StringField(
        "Nummers van regelknelpunten", [Optional(), Length(max=1_000)], description="Met een komma ertussen."
    )

    def values(self) -> Values:
        """What was filled in, as the service takes it."""
        return Values(
            kind=CommitmentKind(self.kind.data),
            title=self.title.data or "",
            words=self.words.data or "",
            made_when=self.made_when.data or "",
            dossier=self.dossier.data or "",
            paper=self.paper.data or "",
            source_url=self.source_url.data or "",
            owner_id=self.owner_id.data,
            cases=_references(self.cases.data),
            bottlenecks=_references(self.bottlenecks.data),
        )


def _references(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for each in _BETWEEN.split((text or "").upper()) if each))


class StepForm(VersionedForm):
    step = SelectField("Wat gebeurt er?", [InputRequired("Kies een stap.")])
    words = TextAreaField(
        "Hoe staat het?",
        [DataRequired("Schrijf op hoe het staat."), Length(max=LONG)],
        description="Deze tekst kan naar de Kamer gaan.",
        render_kw={"rows": 5},
    )
    due_on = DayField("Nieuwe laatste dag", [Optional()], description="Nodig bij plannen en bij een nieuwe termijn.")

    @property
    def chosen(self) -> CommitmentStep:
        return CommitmentStep(self.step.data)
