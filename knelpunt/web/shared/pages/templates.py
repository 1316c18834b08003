"""The template environment: Jinja's as Flask makes it, with one map of globals that all templates share, and one
environment more for each language, in which a template is compiled from its translated source."""

from collections.abc import MutableMapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

from flask import current_app
from flask.templating import Environment
from jinja2 import Template
from markupsafe import Markup, escape

from knelpunt.adapters.catalogues import Catalogue, catalogue
from knelpunt.domain.calendar.timezone import AMSTERDAM, nl_day
from knelpunt.domain.languages import DUTCH, Language
from knelpunt.web.shared.pages.languages import to_language
from knelpunt.web.shared.pages.script_texts import translations_for
from knelpunt.web.shared.pages.template_texts import translated, without_marks
from knelpunt.web.shared.requests.request_language import current_language


class SharedGlobals(Environment):
    """The Dutch environment; ``spoken_in`` has the others. No template here is loaded with globals of its own."""

    language = DUTCH

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The globals of one template.

        Jinja lays an empty map over the shared one for each template, and compares those maps key by key at every
        import of a macro; that came to a tenth of the time of a page.
        """
        return super().make_globals(d) if d else self.globals

    def get_template(
        self, name: str | Template, parent: str | None = None, globals: MutableMapping[str, Any] | None = None
    ) -> Template:
        """The template in the language of the request; the templates it is made of follow it (they name a parent)."""
        if parent is None and self.language is DUTCH:
            language = current_language()
            if language is not DUTCH:
                return self.spoken_in(language).get_template(name, parent, globals)
        return super().get_template(name, parent, globals)

    def preprocess(self, source: str, name: str | None = None, filename: str | None = None) -> str:
        """The source as it is compiled: in Dutch as it was written, else with its texts translated."""
        source = super().preprocess(source, name, filename)
        if self.language is DUTCH:
            return without_marks(source)
        texts = catalogue(self.language)
        return translated(source, texts.exact, lambda path: to_language(path, self.language))

    def spoken_in(self, language: Language) -> "SharedGlobals":
        """The environment of another language, made at its first use."""
        others: dict[str, SharedGlobals] = self.__dict__.setdefault("_others", {})
        if language.code not in others:
            others[language.code] = environment_of(self, language)
        return others[language.code]


def environment_of(dutch: SharedGlobals, language: Language) -> SharedGlobals:
    """The environment of a language, whose templates are compiled from translated sources."""
    texts = catalogue(language)

    def shown(value: Any) -> Any:
        """What an expression gives, as the page shows it: a text of ours translated, an address in the language."""
        if type(value) is not str:
            return value
        return to_language(value, language) if value.startswith(("/", "http")) else texts.say(value)

    other = dutch.overlay(finalize=shown, cache_size=400)
    other.language = language
    other.globals = {
        **dutch.globals,
        "language": language,
        "script_texts": lambda: translations_for(Path(str(current_app.static_folder)) / "js", language),
        **_said(dutch.globals, texts),
    }
    other.filters = {**dutch.filters, **_said(dutch.filters, texts), **_filters(texts)}
    return other


def _said(functions: MutableMapping[str, Any], texts: Catalogue) -> dict[str, Any]:
    """The functions that make Dutch words, with their words translated."""
    spans = ("days_left_in_words", "length_in_words", "date_range_in_words")
    names = (*spans, "label", "topic", "uitleg", "stap", "eigen_stap")
    return {name: _translating(functions[name], texts) for name in names if name in functions}


def _translating(function: Any, texts: Catalogue) -> Any:
    return lambda *args, **named: texts.say(function(*args, **named))


def _filters(texts: Catalogue) -> dict[str, Any]:
    """Dates, moments and numbers as the language writes them; an instant gives the day in Europe/Amsterdam."""

    def day(value: date | datetime) -> date:
        return nl_day(value) if isinstance(value, datetime) else value

    def at(value: datetime) -> str:
        return f"{value.astimezone(AMSTERDAM):%H:%M}"

    def size(value: int) -> str:
        kilobytes = max(1, round(value / 1000))
        return f"{kilobytes} kB" if value < 1_000_000 else f"{texts.decimal(value / 1_000_000)} MB"

    return {
        "datum": lambda value: "" if value is None else texts.date_in_words(day(value)),
        "datum_kort": lambda value: "" if value is None else texts.short_date(day(value)),
        "tijdstip": lambda value: "" if value is None else f"{texts.date_in_words(day(value))}, {at(value)}",
        "tijdstip_kort": lambda value: "" if value is None else f"{texts.short_date(day(value))}, {at(value)}",
        "aantal": texts.number,
        "decimaal": texts.decimal,
        "bestandsgrootte": size,
        "nl": lambda value: Markup('<span lang="nl">{}</span>').format(escape(value)) if value else value,
    }
