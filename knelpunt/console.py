"""What the ``knelpunt`` command does with the whole application at hand, and then ends."""

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import click
from flask import Flask, current_app

from config import MIGRATIONS_DIR, PROJECT_DIR, Config, ConfigError
from knelpunt.adapters import anchors
from knelpunt.adapters.database import embedded_database, schema
from knelpunt.adapters.database.connections import fix_moment
from knelpunt.adapters.log_lines import describe
from knelpunt.application import create_app
from knelpunt.commands import (
    checks,
    importing,
    law_files,
    suggesting,
    supply_chain,
    translations,
    workflow_document,
)
from knelpunt.commands.environment import (
    act,
    application,
    system_context,
)
from knelpunt.commands.operations.backup_commands import COMMANDS as BACKUP_COMMANDS
from knelpunt.commands.operations.prepared import database
from knelpunt.domain.accounts import normalise_email, roles_in
from knelpunt.domain.figures.edition import edition_of, figures_of
from knelpunt.domain.figures.sealing import digest
from knelpunt.domain.shapes import FileRefused
from knelpunt.domain.vocabulary import Role
from knelpunt.extensions import db
from knelpunt.models import Account
from knelpunt.queries.accounts import accounts as account_queries
from knelpunt.queries.core.reference import reference as reference_tables
from knelpunt.queries.figures import ledger as ledger_queries
from knelpunt.queries.figures.ledger import report_of
from knelpunt.queries.figures.quarter import all_differences, places_of
from knelpunt.queries.public.promises import promised_in
from knelpunt.services import accounts
from knelpunt.services.accounts.identity import factors, lost
from knelpunt.services.core import events
from knelpunt.services.figures import files as quarter_files
from knelpunt.services.figures import ledger as figure_ledger
from knelpunt.services.figures import publishing
from knelpunt.services.guides.loading import GuideReport, load_guides
from knelpunt.services.history.importing import ImportOptions
from knelpunt.services.jobs import open_data
from knelpunt.services.laws import changes as law_changes
from knelpunt.services.laws import reference
from knelpunt.services.laws.loading import ahead_in_words
from knelpunt.services.laws.reference import ReferenceReport
from knelpunt.services.mail import subscriptions
from knelpunt.services.quarters.commitments import add_first as add_first_commitments
from knelpunt.services.search import reindex
from knelpunt.services.suggestions.shipped import check_situations
from knelpunt.services.worklist import leaving
from knelpunt.web.api import contract
from knelpunt.web.reporting.public import forms as quarter_forms
from knelpunt.web.reporting.public.making import written
from knelpunt.web.shared.open_data import bulk


@click.group()
def cli() -> None:
    """These are found through ``knelpunt.cli``."""


cli.add_command(translations.translations)
cli.add_command(suggesting.evaluate_command)
cli.add_command(law_files.laws)
for backup_command in BACKUP_COMMANDS:
    cli.add_command(backup_command)


@cli.command()
@click.option("--plan", is_flag=True, help="Say which steps would be taken, and which a running site may stumble over.")
def migrate(*, plan: bool) -> None:
    """Bring the schema of the database up to date, as its owner."""
    with database() as ready:
        if plan:
            for step in schema.steps(MIGRATIONS_DIR, schema.current_revision(ready.owner_url)):
                mark = "STOP THE SITE FIRST" if step.takes_away else "beside the running site"
                click.echo(f"{step.revision}  {mark:24}{step.purpose}")
            return
        try:
            schema.upgrade(MIGRATIONS_DIR, ready.owner_url)
        except schema.MayNotChange as error:
            raise click.ClickException(str(error)) from error
        click.echo(f"The schema is at revision {schema.current_revision(ready.owner_url)}.")


@cli.command()
def check() -> None:
    """Say what production refuses; ends with 1 when there is anything."""
    with database() as ready:
        found = checks.problems(ready.config)
    for problem in found:
        click.echo(f"NOT IN ORDER: {problem}")
    if found:
        sys.exit(1)
    click.echo("All is in order.")


