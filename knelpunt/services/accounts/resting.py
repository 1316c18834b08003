"""What rests on an account: what nobody else does, once it is closed or has another role."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from knelpunt.domain.bottlenecks import OPEN
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.permissions import ROLE_PERMISSIONS, Permission
from knelpunt.domain.texts import date_in_words
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Account, Bottleneck, LeaveCover
from knelpunt.queries.accounts.accounts import HEADS, active_heads
from knelpunt.queries.worklist.load import open_of
from knelpunt.services.accounts import leave
from knelpunt.services.accounts import mail_texts as texts
from knelpunt.services.core.context import Context
from knelpunt.services.mail import messages


@dataclass(frozen=True, slots=True)
class StandsIn:
    """A leave of a colleague, of today or later, in which this account stands in."""

    name: str
    first_day: date
    last_day: date
    runs: bool

    @property
    def period(self) -> str:
        return f"van {date_in_words(self.first_day)} tot en met {date_in_words(self.last_day)}"


@dataclass(frozen=True, slots=True)
class Resting:
    """What rests on an account. ``rules``: the references of the open rule bottlenecks that it owns; ``cases``: how
    many open cases it handles."""

    name: str
    is_only_head: bool
    rules: tuple[str, ...]
    stands_in: tuple[StandsIn, ...]
    cases: int

    @property
    def is_anything(self) -> bool:
        return bool(self.is_only_head or self.rules or self.stands_in or self.cases)

    @property
    def first(self) -> list[str]:
        """What has to go to somebody else first, a sentence or two each. Cases go along in the act itself."""
        found = []
        if self.is_only_head:
            found.append(f"{self.name} is het enige hoofd van het loket. Geef eerst een collega deze rol.")
        if self.rules:
            what = "regelknelpunt" if len(self.rules) == 1 else "de regelknelpunten"
            found.append(
                f"{self.name} is eigenaar van {what} {', '.join(self.rules)}. Laat het hoofd van het loket daar eerst "
                "een andere eigenaar aanwijzen."
            )
        for each in self.stands_in:
            what = (
                f"neemt waar voor {each.name}, tot en met {date_in_words(each.last_day)}"
                if each.runs
                else f"gaat waarnemen voor {each.name}, {each.period}"
            )
            found.append(
                f"{self.name} {what}. Laat die afwezigheid eerst intrekken, en opnieuw vastleggen met een ander."
            )
        return found

    @property
    def left(self) -> list[str]:
        """What nobody does now, and what to do about it."""
        found = []
        if self.is_only_head:
            found.append("Er is geen hoofd van het loket meer. Een beheerder geeft een collega deze rol.")
        if len(self.rules) == 1:
            found.append(f"Het regelknelpunt {self.rules[0]} heeft geen eigenaar meer. Wijs een andere aan.")
        elif self.rules:
            listed = ", ".join(self.rules)
            found.append(f"Deze regelknelpunten hebben geen eigenaar meer: {listed}. Wijs voor elk een andere aan.")
        for each in self.stands_in:
            found.append(
                f"{self.name} neemt niet meer waar voor {each.name}, {each.period}. Die afwezigheid is ingetrokken. "
                f"Is {each.name} dan toch weg? Leg de afwezigheid opnieuw vast, met een ander."
            )
        if self.cases:
            what, lies = ("zaak", "ligt") if self.cases == 1 else ("zaken", "liggen")
            found.append(f"{self.cases} open {what} van {self.name} {lies} stil. Geef die aan een collega.")
        return found


def on(context: Context, account: Account, role: Role | None) -> Resting:
    """What rests on this account that it cannot do any more in another role; with None, once it is closed. Of an
    account that is closed: what still waits for somebody else."""
    session = context.session
    may = ROLE_PERMISSIONS[role] if role is not None else frozenset[Permission]()
    rules: list[str] = []
    if Permission.MOVE_BOTTLENECK not in may:
        owned = select(Bottleneck.reference).where(
            Bottleneck.owner_id == account.id, Bottleneck.status.in_(sorted(OPEN))
        )
        rules = list(session.scalars(owned.order_by(Bottleneck.id)))
    leaves = session.execute(
        select(Account.name, Account.role, LeaveCover.first_day, LeaveCover.last_day)
        .join(Account, Account.id == LeaveCover.account_id)
        .where(
            LeaveCover.covered_by_id == account.id,
            LeaveCover.taken_back_at.is_(None),
            LeaveCover.last_day >= context.today,
            Account.is_active,
        )
        .order_by(LeaveCover.first_day, LeaveCover.id)
    )
    loses_head = account.role in HEADS and role not in HEADS
    return Resting(
        name=account.name,
        is_only_head=loses_head and all(head.id == account.id for head in active_heads(session)),
        rules=tuple(rules),
        stands_in=tuple(
            StandsIn(row.name, row.first_day, row.last_day, runs=row.first_day <= context.today)
            for row in leaves
            if not leave.covers(may, row.role)
        ),
        cases=0 if Permission.HANDLE_CASE in may else open_of(session, account.id),
    )


def tell(context: Context, account: Account, found: Resting) -> None:
    """Tell each head of desk once what nobody does any more since this account was closed or got another role; where
    there is no head, who manage the site.

    Args:
        found: what rested on it just before.
    """
    if not found.is_anything:
        return
    context.session.flush()
    once = f"{account.id}:{account.version}"
    heads = active_heads(context.session)
    text = texts.work_left(name=found.name, left=found.left, url=context.links.to("/vandaag"))
    for head in heads:
        messages.queue_text(
            context,
            MailKind.WORK_LEFT,
            head.email,
            text,
            account_id=head.id,
            once_key=f"{MailKind.WORK_LEFT}:{once}:{head.id}",
        )
    if not heads:
        page = context.links.to(f"/beheer/accounts/{account.id}")
        text = texts.work_left(name=found.name, left=found.left, url=page)
        messages.queue_to_administrators(context, None, MailKind.WORK_LEFT, text, once=once)
