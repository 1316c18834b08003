"""Forms for logging in, invitations and passwords: the shape of what is typed, nothing about accounts."""

from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from knelpunt.domain.accounts import (
    EMAIL_MAX_CHARACTERS,
    NAME_MAX_CHARACTERS,
    PASSWORD_MAX_CHARACTERS,
    PASSWORD_MIN_CHARACTERS,
)
from knelpunt.web.shared.forms import BaseForm

_EMAIL = [InputRequired("Vul uw e-mailadres in."), Length(max=EMAIL_MAX_CHARACTERS)]
_PASSWORD_HINT = (
    f"Ten minste {PASSWORD_MIN_CHARACTERS} tekens. Vier losse woorden achter elkaar zijn sterk en goed te onthouden."
)


def _new_password() -> PasswordField:
    return PasswordField(
        "Nieuw wachtwoord",
        description=_PASSWORD_HINT,
        validators=[InputRequired("Kies een wachtwoord."), Length(max=PASSWORD_MAX_CHARACTERS)],
        render_kw={"autocomplete": "new-password"},
    )


def _repeat() -> PasswordField:
    return PasswordField(
        "Nieuw wachtwoord, nog een keer",
        validators=[
            InputRequired("Vul het wachtwoord nog een keer in."),
            EqualTo("password", "De twee wachtwoorden zijn niet gelijk."),
        ],
        render_kw={"autocomplete": "new-password"},
    )


class LoginForm(BaseForm):
    submission_key = None  # logging in twice is no harm

    email = EmailField("E-mailadres", validators=_EMAIL, render_kw={"autocomplete": "username"})
    password = PasswordField(
        "Wachtwoord",
        validators=[InputRequired("Vul uw wachtwoord in."), Length(max=PASSWORD_MAX_CHARACTERS)],
        render_kw={"autocomplete": "current-password"},
    )


class ForgottenForm(BaseForm):
    submission_key = None  # attempts are counted in a transaction of their own

    email = EmailField("E-mailadres", validators=_EMAIL, render_kw={"autocomplete": "username"})


class NewPasswordForm(BaseForm):
    password = _new_password()
    repeated = _repeat()


class AcceptForm(BaseForm):
    name = StringField(
        "Uw naam",
        validators=[InputRequired("Vul uw naam in."), Length(max=NAME_MAX_CHARACTERS)],
        render_kw={"autocomplete": "name"},
    )
    password = _new_password()
    repeated = _repeat()


class ChangePasswordForm(BaseForm):
    submission_key = None  # attempts are counted in a transaction of their own

    current = PasswordField(
        "Huidig wachtwoord",
        validators=[InputRequired("Vul uw huidige wachtwoord in."), Length(max=PASSWORD_MAX_CHARACTERS)],
        render_kw={"autocomplete": "current-password"},
    )
    password = _new_password()
    repeated = _repeat()
