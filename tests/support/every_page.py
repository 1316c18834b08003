"""Every page of the site, once: each route of the URL map in the name of somebody who may see it, forms sent empty,
error pages, and the demo's cases in each state. What must hold for every page is tested on these.

A new route needs nothing here: it comes in through ``rights.py``. A form or button on another page, whose address
sends a reader up to that page, has none of its own to look at; another that only sends people on is named in
``SENDS_ON``.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.exceptions import default_exceptions
from werkzeug.test import TestResponse

from knelpunt.domain.vocabulary import CaseStatus, ReviewStatus, Role
from knelpunt.models import Account, Case, FollowLink, Review, TotpFactor
from knelpunt.services.demo.loading import DEMO_DOMAIN, load_demo
from knelpunt.web.intake.steps import ORGANISATION_STEPS, RESIDENT_STEPS
from knelpunt.web.shared.requests.errors import PAGES as ERROR_PAGES
from tests.support import login
from tests.support.asker import Asker
from tests.support.rights import ACCOUNTS, REACHED, RULES, VISITOR, Relation, Rule

SENDS_ON = {
    "/k/<string:reference_number>": "the short address of a public case",
    "/welkom": "to the first page of a role",
    "/inloggen/code": "to the first step, for who did not take it; a page stands in HALF_WAY",
    "/inloggen/instellen": "the same",
    "/inloggen/organisatie/<string:provider_slug>": "to the provider",
    "/inloggen/organisatie/<string:provider_slug>/terug": "into the site, or to the log-in page",
    "/over/op-tijd": "to the page about promises, which it is a part of now",
    "/open-data/kwartalen.jsonld": "to the catalogue of all data, which it is a part of now",
    "/melden/<string:key>": "to the first step of a draft that is not filled in",
    "/beheer/wetten/bestanden.zip": "a download, and back to the list while a law of a test fits in no file",
}
WITH_A_QUESTION = (
    (VISITOR, "/?q=tuin"),
    (VISITOR, "/knelpunten?q=zoiets+staat+er+niet"),
    (VISITOR, "/knelpunten?weergave=kaart"),
    (VISITOR, "/knelpunten?q=tuin&thema=onzin"),
    (VISITOR, "/wetten?q=tuin"),
    (VISITOR, "/wetten?q=zoiets+staat+er+niet"),
    (VISITOR, "/wetten?op=dertig+februari"),
    (VISITOR, "/wetten/ow"),
    (VISITOR, "/wetten/chw?op=2019-07-01"),
    (VISITOR, "/wetten/ow/ow-23.3?op=2019-07-01"),
    (VISITOR, "/bestaat-niet"),
    (Role.HANDLER, "/bestaat-niet"),
    (Role.HANDLER, "/werkvoorraad?q=zoiets+staat+er+niet"),
)
FOR_PROGRAMS = {"/inloggen/organisatie/<string:provider_slug>/uitgelogd"}
"""Where a program posts, and is answered in plain text."""
HALF_WAY = {Role.HANDLER: "/inloggen/code", Role.ADMINISTRATOR: "/inloggen/instellen"}
"""Pages of who showed a password only: with a telephone and without."""
FIRST_CHOICE = (
    VISITOR, Role.FILER, Role.ORGANISATION_ADMIN, Role.HANDLER, Role.TRIAGER, Role.HEAD_OF_DESK, Role.REVIEWER,
    Role.ADMINISTRATOR, *Role,
)  # fmt: skip
DEMO_FILER = "gemeente"
REFUSED = (400, 401, 403, 404, 409, 422)


@dataclass(frozen=True, slots=True)
class Seen:
    """One answer in HTML; ``route`` is the address as in the URL map, empty for a visit without one."""

    who: str
    method: str
    path: str
    route: str
    status: int
    html: str

    def __str__(self) -> str:
        return f"{self.method} {self.path} as {self.who} ({self.status})"


def every_page(asker: Asker, session: Session) -> list[Seen]:
    """All of them. An answer that is no page is left out; a route that should have one and has not fails."""
    seen = [*_routes(asker), *_empty_forms(asker), *_error_pages(asker)]
    seen += [_page(asker, who, path, may_refuse=True) for who, path in WITH_A_QUESTION]
    seen += [_page(asker, who, path) for who, path in [*_drafts(asker), *_first_pages(asker)]]
    seen += [_page(asker, who, path) for who, path in list(_half_way(asker, session))]
    return seen + [_page(asker, who, path) for who, path in _demo(asker, session)]


def _routes(asker: Asker) -> Iterator[Seen]:
    for rule in RULES:
        if "GET" in rule.methods.split():
            for who, relations in _choices(asker, rule):
                yield from _first_page(asker, rule, who, relations)


def _first_page(asker: Asker, rule: Rule, who: str, relations: list[Relation]) -> Iterator[Seen]:
    """The page of the first row that has one."""
    answers = []
    for relation in relations:
        path = asker.path(who, rule, relation)
        answer, _ = asker.send(who, "GET", path)
        answers.append(f"{path} as {who}: {answer.status_code} {answer.location or ''}")
        if answer.status_code == 200:
            assert rule.path not in SENDS_ON, f"{path} has a page: take it out of SENDS_ON"
            if answer.mimetype == "text/html":
                yield _seen(answer, who, path, rule.path)
            return
        if answer.status_code == 302 and path.startswith(f"{answer.location}/") and "POST" in rule.methods:
            return
    assert rule.path in SENDS_ON, f"no page was seen: {answers}"


def _empty_forms(asker: Asker) -> Iterator[Seen]:
    for rule in RULES:
        if "POST" not in rule.methods.split() or rule.path in FOR_PROGRAMS:
            continue
        for who, relations in _choices(asker, rule):
            path = asker.path(who, rule, relations[0])
            answer, _ = asker.send(who, "POST", path, may_change=True)
            if answer.status_code >= 400:
                yield _seen(answer, who, path, rule.path, "POST", may_refuse=True)


def _error_pages(asker: Asker) -> Iterator[Seen]:
    for status in sorted(set(ERROR_PAGES) & set(default_exceptions)):
        with asker.app.test_request_context("/fout"):
            answer = asker.app.make_response(asker.app.handle_user_exception(default_exceptions[status]()))
            assert answer.status_code == status
            yield Seen(VISITOR, "GET", f"/fout/{status}", "", status, answer.get_data(as_text=True))


def _choices(asker: Asker, rule: Rule) -> Iterator[tuple[str, list[Relation]]]:
    """For each of the two grants of a rule the first party that has it, with the rows it reaches, its own first."""
    for parties, rows in ((rule.who, rule.where), rule.also):
        who = next((each for each in FIRST_CHOICE if each in parties), None)
        reached = [each for each in asker.relations(rule) if each in REACHED[rows]]
        if who is not None and reached:
            yield who, sorted(reached, key=lambda each: each is not Relation.OWN)


def _drafts(asker: Asker) -> Iterator[tuple[str, str]]:
    """Every step of both ways to file."""
    for who, relation, steps in (
        (VISITOR, Relation.CITIZEN, RESIDENT_STEPS),
        (Role.FILER, Relation.OWN, ORGANISATION_STEPS),
    ):
        key = asker.world.numbers["key"][relation]
        yield from ((who, f"/melden/{key}/{step.slug}") for step in steps)


def _first_pages(asker: Asker) -> Iterator[tuple[str, str]]:
    for who in sorted(ACCOUNTS):
        answer, _ = asker.send(who, "GET", "/welkom")
        yield who, answer.location


def _demo(asker: Asker, session: Session) -> list[tuple[str, str]]:
    """The demo's cases, one in each state, as the desk and as the submitter see them; and one that waits for a second
    person."""
    load_demo(session, asker.world.links, asker.world.make.now)
    filer = session.scalars(select(Account).where(Account.email == f"{DEMO_FILER}@{DEMO_DOMAIN}")).one()
    asker.cookies[DEMO_FILER] = _cookie(asker, session, filer)
    session.commit()

    newest = select(func.max(Case.id)).where(Case.id > _last_of_the_world(asker))
    desk = session.scalars(select(Case.reference).where(Case.id.in_(newest.group_by(Case.status)))).all()
    own = session.scalars(
        select(Case.reference).where(
            Case.id.in_(newest.where(Case.organisation_id == filer.organisation_id).group_by(Case.status))
        )
    ).all()
    links = session.execute(
        select(FollowLink.public_id, FollowLink.nonce).where(
            FollowLink.id.in_(select(func.max(FollowLink.id)).join(Case).group_by(Case.status)),
            FollowLink.revoked_at.is_(None),
        )
    ).all()
    reviewed = session.scalars(
        select(Case.reference).join(Review, Review.case_id == Case.id).where(Review.status == ReviewStatus.OPEN)
    ).first()
    assert reviewed, "the demo has no case that waits for a second person"
    assert len(desk) >= len(CaseStatus) // 2
    base = asker.world.links.base_url
    return [
        *((Role.HEAD_OF_DESK, f"/zaken/{reference}") for reference in desk),
        *((Role.HEAD_OF_DESK, f"/zaken/{reference}/klokken") for reference in desk),
        *((DEMO_FILER, f"/onze-zaken/{reference}") for reference in own),
        *((VISITOR, asker.world.links.follow(link.public_id, link.nonce).removeprefix(base)) for link in links),
        (DEMO_FILER, "/onze-zaken"),
        (DEMO_FILER, "/onze-zaken/overzicht"),
        (Role.REVIEWER, f"/zaken/{reviewed}/toetsing"),
        (Role.HANDLER, "/werkvoorraad"),
        (Role.HANDLER, "/vandaag"),
        (Role.HEAD_OF_DESK, "/bureau"),
        (Role.HEAD_OF_DESK, "/kwartalen"),
    ]


def _half_way(asker: Asker, session: Session) -> Iterator[tuple[str, str]]:
    """Two people whose second step is still to come, in browsers of their own."""
    for role, path in HALF_WAY.items():
        account = asker.world.make.account(role)
        if path.endswith("code"):
            asker.world.make.add(TotpFactor(account_id=account.id, sealed_secret="x", created_at=account.created_at))
        who = f"{role} half way"
        asker.cookies[who] = _cookie(asker, session, account, is_confirmed=False)
        yield who, path
    session.commit()


def _cookie(asker: Asker, session: Session, account: Account, *, is_confirmed: bool = True) -> str:
    browser = FlaskClient(asker.app)
    login.log_in(asker.app, browser, session, account, is_confirmed=is_confirmed)
    cookie = browser.get_cookie(asker.app.config["SESSION_COOKIE_NAME"])
    assert cookie is not None
    return cookie.value


def _last_of_the_world(asker: Asker) -> int:
    return max(case.id for case in asker.world.cases.values())


def _page(asker: Asker, who: str, path: str, *, may_refuse: bool = False) -> Seen:
    answer, _ = asker.send(who, "GET", path)
    return _seen(answer, who, path, "", may_refuse=may_refuse)


def _seen(
    answer: TestResponse, who: str, path: str, route: str, method: str = "GET", *, may_refuse: bool = False
) -> Seen:
    is_fine = answer.status_code == 200 or (may_refuse and answer.status_code in REFUSED)
    assert is_fine, f"{method} {path} as {who}: {answer.status_code} {answer.location or ''}"
    assert answer.mimetype == "text/html", f"{method} {path} as {who}: {answer.mimetype}"
    return Seen(who, method, path, route, answer.status_code, answer.get_data(as_text=True))
