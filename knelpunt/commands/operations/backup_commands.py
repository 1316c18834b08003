"""``knelpunt backup``, ``restore``, ``drill`` and ``backup-key``."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import click
import psycopg

from knelpunt.adapters.backup.dump import DumpError
from knelpunt.adapters.backup.folder import BackupFolder, BackupRefused, identities_in, new_pair, recipients_in
from knelpunt.adapters.database.embedded_database import DatabaseServerError
from knelpunt.adapters.uploads.store import StoreError
from knelpunt.commands.operations.backing_up import back_up
from knelpunt.commands.operations.prepared import database
from knelpunt.commands.operations.restoring import Restored, drill, restore
from knelpunt.installation import file_store

FOLDER = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
NAME = click.option("--name", help="The backup to take, such as 2026-12-01T030000Z; the newest when none is named.")
IDENTITY = click.option(
    "--identity",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="The file with the secret key, when the backup is sealed.",
)


@click.command("backup")
@FOLDER
@click.option("--recipient", multiple=True, metavar="AGE1…", help="A public key to seal with; may be given more often.")
@click.option("--keep", type=click.IntRange(1), help="Remove all but this many, and the files that only those had.")
def backup_command(folder: Path, recipient: tuple[str, ...], keep: int | None) -> None:
    """Back up database, attachments, keys and anchors to FOLDER, as they are at one moment.

    Can run while people use the site. Attachments that an earlier backup in FOLDER holds are not copied again.
    Whatever is written is read back and compared before the backup counts.
    """
    with _in_words():
        place = BackupFolder(folder, recipients_in(recipient))
        if not recipient:
            click.echo("LET OP: without --recipient the backup holds personal data and keys in the open.", err=True)
        with database() as ready:
            made = back_up(
                ready.config, ready.owner_url, file_store(ready.config), place, datetime.now(UTC),
                version=version("knelpunt"), keep=keep, say=_say,
            )  # fmt: skip
    click.echo(
        f"Backup {made.name}: {made.rows} rows, {made.files} files, of which {made.new_files} new "
        f"({made.new_bytes / 1e6:.1f} MB)."
    )
    for name in made.gone:
        click.echo(f"File {name} was removed or missing while the backup was made.")
    if made.removed_backups:
        click.echo(f"{made.removed_backups} older backups were removed.")
    for warning in made.warnings:
        click.echo(f"LET OP: {warning}", err=True)


@click.command("restore")
@FOLDER
@NAME
@IDENTITY
def restore_command(folder: Path, name: str | None, identity: Path | None) -> None:
    """Bring a backup in FOLDER back, into an empty database and an empty data folder or bucket.

    Every row and file is compared with what was written down of it. Ends with 1 when anything differs.
    """
    with _in_words(), database() as ready:
        report = restore(
            ready, file_store(ready.config), BackupFolder(folder, identities=identities_in(identity)), name, _say
        )
    _tell(report)


@click.command("drill")
@FOLDER
@NAME
@IDENTITY
def drill_command(folder: Path, name: str | None, identity: Path | None) -> None:
    """Try whether a backup in FOLDER comes back: in a place of its own that is thrown away afterwards.

    Compares every row and file, walks the chain of events, counts every figure again, and says how long it took. The
    site is not touched. Ends with 1 when anything differs.
    """
    with _in_words():
        report = drill(BackupFolder(folder, identities=identities_in(identity)), name, _say)
    _tell(report)


@click.command("backup-key")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup_key_command(file: Path) -> None:
    """Make a pair of keys: the secret one in FILE, which never belongs on the server; the public one is printed."""
    secret, public = new_pair()
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as target:
            target.write(f"# public key: {public}\n{secret}\n")
    except FileExistsError:
        raise click.ClickException(f"{file} is there already.") from None
    except OSError as error:
        raise click.ClickException(_of_the_disk(error)) from error
    click.echo(public)


COMMANDS: tuple[click.Command, ...] = (backup_command, restore_command, drill_command, backup_key_command)


def _tell(report: Restored) -> None:
    for note in report.notes:
        click.echo(f"note: {note}")
    for fault in report.faults:
        click.echo(f"NOT IN ORDER: {fault}")
    for what, seconds in report.seconds.items():
        click.echo(f"{seconds:8.1f} s  {what}")
    click.echo(
        f"{sum(report.seconds.values()):8.1f} s  in all. Backup {report.name}, schema {report.revision}: "
        f"{report.rows} rows in {report.tables} tables, {report.files} files ({report.bytes / 1e6:.1f} MB)."
    )
    if report.faults:
        sys.exit(1)
    click.echo("Every row and every file is what was written down of it.")


@contextmanager
def _in_words() -> Iterator[None]:
    """What can go wrong, in a line."""
    try:
        yield
    except (BackupRefused, DumpError, DatabaseServerError) as error:
        raise click.ClickException(str(error)) from error
    except StoreError as error:
        raise click.ClickException(f"The attachments cannot be reached: {error}") from error
    except psycopg.Error as error:
        raise click.ClickException(f"The database cannot be asked: {str(error).strip()}") from error
    except OSError as error:
        raise click.ClickException(_of_the_disk(error)) from error


def _of_the_disk(error: OSError) -> str:
    """Why a file could not be read or written: a full disk, a folder that is another's."""
    return ": ".join(str(part) for part in (error.filename, error.strerror or type(error).__name__) if part)


def _say(text: str) -> None:
    click.echo(f"… {text}", err=True)
