"""What is one message in a template, and that only texts change when it is put in another language."""

import pytest

from knelpunt.web.shared.pages.template_texts import texts_of, translated, without_marks

MESSAGES = [
    ("<p>Lees <a href='/x'>hoe wij werken</a>.</p>", ["Lees <a>hoe wij werken</a>."]),
    ("<p><a class='b' href='/x'>Hoe wij werken</a></p>", ["Hoe wij werken"]),
    ("<li>Gemeld op {{ day|datum }}.</li>", ["Gemeld op {{ day|datum }}."]),
    ("<p>{% if a %}Dit wel.{% else %}Dit niet.{% endif %}</p>", ["Dit wel.", "Dit niet."]),
    ("<p>Bewaard{% if by %} door {{ by }}{% endif %}.</p>", ["Bewaard{% if by %} door {{ by }}{% endif %}."]),
    ('<nav aria-label="Taal van deze pagina"></nav>', ["Taal van deze pagina"]),
    ('<input class="kn-input kn-input--wide" name="q" value="{{ q }}">', []),
    ('{{ button("Verstuur naar het loket", kind="primary") }}', ["Verstuur naar het loket"]),
    ('{{ "zaak" if n == 1 else "zaken" }}', ["zaak", "zaken"]),
    ('<p class="{{ "open" if n else "dicht" }}"></p>', []),
    ('{% if state == "Open zaak" %}{% endif %}{{ url_for("public.case_list") }}', []),
    ("{# Een opmerking #}{% block title %}{% endblock %}", []),
    ("<b>Eerst</b> <i>Dan</i>", ["Eerst", "Dan"]),
]


@pytest.mark.parametrize(("source", "messages"), MESSAGES)
def test_what_is_a_message(source, messages):
    assert [text for _line, text in texts_of(source)] == messages


def test_tags_and_blanks_come_back_around_the_translation():
    source = '<p>\n  Lees <a class="b" href="/over">hoe wij werken</a> op {{ day|datum }}.\n</p>'
    words = {"Lees <a>hoe wij werken</a> op {{ day|datum }}.": "On {{ day|datum }} read <a>how we work</a>."}
    assert translated(source, words.get, lambda path: f"/en{path}") == (
        '<p>\n  On {{ day|datum }} read <a class="b" href="/en/over">how we work</a>.\n</p>'
    )


def test_without_a_translation_only_addresses_change():
    source = '<p title="Titel">Lees {{ "Dit" }} <a href="/over">nu</a></p><form action="/melden">'
    expected = source.replace('"/over"', '"/en/over"').replace('"/melden"', '"/en/melden"')
    assert translated(source, lambda text: None, lambda path: f"/en{path}") == expected


def test_what_is_marked_as_dutch_keeps_its_mark():
    source = "<p>Bron: {{ title|nl }}</p>"
    assert [text for _line, text in texts_of(source)] == ["Bron: {{ title }}"]
    assert translated(source, lambda text: "Source: {{ title }}", str) == "<p>Source: {{ title|nl }}</p>"
    assert without_marks(source) == "<p>Bron: {{ title }}</p>"


def test_what_fills_an_element_in_dutch_is_never_translated_and_what_stands_beside_it_is():
    source = '<p>{{ a }} <q lang="nl"><q>{{ b|truncate(9) }}</q> {{ c if d }}</q> {{ e }}</p>'
    assert translated(source, lambda text: None, str) == (
        '<p>{{ a }} <q lang="nl"><q>{{ ( b|truncate(9) )|verbatim }}</q> {{ ( c if d )|verbatim }}</q> {{ e }}</p>'
    )


def test_the_value_of_a_field_is_shown_as_it_was_typed():
    assert translated('<input value="{{ q }}">', lambda text: None, str) == '<input value="{{ ( q )|verbatim }}">'
