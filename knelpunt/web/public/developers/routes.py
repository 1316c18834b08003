"""Addresses for developers: the data of laws and ruimtewijzers, a page about them, and the algorithm register."""

import inspect
from datetime import timedelta

from flask import Response, current_app, jsonify, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import RequestedRangeNotSatisfiable

from knelpunt.domain.errors import NotFound, NotMade
from knelpunt.domain.identity.clients import DEMO_CLIENT, DEMO_SECRET
from knelpunt.extensions import db
from knelpunt.queries.public.files import all_files, file_named, newest_named
from knelpunt.services.core import stored_files
from knelpunt.web.public import pages
from knelpunt.web.public.blueprint import bp
from knelpunt.web.public.developers import algorithm, api, guides, laws, signature, wordings
from knelpunt.web.shared.open_data.data_sets import catalogue, made_files
from knelpunt.web.shared.open_data.dcat import as_json, as_turtle
from knelpunt.web.shared.open_data.json_files import CC0, JSON_LD, json_graph, json_lines, licensed
from knelpunt.web.shared.open_data.legislation import CONTEXT
from knelpunt.web.shared.pages.csv_files import csv_download
from knelpunt.web.shared.requests.access import public, today_in_nl
from knelpunt.web.shared.requests.errors import say_retry_after
from knelpunt.web.shared.texts import lazy_gettext

BEING_MADE = lazy_gettext("Wij maken dit bestand opnieuw, omdat er iets uit moest. Probeer het over een uur nog eens.")
MADE_WITHIN = timedelta(hours=1)


@bp.route("/open-data/bepalingen.jsonl")
@public
def wordings_json() -> ResponseReturnValue:
    """Every wording of the law catalogue as JSON, one on each line."""
    base_url = current_app.config["LINKS"].base_url
    return licensed(json_lines(lambda session: wordings.rows(session, base_url), "bepalingen.jsonl"))


@bp.route("/open-data/bepalingen.jsonld")
@public
def wordings_linked() -> ResponseReturnValue:
    """Every wording as linked data (schema.org Legislation, with ELI)."""
    base_url, today = current_app.config["LINKS"].base_url, today_in_nl()
    return json_graph(CONTEXT, lambda session: wordings.linked(session, base_url, today), "bepalingen.jsonld")


@bp.route("/open-data/wetten.csv")
@public
def laws_csv() -> ResponseReturnValue:
    """Every law with its provisions as CSV."""
    base_url = current_app.config["LINKS"].base_url
    heads = [name for name, _meaning in laws.COLUMNS]
    return licensed(
        csv_download(heads, lambda session: (row.values() for row in laws.rows(session, base_url)), "wetten.csv")
    )


@bp.route("/open-data/wetten.jsonl")
@public
def laws_json() -> ResponseReturnValue:
    """Every law with its provisions as JSON, one on each line."""
    base_url = current_app.config["LINKS"].base_url
    return licensed(json_lines(lambda session: laws.rows(session, base_url), "wetten.jsonl"))


@bp.route("/open-data/ruimtewijzers.jsonl")
@public
def guides_json() -> ResponseReturnValue:
    """Every ruimtewijzer that everybody may read, as JSON, one on each line."""
    base_url = current_app.config["LINKS"].base_url
    return licensed(json_lines(lambda session: guides.rows(session, base_url), "ruimtewijzers.jsonl"))


@bp.route("/open-data/ruimtewijzers.jsonld")
@public
def guides_linked() -> ResponseReturnValue:
    """The same as linked data: each a question with its answer."""
    base_url = current_app.config["LINKS"].base_url
    return json_graph(guides.CONTEXT, lambda session: guides.linked(session, base_url), "ruimtewijzers.jsonld")


@bp.route("/open-data/catalogus.jsonld")
@public
def data_catalogue() -> ResponseReturnValue:
    """The catalogue of all data sets (DCAT-AP-NL 3) as JSON-LD."""
    found = catalogue(db.session, made_files(all_files(db.session)))
    return licensed(Response(as_json(found), content_type=JSON_LD))


@bp.route("/open-data/catalogus.ttl")
@public
def data_catalogue_turtle() -> ResponseReturnValue:
    """The same as Turtle."""
    found = catalogue(db.session, made_files(all_files(db.session)))
    return licensed(Response(as_turtle(found), content_type="text/turtle; charset=utf-8"))


@bp.route("/open-data/versies/<string:open_file>")
@public
def open_data_file(open_file: str) -> ResponseReturnValue:
    """A file that was made, sent a piece at a time. One in which something was taken back is not there any more.

    A name without a day and mark leads to the newest.
    """
    found = file_named(db.session, open_file)
    if found is None:
        newest, was_made = newest_named(db.session, open_file)
        if newest is None and was_made:
            say_retry_after(MADE_WITHIN)
            raise NotMade(BEING_MADE)
        if newest is None:
            raise NotFound()
        return licensed(redirect(url_for("public.open_data_file", open_file=newest.name), 302))
    try:
        stream = stored_files.open_file(current_app.config["FILE_STORE"], found.stored_name)
    except FileNotFoundError:
        raise NotFound() from None
    kind = "application/gzip" if open_file.endswith(".gz") else "application/vnd.apache.parquet"
    response = send_file(
        stream, mimetype=kind, as_attachment=True, download_name=found.name, etag=found.sha256, conditional=False
    )
    response.content_length = found.size  # a stream does not tell it, and without it no range can be cut
    try:
        return licensed(response).make_conditional(request, accept_ranges=True, complete_length=found.size)
    except RequestedRangeNotSatisfiable:
        stream.close()
        raise


@bp.route(pages.DEVELOPERS.path)
@public
def developers() -> ResponseReturnValue:
    """How other systems use the data of this site."""
    config = current_app.config["KNELPUNT"]
    return render_template(
        "public/about/developers.html",
        check_signature=inspect.getsource(signature),
        page=pages.DEVELOPERS,
        base_url=config.base_url,
        contact_email=config.contact_email,
        columns=wordings.COLUMNS,
        guide_columns=guides.COLUMNS,
        license_href=CC0,
        contract=api.CONTRACT,
        scripts=api.scripts(),
        examples=[(example.words, example.command(config.base_url)) for example in api.EXAMPLES],
        errors=list(api.errors()),
        requests_per_minute=config.api_requests_per_minute,
        token_path=api.TOKEN,
        changes_path=api.CHANGES,
        demo_key=DEMO_CLIENT if config.is_demo else None,
        demo_secret=DEMO_SECRET,
    )


@bp.route(pages.ALGORITHM.path)
@public
def algorithm_register() -> ResponseReturnValue:
    """What the suggestions do, with what, how well, and who decides."""
    return render_template(
        "public/about/algorithm.html", page=pages.ALGORITHM, name=algorithm.NAME, parts=algorithm.PARTS
    )


@bp.route("/open-data/algoritme.json")
@public
def algorithm_json() -> ResponseReturnValue:
    """The same entry for programs."""
    base_url = current_app.config["LINKS"].base_url
    return jsonify(
        naam=str(algorithm.NAME),
        organisatie="Knelpunt",
        status="in gebruik",
        taal="nl",
        adres=f"{base_url}{pages.ALGORITHM.path}",
        licentie=CC0,
        **{part.key: " ".join(map(str, part.texts)) for part in algorithm.PARTS},
    )
