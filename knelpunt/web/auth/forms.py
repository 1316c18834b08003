"""Forms for logging in, invitations and passwords: the shape of what is typed, nothing about accounts."""

from typing import Any

from wtforms import EmailField, HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from knelpunt.domain.accounts import (
    EMAIL_MAX_CHARACTERS,
    NAME_MAX_CHARACTERS,
    PASSWORD_MAX_CHARACTERS,
    PASSWORD_MIN_CHARACTERS,
)
from knelpunt.domain.identity.factors import PASSKEY_NAME_MAX
from knelpunt.domain.mail_kinds import MailChoice, NotificationChoice
from knelpunt.web.shared.forms.forms import BaseForm, Chosen, EnumRadioField

CODE_MAX_CHARACTERS = 60
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


class _KeylessForm(BaseForm):
    """A form that tries a password or asks for a link: each time it arrives counts as an attempt, so it has no key
    that makes the second time count as the first."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.submission_key


class LoginForm(_KeylessForm):
    email = EmailField("E-mailadres", validators=_EMAIL, render_kw={"autocomplete": "username"})
    password = PasswordField(
        "Wachtwoord",
        validators=[InputRequired("Vul uw wachtwoord in."), Length(max=PASSWORD_MAX_CHARACTERS)],
        render_kw={"autocomplete": "current-password"},
    )


def _code_field(label: str = "Code", hint: str = "Zes cijfers van uw telefoon, of een herstelcode.") -> StringField:
    return StringField(
        label,
        description=hint,
        validators=[InputRequired("Vul de code in."), Length(max=CODE_MAX_CHARACTERS)],
        render_kw={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"},
    )


class CodeForm(_KeylessForm):
    """Asks for the second factor."""

    code = _code_field()


class SetUpForm(_KeylessForm):
    """Confirms a secret that a telephone took from the page."""

    sealed = HiddenField()
    current = PasswordField(
        "Huidig wachtwoord",
        description="U bent al langer dan een kwartier ingelogd. Hebt u geen wachtwoord? Log dan eerst opnieuw in.",
        validators=[Length(max=PASSWORD_MAX_CHARACTERS)],
        render_kw={"autocomplete": "current-password"},
    )
    code = _code_field("Code van uw telefoon", "De zes cijfers die uw telefoon nu laat zien.")


class PasskeyForm(_KeylessForm):
    """The answer of a browser to the question of its page."""

    sealed = HiddenField()
    answer = HiddenField(validators=[InputRequired("Uw browser gaf geen antwoord. Probeer het opnieuw.")])


class NewPasskeyForm(PasskeyForm):
    name = StringField(
        "Hoe noemt u deze sleutel?",
        description="Zoals: telefoon, of laptop van het werk.",
        validators=[InputRequired("Geef de sleutel een naam."), Length(max=PASSKEY_NAME_MAX)],
        render_kw={"autocomplete": "off"},
    )


class ForgottenForm(_KeylessForm):
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


class ChangePasswordForm(_KeylessForm):
    current = PasswordField(
        "Huidig wachtwoord",
        validators=[InputRequired("Vul uw huidige wachtwoord in."), Length(max=PASSWORD_MAX_CHARACTERS)],
        render_kw={"autocomplete": "current-password"},
    )
    password = _new_password()
    repeated = _repeat()


class MailChoiceForm(BaseForm):
    choice = EnumRadioField(
        "Welke mails wilt u krijgen?",
        validators=[Chosen("Kies welke mails u wilt krijgen.")],
        kind=MailChoice,
    )


class NotificationChoiceForm(BaseForm):
    choice = EnumRadioField(
        "Hoe wilt u meldingen per mail krijgen?",
        validators=[Chosen("Kies hoe u meldingen wilt krijgen.")],
        kind=NotificationChoice,
    )