def _load(app: Flask) -> tuple[ReferenceReport, GuideReport]:
    """Load what ships, all of it or nothing, and say where the site is ahead of it."""
    context = system_context(app)
    try:
        check_situations()
        report = reference.load_reference(db.session)
        law_changes.note_found(db.session, report.law_changes, context.today)
        guides = load_guides(context)
        add_first_commitments(context)
    except FileRefused as error:
        raise click.ClickException(str(error)) from error
    db.session.commit()
    if report.ahead:
        click.echo(f"[knelpunt] {ahead_in_words(report.ahead)}", err=True)
    if report.terms_ahead:
        click.echo(f"[knelpunt] {reference.terms_ahead_in_words(report.terms_ahead)}", err=True)
    return report, guides


@cli.command("load-reference")
def load_reference() -> None:
    """Load the laws, provinces, municipalities and ministries; can run as often as one likes."""
    with database() as ready, application(ready) as app:
        report, loaded = _load(app)
    for name, counts in report.counts.items():
        click.echo(f"{name}: {counts.added} added, {counts.changed} changed, {counts.unchanged} unchanged")
    click.echo(
        f"ruimtewijzers: {len(loaded.added)} added, {len(loaded.changed)} changed, {loaded.unchanged} unchanged, "
        f"{len(loaded.kept)} left as the desk wrote them"
    )


@cli.command("make-open-data")
def make_open_data() -> None:
    """Make the files of all open data, where what is public changed since they were made last."""
    with database() as ready, application(ready) as app:
        now, base_url = datetime.now(UTC), app.config["LINKS"].base_url
        wanted = bulk.wanted(db.session, app.config["DATA_SETS"], base_url)
        for done in open_data.make(db.session, app.config["FILE_STORE"], wanted, now, db.session.commit):
            click.echo(f"{done.name}: {'removed' if done.is_removed else f'{done.lines} lines'}")


@cli.command("make-quarter-files")
def make_quarter_files() -> None:
    """Make the forms of public quarters that were asked for."""
    with database() as ready, application(ready):
        for made in quarter_files.make(db.session, quarter_forms.make, lambda: datetime.now(UTC), db.session.commit):
            click.echo(f"{made.quarter} {made.form}: {'failed' if made.error else 'made'}")
            if made.error is not None:
                click.echo(json.dumps(describe(made.error)), err=True)


@cli.command("keep-editions")
@click.option("--totals", multiple=True, help="A quarter to keep by its totals, though its text places more figures.")
def keep_editions(totals: tuple[str, ...]) -> None:
    """Keep the editions of sealed quarters that were not kept yet; their forms are asked for.

    Ends with 1 when one could not be kept; the others are.
    """
    failed: list[str] = []
    with database() as ready, application(ready) as app:
        context = system_context(app)
        for done in publishing.keep_missing(
            context, lambda each: written(db.session, each, even_totals=str(each) in totals)
        ):
            _tell_kept(done, failed)
            db.session.commit()
    _end_with(failed)


@cli.command("import-cases")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Check every line and write nothing.")
@click.option("--set", "set_name", help="Tells files apart that count from 1 again; the name of the file by default.")
@click.option("--publish", is_flag=True, help="Make the cases public: only for own words from public sources.")
def import_cases(file: Path, *, dry_run: bool, set_name: str | None, publish: bool) -> None:
    """Bring cases in as history from a JSONL or CSV file (docs/import.md); can run as often as one likes.

    Ends with 1 when lines were refused; the others are in all the same.
    """
    options = ImportOptions(set_name or file.stem, datetime.now(UTC), publish=publish, is_dry_run=dry_run)
    with database() as ready, application(ready):
        try:
            report = importing.import_file(file, options, lambda text: click.echo(text, err=True))
        except FileRefused as error:
            raise click.ClickException(str(error)) from error
    for line in importing.summary(report, is_dry_run=dry_run):
        click.echo(line)
    if report.refused_count:
        sys.exit(1)


@cli.command()
def demo() -> None:
    """Bring in the real cases, and make the demo accounts and cases; never in production."""
    with database() as ready, application(ready) as app:
        if ready.config.is_production:
            raise click.ClickException("The demo accounts have a password that everybody knows: not in production.")
        imported, made = importing.fill_demo(app.config["LINKS"], app.config["SEALER"], datetime.now(UTC))
    click.echo(f"{imported} real cases and {made} demo cases are new.")
    for line in importing.demo_accounts():
        click.echo(line)


