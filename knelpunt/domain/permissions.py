"""Who may do what: one table, deny by default, asked by the route, the service and the query."""

from dataclasses import dataclass
from enum import StrEnum, auto

from knelpunt.domain.errors import NotFound, PermissionDenied
from knelpunt.domain.texts import Text
from knelpunt.domain.vocabulary import ActorKind, Role


class Permission(StrEnum):
    EDIT_DRAFT = auto()
    FILE_CASE = auto()
    READ_OWN_CASES = auto()
    ANSWER_AS_SUBMITTER = auto()
    WITHDRAW_CASE = auto()
    MANAGE_ORGANISATION = auto()
    MANAGE_SUBSCRIPTIONS = auto()
    READ_CASES = auto()
    READ_CASES_OF_OWN_RULES = auto()
    EXPORT_CASES = auto()
    WRITE_NOTE = auto()
    MANAGE_CHECKLISTS = auto()
    READ_CONTACT = auto()
    TRIAGE_CASE = auto()
    ASSIGN_CASE = auto()
    HANDLE_CASE = auto()
    REVIEW_CASE = auto()
    LEAD_SECOND_LOOK = auto()
    PUBLISH_CASE = auto()
    SIGNAL_BOTTLENECK = auto()
    MOVE_BOTTLENECK = auto()
    REVIEW_BOTTLENECK = auto()
    READ_FIGURES = auto()
    SEAL_QUARTER = auto()
    READ_DESK = auto()
    MANAGE_DESK = auto()
    MANAGE_ACCOUNTS = auto()
    READ_OUTBOX = auto()
    READ_AUDIT = auto()
    EDIT_CATALOGUE = auto()
    EDIT_LETTERS = auto()
    EDIT_TERMS = auto()
    EDIT_GUIDE = auto()
    REVIEW_GUIDE = auto()
    CLAIM_GUIDE = auto()
    ANSWER_CONSULTATION = auto()
    ANSWER_REFERRAL = auto()
    COMMENT_QUARTER = auto()
    DECIDE_DISAGREEMENT = auto()
    MANAGE_ADDRESS_BOOK = auto()
    KEEP_AGREEMENTS = auto()
    MANAGE_PRIVACY = auto()
    READ_PRIVACY = auto()
    READ_ARCHIVE = auto()
    MANAGE_ARCHIVE = auto()


_MEMBER = {Permission.EDIT_DRAFT, Permission.READ_OWN_CASES}
_FILER = _MEMBER | {
    Permission.FILE_CASE,
    Permission.ANSWER_AS_SUBMITTER,
    Permission.WITHDRAW_CASE,
    Permission.CLAIM_GUIDE,
}
_STAFF = {
    Permission.READ_CASES,
    Permission.EXPORT_CASES,
    Permission.WRITE_NOTE,
    Permission.READ_CONTACT,
    Permission.READ_FIGURES,
}
_HANDLER = _STAFF | {Permission.HANDLE_CASE, Permission.PUBLISH_CASE, Permission.EDIT_GUIDE}

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.MEMBER: frozenset(_MEMBER),
    Role.FILER: frozenset(_FILER),
    Role.ORGANISATION_ADMIN: frozenset(_FILER | {Permission.MANAGE_ORGANISATION, Permission.MANAGE_SUBSCRIPTIONS}),
    Role.HANDLER: frozenset(_HANDLER),
    Role.TRIAGER: frozenset(
        _HANDLER
        | {
            Permission.TRIAGE_CASE,
            Permission.ASSIGN_CASE,
            Permission.SIGNAL_BOTTLENECK,
            Permission.MANAGE_PRIVACY,
            Permission.READ_PRIVACY,
        }
    ),
    Role.REVIEWER: frozenset(_STAFF | {Permission.REVIEW_CASE, Permission.REVIEW_GUIDE, Permission.REVIEW_BOTTLENECK}),
    Role.HEAD_OF_DESK: frozenset(
        _HANDLER
        | {
            Permission.TRIAGE_CASE,
            Permission.ASSIGN_CASE,
            Permission.REVIEW_CASE,
            Permission.LEAD_SECOND_LOOK,
            Permission.SEAL_QUARTER,
            Permission.READ_DESK,
            Permission.MANAGE_DESK,
            Permission.MANAGE_CHECKLISTS,
            Permission.SIGNAL_BOTTLENECK,
            Permission.MOVE_BOTTLENECK,
            Permission.REVIEW_BOTTLENECK,
            Permission.REVIEW_GUIDE,
            Permission.DECIDE_DISAGREEMENT,
            Permission.MANAGE_PRIVACY,
            Permission.READ_PRIVACY,
            Permission.READ_ARCHIVE,
            Permission.MANAGE_ARCHIVE,
        }
    ),
    Role.BOTTLENECK_OWNER: frozenset(
        {Permission.READ_CASES_OF_OWN_RULES, Permission.READ_FIGURES, Permission.MOVE_BOTTLENECK}
    ),
    Role.REPORT_AUTHOR: frozenset(
        {Permission.READ_CASES, Permission.READ_FIGURES, Permission.SEAL_QUARTER, Permission.EXPORT_CASES}
    ),
    Role.ADMINISTRATOR: frozenset(
        {
            Permission.MANAGE_ACCOUNTS,
            Permission.READ_OUTBOX,
            Permission.EDIT_CATALOGUE,
            Permission.EDIT_LETTERS,
            Permission.EDIT_TERMS,
            Permission.MANAGE_CHECKLISTS,
            Permission.MANAGE_ADDRESS_BOOK,
            Permission.KEEP_AGREEMENTS,
            Permission.READ_PRIVACY,
            Permission.READ_ARCHIVE,
            Permission.MANAGE_ARCHIVE,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Permission.READ_CASES,
            Permission.READ_FIGURES,
            Permission.READ_AUDIT,
            Permission.READ_PRIVACY,
            Permission.READ_ARCHIVE,
        }
    ),
}


