"""Mirrors one case to the case system of an organisation: Zaken, Documenten and Catalogi of the ZGW standard.

Everything is looked up before it is made, so that a try can be done again after a lost answer. A try makes what is
missing and leaves alone what is there, but for a result that became another one; it stops after some seconds, and the
next one goes on.
"""

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import structlog

from knelpunt.adapters.log_lines import describe
from knelpunt.adapters.webhooks import Answer, Poster
from knelpunt.adapters.zgw.documents import Document, placed, right_lacking
from knelpunt.adapters.zgw.talk import DOCUMENTS, SECONDS, SOURCE, Connection, Json, Stopped, Talk, named
from knelpunt.domain.calendar.timezone import AMSTERDAM
from knelpunt.domain.identity.subscriptions import TryOutcome
from knelpunt.domain.identity.zgw import (
    DOCUMENT,
    ENDS,
    ON_THE_WAY,
    RESULT,
    STATUS,
    Reason,
    detail_of,
    key_of,
    kind_of,
    name_for,
    words_of,
)
from knelpunt.domain.vocabulary import CaseStatus, Result

MOST_DOCUMENT_TYPES = 25
MOST_NAMES, LONGEST_NAME = 100, 100
INITIATOR, HANDLER = "initiator", "behandelaar"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Step:
    """A status that the case got, with the result it had then. ``is_corrected``: it got that result afterwards."""

    status: CaseStatus
    at: datetime
    result: Result | None = None
    is_corrected: bool = False


@dataclass(frozen=True, slots=True)
class Dossier:
    """A case as it is to be in the other system; in ``steps`` no two are at one instant."""

    reference: str
    title: str
    filed_on: date
    page: str
    organisation: str
    ministry: str | None
    outcome: str
    steps: Sequence[Step]
    documents: Sequence[Document]


def mirror(poster: Poster, connection: Connection, dossier: Dossier) -> Answer:
    """Bring one case of the other system to where it is here. What opens a case again goes first, for a case that is
    closed there takes little else."""

    def work(talk: Talk) -> Answer:
        case = talk.first("zaken", "zaken", **named(talk.settings, dossier.reference)) or _made(talk, dossier)
        talk.is_closed = bool(case.get("einddatum"))
        lacking, first = _lacking(talk, case, dossier), 0
        if talk.is_closed:
            first = next((at for at, each in enumerate(lacking, 1) if each.status in ON_THE_WAY), 0)
        _statuses(talk, case, dossier, lacking[:first])
        _roles(talk, case, dossier)
        _documents(talk, case, dossier)
        _statuses(talk, case, dossier, lacking[first:])
        last = dossier.steps[-1]
        if last.is_corrected and last not in lacking:
            _result(talk, case, _types_of(talk, case), last, dossier.outcome)
        return Answer(TryOutcome.TAKEN, 0)

    return _tried(poster, connection, work)


def probe(poster: Poster, connection: Connection) -> Answer:
    """Ask each of the three whether it lets us in, and read which types there are; nothing is made.

    Only when every status, result and document has its type is the answer that cases can be sent. It tells too when
    large files will go without their content.
    """

    def work(talk: Talk) -> Answer:
        settings = talk.settings
        types = _Types(talk, _current_type(talk))
        offered = {
            STATUS: _shown(each["omschrijving"] for each in types.statuses),
            RESULT: _shown(types.results),
            DOCUMENT: _shown(types.documents),
        }
        wanted = [*map(key_of, Result), DOCUMENT]
        lacking = [each for each in wanted if name_for(settings, each, offered[kind_of(each)]) is None]
        for api, path in (("zaken", "zaken"), ("documenten", DOCUMENTS)):
            talk.first(api, path, **named(settings, "proef"))
        if lacking:
            detail = detail_of(Reason.CHOOSE, *lacking)
            return Answer(TryOutcome.NOT_ALLOWED, 0, detail=detail, offered=offered)
        right_lacking(talk)
        return Answer(TryOutcome.TAKEN, 0, offered=offered)

    return _tried(poster, connection, work)