@cli.command()
@click.option("--input", "source", required=True, type=click.Path(path_type=Path, dir_okay=False), help="JSONL or CSV.")
@click.option("--output", "target", required=True, type=click.Path(path_type=Path, dir_okay=False), help="JSONL.")
@click.option("--catalogue-only", is_flag=True, help="By the words of the catalogue alone, without earlier cases.")
@click.option("--without-database", is_flag=True, help="Also when a database runs.")
def suggest(source: Path, target: Path, *, catalogue_only: bool, without_database: bool) -> None:
    """Write ranked laws and provisions with reasons for every case in a file.

    A line has id, title and description, and may have year or date, municipality and submitter_kind. The judged cases
    of the database count when it runs; nothing is started for it. Ends with 1 when lines could not be used; the others
    are written all the same.
    """
    with ExitStack() as stack:
        ask = None
        if not (catalogue_only or without_database):
            ask = stack.enter_context(_judged_cases())
        report = suggesting.write_suggestions(source, target, ask or suggesting.by_what_ships(catalogue_only))
    suggesting.tell(report)


@contextmanager
def _judged_cases() -> Iterator[suggesting.Suggest | None]:
    """Suggestions that learn from the database; None when none runs or it is not ready."""
    try:
        config = Config.from_environment()
    except ConfigError:
        yield None
        return
    if config.database_url is None and not embedded_database.serves(config.embedded_database_dir):
        yield None
        return
    with database() as ready, application(ready):
        yield suggesting.by_judged_cases(db.session)


@cli.command("openapi-document")
def openapi_document_command() -> None:
    """Print docs/api/openapi.json: the contract of the API, from the code that keeps it."""
    with tempfile.TemporaryDirectory(prefix="knelpunt-contract-") as folder:
        app = create_app(replace(contract.EXAMPLE, data_dir=Path(folder)))  # asks no database anything
        click.echo(contract.as_json(contract.document(app, contract.EXAMPLE)), nl=False)


@cli.command("workflow-document")
def workflow_document_command() -> None:
    """Print docs/workflow.md: the diagram and the tables of the workflow, from the code."""
    click.echo(workflow_document.document(), nl=False)


@cli.command()
def prepare() -> None:
    """What `serve` does before it begins: the schema, the reference data, and in a demo its accounts and cases."""
    with database() as ready:
        schema.upgrade(MIGRATIONS_DIR, ready.owner_url)
        with application(ready) as app:
            _load(app)
            if ready.config.is_demo:
                importing.fill_demo(app.config["LINKS"], app.config["SEALER"], datetime.now(UTC))
    if ready.config.is_demo:
        for line in importing.demo_accounts():
            click.echo(line)


@cli.command("reindex")
def reindex_command() -> None:
    """Make all search terms anew, after a change of the word lists; can run beside the site, and be started again."""
    with database() as ready, application(ready):
        for progress in reindex.reindex(db.session):
            click.echo(f"{progress.kind}: {progress.done} van {progress.total}")


@cli.group("figures")
def figures_group() -> None:
    """The ledger that the figures are read from."""


@figures_group.command("rebuild")
def rebuild_figures() -> None:
    """Make the ledger again from the events; can run beside the site, and be started again."""
    with database() as ready, application(ready) as app:
        done = 0
        for done in figure_ledger.rebuild(db.session, system_context(app).now):
            click.echo(f"{done} cases", err=True)
        click.echo(f"The ledger holds {done} cases.")


@figures_group.command("verify")
def verify_figures() -> None:
    """Count every quarter again from the events alone and name each difference; ends with 1 when there is any."""
    with database() as ready, application(ready) as app:
        fix_moment(db.session)
        if not ledger_queries.is_built(db.session):
            raise click.ClickException("The ledger was not made yet: knelpunt figures rebuild")
        found = False
        for line in all_differences(db.session, system_context(app).today):
            found = True
            click.echo(f"NOT IN ORDER: {line}")
    if found:
        sys.exit(1)
    click.echo("Every figure is what the events say.")


