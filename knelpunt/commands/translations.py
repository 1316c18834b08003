"""Keeps the catalogues of the other languages in step with the marked texts of the site, by way of pybabel."""

from contextlib import chdir
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po, write_po

from config import PROJECT_DIR
from knelpunt.adapters.translations import path_of
from knelpunt.domain.languages import OTHERS, Language

LINE_LENGTH = 120
KEYWORDS = "lazy_gettext Text counted:1,2"
"""What marks a text beside gettext's own names; which files are read stands in pyproject.toml."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """Where a catalogue falls short of the Dutch texts."""

    missing: list[str]
    fuzzy: list[str]
    left_over: list[str]


def collected() -> Catalog:
    """Every marked text, without translations."""
    with TemporaryDirectory() as folder, chdir(PROJECT_DIR):
        found = Path(folder) / "messages.pot"
        CommandLineInterface().run(
            ["pybabel", "-q", "extract", "-F", "pyproject.toml", "-k", KEYWORDS, "-o", str(found), "."]
        )
        return _read(found)


def updated(language: Language, texts: Catalog) -> Catalog:
    """The catalogue of a language with these texts; what is gone from them is obsolete in it."""
    path = path_of(language)
    catalogue = _read(path, language) if path.exists() else Catalog(locale=language.locale, fuzzy=False)
    catalogue.update(texts, no_fuzzy_matching=True)
    return catalogue


def gaps_in(catalogue: Catalog) -> Gaps:
    """What has no translation, what nobody looked at, and what is no longer in the site."""
    messages = [message for message in catalogue if message.id]
    return Gaps(
        [_words(message.id) for message in messages if not all(_forms(message.string))],
        [_words(message.id) for message in messages if message.fuzzy],
        [_words(key) for key in catalogue.obsolete],
    )


def _read(path: Path, language: Language | None = None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=language.locale if language else None)


def _forms(string: object) -> tuple[object, ...]:
    return tuple(string) if isinstance(string, tuple | list) and string else (string,)


def _words(key: object) -> str:
    return str(key[0] if isinstance(key, tuple | list) else key)


@click.group()
def translations() -> None:
    """The catalogues of the other languages."""


@translations.command("update")
def update() -> None:
    """Collect the marked texts anew; lists what still waits for a translation."""
    texts = collected()
    for language in OTHERS:
        catalogue = updated(language, texts)
        path = path_of(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, catalogue, width=LINE_LENGTH, include_lineno=False, ignore_obsolete=True)
        missing = gaps_in(catalogue).missing
        click.echo(f"{language.name}: {len(missing)} without a translation")
        for text in missing:
            click.echo(f"  {text}")
