"""Municipalities, of today and of before, by the code that the CBS gave them."""

from typing import Any

from knelpunt.domain.errors import NotFound
from knelpunt.extensions import db
from knelpunt.queries.core.reference import MunicipalityRow, Reference, reference, sort_key
from knelpunt.web.api.public.named import tooi_of
from knelpunt.web.api.shared.fields import Schema, day, flag, text
from knelpunt.web.api.shared.paging import ListQuery, Page, piece_of
from knelpunt.web.api.shared.resources import Resource
from knelpunt.web.shared.requests.access import public, today_in_nl

municipalities = Resource(
    "api_municipalities", "/gemeenten", "Gemeenten", "Gemeenten van nu en van vroeger, met hun codes."
)


class Municipality(Schema):
    """A municipality in some period."""

    code = text("code", "Code van het CBS, zoals GM0363.")
    tooi = text("tooi", "Adres van de gemeente in TOOI, de lijst van overheden.")
    name = text("naam", "Naam van de gemeente.")
    province = text("provincie", "Naam van de provincie.")
    province_code = text("provinciecode", "Code van de provincie.")
    valid_from = day("bestaatVanaf", "Eerste dag. Leeg (null) als die niet bekend is.", nullable=True)
    valid_to = day("bestaatTotEnMet", "Laatste dag. Leeg (null) als de gemeente nog bestaat.", nullable=True)
    successor = text("opvolger", "Code van de gemeente waarin zij opging.", nullable=True)
    today = text("nu", "Code van de gemeente waar dit gebied nu onder valt.", nullable=True)


class MunicipalityQuery(ListQuery):
    """What the list may be asked."""

    with_past = flag("vroeger", "Ook gemeenten die niet meer bestaan.", load_default=False)


@municipalities.route("")
@public
@municipalities.lists(Municipality, MunicipalityQuery, about="Alle gemeenten, op alfabet.")
def municipality_list(asked: dict[str, Any]) -> Page:
    """Municipalities of today, and those of before when asked."""
    names, today = reference(db.session), today_in_nl()
    rows = [
        row
        for row in sorted(names.municipalities.values(), key=lambda row: (sort_key(row.name), row.id))
        if asked["with_past"] or row.valid_to is None or row.valid_to >= today
    ]
    piece = piece_of(rows, asked)
    return Page([_as_object(row, names) for row in piece.items], piece.following)


@municipalities.route("/<string:municipality_code>")
@public
@municipalities.gives(Municipality, about="Eén gemeente.")
def municipality(municipality_code: str) -> dict[str, Any]:
    """One municipality, by its code."""
    names = reference(db.session)
    for row in names.municipalities.values():
        if row.code == municipality_code:
            return _as_object(row, names)
    raise NotFound()


def _as_object(row: MunicipalityRow, names: Reference) -> dict[str, Any]:
    province = names.provinces[row.province_id]
    successor = names.municipalities.get(row.successor_id or 0)
    today = names.municipalities.get(names.today_of.get(row.id, row.id if row.valid_to is None else 0))
    return {
        "code": row.code,
        "tooi": tooi_of(row.code),
        "name": row.name,
        "province": province.name,
        "province_code": province.code,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "successor": successor.code if successor else None,
        "today": today.code if today else None,
    }