@figures_group.command("recompute")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def recompute_figures(file: Path) -> None:
    """Give every figure of a sealed quarter from its file, without a database; the digest first."""
    text = file.read_text(encoding="utf-8")
    try:
        content = json.loads(text)
        places = places_of(report_of(content)) | promised_in(content)
    except (ValueError, KeyError, TypeError) as error:
        raise click.ClickException("This is no file of a sealed quarter.") from error
    click.echo(f"SHA-256 {digest(text)}")
    for place, value in sorted(places.items()):
        click.echo(f"{place}: {value}")


@figures_group.command("reconstruct")
def reconstruct_figures() -> None:
    """Seal the quarters of before the desk from the imported history, marked as put together after the fact."""
    failed: list[str] = []
    with act() as context:
        for done in publishing.keep_missing(context, lambda each: written(db.session, each)):
            _tell_kept(done, failed)
        for quarter in publishing.reconstruct(context, lambda each: written(db.session, each)):
            click.echo(str(quarter), err=True)
    _end_with(failed)


def _tell_kept(done: publishing.Kept, failed: list[str]) -> None:
    if done.error is None:
        click.echo(f"{done.quarter} kept")
    else:
        failed.append(str(done.quarter))
        click.echo(json.dumps({"quarter": str(done.quarter), **describe(done.error)}), err=True)


def _end_with(failed: list[str]) -> None:
    if failed:
        raise click.ClickException(f"No edition was kept of {', '.join(failed)}.")


@cli.group("quarter")
def quarter_group() -> None:
    """The quarters that everybody may read."""


@quarter_group.command("recompute")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
def recompute_quarter(file: Path) -> None:
    """Give every public figure from the file with open data (bericht.json), without a database; the digest first."""
    text = file.read_text(encoding="utf-8")
    try:
        figures = list(figures_of(edition_of(json.loads(text))))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise click.ClickException("This is no file with the open data of a quarter.") from error
    click.echo(f"SHA-256 {digest(text)}")
    for place, value in figures:
        click.echo(f"{place}: {value}")


@cli.command("verify-events")
@click.option("--anchor", "given", multiple=True, metavar="NUMBER:HASH", help="Noted earlier, outside the database.")
@click.option("--anchor-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A log of anchors.")
def verify_events(given: tuple[str, ...], anchor_file: Path | None) -> None:
    """Walk the whole event chain; ends with 1 when anything was altered, removed or cut off.

    Says up to which event it vouches: what was cut off behind the last anchor leaves no trace.

    Without --anchor-file the worker's own log in the data folder is used, if it is there.
    """
    try:
        with database() as ready, application(ready):
            log = anchors.read(given, anchor_file or ready.config.data_dir / anchors.FILE_NAME)
            noted = log.anchors
            report = events.verify(db.session, noted)
    except anchors.BadAnchor as error:
        raise click.ClickException(str(error)) from error
    if report.fault is not None:
        click.echo(f"NOT IN ORDER: {report.fault}")
        sys.exit(1)
    click.echo(f"{report.count} events are in order, checked against {len(noted)} anchors.")
    if log.unreadable:
        click.echo(f"{log.unreadable} lines of the log could not be read, and were passed over.")
    vouched = max(noted, default=0)
    if vouched == report.count:
        click.echo(f"Nothing is missing: the last event, {vouched}, has an anchor.")
    else:
        click.echo(
            f"This vouches up to event {vouched}. Of {report.count - vouched} later events there is no anchor: "
            "if more were cut off behind them, nothing shows it."
        )
    click.echo(f"{report.count}:{report.last_hash}")


@cli.command()
def sbom() -> None:
    """Write the parts that the site is made of, as CycloneDX; in a checkout."""
    click.echo(json.dumps(supply_chain.cyclonedx(supply_chain.parts(PROJECT_DIR), datetime.now(UTC)), indent=2))


@cli.command()
def audit() -> None:
    """Say which parts have a known weakness or a licence that nobody judged, and what could not be seen.

    Ends with 1 when there is a weakness or such a licence; what could not be seen is no fault, and is always told.
    """
    found = supply_chain.parts(PROJECT_DIR)
    told = supply_chain.audit(found, supply_chain.ask_index)
    for line in told.unseen:
        click.echo(f"not seen: {line}")
    for line in told.weaknesses:
        click.echo(f"WEAKNESS: {line}")
    for line in told.licences:
        click.echo(f"LICENCE: {line}")
    click.echo(
        f"{len(found)} parts: {len(told.weaknesses)} weaknesses, {len(told.licences)} licences to judge, "
        f"{len(told.unseen)} things not seen."
    )
    if told.weaknesses or told.licences:
        sys.exit(1)