def roles_with(permission: Permission) -> list[Role]:
    """The roles that hold a permission, always in the same order."""
    return sorted(role for role, held in ROLE_PERMISSIONS.items() if permission in held)


SUBMITTER_LINK_PERMISSIONS = frozenset({Permission.ANSWER_AS_SUBMITTER, Permission.WITHDRAW_CASE})
"""What the holder of a follow link may do, on that one case only."""

ORGANISATION_ROLES = frozenset({Role.MEMBER, Role.FILER, Role.ORGANISATION_ADMIN})
"""Roles inside a municipality, province, corporation, school board or initiative; all others are ministry roles."""


class ApiScope(StrEnum):
    """What a system of an organisation may do by the API, one a noun. Part of the contract: these never change."""

    DRAFTS = "concepten"
    FILING = "indienen"
    FILES = "bijlagen"
    CASES = "zaken"
    MESSAGES = "berichten"
    ANSWERS = "antwoorden"
    WITHDRAWAL = "intrekken"
    CLAIMS = "gebruik"
    EXPORT = "export"
    REPORTING = "rapportage"
    SUBSCRIPTIONS = "abonnementen"


SCOPE_PERMISSIONS: dict[ApiScope, frozenset[Permission]] = {
    ApiScope.DRAFTS: frozenset({Permission.EDIT_DRAFT}),
    ApiScope.FILING: frozenset({Permission.EDIT_DRAFT, Permission.FILE_CASE}),
    ApiScope.FILES: frozenset({Permission.EDIT_DRAFT, Permission.READ_OWN_CASES, Permission.ANSWER_AS_SUBMITTER}),
    ApiScope.CASES: frozenset({Permission.READ_OWN_CASES}),
    ApiScope.MESSAGES: frozenset({Permission.READ_OWN_CASES, Permission.ANSWER_AS_SUBMITTER}),
    ApiScope.ANSWERS: frozenset({Permission.READ_OWN_CASES, Permission.ANSWER_AS_SUBMITTER}),
    ApiScope.WITHDRAWAL: frozenset({Permission.READ_OWN_CASES, Permission.WITHDRAW_CASE}),
    ApiScope.CLAIMS: frozenset({Permission.CLAIM_GUIDE}),
    ApiScope.EXPORT: frozenset({Permission.READ_OWN_CASES}),
    ApiScope.REPORTING: frozenset({Permission.READ_FIGURES}),
    ApiScope.SUBSCRIPTIONS: frozenset({Permission.MANAGE_SUBSCRIPTIONS}),
}
"""What the services ask of each; which scope an address asks for stands at its view."""
OF_ORGANISATIONS = tuple(scope for scope in ApiScope if scope is not ApiScope.REPORTING)
"""What an organisation may let its systems do. Reporting is for systems of ministries, which may do nothing else."""


SCOPE_WORDS: dict[ApiScope, Text] = {
    ApiScope.DRAFTS: Text("Concepten lezen en schrijven"),
    ApiScope.FILING: Text("Meldingen indienen"),
    ApiScope.FILES: Text("Bijlagen toevoegen en ophalen"),
    ApiScope.CASES: Text("Eigen zaken lezen, met de stand en de tijdlijn"),
    ApiScope.MESSAGES: Text("Berichten lezen en sturen"),
    ApiScope.ANSWERS: Text("Vragen en voorstellen beantwoorden"),
    ApiScope.WITHDRAWAL: Text("Meldingen intrekken"),
    ApiScope.CLAIMS: Text("Laten weten dat u een ruimtewijzer gebruikt"),
    ApiScope.EXPORT: Text("Alle eigen zaken in één keer ophalen"),
    ApiScope.REPORTING: Text("Zaken en termijnen lezen voor rapportage, zonder teksten"),
    ApiScope.SUBSCRIPTIONS: Text("Abonnementen maken, zodat uw systeem bericht krijgt"),
}
"""What each is called on the pages where somebody chooses."""


