"""What can be typed after filing."""

from wtforms import EmailField
from wtforms.validators import InputRequired, Length

from knelpunt.domain.accounts import EMAIL_MAX_CHARACTERS
from knelpunt.web.shared.forms.forms import BaseForm
from knelpunt.web.shared.texts import lazy_gettext


class AddressForm(BaseForm):
    """The address for the mails, mended after filing."""

    email = EmailField(
        lazy_gettext("Uw e-mailadres"),
        validators=[InputRequired(lazy_gettext("Vul uw e-mailadres in.")), Length(max=EMAIL_MAX_CHARACTERS)],
        render_kw={"autocomplete": "email", "spellcheck": "false"},
    )
