"""Files with cases: loaded, looked at before anything comes in, followed while they do, and put back.

The desk does so with history at ``/loket/importeren``, who manages an organisation with its backlog at
``/onze-organisatie/importeren``: the same pages at two addresses.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from io import BytesIO
from time import monotonic
from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import FileStorage

from knelpunt.adapters.files.cases import REPORT_COLUMNS, Line, cells_of, lines_of
from knelpunt.adapters.uploads.store import StoreError
from knelpunt.domain.errors import DomainError
from knelpunt.domain.history import backlog as backlog_lines
from knelpunt.domain.history import imports as rules
from knelpunt.domain.history import lines as history_lines
from knelpunt.domain.history.imports import ImportKind, ImportState, ImportStatus
from knelpunt.domain.history.records import FileColumn
from knelpunt.domain.vocabulary import KNOWN_THEMES
from knelpunt.extensions import db
from knelpunt.queries.filing import imports as queries
from knelpunt.queries.filing.imports import Run
from knelpunt.services.cases.attachments import MEGABYTE
from knelpunt.services.filing import draft_terms
from knelpunt.services.history import backlog, runs
from knelpunt.services.history.runs import PERMISSION
from knelpunt.web.importing.forms import FileTogetherForm, HistoryUploadForm, UploadForm
from knelpunt.web.shared.forms.forms import ButtonForm
from knelpunt.web.shared.pages.csv_files import csv_download, csv_pieces, note_download
from knelpunt.web.shared.pages.filters import number as number_words
from knelpunt.web.shared.pages.list_filters import ListFilters, number_in
from knelpunt.web.shared.requests.access import current_actor, current_context, now_utc, requires, today_in_nl
from knelpunt.web.shared.requests.transactions import commits, errors_on, form_status

bp = Blueprint("importing", __name__)

SECONDS_AT_ONCE = 3.0
"""As long a page works on a file itself; the worker does what is left."""
PARTS = {
    "ingelezen": (ImportState.ADDED,),
    "goed": (ImportState.GOOD,),
    "gebleven": (ImportState.STAYED,),
    "terug": (ImportState.PUT_BACK,),
    "al-aanwezig": (ImportState.PRESENT,),
    "geweigerd": (ImportState.REFUSED,),
}
"""The lists of lines on the page of a file, as they stand in its address."""
STATUS_LOOKS = {
    ImportStatus.CHECKING: "wait",
    ImportStatus.UNREADABLE: "danger",
    ImportStatus.CHECKED: "wait",
    ImportStatus.RUNNING: "wait",
    ImportStatus.DONE: "ok",
    ImportStatus.UNDOING: "wait",
    ImportStatus.UNDONE: "muted",
}
View = Callable[..., ResponseReturnValue]


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose files these pages are about."""

    kind: ImportKind
    name: str
    base: str
    columns: tuple[FileColumn, ...]

    @property
    def is_own(self) -> bool:
        return self.kind is ImportKind.BACKLOG

    @property
    def organisation_id(self) -> int | None:
        return current_actor().organisation_id if self.is_own else None

    @property
    def most_lines(self) -> int:
        return rules.MOST_LINES[self.kind]

    def url(self, page: str, **values: Any) -> str:
        return url_for(f"importing.{self.name}_{page}", **values)

    def count(self, number: int) -> str:
        """So many of what a line becomes, in words."""
        one, more = ("concept", "concepten") if self.is_own else ("zaak", "zaken")
        return f"{number_words(number)} {one if number == 1 else more}"


HISTORY = Scope(ImportKind.HISTORY, "history", "/loket/importeren", history_lines.COLUMNS)
BACKLOG = Scope(ImportKind.BACKLOG, "backlog", "/onze-organisatie/importeren", backlog_lines.COLUMNS)


def _page(path: str, *scopes: Scope, methods: tuple[str, ...] = ("GET",)) -> Callable[[View], View]:
    """Give a page its address in each scope, for who may bring such files in; a POST is one transaction."""

    def add(view: View) -> View:
        for scope in scopes or (HISTORY, BACKLOG):
            rule, name = scope.base + path, f"{scope.name}_{view.__name__}"
            bp.add_url_rule(rule, name, _in_scope(view, scope), methods=list(methods))
        return view

    return add


def _in_scope(view: View, scope: Scope) -> View:
    @wraps(view)
    def in_scope(**values: Any) -> ResponseReturnValue:
        return view(scope, **values)

    return requires(PERMISSION[scope.kind])(commits(in_scope))


