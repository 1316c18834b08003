"""Who may come where: one line a route, written down by hand from the product's roles and not from the code.

Adding a route? Add one line to RULES: methods, address as in the URL map, who, and where when it matters.

- ``who``: a set of roles from the groups below; ``VISITOR`` stands for everybody without an account.
- ``where``: which rows may be reached: ANYWHERE (also when there is no row in the address), OWN_ORGANISATION,
  PUBLISHED, OWN, or BY_TOKEN (whoever holds the right link, signed in or not).
- A new name for a part of an address (``<id:thing_id>``) also needs a value per relation in ``tests/world.py``.
"""

from dataclasses import dataclass
from enum import StrEnum, auto

from knelpunt.domain.vocabulary import Role

R = Role


class Relation(StrEnum):
    """How the row in an address stands to the one who asks. The roles of organisations belong to organisation A."""

    NONE = auto()
    OWN = auto()
    COLLEAGUE = auto()
    FOREIGN = auto()
    CITIZEN = auto()
    PUBLISHED = auto()
    RIGHT_TOKEN = auto()
    WRONG_TOKEN = auto()
    REVOKED_TOKEN = auto()


class Where(StrEnum):
    """Which rows a rule lets through."""

    ANYWHERE = auto()
    OWN_ORGANISATION = auto()
    PUBLISHED = auto()
    OWN = auto()
    BY_TOKEN = auto()


REACHED: dict[Where, frozenset[Relation]] = {
    Where.ANYWHERE: frozenset(Relation),
    Where.OWN_ORGANISATION: frozenset({Relation.NONE, Relation.OWN, Relation.COLLEAGUE}),
    Where.PUBLISHED: frozenset({Relation.PUBLISHED}),
    Where.OWN: frozenset({Relation.NONE, Relation.OWN}),
    Where.BY_TOKEN: frozenset({Relation.RIGHT_TOKEN}),
}

VISITOR = "visitor"
MEMBERS = frozenset({R.MEMBER, R.FILER, R.ORGANISATION_ADMIN})
FILERS = frozenset({R.FILER, R.ORGANISATION_ADMIN})
READERS = frozenset({R.TRIAGER, R.HANDLER, R.REVIEWER, R.HEAD_OF_DESK, R.BOTTLENECK_OWNER, R.REPORT_AUTHOR, R.AUDITOR})
NOTE_WRITERS = frozenset({R.TRIAGER, R.HANDLER, R.REVIEWER, R.HEAD_OF_DESK})
EXPORTERS = NOTE_WRITERS | {R.REPORT_AUTHOR}
HANDLERS = frozenset({R.TRIAGER, R.HANDLER, R.HEAD_OF_DESK})
TRIAGERS = frozenset({R.TRIAGER, R.HEAD_OF_DESK})
REVIEWERS = frozenset({R.REVIEWER, R.HEAD_OF_DESK})
ADMINISTRATORS = frozenset({R.ADMINISTRATOR})
ACCOUNTS = frozenset(Role)
EVERYBODY = ACCOUNTS | {VISITOR}


@dataclass(frozen=True, slots=True)
class Rule:
    """One route: the methods it answers, its address as in the URL map, who may use it, on which rows, and what
    stands behind the question mark when a page needs that."""

    methods: str
    path: str
    who: frozenset[str]
    where: Where = Where.ANYWHERE
    query: tuple[tuple[str, str], ...] = ()

    def allows(self, who: str, relation: Relation) -> bool:
        """Whether somebody (a role, or VISITOR) gets through to a row with this relation."""
        return who in self.who and relation in REACHED[self.where]


