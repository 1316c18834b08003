"""What became public, was changed or was taken away, as events: what somebody keeps a copy by."""

from typing import Any

from flask import current_app

from knelpunt.domain.identity.subscriptions import cloud_event, source_of, type_of
from knelpunt.domain.public_events import PUBLIC, number_of, public_id
from knelpunt.extensions import db
from knelpunt.queries.public import events as queries
from knelpunt.queries.public.events import PublicEvent
from knelpunt.services.core.subscribers import SCHEMA, links_of
from knelpunt.web.api.shared.events import CloudEvent
from knelpunt.web.api.shared.fields import text
from knelpunt.web.api.shared.paging import ListQuery, Page, cursor_of, place_in
from knelpunt.web.api.shared.resources import Resource
from knelpunt.web.shared.problems import Fault, InvalidInput
from knelpunt.web.shared.requests.access import public
from knelpunt.web.shared.texts import lazy_gettext

events = Resource("api_events", "/gebeurtenissen", "Gebeurtenissen", "Wat er openbaar werd, wijzigde of verdween.")
LONGEST_ID = 40
_NO_EVENT = lazy_gettext("Deze gebeurtenis kennen wij niet. Stuur de id van een gebeurtenis uit deze lijst.")


class EventQuery(ListQuery):
    """What the list may be asked."""

    after = text("na", "Alleen wat na deze gebeurtenis kwam: de laatste id die u hebt.", longest=LONGEST_ID)


@events.route("")
@public
@events.lists(
    CloudEvent,
    EventQuery,
    about="Wat er openbaar werd, wijzigde of verdween: het nieuwste eerst. Zo houdt u een kopie bij.",
    has_mark=False,
)
def event_list(asked: dict[str, Any]) -> Page:
    """What everybody is told, the newest first: the events that subscribers to what is public get as well."""
    size, known = asked["limit"], asked.get("after")
    after = 0 if known is None else number_of(known)
    if after is None:
        raise InvalidInput(Fault("query", "na", _NO_EVENT))
    before = place_in(asked.get("cursor"), number_of)
    rows = queries.public_events(db.session, size + 1, after=after, before=before)
    shown = rows[:size]
    following = cursor_of(public_id(shown[-1].number)) if len(rows) > size else None
    return Page([_as_event(each) for each in shown], following)


def _as_event(row: PublicEvent) -> dict[str, Any]:
    config, links, told = current_app.config["KNELPUNT"], current_app.config["LINKS"], PUBLIC[row.kind]
    made = cloud_event(
        source=source_of(links.base_url, config.oin),
        schema=links.to(SCHEMA),
        event_id=public_id(row.number),
        kind=type_of(told.noun, told.word),
        subject=row.name,
        at=row.recorded_at,
        data={told.noun: row.name, "links": links_of(told, row.name, links.to)},
    )
    return {**made, "time": row.recorded_at}