@_page("")
def all_runs(scope: Scope) -> ResponseReturnValue:
    """The files that were loaded."""
    asked = ListFilters.of_request()
    before = asked.place("voor")
    rows = queries.list_runs(db.session, scope.kind, scope.organisation_id, before)
    shown, more = rows[: queries.PAGE_SIZE], len(rows) > queries.PAGE_SIZE
    return render_template(
        "importing/list.html",
        scope=scope,
        rows=shown,
        status_words=rules.STATUS_WORDS,
        looks=STATUS_LOOKS,
        first_href=asked.address() if before else None,
        next_href=asked.address(voor=shown[-1].id) if more else None,
    )


@_page("/nieuw", methods=("GET", "POST"))
def load(scope: Scope) -> ResponseReturnValue:
    """Choose a file; what would come in is shown next."""
    form: UploadForm = UploadForm() if scope.is_own else HistoryUploadForm()
    limits = current_app.config["ATTACHMENT_RULES"]
    if form.validate_on_submit():
        with errors_on(form):
            chosen = form.file.data
            if not isinstance(chosen, FileStorage) or not chosen.filename:
                raise DomainError("Kies een bestand.", field=runs.FIELD)
            run = runs.upload(
                current_context(),
                current_app.config["FILE_STORE"],
                limits,
                scope.kind,
                chosen.stream,
                chosen.filename,
                None if scope.is_own else form["set_name"].data,
            )
            return _go_on(scope, run.id)
    page = render_template(
        "importing/load.html",
        scope=scope,
        form=form,
        themes=KNOWN_THEMES,
        max_megabytes=limits.max_bytes // MEGABYTE,
        kept_days=rules.KEPT.days,
    )
    return page, form_status(form)


@_page("/sjabloon.csv")
def template_csv(scope: Scope) -> ResponseReturnValue:
    """A file to fill in, with one example."""
    heads = [column.name for column in scope.columns]
    return csv_download(heads, lambda _session: [[column.example for column in scope.columns]], "sjabloon.csv")


@_page("/sjabloon.jsonl")
def template_jsonl(scope: Scope) -> ResponseReturnValue:
    """The same example as a line of JSON."""
    table = csv_pieces([each.name for each in scope.columns], [[each.example for each in scope.columns]])
    example = next(lines_of(BytesIO("".join(table).encode()), is_csv=True, needed=()))
    data = {name: value for name, value in (example.data or {}).items() if value is not None}
    return _download(iter([_json_line(data)]), "sjabloon.jsonl", "application/jsonl")


@_page("/<id:run_id>", methods=("GET", "POST"))
def one_run(scope: Scope, run_id: int) -> ResponseReturnValue:
    """What would come in; once that is confirmed, how far it is and what came in."""
    form = ButtonForm()
    if form.validate_on_submit():
        with errors_on(form):
            runs.confirm(current_context(), scope.kind, run_id)
            return _go_on(scope, run_id)
    run = _run(scope, run_id)
    asked = ListFilters.of_request()
    part = asked.given("toon")
    if part not in PARTS or not run.count(*PARTS[part]):
        part = next((name for name, states in PARTS.items() if run.count(*states)), "goed")
    after = asked.place("na")
    rows = queries.list_rows(db.session, run.id, PARTS[part], after)
    shown, more = rows[: queries.PAGE_SIZE], len(rows) > queries.PAGE_SIZE
    page = render_template(
        "importing/run.html",
        scope=scope,
        run=run,
        form=form,
        rows=shown,
        part=part,
        parts={name: run.count(*states) for name, states in PARTS.items()},
        status_words=rules.STATUS_WORDS,
        in_words=runs.in_words,
        may_undo=run.status is ImportStatus.DONE and today_in_nl() <= run.ends_on and _holds(run, ImportState.ADDED),
        is_over=today_in_nl() > run.ends_on,
        purge_on=draft_terms.purge_day(db.session, now_utc()) if scope.is_own else None,
        href_of=lambda name: f"{scope.url('one_run', run_id=run.id)}?toon={name}",
        first_href=asked.address(toon=part) if after else None,
        next_href=asked.address(toon=part, na=shown[-1].place) if more else None,
    )
    return page, form_status(form)


@_page("/<id:run_id>/geweigerd")
def refused(scope: Scope, run_id: int) -> ResponseReturnValue:
    """The lines that did not come in, as a file to mend and load again, with what is wrong with each."""
    run = _run(scope, run_id)
    if not _holds(run, *runs.left_out(run)):
        abort(404)
    found = runs.refused_lines(db.session, current_app.config["FILE_STORE"], run)
    note_download("geweigerde regels", ())
    if not run.is_csv:
        return _download(_refused_json(found), f"geweigerd-{run.id}.jsonl", "application/jsonl")
    names = [column.name for column in scope.columns]
    rows = ([number, told, *(cells_of(line.data or {}, names) if line else ())] for number, told, line in found)
    return csv_download([*REPORT_COLUMNS, *names], lambda _session: rows, f"geweigerd-{run.id}.csv")