RULES: tuple[Rule, ...] = (
    # files and signs of life
    Rule("GET", "/static/<path:filename>", EVERYBODY),
    Rule("GET", "/bestanden/<string:build>/<path:filename>", EVERYBODY),
    Rule("GET", "/health", EVERYBODY),
    Rule("GET", "/health/db", EVERYBODY),
    # the public part
    Rule("GET", "/", EVERYBODY),
    Rule("GET", "/knelpunten", EVERYBODY),
    Rule("GET", "/knelpunten/<string:reference_number>", EVERYBODY, Where.PUBLISHED),
    Rule("GET", "/wetten", EVERYBODY),
    Rule("GET", "/wetten/<string:law_key>", EVERYBODY),
    Rule("GET", "/wetten/<string:law_key>/<string:provision_key>", EVERYBODY),
    # logging in and the own account
    Rule("GET POST", "/inloggen", EVERYBODY),
    Rule("POST", "/uitloggen", EVERYBODY),
    Rule("GET", "/welkom", ACCOUNTS),
    Rule("GET POST", "/wachtwoord-vergeten", EVERYBODY),
    Rule("GET", "/wachtwoord-vergeten/verstuurd", EVERYBODY),
    Rule("GET POST", "/wachtwoord/<string:token>", EVERYBODY, Where.BY_TOKEN),
    Rule("GET POST", "/uitnodiging/<string:token>", EVERYBODY, Where.BY_TOKEN),
    Rule("GET", "/mijn-account", ACCOUNTS),
    Rule("GET POST", "/mijn-account/wachtwoord", ACCOUNTS),
    Rule("POST", "/mijn-account/overal-uitloggen", ACCOUNTS),
    Rule("POST", "/mijn-account/sessies/<id:session_id>/beeindigen", ACCOUNTS, Where.OWN),
    # colleagues
    Rule("GET", "/onze-organisatie/collegas", frozenset({R.ORGANISATION_ADMIN})),
    Rule("GET POST", "/onze-organisatie/collegas/uitnodigen", frozenset({R.ORGANISATION_ADMIN})),
    Rule(
        "GET", "/onze-organisatie/collegas/<id:account_id>", frozenset({R.ORGANISATION_ADMIN}), Where.OWN_ORGANISATION
    ),
    Rule(
        "GET POST",
        "/onze-organisatie/collegas/<id:account_id>/rol",
        frozenset({R.ORGANISATION_ADMIN}),
        Where.OWN_ORGANISATION,
    ),
    Rule(
        "GET POST",
        "/onze-organisatie/collegas/<id:account_id>/uitzetten",
        frozenset({R.ORGANISATION_ADMIN}),
        Where.OWN_ORGANISATION,
    ),
    Rule(
        "GET POST",
        "/onze-organisatie/collegas/<id:account_id>/aanzetten",
        frozenset({R.ORGANISATION_ADMIN}),
        Where.OWN_ORGANISATION,
    ),
    Rule(
        "POST",
        "/onze-organisatie/uitnodigingen/<id:invitation_id>/intrekken",
        frozenset({R.ORGANISATION_ADMIN}),
        Where.OWN_ORGANISATION,
    ),
    # figures
    Rule("GET", "/kwartalen", READERS),
    Rule("GET", "/kwartalen/<string:quarter>", READERS),
    Rule("GET", "/kwartalen/<string:quarter>.csv", READERS),
    Rule("GET", "/kwartalen/<string:quarter>.pdf", READERS),
    Rule("GET", "/kwartalen/<string:quarter>/zaken", READERS),
    # administration
    Rule("GET", "/beheer", ADMINISTRATORS | {R.AUDITOR}),
    Rule("GET", "/beheer/accounts", ADMINISTRATORS),
    Rule("GET POST", "/beheer/accounts/uitnodigen", ADMINISTRATORS),
    Rule("GET", "/beheer/accounts/<id:account_id>", ADMINISTRATORS),
    Rule("GET POST", "/beheer/accounts/<id:account_id>/rol", ADMINISTRATORS),
    Rule("GET POST", "/beheer/accounts/<id:account_id>/uitzetten", ADMINISTRATORS),
    Rule("GET POST", "/beheer/accounts/<id:account_id>/aanzetten", ADMINISTRATORS),
    Rule("POST", "/beheer/uitnodigingen/<id:invitation_id>/intrekken", ADMINISTRATORS),
    Rule("GET", "/beheer/organisaties", ADMINISTRATORS),
    Rule("GET POST", "/beheer/organisaties/toevoegen", ADMINISTRATORS),
    Rule("GET", "/beheer/uitgaande-post", ADMINISTRATORS),
    Rule("GET", "/beheer/uitgaande-post/<id:mail_id>", ADMINISTRATORS),
    Rule("GET", "/beheer/auditspoor", frozenset({R.AUDITOR})),
    Rule("GET", "/beheer/auditspoor/controle", frozenset({R.AUDITOR})),
)
