"""Forms by which a person asks about the own data."""

from wtforms import RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from knelpunt.domain.privacy.requests import RequestKind
from knelpunt.web.shared.forms.forms import BaseForm, choices
from knelpunt.web.shared.texts import lazy_gettext

WORDS_MAX = 2000


class AskForm(BaseForm):
    """What somebody asks about the own data."""

    kind = RadioField(
        lazy_gettext("Wat vraagt u?"),
        choices=choices(
            [
                (RequestKind.ERASURE.value, lazy_gettext("Zoek mij in alle teksten, en haal weg wat weg kan")),
                (RequestKind.ACCESS.value, lazy_gettext("Zoek mij in alle teksten, en stuur mij wat er staat")),
            ]
        ),
        validators=[InputRequired(lazy_gettext("Kies wat u vraagt."))],
    )
    words = TextAreaField(
        lazy_gettext("Wat moeten wij daarbij weten?"),
        description=lazy_gettext("Bijvoorbeeld hoe uw naam ook wel wordt geschreven."),
        validators=[Length(max=WORDS_MAX, message=lazy_gettext("Maak de tekst korter."))],
        render_kw={"rows": 4},
    )
