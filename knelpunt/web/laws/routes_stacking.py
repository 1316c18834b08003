"""Which rules are named together in cases: for everybody from what is published, for the desk from every case."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.core.reference import reference
from knelpunt.queries.laws import catalogue as laws
from knelpunt.queries.laws import stacking
from knelpunt.queries.laws.stacking import StackFilter
from knelpunt.web.laws.blueprint import bp
from knelpunt.web.laws.kept_pairs import first_pairs
from knelpunt.web.laws.stacking import FIRST_YEAR, LEVEL_WORDS, AskedStacking, asked_stacking, cases_address
from knelpunt.web.shared.charts.rule_matrix import rule_matrix
from knelpunt.web.shared.requests.access import current_actor, public, requires, today_in_nl
from knelpunt.web.shared.texts import _

FIRST_SHOWN = 12
"""So many pairs stand on the page at once; a fold has the others."""


@bp.route("/wetten/samenloop")
@public
def stacked() -> ResponseReturnValue:
    """Rules that published cases name together. Each number opens cases that anybody may read, so none is hidden."""
    return _page(for_staff=False)


@bp.route("/loket/samenloop")
@requires(Permission.READ_CASES)
def stacked_at_desk() -> ResponseReturnValue:
    """The same for all cases, by the toetsen that stand; without a period, those of this year and the one before."""
    return _page(for_staff=True)


def _page(*, for_staff: bool) -> ResponseReturnValue:
    names = reference(db.session)
    domains = laws.list_domains(db.session)
    this_year = today_in_nl().year
    asked = asked_stacking(domains, names, this_year, begins_in=this_year - 1 if for_staff else None)
    if for_staff:
        found = stacking.staff_stacking(db.session, asked.wanted)
    elif asked.wanted == StackFilter():
        found = first_pairs()
    else:
        found = stacking.public_stacking(db.session, asked.wanted)
    page = render_template(
        "laws/stacking.html",
        asked=asked,
        found=found,
        for_staff=for_staff,
        path=url_for(_endpoint(for_staff)),
        all_href=url_for(_endpoint(for_staff), **AskedStacking(StackFilter(), begins_in=asked.begins_in).keep()),  # type: ignore[arg-type]
        matrix=rule_matrix(found.pairs, lambda pair: cases_address(asked.wanted, pair, for_staff=for_staff)),
        rows=[
            (
                pair,
                cases_address(asked.wanted, pair, for_staff=for_staff),
                cases_address(asked.wanted, pair, for_staff=for_staff, conflicts=True),
            )
            for pair in found.pairs
        ],
        first=FIRST_SHOWN,
        conflicts_href=None
        if asked.wanted.conflicts_only or not any(pair.conflicts for pair in found.pairs)
        else url_for(_endpoint(for_staff), **asked.keep(conflicts_only=True)),  # type: ignore[arg-type]
        case_path="/zaken" if for_staff else "/knelpunten",
        tabs=[
            (words, url_for(_endpoint(for_staff), **asked.keep(level=level)), level is asked.wanted.level)  # type: ignore[arg-type]
            for level, words in LEVEL_WORDS.items()
        ],
        year_options=[(str(year), str(year)) for year in range(this_year, FIRST_YEAR - 1, -1)],
        domain_options=[(domain, domain[0].upper() + domain[1:]) for domain in domains],
        law_options=sorted(((law.key, law.citation_title) for law in names.laws.values()), key=lambda each: each[1]),
        chips=_chips(asked, for_staff, {law.key: law.citation_title for law in names.laws.values()}),
        sees_all=current_actor().can(Permission.READ_CASES),
    )
    return page, 422 if asked.errors else 200


def _endpoint(for_staff: bool) -> str:
    return "laws.stacked_at_desk" if for_staff else "laws.stacked"


def _chips(asked: AskedStacking, for_staff: bool, titles: dict[str, str]) -> list[tuple[str, str]]:
    """Each filter that is on, with the address without it."""
    wanted = asked.wanted
    parts = [
        (_("Gemeld vanaf %(first_year)s", first_year=wanted.first_year), "first_year", wanted.first_year),
        (_("Gemeld tot en met %(last_year)s", last_year=wanted.last_year), "last_year", wanted.last_year),
        (_("Onderwerp: %(domain)s", domain=wanted.domain), "domain", wanted.domain),
        (_("Wet: %(law)s", law=titles.get(wanted.law_key or "", "")), "law_key", wanted.law_key),
        (_("Alleen wat stapelt of botst"), "conflicts_only", wanted.conflicts_only),
    ]
    return [
        (words, url_for(_endpoint(for_staff), **asked.keep(**{name: False if name == "conflicts_only" else None})))  # type: ignore[arg-type]
        for words, name, value in parts
        if value
    ]