class Relation(StrEnum):
    """How an actor stands to a case."""

    STAFF = auto()
    ORGANISATION = auto()
    PARTICIPANT = auto()
    FOLLOWER = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something: an account, the holder of a follow or an answer link, a system of an organisation, a visitor,
    or the system itself.

    ``joined_case_ids`` are the cases of others in which the organisation files along (decision 0009);
    ``rule_case_ids`` the cases under the rule bottlenecks of an owner.
    ``consultation_link_id`` is the link by which somebody at a ministry answers one question, and nothing else;
    ``referral_id`` the one by which another organisation takes one case over, ``comment_request_id`` the one by which
    a ministry comments on the text of one quarter. ``client_id`` is the API client of an organisation,
    with the ``scopes`` of its token.
    """

    kind: ActorKind
    account_id: int | None = None
    role: Role | None = None
    organisation_id: int | None = None
    case_id: int | None = None
    joined_case_ids: frozenset[int] = frozenset()
    rule_case_ids: frozenset[int] = frozenset()
    consultation_link_id: int | None = None
    referral_id: int | None = None
    comment_request_id: int | None = None
    client_id: int | None = None
    scopes: frozenset[ApiScope] = frozenset()

    @property
    def permissions(self) -> frozenset[Permission]:
        if self.kind is ActorKind.ACCOUNT and self.role is not None:
            return ROLE_PERMISSIONS[self.role]
        if self.kind is ActorKind.SUBMITTER_LINK:
            return SUBMITTER_LINK_PERMISSIONS
        if self.kind is ActorKind.CLIENT:
            return frozenset().union(*(SCOPE_PERMISSIONS[scope] for scope in self.scopes))
        if self.kind is ActorKind.ANSWER_LINK and self.consultation_link_id is not None:
            return frozenset({Permission.ANSWER_CONSULTATION})
        if self.kind is ActorKind.ANSWER_LINK and self.referral_id is not None:
            return frozenset({Permission.ANSWER_REFERRAL})
        if self.kind is ActorKind.ANSWER_LINK and self.comment_request_id is not None:
            return frozenset({Permission.COMMENT_QUARTER})
        return frozenset()

    def can(self, permission: Permission) -> bool:
        return permission in self.permissions

    def require(self, permission: Permission) -> None:
        """Raise PermissionDenied unless the actor's role holds the permission; the system may do every timed step."""
        if self.kind is not ActorKind.SYSTEM and not self.can(permission):
            raise PermissionDenied(Text("U mag dit niet doen."))

    def relation_to(self, case_id: int, organisation_id: int | None) -> Relation:
        """How this actor stands to the case with this id, filed by this organisation (None: a citizen)."""
        if self.kind is ActorKind.SUBMITTER_LINK:
            return Relation.FOLLOWER if self.case_id == case_id else Relation.NONE
        if self.can(Permission.READ_CASES):
            return Relation.STAFF
        if self.can(Permission.READ_CASES_OF_OWN_RULES) and case_id in self.rule_case_ids:
            return Relation.STAFF
        if (
            self.can(Permission.READ_OWN_CASES)
            and organisation_id is not None
            and self.organisation_id == organisation_id
        ):
            return Relation.ORGANISATION
        if self.can(Permission.READ_OWN_CASES) and case_id in self.joined_case_ids:
            return Relation.PARTICIPANT
        return Relation.NONE

    def require_part_in(self, case_id: int, organisation_id: int | None) -> Relation:
        """The relation of somebody who acts on a case. Raises NotFound for a stranger, PermissionDenied for a
        municipality that files along: it follows the case, and the one that filed it acts."""
        relation = self.require_sight_of(case_id, organisation_id)
        if relation is Relation.PARTICIPANT:
            raise PermissionDenied(ONLY_THE_LEAD)
        return relation

    def require_sight_of(self, case_id: int, organisation_id: int | None) -> Relation:
        """The relation, or NotFound for a stranger: a 403 would tell that the case exists."""
        relation = self.relation_to(case_id, organisation_id)
        if relation is Relation.NONE and self.kind is not ActorKind.SYSTEM:
            raise NotFound()
        return relation

    def handled_first(self, first_handler_id: int | None) -> bool:
        """Whether this is who handled a case that somebody else looks at again now."""
        return first_handler_id is not None and first_handler_id == self.account_id

    def refuse_first_handler(self, first_handler_id: int | None) -> None:
        """Raise PermissionDenied for who handled a case that somebody else looks at again now."""
        if self.handled_first(first_handler_id):
            raise PermissionDenied(HANDLED_IT_FIRST)


HANDLED_IT_FIRST = (
    "U behandelde deze zaak eerder. Nu bekijkt een ander haar opnieuw. U kunt de zaak lezen, maar er niets aan doen."
)
ONLY_THE_LEAD = Text(
    "Uw gemeente doet mee met deze melding. Antwoorden, aanvullen en intrekken doet wie haar indiende."
)

SYSTEM = Actor(ActorKind.SYSTEM)
VISITOR = Actor(ActorKind.VISITOR)