@_page("/<id:run_id>/weggooien", methods=("GET", "POST"))
def discard(scope: Scope, run_id: int) -> ResponseReturnValue:
    """Throw a file away that was not brought in, after asking."""
    run, form = _run(scope, run_id), ButtonForm()
    if form.validate_on_submit():
        with errors_on(form):
            runs.discard(current_context(), current_app.config["FILE_STORE"], scope.kind, run_id)
            flash("Het bestand is weggegooid.")
            return redirect(scope.url("all_runs"), 303)
    return _ask(scope, run, form, "discard")


@_page("/<id:run_id>/terugdraaien", methods=("GET", "POST"))
def undo(scope: Scope, run_id: int) -> ResponseReturnValue:
    """Put back what came in, after asking."""
    run, form = _run(scope, run_id), ButtonForm()
    if form.validate_on_submit():
        with errors_on(form):
            runs.undo(current_context(), scope.kind, run_id)
            return _go_on(scope, run_id)
    return _ask(scope, run, form, "undo")


@_page("/<id:run_id>/indienen", BACKLOG)
def choose(scope: Scope, run_id: int) -> ResponseReturnValue:
    """Choose which drafts are filed together; none is chosen beforehand."""
    run, asked = _run(scope, run_id), ListFilters.of_request()
    after = asked.place("na")
    rows = queries.unfiled_rows(db.session, run.id, after)
    shown, more = rows[: queries.PAGE_SIZE], len(rows) > queries.PAGE_SIZE
    return render_template(
        "importing/choose.html",
        scope=scope,
        run=run,
        rows=shown,
        most=backlog.MOST_AT_ONCE,
        first_href=asked.address() if after else None,
        next_href=asked.address(na=shown[-1].place) if more else None,
    )


@_page("/<id:run_id>/indienen/akkoord", BACKLOG, methods=("GET", "POST"))
def file_together(scope: Scope, run_id: int) -> ResponseReturnValue:
    """What filing the chosen drafts means, and the button that does it."""
    run, form = _run(scope, run_id), FileTogetherForm()
    keys = request.values.getlist("concept")[: backlog.MOST_AT_ONCE + 1]
    versions = dict(zip(keys, map(number_in, request.values.getlist("versie")), strict=False))
    rows = queries.chosen_rows(db.session, run.id, [key for key in keys if key.isalnum() and key.isascii()])
    if form.validate_on_submit():
        with errors_on(form):
            if form.number.data != len(rows):
                raise DomainError(f"U koos er {len(rows)}. Typ dat getal.", field="number")
            drafts = [(row.draft_key or "", versions.get(row.draft_key or "") or 0, row.title) for row in rows]
            filed = backlog.file_drafts(current_context(), drafts, form.words(), db.session.commit)
            return render_template("importing/filed.html", scope=scope, run=run, filed=filed)
    page = render_template(
        "importing/file_together.html", scope=scope, run=run, rows=rows, form=form, most=backlog.MOST_AT_ONCE
    )
    return page, form_status(form)


def _run(scope: Scope, run_id: int) -> Run:
    run = queries.one_run(db.session, scope.kind, scope.organisation_id, run_id)
    if run is None:
        abort(404)
    return run


def _holds(run: Run, *states: ImportState) -> bool:
    """Whether there are lines of these states, and the file is still kept."""
    return run.count(*states) > 0 and run.stored_name is not None


def _go_on(scope: Scope, run_id: int) -> ResponseReturnValue:
    """Work on the file for some seconds, and show how far it is."""
    db.session.commit()
    until = monotonic() + SECONDS_AT_ONCE
    files = current_app.config["FILE_STORE"]
    try:
        runs.carry_out(current_context(), files, run_id, db.session.commit, lambda: monotonic() < until)
    except (StoreError, OperationalError):  # the worker tries again
        db.session.rollback()
    return redirect(scope.url("one_run", run_id=run_id), 303)


def _ask(scope: Scope, run: Run, form: ButtonForm, act: str) -> ResponseReturnValue:
    return render_template("importing/ask.html", scope=scope, run=run, form=form, act=act), form_status(form)


def _refused_json(found: Iterator[tuple[int, str, Line | None]]) -> Iterator[bytes]:
    for number, told, line in found:
        report = dict(zip(REPORT_COLUMNS, (number, told), strict=True))
        yield _json_line({**report, **((line.data or {}) if line else {})})


def _json_line(data: dict[str, Any]) -> bytes:
    return json.dumps(data, ensure_ascii=False).encode("utf-8", errors="replace") + b"\n"


def _download(lines: Iterator[bytes], name: str, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Response(lines, mimetype=media_type, headers=headers)
