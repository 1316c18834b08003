"""``knelpunt laws``: the catalogue back to its files, what differs between the two, and which texts were read."""

import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import click

from knelpunt.adapters.files.law_texts import fingerprint_of, read_texts
from knelpunt.commands.environment import application, system_context
from knelpunt.commands.operations.prepared import database
from knelpunt.domain.shapes import FileRefused
from knelpunt.extensions import db
from knelpunt.queries.laws.wordings import coverage
from knelpunt.services.laws import texts as law_texts
from knelpunt.services.laws.files import differences, export_texts
from knelpunt.services.laws.loading import read_catalogue


def write_files(folder: Path, texts: Mapping[str, str]) -> list[str]:
    """Write each file whole or not at all, and only where it differs; the names of those that were written."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in texts.items():
        target = folder / name
        if target.exists() and target.read_text(encoding="utf-8") == text:
            continue
        draft = folder / f".{name}.part"
        try:
            draft.write_text(text, encoding="utf-8")
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        written.append(name)
    return written


@click.group()
def laws() -> None:
    """The law catalogue: from the database back to its files, and what differs."""


@laws.command("export")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def export_laws(folder: Path) -> None:
    """Write the catalogue of the database to FOLDER as the files it is loaded from.

    With knelpunt/data/law as FOLDER, version control shows what was changed in the site.
    """
    with database() as ready, application(ready):
        try:
            texts = export_texts(db.session)
        except FileRefused as error:
            raise click.ClickException(str(error)) from error
    written = write_files(folder, texts)
    click.echo(f"{len(texts)} files, {len(written)} changed{': ' if written else ''}{', '.join(written)}")


@laws.command("check")
def check_laws() -> None:
    """Say what the files and the database have otherwise; ends with 1 when there is anything."""
    with database() as ready, application(ready):
        try:
            found = differences(db.session, read_catalogue())
        except FileRefused as error:
            raise click.ClickException(str(error)) from error
    for one in found:
        click.echo(one.in_words)
    if found:
        sys.exit(1)
    click.echo("The files and the database say the same.")


@laws.command("coverage")
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day; today by default.")
@click.option("--list", "lists", is_flag=True, help="Name each provision whose wording of that day was not read.")
def laws_coverage(day: datetime | None, *, lists: bool) -> None:
    """Say of how many provisions that hold on a day the wording of that day was read."""
    with database() as ready, application(ready) as app:
        found = coverage(db.session, day.date() if day else system_context(app).today)
    click.echo(
        f"{found.on}: {found.provisions} provisions hold or may hold; of {found.verified} ({found.share:.0%}) the "
        f"wording was read in whole, of {found.read - found.verified} in part, of {len(found.unread)} not."
    )
    click.echo(f"All days: {found.wordings} wordings, {found.wordings_read} read.")
    for one in found.unread if lists else ():
        click.echo(f"{one.provision_key}: {one.why_not_read}")


@laws.command("check-texts")
@click.argument("folders", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="Compare the wordings of this day; today.")
def check_texts(folders: tuple[Path, ...], day: datetime | None) -> None:
    """Compare the texts that were read with newer copies in FOLDERS, and put what changed in the queue of the site.

    Copies of statengeneraal/laws-markdown, MinBZK/regelrecht-corpus and legalize-nl are understood.
    """
    with database() as ready, application(ready) as app:
        today = system_context(app).today
        report = law_texts.check_texts(db.session, folders, on=day.date() if day else today, today=today)
        db.session.commit()
    for one, text in report.changed:
        since = text.valid_from or "unknown day"
        click.echo(f"{one.provision_key} {one.address}: changed (read {one.read_on}, text of {since})")
    for one, _text in report.gone:
        click.echo(f"{one.provision_key} {one.address}: gone from the text")
    click.echo(
        f"{report.compared} compared: {len(report.same)} the same, {len(report.changed)} changed, "
        f"{len(report.gone)} gone; {report.new} new in the queue. Not compared: {len(report.not_in_copy)} not in the "
        f"copies, {len(report.without_hash)} without a fingerprint."
    )


@laws.command("text-hash")
@click.argument("folder", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.argument("bwb_id")
@click.argument("articles", nargs=-1, required=True)
@click.option("--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The newest text of this day; today.")
def text_hash(folder: Path, bwb_id: str, articles: tuple[str, ...], day: datetime | None) -> None:
    """Say the fingerprint of ARTICLES of a law in a copy, as a wording keeps it."""
    for text in read_texts(folder, [bwb_id], day.date() if day else datetime.now(UTC).date()):
        found = fingerprint_of(text, articles)
        click.echo(f"{text.valid_from or 'unknown day'} {found or 'no such article'}")
