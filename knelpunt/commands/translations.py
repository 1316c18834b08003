"""Keeps the catalogues of the other languages in step with the Dutch texts of the site."""

from dataclasses import dataclass
from pathlib import Path

import click
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from knelpunt.adapters.catalogues import path_of
from knelpunt.commands.translation_sources import collected
from knelpunt.domain.languages import OTHERS, Language

LINE_LENGTH = 120


@dataclass(frozen=True, slots=True)
class Gaps:
    """Where a catalogue falls short of the Dutch texts."""

    missing: list[str]
    fuzzy: list[str]
    left_over: list[str]

    def __bool__(self) -> bool:
        return bool(self.missing or self.fuzzy or self.left_over)


def gaps_of(language: Language) -> Gaps:
    """What has no translation, what nobody looked at, and what is no longer in the site."""
    wanted = [str(message.id) for message in collected() if message.id]
    known = {str(message.id): message for message in _read(path_of(language.code), language) if message.id}
    return Gaps(
        [text for text in wanted if text not in known or not known[text].string],
        [text for text, message in known.items() if message.fuzzy],
        [text for text in known if text not in set(wanted)],
    )


def update_catalogue(language: Language) -> Gaps:
    """Add new Dutch texts to a catalogue, without a translation, and take out what is gone."""
    known = {message.id: message.string for message in _read(path_of(language.code), language) if message.id}
    catalogue = collected()
    catalogue.locale = language.locale
    for message in catalogue:
        if message.id:
            message.string = known.get(message.id, "")
            message.locations = [(file, 0) for file in dict.fromkeys(file for file, _line in message.locations)]
    path = path_of(language.code)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=LINE_LENGTH, include_lineno=False, omit_header=False)
    return gaps_of(language)


def _read(path: Path, language: Language) -> Catalog:
    if not path.exists():
        return Catalog(locale=language.locale)
    with path.open("rb") as file:
        return read_po(file, locale=language.locale)


@click.group()
def translations() -> None:
    """The catalogues of the other languages."""


@translations.command("update")
def update() -> None:
    """Collect the Dutch texts anew; lists what still waits for a translation."""
    for language in OTHERS:
        gaps = update_catalogue(language)
        click.echo(f"{language.name}: {len(gaps.missing)} without a translation")
        for text in gaps.missing:
            click.echo(f"  {text}")
