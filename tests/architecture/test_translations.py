"""No marked text of the site or of a mail is left without a translation."""

import re

import pytest
from babel.messages.catalog import Catalog, Message

from knelpunt.adapters import translations
from knelpunt.adapters.translations import Translator
from knelpunt.commands.translations import collected, gaps_in, updated
from knelpunt.domain.languages import OTHERS, Language
from knelpunt.domain.texts import Text, counted
from knelpunt.web.shared.requests import request_language

PLACE = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
TAG = re.compile(r"</?[a-z]+")
DUTCH_IN_IT = '<span lang="nl">'
"""A translation may keep a Dutch name, which is then marked."""


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return collected()


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.code)
def test_every_text_has_a_translation_and_none_is_left_over(language, texts):
    gaps = gaps_in(updated(language, texts))
    assert (gaps.missing, gaps.fuzzy, gaps.left_over) == ([], [], []), "run: knelpunt translations update"


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.code)
def test_a_translation_keeps_the_places_and_tags_of_its_text(language, texts):
    for message in updated(language, texts):
        dutch, said = forms(message.id), forms(message.string)
        places = {place for form in dutch for place in PLACE.findall(form)}
        for at, form in enumerate(said):
            assert set(PLACE.findall(form)) <= places, message.id
            assert set(PLACE.findall(dutch[min(at, len(dutch) - 1)])) - {"%(num)s"} <= set(PLACE.findall(form)), dutch
            assert sorted(TAG.findall(form.replace(DUTCH_IN_IT, "").replace("</span>", ""))) == sorted(
                TAG.findall(dutch[0].replace(DUTCH_IN_IT, "").replace("</span>", ""))
            ), message.id


def forms(string: Message | str | tuple[str, ...]) -> tuple[str, ...]:
    return (string,) if isinstance(string, str) else tuple(string)


PARTIAL = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Contact"
msgstr "Kontakt"

msgid "Privacy"
msgstr ""

#, fuzzy
msgid "Cookies"
msgstr "Koekjes"

msgid "Op %(day)s schreef %(name)s: %(what)s"
msgstr "%(name)s skreau op %(day)s: %(what)s"

msgid "%(num)s dag"
msgid_plural "%(num)s dagen"
msgstr[0] "%(num)s dei"
msgstr[1] "%(num)s dagen lang"
"""
FRISIAN = Language("fy", "Frysk", "fy_NL")


@pytest.fixture
def frisian() -> Translator:
    return Translator(FRISIAN, PARTIAL.strip().encode())


def test_half_a_catalogue_falls_back_text_by_text(frisian):
    said = [frisian.say(Text(text)) for text in ("Contact", "Privacy", "Cookies", "Open data")]
    assert said == ["Kontakt", "Privacy", "Cookies", "Open data"]


def test_what_a_person_wrote_is_never_translated_also_not_in_a_text(frisian):
    assert frisian.say("Contact") == "Contact"
    text = Text("Op %(day)s schreef %(name)s: %(what)s", day="Contact", name="%(day)s", what=Text("Contact"))
    assert text == "Op Contact schreef %(day)s: Contact"
    assert frisian.say(text) == "%(day)s skreau op Contact: Kontakt"


@pytest.mark.parametrize(("number", "dutch", "said"), [(1, "1 dag", "1 dei"), (3, "3 dagen", "3 dagen lang")])
def test_one_and_more_have_their_own_words(frisian, number, dutch, said):
    text = counted("%(num)s dag", "%(num)s dagen", number)
    assert (text, frisian.say(text)) == (dutch, said)


def test_a_page_in_a_new_language_shows_the_rest_in_dutch(app, monkeypatch, frisian):
    monkeypatch.setattr(request_language, "translator", lambda language: frisian)
    template = app.jinja_env.from_string(
        "{% trans %}Contact{% endtrans %}, {{ _('Privacy') }}, {{ ngettext('%(num)s dag', '%(num)s dagen', 2) }}"
    )
    with app.test_request_context("/"):
        assert template.render() == "Contact, Privacy, 2 dagen"
        with request_language.spoken_in(FRISIAN):
            assert template.render() == "Kontakt, Privacy, 2 dagen lang"


def test_only_what_fills_a_text_is_escaped(app):
    source = "{% trans x='<i>' %}<b>{{ x }}</b> & 100%{% endtrans %}{{ _('<b>') }}"
    template = app.jinja_env.from_string(source)
    for language in (translations.DUTCH, *OTHERS):
        with app.test_request_context("/"), request_language.spoken_in(language):
            assert template.render() == "<b>&lt;i&gt;</b> & 100%&lt;b&gt;"
