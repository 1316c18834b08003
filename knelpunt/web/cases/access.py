"""By which door somebody comes to a case: a secret link, or an account of the organisation that filed it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import current_app, make_response, render_template, url_for
from werkzeug.exceptions import HTTPException

from knelpunt.domain.links import Links
from knelpunt.domain.permissions import Actor, Permission, Relation
from knelpunt.domain.vocabulary import ActorKind, Disposition
from knelpunt.extensions import db
from knelpunt.queries.cases import submitter_page
from knelpunt.queries.cases.handling import AskedAfterwards, asked_afterwards
from knelpunt.queries.cases.submitter_rows import CaseFacts
from knelpunt.services.core.context import Context
from knelpunt.services.submitters.aftercare import PURPOSE
from knelpunt.web.shared.requests.access import act_as, current_context


@dataclass(frozen=True, slots=True)
class CaseAccess:
    """Who acts, on which case, and how its pages are called through this door."""

    context: Context
    reference: str
    token: str | None = None

    @property
    def is_link(self) -> bool:
        return self.token is not None

    def url(self, page: str = "", **values: Any) -> str:
        """The address of the case itself, or of one of its pages."""
        ending = f"_{page}" if page else ""
        if self.token is not None:
            return url_for(f"cases.follow{ending}", token=self.token, **values)
        return url_for(f"cases.own{ending}", reference=self.reference, **values)

    def joins(self, case: CaseFacts) -> bool:
        """Whether it is a case of another municipality, in which this one files along: it is read, not acted on."""
        return self.context.actor.relation_to(case.id, case.organisation_id) is Relation.PARTICIPANT

    def can(self, permission: Permission) -> bool:
        return self.context.actor.can(permission)


class UnknownLink(HTTPException):
    """A follow link that is wrong or was revoked: a page that says so kindly, and how to get a new one."""

    code = 404

    def __init__(self) -> None:
        super().__init__(response=make_response(render_template("cases/link_over.html"), 404))


class ArchivedCase(HTTPException):
    """A case whose words are gone: a page that says plainly what happened, by whatever door somebody comes."""

    code = 410

    def __init__(self, reference: str, archived_on: date, archived_as: Disposition) -> None:
        page = render_template(
            "cases/archived.html",
            reference=reference,
            archived_on=archived_on,
            is_transferred=archived_as is Disposition.TRANSFER,
        )
        super().__init__(response=make_response(page, 410))


def by_token(token: str) -> CaseAccess:
    """The door that a follow link opens.

    Raises:
        UnknownLink: the link is wrong, or was revoked.
        ArchivedCase: the case is in the archive; a revoked link tells that too.
    """
    links: Links = current_app.config["LINKS"]
    public_id = links.public_id_of(token)
    link = submitter_page.link_with(db.session, public_id) if public_id is not None else None
    if link is None or public_id is None or not links.matches(token, "volgen", public_id, link.nonce):
        raise UnknownLink
    if link.archived_on is not None and link.archived_as is not None:
        raise ArchivedCase(link.reference, link.archived_on, link.archived_as)
    actor = Actor(ActorKind.SUBMITTER_LINK, case_id=link.case_id)
    return CaseAccess(act_as(actor), link.reference, token)


def by_aftercare_token(token: str) -> tuple[CaseAccess, AskedAfterwards]:
    """The door to the one question of aftercare, and to nothing else of the case.

    Raises:
        UnknownLink: the link is wrong, or no longer holds.
    """
    links: Links = current_app.config["LINKS"]
    public_id = links.public_id_of(token)
    asked = asked_afterwards(db.session, public_id) if public_id is not None else None
    if asked is None or public_id is None or not links.matches(token, PURPOSE, public_id, asked.question.nonce):
        raise UnknownLink
    actor = Actor(ActorKind.SUBMITTER_LINK, case_id=asked.case_id)
    return CaseAccess(act_as(actor), asked.reference, token), asked


def by_account(reference: str) -> CaseAccess:
    """The door for the signed-in account; the queries and services behind it decide what it may see and do."""
    return CaseAccess(current_context(), reference)