def _tried(poster: Poster, connection: Connection, work: Callable[[Talk], Answer]) -> Answer:
    began = time.monotonic()
    talk = Talk(poster, connection, began + SECONDS)
    try:
        answer = work(talk)
    except Stopped as stopped:
        answer = stopped.answer
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        structlog.get_logger().warning("answer of a case system not read", **describe(error))
        answer = Answer(TryOutcome.BUSY, 0, detail=detail_of(Reason.UNREADABLE, talk.last))
    except Exception as error:  # a fault of our own, as a file that cannot be read now
        structlog.get_logger().error("case not mirrored", **describe(error))
        answer = Answer(TryOutcome.FAULT, 0)
    took = int((time.monotonic() - began) * 1000)
    detail = answer.detail or (detail_of(Reason.IN_PARTS, talk.lacks) if talk.lacks else None)
    return replace(answer, milliseconds=took, body=b"", has_made=talk.has_made, detail=detail)


def _current_type(talk: Talk) -> Json:
    """The version of the zaaktype that holds today."""
    asked = {"identificatie": talk.settings.zaaktype, "status": "definitief", "datumGeldigheid": talk.today.isoformat()}
    found = talk.first("catalogi", "zaaktypen", **asked)
    if found is None:
        raise Stopped(Answer(TryOutcome.NOT_ALLOWED, 0, detail=detail_of(Reason.NO_TYPE, talk.settings.zaaktype)))
    return found


class _Types:
    """The types that belong to one version of a zaaktype; each is read when it is first asked for."""

    def __init__(self, talk: Talk, zaaktype: Json) -> None:
        self._talk, self._zaaktype = talk, zaaktype
        self._found: dict[str, Any] = {}

    @property
    def statuses(self) -> list[Json]:
        """In the order of their numbers; the last one ends a case."""
        found: list[Json] = self._once("statustypen", lambda rows: sorted(rows, key=lambda each: each["volgnummer"]))
        if len(found) < 2:
            raise Stopped(Answer(TryOutcome.PARKED, 0, detail=detail_of(Reason.NO_END)))
        return found

    @property
    def results(self) -> dict[str, str]:
        """Addresses by name."""
        found: dict[str, str] = self._once("resultaattypen", _by_name)
        return found

    @property
    def roles(self) -> dict[str, str]:
        """Addresses by the general word for a role."""
        found: dict[str, str] = self._once(
            "roltypen", lambda rows: {each["omschrijvingGeneriek"]: each["url"] for each in rows}
        )
        return found

    @property
    def documents(self) -> dict[str, str]:
        """Addresses by name."""
        if DOCUMENT not in self._found:
            urls = self._zaaktype["informatieobjecttypen"][:MOST_DOCUMENT_TYPES]
            self._found[DOCUMENT] = _by_name([self._talk.one("catalogi", url) for url in urls])
        found: dict[str, str] = self._found[DOCUMENT]
        return found

    def status(self, status: CaseStatus) -> str:
        """The statustype for a status. One on the way that has none gets the first."""
        *others, end = self.statuses
        if status in ENDS:
            return str(end["url"])
        name = name_for(self._talk.settings, key_of(status), [each["omschrijving"] for each in others])
        return str(next((each for each in others if each["omschrijving"] == name), others[0])["url"])

    def chosen(self, key: str, types: Mapping[str, str]) -> str:
        """The type for a result or a document; stops the case when there is none."""
        name = name_for(self._talk.settings, key, list(types))
        if name is None:
            raise Stopped(Answer(TryOutcome.PARKED, 0, detail=detail_of(Reason.CHOOSE, key)))
        return types[name]

    def _once(self, path: str, shape: Callable[[list[Json]], Any]) -> Any:
        if path not in self._found:
            self._found[path] = shape(self._talk.all("catalogi", path, zaaktype=self._zaaktype["url"]))
        return self._found[path]


def _shown(names: Iterable[str]) -> list[str]:
    """The names that can be kept and shown to choose from."""
    return [each for each in names if len(each) <= LONGEST_NAME and each.isprintable()][:MOST_NAMES]


def _by_name(rows: list[Json]) -> dict[str, str]:
    return {str(each["omschrijving"]): str(each["url"]) for each in rows}


def _types_of(talk: Talk, case: Json) -> _Types:
    """Those of the version that the case was made with, which may be an older one than holds today."""
    address = str(case["zaaktype"])
    if address not in talk.types:
        talk.types[address] = _Types(talk, talk.one("catalogi", address))
    found: _Types = talk.types[address]
    return found


