"""What every form does: Dutch messages, text without control characters, one key, and fields tied to their words."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import wtforms
from flask import Blueprint, Flask
from werkzeug.datastructures import MultiDict
from wtforms import EmailField, IntegerField, PasswordField, RadioField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from knelpunt.domain.permissions import Permission
from knelpunt.domain.vocabulary import SubmitterKind, Theme
from knelpunt.web.shared.forms import form_messages
from knelpunt.web.shared.forms.form_page import FormPage, form_page
from knelpunt.web.shared.forms.forms import (
    INVISIBLE,
    BaseForm,
    CheckboxGroupField,
    Chosen,
    DateField,
    DayField,
    EnumField,
    EnumRadioField,
    IdField,
    VersionedForm,
    YesNoField,
    choices,
)


class _Form(VersionedForm):
    title = StringField("Titel", [InputRequired(), Length(max=10)], description="Kort")
    story = TextAreaField("Verhaal")
    email = EmailField("E-mailadres", render_kw={"autocomplete": "email"})
    secret = PasswordField("Wachtwoord")
    number = IntegerField("Aantal")
    day = DateField("Dag")
    parts = DayField("Deel")
    place = IdField("Gemeente", [Chosen("Kies een gemeente.")])
    theme = EnumField("Onderwerp", kind=Theme)
    kind = EnumRadioField("Namens wie", [Chosen()], kind=SubmitterKind)
    agreed = YesNoField("Akkoord?")
    wishes = CheckboxGroupField("Wensen", [InputRequired()], choices=choices([("a", "A"), ("b", "B")]))
    plain = RadioField("Keuze", choices=choices([("x", "X")]), validate_choice=False)


GOOD = {
    "title": "Moestuin",
    "story": "Op het dak",
    "email": "naam@voorbeeld.nl",
    "number": "3",
    "day": "2026-11-24",
    "place": "7",
    "theme": "wonen",
    "kind": "gemeente",
    "agreed": "nee",
    "wishes": "a",
    "version": "4",
}


@pytest.fixture(scope="module")
def app() -> Flask:
    app = Flask(__name__)
    app.config.update(SECRET_KEY="for tests only", WTF_CSRF_ENABLED=False)
    return app


def fill(app: Flask, changes: dict[str, Any] | None = None) -> _Form:
    """The form as it is after a POST with good values and these changes."""
    values = MultiDict({**GOOD, **(changes or {})})
    with app.test_request_context(method="POST"):
        form = _Form(formdata=values)
        form.place.offer([(7, "Zwolle"), (8, "Goes")])
        form.validate()
    return form


def test_good_values_come_out_in_their_own_kind(app: Flask) -> None:
    form = fill(app)
    assert form.errors == {}
    assert (form.number.data, form.place.data, form.version.data) == (3, 7, 4)
    assert form.day.data == date(2026, 11, 24)
    assert form.theme.data is Theme.HOUSING
    assert form.kind.data is SubmitterKind.MUNICIPALITY
    assert form.agreed.data is False


@pytest.mark.parametrize("typed", ["24-11-2026", "24/11/2026", " 2026-11-24 "])
def test_a_date_may_be_typed_the_dutch_way(app: Flask, typed: str) -> None:
    assert fill(app, {"day": typed}).day.data == date(2026, 11, 24)


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("title", "", "Vul dit veld in."),
        ("title", "elf letters!", "Gebruik ten hoogste 10 tekens."),
        ("title", "nul\x00teken", INVISIBLE),
        ("story", "half \ud800 teken", INVISIBLE),
        ("secret", "nul\x00", INVISIBLE),
        ("title", "a\u202eb", INVISIBLE),
        ("number", "drie", "Vul een heel getal in."),
        ("number", "9" * 20, "Dit getal is te groot."),
        ("number", "9" * 6000, "Vul een heel getal in."),
        ("day", "32-13-2026", "Vul dag, maand en jaar in, in cijfers: 1 7 2026."),
        ("day", "0000-01-01", "Vul dag, maand en jaar in, in cijfers: 1 7 2026."),
        ("day", "0001-01-01", "Vul een datum in tussen 1900 en 2100."),
        ("day", "9999-12-31", "Vul een datum in tussen 1900 en 2100."),
        ("place", "", "Kies een gemeente."),
        ("place", "9", "Maak een keuze uit de lijst."),
        ("place", "9" * 6000, "Kies een gemeente."),
        ("place", "zeven", "Kies een gemeente."),
        ("theme", "onzin", "Maak een keuze uit de lijst."),
        ("kind", "", "Maak een keuze."),
        ("kind", "onzin", "Maak een keuze."),
        ("agreed", "misschien", "Maak een keuze uit de lijst."),
        ("wishes", "c", "Maak een keuze uit de lijst."),
        ("version", "", "Laad deze pagina opnieuw en probeer het nog eens."),
    ],
)
def test_what_does_not_fit_gets_a_dutch_sentence(app: Flask, field: str, typed: str, message: str) -> None:
    form = fill(app, {field: typed})
    assert list(form.errors) == [field]
    assert form[field].errors[-1] == message


def test_an_empty_choice_that_is_not_required_is_none(app: Flask) -> None:
    form = fill(app, {"theme": "", "agreed": ""})
    assert form.errors == {}
    assert form.theme.data is None
    assert form.agreed.data is None


def test_text_loses_its_blanks_and_gets_one_kind_of_line_end(app: Flask) -> None:
    form = fill(app, {"story": "  een\r\ntwee\rdrie \n"})
    assert form.story.data == "een\ntwee\ndrie"


def test_a_box_of_one_line_holds_one_line(app: Flask) -> None:
    assert fill(app, {"title": "een\r\nBcc: x"}).title.data == "een Bcc: x"


def test_a_password_keeps_its_blanks(app: Flask) -> None:
    assert fill(app, {"secret": " a b "}).secret.data == " a b "


def test_the_key_is_new_on_a_new_form_and_kept_when_it_is_shown_again(app: Flask) -> None:
    with app.test_request_context():
        first, second = BaseForm(), BaseForm()
    assert first.submission_key.data != second.submission_key.data
    key = "0123456789abcdef0123456789abcdef"
    assert fill(app, {"submission_key": key}).submission_key.data == key
    assert fill(app, {"submission_key": "<b>"}).submission_key.data != "<b>"


def test_the_version_that_is_shown_can_be_renewed_after_a_conflict(app: Flask) -> None:
    form = fill(app)
    form.version.data = 5
    assert 'value="5"' in form.version()


def test_a_field_is_tied_to_its_hint_and_its_error(app: Flask) -> None:
    right, wrong = fill(app), fill(app, {"title": ""})
    assert 'aria-describedby="title-hint"' in right.title()
    assert "aria-invalid" not in right.title()
    assert 'aria-describedby="title-hint title-error"' in wrong.title()
    assert 'aria-invalid="true"' in wrong.title()
    assert "utrecht-textbox--invalid" in wrong.title()
    assert "aria-describedby" not in right.story()
    assert 'aria-describedby="story-hint"' in right.story(has_hint=True)


def test_attributes_of_the_field_and_of_the_page_come_through(app: Flask) -> None:
    form = fill(app)
    assert 'autocomplete="email"' in form.email()
    assert 'maxlength="10"' in form.title()
    assert "required" in form.title()
    assert "kn-wide" in form.story(class_="kn-wide")


def test_a_group_of_tick_boxes_does_not_demand_all_of_them(app: Flask) -> None:
    form = fill(app)
    assert all("required" not in option() for option in form.wishes)
    assert all("utrecht-checkbox" in option() for option in form.wishes)
    assert all("utrecht-radio-button" in option() for option in form.kind)


def test_an_unreadable_date_is_shown_as_it_was_typed(app: Flask) -> None:
    assert 'value="morgen"' in fill(app, {"day": "morgen"}).day()
    assert 'value="2026-11-24"' in fill(app, {"day": "24-11-2026"}).day()


def test_every_sentence_of_the_library_has_a_dutch_one() -> None:
    catalogue = Path(wtforms.__file__).parent / "locale" / "nl" / "LC_MESSAGES" / "wtforms.po"
    sentences = [line[7:-1] for line in catalogue.read_text("utf-8").splitlines() if line.startswith('msgid "')]
    known = {**form_messages.MESSAGES, **form_messages.COUNTED_MESSAGES}
    missing = [text for text in sentences if text and text not in known and not text.startswith("Invalid field name")]
    assert missing == []


def test_a_sentence_that_is_not_known_becomes_the_general_one() -> None:
    assert form_messages.DutchMessages().gettext("Brand new.") == form_messages.MESSAGES["Invalid input."]


@pytest.mark.parametrize(
    "typed",
    [
        {"parts-dag": "4", "parts-maand": "12", "parts-jaar": "2026"},
        {"parts-dag": " 04 ", "parts-maand": "12", "parts-jaar": "2026"},
        {"parts": "2026-12-04"},
        {"parts": "2026-12-04", "parts-dag": "9", "parts-maand": "9", "parts-jaar": "2020"},
    ],
)
def test_a_day_comes_in_three_parts_or_whole(app, typed):
    field = fill(app, typed).parts
    assert field.data == date(2026, 12, 4)
    assert field.shown_parts == ("4", "12", "2026")


@pytest.mark.parametrize("typed", [("31", "2", "2026"), ("4", "", "2026"), ("vier", "mei", "<b>"), ("1\x00", "1", "x")])
def test_parts_that_are_no_day_come_back_as_they_were_typed(app, typed):
    names = ("parts-dag", "parts-maand", "parts-jaar")
    form = fill(app, dict(zip(names, typed, strict=True)))
    form.validate()
    assert form.parts.errors
    shown = form.parts()
    assert "<b>" not in shown and "\x00" not in shown
    assert 'value="{}"'.format(typed[2].replace("<b>", "&lt;b&gt;")) in shown


def test_a_form_page_that_does_not_say_what_it_does_has_no_address() -> None:
    class Unfinished(FormPage[BaseForm, None]):
        back = "/"

    blueprint = Blueprint("proef", __name__)
    with pytest.raises(TypeError, match="Unfinished is not whole: act"):
        form_page(blueprint, "/proef", Permission.READ_CASES)(Unfinished)
    assert not blueprint.deferred_functions


class _Counted(VersionedForm):
    days = IntegerField("Dagen", [NumberRange(1, 60, "Vul een getal in van 1 tot en met 60.")])


@pytest.mark.parametrize("typed", ["9" * 400, "-" + "9" * 400, "9" * 19])
def test_a_number_of_hundreds_of_digits_is_refused_in_words(app: Flask, typed: str) -> None:
    with app.test_request_context("/", method="POST", data={"days": typed}):
        form = _Counted()
        assert not form.validate()
        assert "Dit getal is te groot." in form.days.errors