@cli.command("create-account")
@click.option("--email", required=True, help="The address to log in with.")
@click.option("--name", required=True, help="The name that colleagues see.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--organisation", required=True, help="Name or abbreviation, such as BZK or Zwolle.")
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True, help="Asked for when not given.")
def create_account(email: str, name: str, role: str, organisation: str, password: str) -> None:
    """Make an account, such as the first administrator's."""
    with act() as context:
        account = accounts.create_account(
            context,
            email=email,
            name=name,
            role=Role(role),
            organisation_id=_organisation_id(organisation, Role(role)),
            password=password,
        )
    click.echo(f"Account {account.id} was made for {account.email}.")


@cli.command("confirm-administrator")
@click.option("--email", required=True, help="The address of the administrator.")
def confirm_administrator(email: str) -> None:
    """Confirm an administrator whom another one made, where there is no second one to do it in the site."""
    with act() as context:
        account = _account(email)
        accounts.confirm_administrator(context, account.id, account.version)
    click.echo(f"Account {account.id} counts as an administrator now.")


SUCCESSOR = click.option("--successor", help="The address of who takes the open cases; needed where there are any.")


@cli.command("close-account")
@click.option("--email", required=True, help="The address of the account.")
@SUCCESSOR
def close_account(email: str, successor: str | None) -> None:
    """Close an account, where nobody can do it in the site. Its open cases go to somebody else."""
    with act() as context:
        account, to = _account(email), None if successor is None else _account(successor).id
        went = leaving.close_account(context, account.id, account.version, to)
    click.echo(f"Account {account.id} is closed. Cases handed on: {went}.")


@cli.command("change-role")
@click.option("--email", required=True, help="The address of the account.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@SUCCESSOR
def change_role(email: str, role: str, successor: str | None) -> None:
    """Give an account another role, where nobody can do it in the site. A role without cases needs a successor."""
    with act() as context:
        account, to = _account(email), None if successor is None else _account(successor).id
        went = leaving.change_role(context, account.id, account.version, Role(role), to)
    click.echo(f"Account {account.id} has the role {role} now. Cases handed on: {went}.")


@cli.command("reset-second-factor")
@click.option("--email", required=True, help="The address of the account.")
def reset_second_factor(email: str) -> None:
    """Take the second factor of an account away, where there are no two other administrators to do it in the site."""
    with act() as context:
        account = _account(email)
        lost.take_away(context, account.id)
    click.echo(f"Account {account.id} sets up a second factor at its next log-in.")


@cli.command("renew-factor-seals")
def renew_factor_seals() -> None:
    """Seal the secrets of second factors and subscriptions anew with the newest key; then older keys are needed no
    more."""
    with act() as context:
        sealer = current_app.config["SEALER"]
        renewed, lost_ones = factors.renew_seals(context, sealer)
        also_renewed, lost_subscriptions = subscriptions.renew_seals(context, sealer)
    click.echo(f"Sealed anew: {renewed + also_renewed}.")
    if lost_subscriptions:
        click.echo(
            "No key opens the secret of these subscriptions; their organisations must renew it: "
            + ", ".join(map(str, lost_subscriptions)),
            err=True,
        )
    if lost_ones:
        raise click.ClickException(
            "No key opens the second factor of these accounts; keep the older keys, or reset them: "
            + ", ".join(map(str, lost_ones))
        )


def _account(email: str) -> Account:
    account = account_queries.by_email(db.session, normalise_email(email))
    if account is None:
        raise click.ClickException(f"There is no account with the address {email}.")
    return account


def _organisation_id(name: str, role: Role) -> int:
    """The one organisation of this name in which the role can exist."""
    wanted = name.strip().casefold()
    found = [
        row.id
        for row in reference_tables(db.session).organisations.values()
        if wanted in {row.name.casefold(), (row.abbreviation or "").casefold()}
        and row.valid_to is None
        and role in roles_in(row.kind)
    ]
    if len(found) != 1:
        raise click.ClickException(f"There are {len(found)} organisations called {name!r} with the role {role.value}.")
    return found[0]