def _made(talk: Talk, dossier: Dossier) -> Json:
    rsin, zaaktype = talk.settings.rsin, _current_type(talk)
    talk.types[str(zaaktype["url"])] = _Types(talk, zaaktype)
    body = {
        **named(talk.settings, dossier.reference),
        "omschrijving": dossier.title[:80],
        "toelichting": f"Gemeld bij Knelpunt: {dossier.page}"[:1000],
        "zaaktype": zaaktype["url"],
        "verantwoordelijkeOrganisatie": rsin,
        "registratiedatum": dossier.filed_on.isoformat(),
        "startdatum": dossier.filed_on.isoformat(),
        "kenmerken": [{"kenmerk": dossier.reference[:40], "bron": SOURCE}],
    }
    return talk.make("zaken", "zaken", body)


def _roles(talk: Talk, case: Json, dossier: Dossier) -> None:
    """The organisation that asked, and the ministry that answers; no person, and no role that the type lacks."""
    wanted = {INITIATOR: dossier.organisation, HANDLER: dossier.ministry}
    has = {each["omschrijvingGeneriek"] for each in talk.all("zaken", "rollen", zaak=case["url"])}
    lacking = {role: name for role, name in wanted.items() if name and role not in has}
    if not lacking:
        return
    types = _types_of(talk, case).roles
    for role, name in lacking.items():
        if role not in types:
            continue
        who = {"statutaireNaam": name[:500], **({"innNnpId": talk.settings.rsin} if role == INITIATOR else {})}
        body = {
            "zaak": case["url"],
            "betrokkeneType": "niet_natuurlijk_persoon",
            "roltype": types[role],
            "roltoelichting": "Melder bij Knelpunt" if role == INITIATOR else "Loket dat de melding behandelt",
            "betrokkeneIdentificatie": who,
        }
        talk.make("zaken", "rollen", body)


def _documents(talk: Talk, case: Json, dossier: Dossier) -> None:
    if not dossier.documents:
        return
    has = {each.get("beschrijving") for each in talk.all("zaken", "zaakinformatieobjecten", zaak=case["url"])}
    lacking = [each for each in dossier.documents if each.key not in has]
    if not lacking:
        return
    types = _types_of(talk, case)
    kind = types.chosen(DOCUMENT, types.documents)
    for each in lacking:
        body = {
            "zaak": case["url"],
            "informatieobject": placed(talk, each, kind)["url"],
            "titel": each.title[:200],
            "beschrijving": each.key,
        }
        talk.make("zaken", "zaakinformatieobjecten", body)


def _lacking(talk: Talk, case: Json, dossier: Dossier) -> list[Step]:
    """The steps that are not there. A status is known again by the instant at which it was set here."""
    rows = talk.all("zaken", "statussen", zaak=case["url"])
    has = {_milliseconds(datetime.fromisoformat(each["datumStatusGezet"])) for each in rows}
    wanted = [each for each in dossier.steps if each.status in (*ON_THE_WAY, *ENDS)]
    return [each for each in wanted if _milliseconds(each.at) not in has]


def _statuses(talk: Talk, case: Json, dossier: Dossier, steps: Sequence[Step]) -> None:
    """Each status at its instant; an end with its result."""
    if not steps:
        return
    types = _types_of(talk, case)
    for step in steps:
        if step.status in ENDS:
            _result(talk, case, types, step, dossier.outcome)
        body = {
            "zaak": case["url"],
            "statustype": types.status(step.status),
            # With the hours of the Netherlands: the day on which the case ends is read from it.
            "datumStatusGezet": step.at.astimezone(AMSTERDAM).isoformat(timespec="milliseconds"),
            "statustoelichting": words_of(key_of(step.status)),
        }
        talk.make("zaken", "statussen", body)
        talk.is_closed = step.status in ENDS


def _result(talk: Talk, case: Json, types: _Types, step: Step, words: str) -> None:
    """The one result that a case has. Its type cannot be changed there: another one takes its place."""
    if step.result is None:
        return
    kind = types.chosen(key_of(step.result), types.results)
    found = talk.first("zaken", "resultaten", zaak=case["url"])
    if found is not None and found["resultaattype"] == kind:
        return
    if found is not None:
        talk.send("DELETE", "zaken", found["url"])
    talk.make("zaken", "resultaten", {"zaak": case["url"], "resultaattype": kind, "toelichting": words[:1000]})


def _milliseconds(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(milliseconds=1)
