"""Addresses for developers: the data of laws and ruimtewijzers, a page about them, and the algorithm register."""

import inspect

from flask import current_app, jsonify, render_template
from flask.typing import ResponseReturnValue

from knelpunt.domain.identity.clients import DEMO_CLIENT, DEMO_SECRET
from knelpunt.web.public import pages
from knelpunt.web.public.blueprint import bp
from knelpunt.web.public.developers import algorithm, api, guides, signature, wordings
from knelpunt.web.shared.open_data.json_files import CC0, json_graph, json_lines
from knelpunt.web.shared.open_data.legislation import CONTEXT
from knelpunt.web.shared.requests.access import public, today_in_nl


@bp.route("/open-data/bepalingen.jsonl")
@public
def wordings_json() -> ResponseReturnValue:
    """Every wording of the law catalogue as JSON, one on each line."""
    base_url = current_app.config["LINKS"].base_url
    return json_lines(lambda session: wordings.rows(session, base_url), "bepalingen.jsonl")


@bp.route("/open-data/bepalingen.jsonld")
@public
def wordings_linked() -> ResponseReturnValue:
    """Every wording as linked data (schema.org Legislation, with ELI)."""
    base_url, today = current_app.config["LINKS"].base_url, today_in_nl()
    return json_graph(CONTEXT, lambda session: wordings.linked(session, base_url, today), "bepalingen.jsonld")


@bp.route("/open-data/ruimtewijzers.jsonl")
@public
def guides_json() -> ResponseReturnValue:
    """Every ruimtewijzer that everybody may read, as JSON, one on each line."""
    base_url = current_app.config["LINKS"].base_url
    return json_lines(lambda session: guides.rows(session, base_url), "ruimtewijzers.jsonl")


@bp.route("/open-data/ruimtewijzers.jsonld")
@public
def guides_linked() -> ResponseReturnValue:
    """The same as linked data: each a question with its answer."""
    base_url = current_app.config["LINKS"].base_url
    return json_graph(guides.CONTEXT, lambda session: guides.linked(session, base_url), "ruimtewijzers.jsonld")


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
        examples=[(example.words, example.command(config.base_url)) for example in api.EXAMPLES],
        errors=list(api.errors()),
        requests_per_minute=config.api_requests_per_minute,
        token_path=api.TOKEN,
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
