"""What a submitter can send about the own case."""

from wtforms import BooleanField, EmailField, MultipleFileField, TextAreaField
from wtforms.validators import InputRequired, Length

from knelpunt.domain.accounts import EMAIL_MAX_CHARACTERS
from knelpunt.domain.cases.second_looks import MOST_POINTS, NO_POINT
from knelpunt.domain.filing.rules import TEXT_LENGTH
from knelpunt.domain.mail_kinds import MailChoice
from knelpunt.domain.vocabulary import AftercareAnswer
from knelpunt.web.shared.forms.forms import BaseForm, Chosen, EnumRadioField, HiddenIntegerField, YesNoField
from knelpunt.web.shared.texts import lazy_gettext

FILE_TYPES = ".pdf,.odt,.docx,.jpg,.jpeg,.png"
_TEXT_TOO_LONG = Length(
    max=TEXT_LENGTH, message=lazy_gettext("Deze tekst is te lang: gebruik niet meer dan 10.000 tekens.")
)


def _files() -> MultipleFileField:
    return MultipleFileField(
        lazy_gettext("Bestanden toevoegen"),
        description=lazy_gettext("PDF, ODT, DOCX, JPG of PNG. U kunt meer bestanden tegelijk kiezen."),
        render_kw={"accept": FILE_TYPES},
    )


class AnswerForm(BaseForm):
    body = TextAreaField(
        lazy_gettext("Uw antwoord"),
        validators=[InputRequired(lazy_gettext("Schrijf uw antwoord op.")), _TEXT_TOO_LONG],
        render_kw={"rows": 6},
    )
    attachments = _files()


class AdditionForm(BaseForm):
    body = TextAreaField(
        lazy_gettext("Wat wilt u toevoegen?"),
        description=lazy_gettext("Bijvoorbeeld nieuws over uw plan, of uitleg bij een bestand."),
        validators=[InputRequired(lazy_gettext("Schrijf op wat u wilt toevoegen.")), _TEXT_TOO_LONG],
        render_kw={"rows": 6},
    )
    attachments = _files()


class SeenForm(BaseForm):
    """A button under something to say yes or no to; ``seen`` is the number of what was read."""

    seen = HiddenIntegerField(
        validators=[InputRequired(lazy_gettext("Laad deze pagina opnieuw en probeer het nog eens."))]
    )


class RefusalForm(BaseForm):
    reason = TextAreaField(
        lazy_gettext("Waarom werkt dit voorstel niet voor u?"),
        description=lazy_gettext("Dan weten wij waar wij opnieuw naar moeten kijken."),
        validators=[InputRequired(lazy_gettext("Schrijf op waarom het voorstel niet werkt.")), _TEXT_TOO_LONG],
        render_kw={"rows": 6},
    )


class ObjectionForm(BaseForm):
    objection = TextAreaField(
        lazy_gettext("Wat moet er anders?"),
        description=lazy_gettext("Bijvoorbeeld: in deze zin ben ik te herkennen, of: dit klopt niet."),
        validators=[InputRequired(lazy_gettext("Schrijf op wat er anders moet.")), _TEXT_TOO_LONG],
        render_kw={"rows": 6},
    )


def _point(number: int) -> TextAreaField:
    """One thing that was missed; the first is asked, the others may stay empty."""
    asked = [InputRequired(NO_POINT)] if number == 1 else []
    return TextAreaField(
        lazy_gettext("Wat hebben wij gemist of verkeerd gezien?")
        if number == 1
        else lazy_gettext("Nog een punt (%(number)s)", number=number),
        description=lazy_gettext("Bijvoorbeeld: u las de brief van de gemeente niet goed. Eén punt per vak.")
        if number == 1
        else "",
        validators=[*asked, _TEXT_TOO_LONG],
        render_kw={"rows": 4 if number == 1 else 2},
    )


class SecondLookForm(BaseForm):
    """What was missed, one point a field, so that each gets its answer."""

    point_1 = _point(1)
    point_2 = _point(2)
    point_3 = _point(3)
    point_4 = _point(4)
    point_5 = _point(5)

    @property
    def points(self) -> list[str | None]:
        """What was typed, in order."""
        return [self[f"point_{number}"].data for number in range(1, MOST_POINTS + 1)]


class AftercareForm(BaseForm):
    answer = EnumRadioField(
        lazy_gettext("Ging uw project door?"),
        validators=[Chosen(lazy_gettext("Kies een antwoord."))],
        kind=AftercareAnswer,
    )
    words = TextAreaField(
        lazy_gettext("Wilt u er iets bij vertellen?"),
        description=lazy_gettext("Bijvoorbeeld wat hielp, of wat u nog tegenhoudt."),
        validators=[_TEXT_TOO_LONG],
        render_kw={"rows": 4},
    )
    asks_reopening = BooleanField(
        lazy_gettext("Zit het nog vast? Ik vraag het loket om mijn melding opnieuw te openen.")
    )


class WithdrawalForm(BaseForm):
    reason = TextAreaField(
        lazy_gettext("Waarom trekt u de melding in?"),
        description=lazy_gettext("Uw reden helpt ons."),
        validators=[_TEXT_TOO_LONG],
        render_kw={"rows": 4},
    )
    erase_contact = YesNoField(
        lazy_gettext("Wat doen wij met uw contactgegevens?"),
        validators=[Chosen(lazy_gettext("Kies wat wij met uw contactgegevens doen."))],
        yes=lazy_gettext(
            "Wis ze meteen. Ik krijg dan nog één bevestiging, en de link naar de melding werkt niet meer."
        ),
        no=lazy_gettext("Bewaar ze nog, zodat ik mijn melding kan teruglezen. Later worden ze vanzelf gewist."),
    )


class ErasureForm(BaseForm):
    understood = BooleanField(
        lazy_gettext("Ik begrijp dat het loket mij daarna niet meer kan bereiken"),
        validators=[InputRequired(lazy_gettext("Bevestig dat het loket u daarna niet meer kan bereiken."))],
    )


class MailChoiceForm(BaseForm):
    choice = EnumRadioField(
        lazy_gettext("Welke mails wilt u krijgen?"),
        validators=[Chosen(lazy_gettext("Kies welke mails u wilt krijgen."))],
        kind=MailChoice,
    )


class AddressForm(BaseForm):
    email = EmailField(
        lazy_gettext("Uw nieuwe e-mailadres"),
        description=lazy_gettext("Daar sturen wij een link heen om te bevestigen dat het van u is."),
        validators=[InputRequired(lazy_gettext("Vul uw nieuwe e-mailadres in.")), Length(max=EMAIL_MAX_CHARACTERS)],
        render_kw={"autocomplete": "email", "spellcheck": "false"},
    )


class LostLinkForm(BaseForm):
    submission_key = None  # attempts are counted in a transaction of their own

    email = EmailField(
        lazy_gettext("Uw e-mailadres"),
        validators=[InputRequired(lazy_gettext("Vul uw e-mailadres in.")), Length(max=EMAIL_MAX_CHARACTERS)],
        render_kw={"autocomplete": "email", "spellcheck": "false"},
    )
