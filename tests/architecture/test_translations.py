"""No text of a public page, of filing or of a mail to a submitter is left without a translation."""

import pytest

from config import TEMPLATE_DIR
from knelpunt.adapters.catalogues import Catalogue, catalogue
from knelpunt.commands.translation_sources import DUTCH_TEMPLATES, TEMPLATES
from knelpunt.commands.translations import gaps_of
from knelpunt.domain.languages import OTHERS, Language
from knelpunt.web.shared.pages import templates


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.code)
def test_every_text_has_a_translation_and_none_is_left_over(language):
    gaps = gaps_of(language)
    assert (gaps.missing, gaps.fuzzy, gaps.left_over) == ([], [], []), "run: knelpunt translations update"


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.code)
def test_every_template_compiles_in_every_language(app, language):
    with app.app_context():
        environment = app.jinja_env.spoken_in(language)
        for pattern in TEMPLATES:
            for path in TEMPLATE_DIR.glob(pattern):
                name = path.relative_to(TEMPLATE_DIR).as_posix()
                assert environment.get_template(name).name == name


@pytest.mark.parametrize("language", OTHERS, ids=lambda language: language.code)
def test_a_filled_in_sentence_keeps_its_places(language):
    for sentences in catalogue(language)._sentences.values():
        for sentence in sentences:
            assert all(f"{{{name}}}" in sentence.translation for name in sentence.names), sentence.pattern.pattern


def test_only_templates_that_exist_are_left_in_dutch():
    assert all((TEMPLATE_DIR / name).exists() for name in DUTCH_TEMPLATES)


def test_a_new_language_with_half_a_catalogue_shows_the_rest_in_dutch(app, monkeypatch):
    frisian = Language("fy", "Frysk", "fy_NL")
    monkeypatch.setattr(templates, "catalogue", lambda language: Catalogue(language, {"Vorige": "Foarige"}))
    with app.test_request_context("/"):
        environment = templates.environment_of(app.jinja_env, frisian)
        shown = str(environment.get_template("components/pagination.html").module.pagination("/knelpunten?voor=1", "#"))
    assert "Foarige" in shown
    assert "Volgende" in shown
    assert 'href="/fy/knelpunten?voor=1"' in shown
