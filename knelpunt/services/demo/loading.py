"""The demonstration: one account a role, and cases in every state, made by the same services as the site."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from knelpunt.adapters.files.demo import demo_cases, demo_rules
from knelpunt.adapters.identity.sealer import Sealer
from knelpunt.domain.accounts import normalise_email
from knelpunt.domain.identity.clients import DEMO_CLIENT, DEMO_SECRET, check_scopes, last_possible_day
from knelpunt.domain.identity.factors import must_have_factor
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import OF_ORGANISATIONS, SYSTEM, Actor
from knelpunt.domain.vocabulary import ActorKind, Role
from knelpunt.models import Account, ApiClient
from knelpunt.queries.accounts import accounts as account_queries
from knelpunt.queries.core.reference import reference
from knelpunt.services import accounts
from knelpunt.services.accounts.identity import factors
from knelpunt.services.archive import categories, retention
from knelpunt.services.archive.categories import Wording
from knelpunt.services.consultations import address_book
from knelpunt.services.core.context import Context
from knelpunt.services.demo.stage import Cast, Stage
from knelpunt.services.demo.stories import Storyteller
from knelpunt.services.guides.loading import load_guides

DEMO_LOCK = 2_013_110
"""The advisory lock that makes a second loader wait; held until the transaction ends."""
DEMO_PASSWORD = "vier losse demo woorden"  # noqa: S105 - shown to everybody who starts the demonstration
DEMO_DOMAIN = "demo.knelpunt.example"
DESK = "mnre1034"
"""Where the desk sits: the ministry that has the tasks for housing since 23 February 2026."""
DEMO_MUNICIPALITY = "GM0193"
DEMO_CATEGORY = "ingetrokken"
"""Of these the demo has cases whose term is over."""


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """An account that is a role, not a person. There are two administrators: one decides what the other proposed."""

    local_part: str
    name: str
    role: Role
    organisation_code: str

    @property
    def email(self) -> str:
        return f"{self.local_part}@{DEMO_DOMAIN}"


DEMO_ACCOUNTS = (
    DemoAccount("triage", "Demo triagist", Role.TRIAGER, DESK),
    DemoAccount("behandelaar", "Demo behandelaar", Role.HANDLER, DESK),
    DemoAccount("toetser", "Demo toetser", Role.REVIEWER, DESK),
    DemoAccount("hoofd", "Demo hoofd loket", Role.HEAD_OF_DESK, DESK),
    DemoAccount("gemeente", "Demo indiener Zwolle", Role.FILER, DEMO_MUNICIPALITY),
    DemoAccount("gemeente-medewerker", "Demo medewerker Zwolle", Role.MEMBER, DEMO_MUNICIPALITY),
    DemoAccount("gemeente-beheer", "Demo beheerder Zwolle", Role.ORGANISATION_ADMIN, DEMO_MUNICIPALITY),
    DemoAccount("regelknelpunt", "Demo eigenaar regelknelpunt", Role.BOTTLENECK_OWNER, DESK),
    DemoAccount("kwartaal", "Demo auteur kwartaal", Role.REPORT_AUTHOR, DESK),
    DemoAccount("beheer", "Demo beheerder", Role.ADMINISTRATOR, DESK),
    DemoAccount("beheer-2", "Demo tweede beheerder", Role.ADMINISTRATOR, DESK),
    DemoAccount("audit", "Demo auditor", Role.AUDITOR, DESK),
)


def load_demo(session: Session, links: Links, now: datetime, sealer: Sealer | None = None) -> int:
    """Make the demo accounts and stories, once; the number of cases that were made, 0 when the demo is there already.

    In the caller's transaction, so that a killed start leaves all of it or nothing.

    Args:
        now: the aware instant from which the days of the cases are counted back.
        sealer: with it the accounts of the desk have a second factor, whose codes the site shows; without it each sets
            one up at the first log-in.
    """
    session.execute(select(func.pg_advisory_xact_lock(DEMO_LOCK)))
    if account_queries.by_email(session, normalise_email(DEMO_ACCOUNTS[0].email)) is not None:
        return 0
    made = _make_accounts(Context(session, SYSTEM, now, links))
    if sealer is not None:
        staff = [each.id for each in made.values() if must_have_factor(each.role)]
        factors.set_up_for_demo(Context(session, SYSTEM, now, links), sealer, staff)
    _let_system_in(Context(session, SYSTEM, now, links), made["gemeente-beheer"])
    load_guides(Context(session, SYSTEM, now, links))
    cast = Cast(
        triager=made["triage"],
        handler=made["behandelaar"],
        reviewer=made["toetser"],
        head=made["hoofd"],
        owner=made["regelknelpunt"],
        filer=made["gemeente"],
    )
    _read_source(made["beheer"], made["beheer-2"], session, links, now)
    _fill_address_book(Context(session, _administrator(made["beheer"]), now, links))
    cases = demo_cases()
    Storyteller(Stage(session, links, cast), now).tell(cases, demo_rules())
    return len(cases)


def _let_system_in(context: Context, admin: Account) -> None:
    """A key for the demo municipality of which everybody knows the secret, to try the API with."""
    context.session.add(
        ApiClient(
            organisation_id=admin.organisation_id,
            name="Zaaksysteem van de demonstratie",
            client_id=DEMO_CLIENT,
            secret_hash=accounts.hash_token(DEMO_SECRET),
            scopes=check_scopes(OF_ORGANISATIONS),
            ends_on=last_possible_day(context.today),
            made_by_id=admin.id,
            made_at=context.now,
        )
    )
    context.session.flush()


def _read_source(first: Account, second: Account, session: Session, links: Links, now: datetime) -> None:
    """Let two administrators say where a retention category comes from, so that the demo can show a list to confirm.
    It is no real source, and says so."""
    proposing, deciding = (
        Context(session, Actor(ActorKind.ACCOUNT, each.id, each.role, each.organisation_id), now, links)
        for each in (first, second)
    )
    held = retention.category_on(session, DEMO_CATEGORY, proposing.today)
    if held is None:
        raise LookupError(DEMO_CATEGORY)
    wording = Wording(
        name=held.name,
        holds=held.holds,
        years=held.years,
        disposition=held.disposition,
        public_text_stays=held.public_text_stays,
        source="Alleen voor deze demonstratie: geen echte selectielijst.",
        source_checked_on=proposing.today,
        valid_from=held.valid_from,
    )
    proposal = categories.propose(proposing, DEMO_CATEGORY, wording)
    categories.decide(deciding, proposal.id, proposal.version, accepted=True, remark="")


def _make_accounts(context: Context) -> dict[str, Account]:
    ids = {row.code: row.id for row in reference(context.session).organisations.values() if row.code}
    return {
        account.local_part: accounts.create_account(
            context,
            email=account.email,
            name=account.name,
            role=account.role,
            organisation_id=ids[account.organisation_code],
            password=DEMO_PASSWORD,
            is_demo=True,
        )
        for account in DEMO_ACCOUNTS
    }


def _administrator(account: Account) -> Actor:
    return Actor(ActorKind.ACCOUNT, account.id, account.role, account.organisation_id)


def _fill_address_book(context: Context) -> None:
    """A box at every ministry of today, so that each can be asked."""
    for ministry in reference(context.session).ministries.values():
        if ministry.valid_to is None and ministry.abbreviation:
            address_book.add(
                context,
                ministry_id=ministry.id,
                name=f"Postbus regels {ministry.abbreviation}",
                email=f"regels-{ministry.abbreviation.lower()}@{DEMO_DOMAIN}",
                is_fallback=True,
            )
