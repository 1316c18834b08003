"""Where the header and the footer lead, by what somebody may do."""

from dataclasses import dataclass

from flask import Flask, request
from flask_login import current_user

from knelpunt.domain.permissions import VISITOR, Actor, Permission
from knelpunt.domain.vocabulary import Role
from knelpunt.web.shared.labels.labels import label
from knelpunt.web.shared.texts import lazy_gettext


@dataclass(frozen=True, slots=True)
class NavItem:
    """One link in the header. ``current`` is "page" on that page itself, "true" on the pages under it; ``stands_out``
    is what people come to do."""

    text: str
    path: str
    current: str | None = None
    stands_out: bool = False


PUBLIC_PAGES = (
    (lazy_gettext("Wat mag er al"), "/ruimtewijzers"),
    (lazy_gettext("Antwoorden"), "/knelpunten"),
    (lazy_gettext("Knellende regels"), "/regelknelpunten"),
    (lazy_gettext("Wet op de dag"), "/wetten"),
    (lazy_gettext("Zoeken"), "/zoeken"),
)
FILE_PAGE = (lazy_gettext("Knelpunt melden"), "/melden")
PERMITTED_PAGES: tuple[tuple[str, str, frozenset[Permission]], ...] = (
    (lazy_gettext("Onze zaken"), "/onze-zaken", frozenset({Permission.READ_OWN_CASES})),
    (lazy_gettext("Bureau"), "/bureau", frozenset({Permission.READ_DESK})),
    (lazy_gettext("Vandaag"), "/vandaag", frozenset({Permission.HANDLE_CASE, Permission.REVIEW_CASE})),
    (lazy_gettext("Mijn regelknelpunten"), "/mijn-regelknelpunten", frozenset({Permission.MOVE_BOTTLENECK})),
    (lazy_gettext("Werkvoorraad"), "/werkvoorraad", frozenset({Permission.READ_CASES})),
    (lazy_gettext("Kwartaal"), "/kwartalen", frozenset({Permission.READ_FIGURES})),
    (
        lazy_gettext("Beheer"),
        "/beheer",
        frozenset({Permission.MANAGE_ACCOUNTS, Permission.READ_OUTBOX, Permission.READ_AUDIT}),
    ),
    (lazy_gettext("Collega’s"), "/onze-organisatie/collegas", frozenset({Permission.MANAGE_ORGANISATION})),
)
START_PAGES = {Role.REPORT_AUTHOR: "/kwartalen", Role.AUDITOR: "/beheer"}
"""Where a role begins that reads cases only for something else."""


def start_page(actor: Actor) -> str:
    """The first page of somebody's own work."""
    return START_PAGES[actor.role] if actor.role in START_PAGES else pages_for(actor)[0][1]


def pages_for(actor: Actor) -> list[tuple[str, str]]:
    """The pages in the header for this actor: the own work first, then what everybody can read."""
    own = [(text, path) for text, path, needed in PERMITTED_PAGES if any(actor.can(each) for each in needed)]
    files = actor is VISITOR or actor.can(Permission.FILE_CASE)
    return [*own, *PUBLIC_PAGES, *([FILE_PAGE] if files else [])]


def navigation(is_bare: bool = False) -> list[NavItem]:
    """The links of the header. A bare page (the database is away) shows what a visitor sees, and asks nobody."""
    actor = VISITOR if is_bare or not current_user.is_authenticated else current_user.actor
    return [NavItem(text, path, _current(path), path == FILE_PAGE[1]) for text, path in pages_for(actor)]


@dataclass(frozen=True, slots=True)
class AccountMenu:
    """Who is signed in, for the menu in the header; ``unread``: how much on the page Meldingen was not read yet."""

    name: str
    role: str
    organisation: str
    unread: int = 0
    has_notifications: bool = False


def account_menu(is_bare: bool = False) -> AccountMenu | None:
    """The account behind this request; None for a visitor."""
    if is_bare or not current_user.is_authenticated:
        return None
    return AccountMenu(
        current_user.name,
        label(current_user.actor.role),
        current_user.organisation_name,
        current_user.unread,
        current_user.actor.can(Permission.READ_CASES),
    )


def _current(path: str) -> str | None:
    if request.path == path:
        return "page"
    return "true" if request.path.startswith(f"{path}/") else None


def init_app(app: Flask) -> None:
    app.jinja_env.globals.update(navigation=navigation, account_menu=account_menu)
