"""What a submitter can send about the own case."""

from wtforms import BooleanField, EmailField, MultipleFileField, TextAreaField
from wtforms.validators import InputRequired, Length

from knelpunt.domain.accounts import EMAIL_MAX_CHARACTERS
from knelpunt.domain.filing.rules import TEXT_LENGTH
from knelpunt.domain.mail_kinds import MailChoice
from knelpunt.web.shared.forms.forms import BaseForm, Chosen, EnumRadioField, YesNoField

FILE_TYPES = ".pdf,.odt,.docx,.jpg,.jpeg,.png"
_TEXT_TOO_LONG = Length(max=TEXT_LENGTH, message="Deze tekst is te lang: gebruik niet meer dan 10.000 tekens.")


def _files() -> MultipleFileField:
    return MultipleFileField(
        "Bestanden toevoegen",
        description="PDF, ODT, DOCX, JPG of PNG. U kunt meer bestanden tegelijk kiezen.",
        render_kw={"accept": FILE_TYPES},
    )


class ButtonForm(BaseForm):
    """A button that does one thing."""


class AnswerForm(BaseForm):
    body = TextAreaField(
        "Uw antwoord", validators=[InputRequired("Schrijf uw antwoord op."), _TEXT_TOO_LONG], render_kw={"rows": 6}
    )
    attachments = _files()


class AdditionForm(BaseForm):
    body = TextAreaField(
        "Wat wilt u toevoegen?",
        description="Bijvoorbeeld nieuws over uw plan, of uitleg bij een bestand.",
        validators=[InputRequired("Schrijf op wat u wilt toevoegen."), _TEXT_TOO_LONG],
        render_kw={"rows": 6},
    )
    attachments = _files()


class RefusalForm(BaseForm):
    reason = TextAreaField(
        "Waarom werkt dit voorstel niet voor u?",
        description="Dan weten wij waar wij opnieuw naar moeten kijken.",
        validators=[InputRequired("Schrijf op waarom het voorstel niet werkt."), _TEXT_TOO_LONG],
        render_kw={"rows": 6},
    )


class ObjectionForm(BaseForm):
    objection = TextAreaField(
        "Wat moet er anders?",
        description="Bijvoorbeeld: in deze zin ben ik te herkennen, of: dit klopt niet.",
        validators=[InputRequired("Schrijf op wat er anders moet."), _TEXT_TOO_LONG],
        render_kw={"rows": 6},
    )


class WithdrawalForm(BaseForm):
    reason = TextAreaField(
        "Waarom trekt u de melding in?",
        description="Uw reden helpt ons.",
        validators=[_TEXT_TOO_LONG],
        render_kw={"rows": 4},
    )
    erase_contact = YesNoField(
        "Wat doen wij met uw contactgegevens?",
        validators=[Chosen("Kies wat wij met uw contactgegevens doen.")],
        yes="Wis ze meteen. Ik krijg dan nog één bevestiging, en de link naar de melding werkt niet meer.",
        no="Bewaar ze nog, zodat ik mijn melding kan teruglezen. Later worden ze vanzelf gewist.",
    )


class ErasureForm(BaseForm):
    understood = BooleanField(
        "Ik begrijp dat het loket mij daarna niet meer kan bereiken",
        validators=[InputRequired("Bevestig dat het loket u daarna niet meer kan bereiken.")],
    )


class MailChoiceForm(BaseForm):
    choice = EnumRadioField(
        "Welke mails wilt u krijgen?",
        validators=[Chosen("Kies welke mails u wilt krijgen.")],
        kind=MailChoice,
    )


class AddressForm(BaseForm):
    email = EmailField(
        "Uw nieuwe e-mailadres",
        description="Daar sturen wij een link heen om te bevestigen dat het van u is.",
        validators=[InputRequired("Vul uw nieuwe e-mailadres in."), Length(max=EMAIL_MAX_CHARACTERS)],
        render_kw={"autocomplete": "email", "spellcheck": "false"},
    )


class LostLinkForm(BaseForm):
    submission_key = None  # attempts are counted in a transaction of their own

    email = EmailField(
        "Uw e-mailadres",
        validators=[InputRequired("Vul uw e-mailadres in."), Length(max=EMAIL_MAX_CHARACTERS)],
        render_kw={"autocomplete": "email", "spellcheck": "false"},
    )
