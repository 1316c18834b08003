"""Before a rule bottleneck is in force: the provisions to choose from, and a page to read over what was chosen.

A second person agrees before it stands on the public page and mails everybody who follows.
"""

import secrets
from collections.abc import Iterator
from typing import Any

from flask import render_template

from knelpunt.domain.laws.dates import Standing
from knelpunt.domain.redaction.checks import in_words
from knelpunt.extensions import db
from knelpunt.queries.bottlenecks import bottlenecks as queries
from knelpunt.queries.bottlenecks.bottlenecks import BottleneckFacts
from knelpunt.queries.laws import catalogue as laws
from knelpunt.queries.laws.rows import ProvisionSummary
from knelpunt.services.bottlenecks import redaction
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.bottlenecks.redaction import PUBLIC_FIELDS
from knelpunt.services.bottlenecks.track import News
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.requests.access import current_context, today_in_nl

TAKE, CHANGE = "vastleggen", "aanpassen"
OWN, ENDED = "Van dit regelknelpunt", "Geldt niet meer"
Group = tuple[str, list[tuple[int, str]]]


def provision_groups(found: BottleneckFacts) -> list[Group]:
    """The provisions that can give room by today: those of the bottleneck first, then by law, its own laws in front.

    What holds no longer goes last, for a day that is past. What is still to come is left out.
    """
    today = today_in_nl()
    catalogue = laws.catalogue_on(db.session, today)
    own = {each.provision_id for each in queries.provisions_of(db.session, found)}
    own_laws = {catalogue.provisions[id_].law_id for id_ in own}
    rows = [row for row in catalogue.provisions.values() if row.valid_from is None or row.valid_from <= today]
    rows.sort(key=lambda row: (row.law_id not in own_laws, row.law_title.lower(), row.law_id, row.position))
    current = [row for row in rows if row.standing is not Standing.ENDED]
    groups = [(OWN, [_option(row) for row in current if row.id in own])]
    groups += _by_law(row for row in current if row.id not in own)
    groups.append((ENDED, [_option(row) for row in rows if row.standing is Standing.ENDED]))
    return [group for group in groups if group[1]]


def check_page(found: BottleneckFacts, form: Any) -> str:
    """What the step would do, with the texts of the form along. Raises DomainError for what the step would refuse.

    Args:
        form: a ``ForceForm`` that was filled in well.

    The page has a submission key of its own, so that its button counts once.
    """
    reach = bottlenecks.reach_of_force(
        current_context(),
        found.reference,
        form.version.data,
        provision_id=form.provision_id.data,
        in_force_on=form.in_force_on.data,
        news=News(form.body.data or "", form.source_url.data, is_passed=True),
    )
    names = redaction.found_in(db.session, {"body": form.body.data}, bottleneck_id=found.id)
    provision = laws.provision_on(db.session, form.provision_id.data, form.in_force_on.data)
    form.submission_key.data = secrets.token_hex(16)
    return render_template(
        "bottlenecks/check.html",
        form=form,
        found=found,
        reach=reach,
        provision=provision,
        is_of_another_law=provision.law_key not in {each.law_key for each in queries.provisions_of(db.session, found)},
        told=in_words(names, PUBLIC_FIELDS),
        choices_made={TAKE: "Leg voor aan een tweede persoon", CHANGE: "Pas het aan"},
    )


def _by_law(rows: Iterator[ProvisionSummary]) -> list[Group]:
    groups: dict[int, Group] = {}
    for row in rows:
        groups.setdefault(row.law_id, (row.law_title, []))[1].append(_option(row))
    return list(groups.values())


def _option(row: ProvisionSummary) -> tuple[int, str]:
    words = f"{row.citation}: {row.instrument}"
    return row.id, words if row.standing is Standing.HELD else f"{words} ({label(row.standing).lower()})"
