"""The forms by which a file is loaded, brought in and put back, and drafts are filed together."""

from flask_wtf.file import FileField
from wtforms import BooleanField, IntegerField, StringField
from wtforms.validators import InputRequired, Length

from knelpunt.domain.history.imports import SET_NAME_LENGTH
from knelpunt.web.shared.forms.forms import BaseForm


class UploadForm(BaseForm):
    """Choosing a file."""

    file = FileField("Bestand", description="Een bestand dat eindigt op .csv of .jsonl.")


class HistoryUploadForm(UploadForm):
    """Choosing a file with history. The name of the set comes first: by it and its number a line is known."""

    set_name = StringField(
        "Naam van de verzameling",
        description="Met deze naam en de ‘id’ herkennen wij een regel die er al is. Kies later dezelfde naam.",
        validators=[InputRequired("Vul een naam in."), Length(max=SET_NAME_LENGTH)],
        render_kw={"maxlength": SET_NAME_LENGTH},
    )


class FileTogetherForm(BaseForm):
    """Filing the chosen drafts: the number is typed, so that nobody files more than was meant."""

    number = IntegerField(
        "Hoeveel meldingen dient u in? Typ het getal.", validators=[InputRequired("Typ hoeveel meldingen u indient.")]
    )
    may_share = BooleanField(
        "Het loket mag deze meldingen delen met de overheid die over de regel gaat",
        description="Bijvoorbeeld met een ministerie of een provincie.",
    )
    may_publish = BooleanField(
        "Het loket mag een tekst over deze meldingen openbaar maken",
        description="U leest elke tekst eerst, en kunt bezwaar maken.",
    )
    mandate = BooleanField(
        "Ik mag deze meldingen namens mijn organisatie indienen",
        description="U hebt daarvoor een mandaat of toestemming van wie erover gaat.",
        validators=[InputRequired("Bevestig dat u namens uw organisatie mag melden.")],
    )
    consents_seen = BooleanField(
        "Ik heb gelezen wat er met deze meldingen gebeurt",
        description="Wij gebruiken uw gegevens alleen voor uw meldingen. U kunt een melding altijd intrekken.",
        validators=[InputRequired("Bevestig dat u hebt gelezen wat er met uw meldingen gebeurt.")],
    )

    def words(self) -> dict[str, str]:
        """What is said of every draft."""
        said = {name: self[name].data for name in ("may_share", "may_publish", "mandate", "consents_seen")}
        return {name: "ja" if value else "nee" for name, value in said.items()}
