"""A small world for the rights matrix: one account per role, two organisations, and rows that stand in every relation
to whoever asks."""

import hashlib
import io
import secrets
from datetime import timedelta
from typing import NamedTuple

from sqlalchemy import Connection, text
from sqlalchemy.orm import Session

from knelpunt.adapters.uploads.store import FileStore
from knelpunt.domain.calendar.clocks import Clock, Unit
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.domain.history.imports import ImportKind, ImportState, ImportStatus
from knelpunt.domain.identity.claims import SignOnRuleStatus
from knelpunt.domain.identity.factors import FactorResetStatus
from knelpunt.domain.links import CASE, Links, new_nonce, new_public_id
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.mergers import MergerStatus
from knelpunt.domain.permissions import ORGANISATION_ROLES
from knelpunt.domain.post.incoming import IncomingReason, IncomingStatus
from knelpunt.domain.suggestions.feedback import RefusalReason, SuggestionDecision
from knelpunt.domain.vocabulary import (
    BulkKind,
    CaseLinkKind,
    CaseStatus,
    ConsentSource,
    CoSignatureStatus,
    MessageKind,
    ParticipantStatus,
    PublicationStatus,
    ReferralStatus,
    Role,
    SubmitterKind,
    Verdict,
)
from knelpunt.models import (
    Account,
    AccountToken,
    AddressChange,
    Aftercare,
    ApiClient,
    Attachment,
    Base,
    BulkAct,
    CalendarAddress,
    Case,
    CaseLink,
    CaseParticipant,
    CasePresence,
    Checklist,
    ClockPeriod,
    Consultation,
    ConsultationLink,
    CoSignature,
    Draft,
    EventSubscription,
    FactorReset,
    ImportRow,
    ImportRun,
    IncomingMail,
    Invitation,
    Label,
    Law,
    LeaveCover,
    Letter,
    LetterVersion,
    LoginSession,
    Merger,
    MergerMunicipality,
    Message,
    MinistryContact,
    Notification,
    OpenDataFile,
    Organisation,
    OutboxEvent,
    OutboxMail,
    Passkey,
    Provision,
    Referral,
    SavedView,
    SignOnRule,
    SuggestionFeedback,
    Task,
    Team,
    TotpFactor,
    Upload,
)
from tests.support.factories import Factory
from tests.support.rights import VISITOR, Relation
from tests.support.sign_on import SLUG
from tests.support.world_archive import archive_rows
from tests.support.world_guides import guide_rows
from tests.support.world_privacy import privacy_rows
from tests.support.world_quarters import quarter_rows
from tests.support.world_rules import rule_rows

KEPT_TABLES = {
    "laws",
    "law_successions",
    "provisions",
    "provision_successions",
    "provision_wordings",
    "municipalities",
    "provinces",
    "public_version",
    "reference_version",
    "term_rules",
}
"""Reference data, which is too large to compare after each request; that a row of it was written is noticed."""

LASTS = timedelta(hours=1)
"""So long no request needs to write that a session was seen, which would look like a change of its own."""


class World:
    """Made once for many requests; plain values only, so that requests may change and roll back what they like."""

    def __init__(self, session: Session, links: Links, files: FileStore) -> None:
        self.make = Factory(session)
        self.links = links
        self.files = files
        self.organisation = self.make.organisation()
        self.other_organisation = self.make.organisation()
        ministry = self.make.ministry()
        self.accounts: dict[Role, int] = {}
        self.tokens: dict[str, str] = {}
        self.sessions: dict[str, int] = {}
        self.passkeys: dict[str, int] = {}
        for role in Role:
            account = self.make.account(role, self.organisation if role in ORGANISATION_ROLES else ministry)
            self.accounts[role] = account.id
            self.tokens[role], self.sessions[role] = self._signed_in(account)
            self.make.add(TotpFactor(account_id=account.id, sealed_secret="x", created_at=self.make.now))
            self.passkeys[role] = self._passkey(account)
        self.colleague = self.make.member(self.organisation)
        self.stranger = self.make.filer(self.other_organisation)
        self.stranger_email = self.stranger.email
        self._lost_phones()
        self.cases = self._cases()
        self.notifications = {role: self._notification(role) for role in Role}
        self._open_everywhere()
        self.numbers: dict[str, dict[Relation, object]] = self._numbers()
        self.bulk_acts = {role: self._bulk_act(account_id) for role, account_id in self.accounts.items()}
        session.commit()

    def relations(self, path: str, parts: set[str]) -> list[Relation]:
        """Every relation in which the rows of an address can stand to who asks."""
        known = [set(self.values_of(path, part)) - {Relation.NONE} for part in sorted(parts)]
        found = set.intersection(*(each for each in known if each)) if any(known) else {Relation.NONE}
        return sorted(found)

    def value(self, path: str, part: str, relation: Relation, who: str) -> object:
        """What to fill in for one part of an address."""
        owned = {
            "session_id": self.sessions,
            "passkey_id": self.passkeys,
            "notification_id": self.notifications,
            "bulk_id": self.bulk_acts,
        }
        if part in owned:
            is_own = relation is Relation.OWN and who != VISITOR
            return owned[part][who if is_own else self._another_role(who)]
        values = self.values_of(path, part)
        return values[relation] if relation in values else values[Relation.NONE]

    def values_of(self, path: str, part: str) -> dict[Relation, object]:
        """The values of one part, by relation."""
        if part in {"session_id", "passkey_id", "notification_id", "bulk_id"}:
            return {Relation.OWN: 0, Relation.FOREIGN: 0}
        first, last = path.split("/")[1], path.rsplit("/", maxsplit=1)[-1]
        return self.numbers.get(f"{first}:{part}") or self.numbers.get(f"{last}:{part}") or self.numbers[part]

    @staticmethod
    def _another_role(who: str) -> Role:
        return Role.HANDLER if who != Role.HANDLER else Role.REVIEWER

    def _signed_in(self, account: Account) -> tuple[str, int]:
        token = secrets.token_urlsafe(32)
        row = self.make.add(
            LoginSession(
                token_hash=hashlib.sha256(token.encode()).hexdigest(),
                account_id=account.id,
                created_at=self.make.now,
                last_seen_at=self.make.now + LASTS,
                second_factor_at=self.make.now + LASTS,
            )
        )
        return token, row.id

    def _passkey(self, account: Account) -> int:
        key = secrets.token_bytes(16)
        return self.make.add(
            Passkey(
                account_id=account.id,
                credential_id=key,
                public_key=key,
                sign_count=0,
                name="Telefoon",
                created_at=self.make.now,
            )
        ).id

    def _merger(self) -> int:
        """A merger that waits, of the municipality of nobody here, by an administrator who is nobody's party here."""
        ending = self.make.municipality()
        merger = self.make.add(
            Merger(
                day=self.make.today + timedelta(days=30),
                code="GM9876",
                name="Nieuwproef",
                province_id=ending.province_id,
                reason="Voor de proef.",
                status=MergerStatus.PROPOSED,
                proposed_by_id=self.make.administrator().id,
                proposed_at=self.make.now,
            )
        )
        self.make.add(MergerMunicipality(merger_id=merger.id, municipality_id=ending.id))
        return merger.id

    def _sign_on_rules(self) -> dict[SignOnRuleStatus, int]:
        """A rule that waits, and one that holds, both by an administrator who is nobody's party here."""
        proposed_by = self.make.administrator()
        return {
            status: self.make.add(
                SignOnRule(
                    provider=SLUG,
                    claim="groups",
                    value="knelpunt",
                    organisation_id=self.organisation.id,
                    role=Role.MEMBER,
                    reason="Voor de proef.",
                    status=status,
                    proposed_by_id=proposed_by.id,
                    proposed_at=self.make.now,
                )
            ).id
            for status in (SignOnRuleStatus.PROPOSED, SignOnRuleStatus.HOLDS)
        }

    def _lost_phones(self) -> None:
        """Two people lost their second factor; an administrator who is nobody's party here asked for each."""
        asked_by = self.make.administrator()
        for account in (self.colleague, self.stranger):
            self.make.add(TotpFactor(account_id=account.id, sealed_secret="x", created_at=self.make.now))
            self.make.add(
                FactorReset(
                    account_id=account.id,
                    reason="Telefoon kwijt.",
                    status=FactorResetStatus.ASKED,
                    asked_by_id=asked_by.id,
                    asked_at=self.make.now,
                )
            )

    def _cases(self) -> dict[Relation, Case]:
        own = self.make.case(
            CaseStatus.IN_TRIAGE,
            draft_key=secrets.token_hex(16),
            organisation_id=self.organisation.id,
            author_id=self.accounts[Role.FILER],
            municipality_id=self.organisation.municipality_id,
        )
        colleague = self.make.case(
            CaseStatus.IN_TRIAGE,
            draft_key=secrets.token_hex(16),
            organisation_id=self.organisation.id,
            author_id=self.colleague.id,
        )
        foreign = self.make.case(
            CaseStatus.IN_TRIAGE,
            draft_key=secrets.token_hex(16),
            organisation_id=self.other_organisation.id,
            author_id=self.stranger.id,
        )
        citizen = self.make.case(CaseStatus.IN_TRIAGE, draft_key=secrets.token_hex(16), email="bewoner@straat.example")
        published = self.make.case(
            CaseStatus.CLOSED,
            organisation_id=self.other_organisation.id,
            author_id=self.stranger.id,
            publication=PublicationStatus.PUBLIC,
            verdict=Verdict.PERCEIVED,
        )
        for case in (own, colleague, foreign, published):
            self.make.contact(case)
        self.make.published(published)
        return {
            Relation.OWN: own,
            Relation.COLLEAGUE: colleague,
            Relation.FOREIGN: foreign,
            Relation.CITIZEN: citizen,
            Relation.PUBLISHED: published,
        }

    def _numbers(self) -> dict[str, dict[Relation, object]]:
        law = self.make.law()
        provision = self.make.provision(law)
        references: dict[Relation, object] = {relation: case.reference for relation, case in self.cases.items()}
        rules = self._sign_on_rules()
        return {
            "reference": references,
            "municipality_code": {Relation.NONE: "GM0363"},
            "reference_number": references,
            "provider_slug": {Relation.NONE: SLUG},
            "besluit:rule_id": {Relation.NONE: rules[SignOnRuleStatus.PROPOSED]},
            "beeindigen:rule_id": {Relation.NONE: rules[SignOnRuleStatus.HOLDS]},
            "merger_id": {Relation.NONE: self._merger()},
            "sitemap:number": {Relation.NONE: 1},
            "law_key": {Relation.NONE: law.key},
            "provision_key": {Relation.NONE: provision.key},
            "wording": {Relation.NONE: "2010-01-01"},
            **self._parts_of_cases(law, provision),
            **self._drafts(),
            **rule_rows(
                self.make,
                self.links,
                provision,
                self.cases[Relation.CITIZEN],
                self.accounts[Role.BOTTLENECK_OWNER],
            ),
            **archive_rows(self.make),
            **privacy_rows(self.make, self.links, self.cases[Relation.CITIZEN]),
            **guide_rows(self.make, self.links, self.colleague, self.stranger),
            **quarter_rows(self.make, self.links, self.accounts[Role.REPORT_AUTHOR], self.accounts[Role.HEAD_OF_DESK]),
            "open_file": {Relation.NONE: self._open_data_file()},
            "filename": {Relation.NONE: "images/favicon.svg"},
            "build": {Relation.NONE: "x"},
            "account_id": {Relation.COLLEAGUE: self.colleague.id, Relation.FOREIGN: self.stranger.id},
            "invitation_id": {
                Relation.COLLEAGUE: self._invitation(self.organisation.id)[1],
                Relation.FOREIGN: self._invitation(self.other_organisation.id)[1],
            },
            "beheer:client_id": {Relation.NONE: self._client(self.make.ministry().id, "rapportage")},
            "client_id": {
                Relation.COLLEAGUE: self._client(self.organisation.id),
                Relation.FOREIGN: self._client(self.other_organisation.id),
            },
            **self._subscriptions(),
            "upload_key": {
                Relation.COLLEAGUE: self._upload(self.organisation.id),
                Relation.FOREIGN: self._upload(self.other_organisation.id),
            },
            **self._imports(),
            "mail_id": {Relation.NONE: self._mail()},
            "letter_kind": {Relation.NONE: "vraag"},
            "letter_version_id": {Relation.NONE: self._letter_version()},
            "incoming_id": {Relation.NONE: self._incoming()},
            "leave_id": {Relation.NONE: self._leave()},
            "view_id": {Relation.NONE: self._view()},
            "label_id": {Relation.NONE: self._label()},
            "team_id": {Relation.NONE: self.make.add(Team(name="Team van de wereld")).id},
            "checklist_id": {Relation.NONE: self._checklist()},
            "wachtwoord:token": self._tokens(self._reset_token(), self._reset_token(used=True)),
            "uitnodiging:token": self._tokens(
                self._invitation(self.organisation.id)[0], self._invitation(self.organisation.id, withdrawn=True)[0]
            ),
        }

    def _client(self, organisation_id: int, scope: str = "zaken") -> int:
        """A system that an organisation let in, or one of a ministry."""
        client = ApiClient(
            organisation_id=organisation_id,
            name="Zaaksysteem",
            client_id=f"knelpunt-{secrets.token_hex(8)}",
            secret_hash="x",
            scopes=[scope],
            ends_on=self.make.today + timedelta(days=30),
            made_at=self.make.now,
        )
        return int(self.make.add(client).id)

    def _upload(self, organisation_id: int) -> str:
        """A file of which nothing has arrived yet."""
        row = Upload(
            public_id=new_public_id(),
            organisation_id=organisation_id,
            size=100,
            received=0,
            pieces=[],
            begun_at=self.make.now,
            ends_at=self.make.now + LASTS,
        )
        return self.make.add(row).public_id

    def _imports(self) -> dict[str, dict[Relation, object]]:
        """A file with cases of the desk, and one of each of two organisations, brought in but for one line."""
        head, admin = self.accounts[Role.HEAD_OF_DESK], self.accounts[Role.ORGANISATION_ADMIN]
        return {
            "loket:run_id": {Relation.NONE: self._import(ImportKind.HISTORY, None, head)},
            "run_id": {
                Relation.COLLEAGUE: self._import(ImportKind.BACKLOG, self.organisation.id, admin),
                Relation.FOREIGN: self._import(ImportKind.BACKLOG, self.other_organisation.id, admin),
            },
        }

    def _import(self, kind: ImportKind, organisation_id: int | None, author_id: int) -> int:
        heads = b"id;title;description" if kind is ImportKind.HISTORY else b"kenmerk;titel;omschrijving"
        content = heads + b"\n1;Tuin;Mag niet.\n2;;x\n"
        stored = self.files.put(io.BytesIO(content), len(content))
        run = self.make.add(
            ImportRun(
                kind=kind,
                status=ImportStatus.DONE,
                organisation_id=organisation_id,
                author_id=author_id,
                is_csv=True,
                encoding="utf-8",
                stored_name=stored.name,
                shown_name="lijst.csv",
                size=stored.size,
                sha256=stored.sha256,
                position=2,
                total=2,
                counts={"binnengekomen": 1, "geweigerd": 1},
                uploaded_at=self.make.now,
                confirmed_at=self.make.now,
                finished_at=self.make.now,
                ends_on=self.make.today + timedelta(days=30),
            )
        )
        draft = Draft(
            key=secrets.token_hex(16),
            kind=SubmitterKind.MUNICIPALITY,
            organisation_id=organisation_id,
            author_id=author_id,
            data={"title": "Tuin"},
            created_at=self.make.now,
            updated_at=self.make.now,
        )
        if organisation_id is not None:
            self.make.add(draft)
        for place, state, faults in ((1, ImportState.ADDED, []), (2, ImportState.REFUSED, [["titel", "ontbreekt"]])):
            self.make.add(
                ImportRow(
                    run_id=run.id,
                    place=place,
                    line=place + 1,
                    own_number=str(place),
                    title="Tuin" if place == 1 else "",
                    state=state,
                    faults=faults,
                    remarks=[],
                    draft_key=draft.key if place == 1 and organisation_id is not None else None,
                )
            )
        return int(run.id)

    def _subscriptions(self) -> dict[str, dict[Relation, object]]:
        """What the systems of two organisations subscribed to, each with an event."""
        found: dict[str, dict[Relation, object]] = {
            "subscription_id": {}, "outbox_event_id": {}, "public_id": {}, "mirror_id": {},
        }  # fmt: skip
        for relation, organisation in (
            (Relation.COLLEAGUE, self.organisation),
            (Relation.FOREIGN, self.other_organisation),
        ):
            subscription = self.make.add(
                EventSubscription(
                    public_id=secrets.token_hex(6),
                    organisation_id=organisation.id,
                    url="https://zaken.voorbeeld.nl/knelpunt",
                    covers=["eigen"],
                    sealed_secret="x",
                    made_at=self.make.now,
                    next_try_at=self.make.now,
                )
            )
            event = self.make.add(
                OutboxEvent(
                    subscription_id=subscription.id,
                    event_id="proef",
                    kind="nl.knelpunt.proef",
                    subject="proef",
                    topic="proef:1",
                    data={},
                    created_at=self.make.now,
                    next_try_at=self.make.now,
                    sent_at=self.make.now,
                )
            )
            mirror = self.make.add(
                EventSubscription(
                    public_id=secrets.token_hex(6),
                    organisation_id=organisation.id,
                    url="https://zaken.voorbeeld.nl/zaken/api/v1",
                    covers=["eigen"],
                    zgw=dict.fromkeys(("zaken", "documenten", "catalogi", "client_id", "rsin", "zaaktype"), "x"),
                    sealed_secret="x",
                    made_at=self.make.now,
                    next_try_at=self.make.now,
                )
            )
            found["mirror_id"][relation] = mirror.id
            found["subscription_id"][relation] = subscription.id
            found["public_id"][relation] = subscription.public_id
            found["outbox_event_id"][relation] = event.id
        return found

    def _letter_version(self) -> int:
        """A version that waits for a second person, by an administrator whom nobody in the matrix is."""
        version = LetterVersion(
            kind="bericht",
            number=2,
            plain="{bericht}",
            written_by_id=self.make.administrator().id,
            written_at=self.make.now,
        )
        return self.make.add(version).id

    def _incoming(self) -> int:
        """A mail that waits for a person."""
        row = IncomingMail(
            message_id="<wereld@proef.example>",
            digest="0",
            arrived_at=self.make.now,
            taken_at=self.make.now,
            status=IncomingStatus.WAITING,
            reason=IncomingReason.UNKNOWN_SENDER,
            from_address="iemand@elders.example",
            subject="Vraag",
            body="Hoort dit bij u?",
        )
        return self.make.add(row).id

    def _view(self) -> int:
        """A view that the triager shares."""
        view = SavedView(
            owner_id=self.accounts[Role.TRIAGER], name="Weergave", query="lijst=open", is_shared=True,
            created_at=self.make.now,
        )  # fmt: skip
        return int(self.make.add(view).id)

    def _label(self) -> int:
        label = Label(name="Label van de wereld", made_by_id=self.accounts[Role.HEAD_OF_DESK], made_at=self.make.now)
        return int(self.make.add(label).id)

    def _bulk_act(self, account_id: int) -> int:
        """A message that waits to be confirmed, to nobody."""
        act = BulkAct(kind=BulkKind.MESSAGE, author_id=account_id, body="Bericht", prepared_at=self.make.now)
        return int(self.make.add(act).id)

    def _checklist(self) -> int:
        row = Checklist(
            name="Voor het sluiten", lines=["Bel de gemeente."], made_by_id=self.accounts[Role.HEAD_OF_DESK]
        )
        return self.make.add(row).id

    def _task(self, case: Case) -> int:
        row = Task(
            case_id=case.id,
            words="Bel de gemeente.",
            assignee_id=self.accounts[Role.HANDLER],
            made_by_id=self.accounts[Role.HANDLER],
            made_at=self.make.now,
        )
        return self.make.add(row).id

    def _notification(self, role: Role) -> int:
        """Something that only this role was told of."""
        row = Notification(
            account_id=self.accounts[role],
            kind=MailKind.MENTIONED.value,
            case_id=self.cases[Relation.CITIZEN].id,
            created_at=self.make.now,
            ends_on=self.make.today + timedelta(days=90),
        )
        return self.make.add(row).id

    def _open_everywhere(self) -> None:
        """Every account just had every case open, so that no page needs to note it, which would look like a change."""
        for case in self.cases.values():
            for account_id in self.accounts.values():
                self.make.add(CasePresence(case_id=case.id, account_id=account_id, seen_at=self.make.now + LASTS))

    def _leave(self) -> int:
        """A colleague is away whom nobody else in the matrix is."""
        away, cover = self.make.handler(), self.make.handler()
        today = nl_day(self.make.now)
        row = LeaveCover(
            account_id=away.id, covered_by_id=cover.id, first_day=today, last_day=today + timedelta(days=9),
            registered_by_id=away.id, registered_at=self.make.now,
        )  # fmt: skip
        return self.make.add(row).id

    def _parts_of_cases(self, law: Law, provision: Provision) -> dict[str, dict[Relation, object]]:
        questions, files, toetsen, said, tasks = {}, {}, {}, {}, {}
        alike = self.make.case(CaseStatus.IN_TRIAGE)
        for relation, case in self.cases.items():
            self.make.add(
                CaseLink(case_id=alike.id, other_id=case.id, kind=CaseLinkKind.SAME_RULE, linked_at=self.make.now)
            )
            questions[relation] = self._question(case)
            files[relation] = self._file(case_id=case.id)
            tasks[relation] = self._task(case)
            said[relation] = self._said(case, law)
            toetsen[relation] = self.make.assessment(case, provision).id
        citizen = self.cases[Relation.CITIZEN]
        link, revoked = self.make.follow_link(citizen), self.make.follow_link(citizen, revoked_at=self.make.now)
        right, old = (self.links.follow(each.public_id, each.nonce).rpartition("/")[2] for each in (link, revoked))
        tokens = self._tokens(right, old)
        return {
            "provision_id": {Relation.NONE: provision.id},
            "other_reference": {Relation.NONE: alike.reference},
            "assessment_id": toetsen,
            "feedback_id": said,
            "message_id": questions,
            "task_id": tasks,
            "volgen:message_id": dict.fromkeys(tokens, questions[Relation.CITIZEN]),
            "attachment_id": files,
            "letter_id": {Relation.NONE: self._letter(citizen)},
            "change_token": self._wrong_and(self._address_change(citizen)),
            "stop_token": self._wrong_and(self.links.unsubscribe(CASE, citizen.id).split("/")[-2]),
            "volgen:attachment_id": dict.fromkeys(tokens, files[Relation.CITIZEN]),
            "volgen:token": tokens,
            "calendar_token": self._calendar(),
            "meetekenen:token": self._co_signers(citizen),
            **self._consultations(),
            "aftercare_id": {relation: self._aftercare(case).id for relation, case in self.cases.items()},
            "nazorg:token": self._wrong_and(self._aftercare_token(citizen)),
            "municipality_id": {Relation.NONE: self.other_organisation.municipality_id},
            "participant_id": {
                Relation.COLLEAGUE: self._participant(self.cases[Relation.FOREIGN], self.organisation),
                Relation.FOREIGN: self._participant(self.cases[Relation.OWN], self.other_organisation),
            },
        }

    def _consultations(self) -> dict[str, dict[Relation, object]]:
        """A question to a ministry in each case, with a wish for more time; the link to one, and one handed on."""
        contact = self.make.add(
            MinistryContact(
                ministry_id=self.make.ministry().id, name="Ambtenaar", email="ambtenaar@rijk.example", is_fallback=False
            )
        )
        asked = {}
        for relation, case in self.cases.items():
            asked[relation] = self.make.add(
                Consultation(
                    case_id=case.id,
                    ministry_id=contact.ministry_id,
                    contact_id=contact.id,
                    question="Mag dit?",
                    article="Proefwet, artikel 12",
                    law_on=case.law_date,
                    asked_by_id=self.accounts[Role.HANDLER],
                    asked_at=self.make.now,
                    due_on=self.make.today + timedelta(days=14),
                    more_time_until=self.make.today + timedelta(days=20),
                    more_time_reason="Wij wachten op een uitspraak.",
                )
            ).id
        tokens = []
        for revoked_at in (None, self.make.now):
            link = self.make.add(
                ConsultationLink(
                    consultation_id=asked[Relation.CITIZEN],
                    email="ambtenaar@rijk.example",
                    public_id=new_public_id(),
                    nonce=new_nonce(),
                    created_at=self.make.now,
                    revoked_at=revoked_at,
                )
            )
            tokens.append(self.links.token("raadplegen", link.public_id, link.nonce))
        return {
            "consultation_id": dict(asked),
            "consultation_token": self._tokens(*tokens),
            "contact_id": {Relation.NONE: contact.id},
            "offer_token": self._wrong_and(self._offer(self.make.case(CaseStatus.IN_TRIAGE))),
        }

    def _offer(self, case: Case) -> str:
        """The link by which another organisation takes this case over."""
        offer = self.make.add(
            Referral(
                case_id=case.id,
                status=ReferralStatus.OFFERED,
                consent=ConsentSource.TELEPHONE,
                organisation="Woonloket",
                reason="De gemeente beslist hier zelf over.",
                asked_by_id=self.accounts[Role.TRIAGER],
                asked_at=self.make.now,
                answer_by=self.make.today + timedelta(days=7),
                public_id=new_public_id(),
                nonce=new_nonce(),
            )
        )
        return self.links.token("overnemen", offer.public_id, offer.nonce)

    @staticmethod
    def _wrong_and(right: str) -> dict[Relation, object]:
        wrong = right[:-1] + ("a" if right[-1] != "a" else "b")
        return {Relation.RIGHT_TOKEN: right, Relation.WRONG_TOKEN: wrong}

    def _letter(self, case: Case) -> object:
        return self.make.add(
            Letter(case_id=case.id, kind="bericht", subject="Proef", body="Proef", written_at=self.make.now)
        ).id

    def _address_change(self, case: Case) -> str:
        change = self.make.add(
            AddressChange(
                case_id=case.id,
                email="nieuw@straat.example",
                public_id=new_public_id(),
                nonce=new_nonce(),
                asked_at=self.make.now,
            )
        )
        return self.links.token("adres", change.public_id, change.nonce)

    def _aftercare_token(self, case: Case) -> str:
        row = self._aftercare(case)
        return self.links.token("nazorg", row.public_id, row.nonce)

    def _aftercare(self, case: Case) -> Aftercare:
        period = self.make.add(
            ClockPeriod(
                case_id=case.id,
                clock=Clock.K9,
                started_on=self.make.today,
                length=3,
                unit=Unit.MONTHS,
                due_on=self.make.today,
                stopped_on=self.make.today,
            )
        )
        return self.make.add(
            Aftercare(
                case_id=case.id,
                period_id=period.id,
                months=3,
                public_id=new_public_id(),
                nonce=new_nonce(),
                asked_on=self.make.today,
            )
        )

    def _calendar(self) -> dict[Relation, object]:
        """The address of a colleague's calendar; the one before it does not open any more."""
        row = self.make.add(
            CalendarAddress(
                account_id=self.colleague.id, public_id=new_public_id(), nonce=new_nonce(), made_at=self.make.now
            )
        )
        return self._tokens(*(self.links.token("agenda", row.public_id, nonce) for nonce in (row.nonce, new_nonce())))

    def _participant(self, case: Case, asked: Organisation) -> object:
        return self.make.add(
            CaseParticipant(
                case_id=case.id,
                municipality_id=asked.municipality_id,
                status=ParticipantStatus.ASKED,
                email="collega@gemeente.example",
                asked_at=self.make.now,
                ends_on=self.make.today,
            )
        ).id

    def _co_signers(self, case: Case) -> dict[Relation, object]:
        tokens = []
        for status in (CoSignatureStatus.ASKED, CoSignatureStatus.VOID):
            row = self.make.add(
                CoSignature(
                    case_id=case.id,
                    status=status,
                    asked_at=self.make.now,
                    email="buur@straat.example",
                    public_id=new_public_id(),
                    nonce=new_nonce(),
                    filing_waits=False,
                )
            )
            tokens.append(self.links.token("meetekenen", row.public_id, row.nonce))
        return self._tokens(*tokens)

    def _said(self, case: Case, law: Law) -> object:
        return self.make.add(
            SuggestionFeedback(
                case_id=case.id,
                law_id=law.id,
                rank=1,
                decision=SuggestionDecision.REFUSED,
                reason=RefusalReason.OTHER_SUBJECT,
                decided_by_id=self.colleague.id,
                decided_at=self.make.now,
            )
        ).id

    def _question(self, case: Case) -> object:
        return self.make.add(
            Message(
                case_id=case.id,
                kind=MessageKind.QUESTION,
                from_desk=True,
                body="Welk plan geldt hier?",
                answer_by=self.make.today + timedelta(days=20),
                written_at=self.make.now,
            )
        ).id

    def _file(self, **owner: int) -> object:
        stored = self.files.put(io.BytesIO(b"%PDF-1.4 proef"), 1000)
        return self.make.add(
            Attachment(
                stored_name=stored.name,
                shown_name="proef.pdf",
                media_type="application/pdf",
                size=stored.size,
                sha256=stored.sha256,
                created_at=self.make.now,
                **owner,
            )
        ).id

    def _open_data_file(self) -> object:
        stored = self.files.put(io.BytesIO(b"proef"), 1000)
        return self.make.add(
            OpenDataFile(
                name="knelpunten-v1-2026-12-01-00000000.jsonl.gz",
                data_set="knelpunten",
                form="jsonl",
                made_on=self.make.today,
                made_at=self.make.now,
                public_version="1",
                last_event=1 << 40,
                lines=1,
                size=stored.size,
                sha256=stored.sha256,
                stored_name=stored.name,
            )
        ).name

    def _drafts(self) -> dict[str, dict[Relation, object]]:
        owners = {
            Relation.OWN: (self.organisation.id, self.accounts[Role.FILER]),
            Relation.COLLEAGUE: (self.organisation.id, self.colleague.id),
            Relation.FOREIGN: (self.other_organisation.id, self.stranger.id),
            Relation.CITIZEN: (None, None),
        }
        keys: dict[Relation, object] = {Relation.WRONG_TOKEN: secrets.token_hex(16)}
        files: dict[Relation, object] = {}
        for relation, (organisation_id, author_id) in owners.items():
            draft = self.make.add(
                Draft(
                    key=secrets.token_hex(16),
                    kind=SubmitterKind.MUNICIPALITY if organisation_id else SubmitterKind.CITIZEN_INITIATIVE,
                    organisation_id=organisation_id,
                    author_id=author_id,
                    updated_by_id=author_id,
                    data={"title": "Proef"},
                    created_at=self.make.now,
                    updated_at=self.make.now,
                )
            )
            keys[relation] = draft.key
            files[relation] = self._file(draft_id=draft.id)
        files[Relation.WRONG_TOKEN] = files[Relation.CITIZEN]
        receipts = {relation: case.draft_key for relation, case in self.cases.items() if relation in owners}
        return {
            "key": keys,
            "melden:attachment_id": files,
            "slug": {Relation.NONE: "plan"},
            "ontvangen:key": {**receipts, Relation.WRONG_TOKEN: secrets.token_hex(16)},
            "adres:key": {**receipts, Relation.WRONG_TOKEN: secrets.token_hex(16)},
        }

    @staticmethod
    def _tokens(right: str, revoked: str) -> dict[Relation, object]:
        wrong = ("a" if right[0] != "a" else "b") + right[1:]
        return {Relation.RIGHT_TOKEN: right, Relation.WRONG_TOKEN: wrong, Relation.REVOKED_TOKEN: revoked}

    def _reset_token(self, *, used: bool = False) -> str:
        token = secrets.token_urlsafe(32)
        self.make.add(
            AccountToken(
                token_hash=hashlib.sha256(token.encode()).hexdigest(),
                purpose="wachtwoord",
                account_id=self.colleague.id,
                created_at=self.make.now,
                expires_at=self.make.now + timedelta(hours=1),
                used_at=self.make.now if used else None,
            )
        )
        return token

    def _invitation(self, organisation_id: int, *, withdrawn: bool = False) -> tuple[str, int]:
        token = secrets.token_urlsafe(32)
        row = self.make.add(
            Invitation(
                token_hash=hashlib.sha256(token.encode()).hexdigest(),
                email="nieuw@gemeente.example",
                name="Nieuwe collega",
                role=Role.FILER,
                organisation_id=organisation_id,
                created_at=self.make.now,
                expires_at=self.make.now + timedelta(days=7),
                withdrawn_at=self.make.now if withdrawn else None,
            )
        )
        return token, row.id

    def _mail(self) -> int:
        row = self.make.add(
            OutboxMail(
                message_id=f"<{secrets.token_hex(8)}@localhost>",
                kind="ontvangstbevestiging",
                to_address="bewoner@straat.example",
                subject="Proef",
                body="Proef",
                created_at=self.make.now,
                next_try_at=self.make.now,
                attempts=0,
            )
        )
        return int(row.id)


def fingerprint(connection: Connection) -> str:
    """One value that changes when any row changes of any table but the kept ones."""
    tables = sorted(set(Base.metadata.tables) - KEPT_TABLES)
    parts = " || ".join(
        f"coalesce((SELECT md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {table} t), '-')"
        for table in tables
    )
    return str(connection.scalar(text(f"SELECT md5({parts})")))


class Written(NamedTuple):
    """How many rows a transaction has written so far, also those that a savepoint took back: in all, and in the tables
    that ``fingerprint`` leaves out."""

    rows: int
    kept: int


def rows_written(connection: Connection) -> Written:
    """Quick to ask, and the same before and after a request that wrote nothing."""
    counted = " + ".join(f"pg_stat_get_xact_tuples_{what}(oid)" for what in ("inserted", "updated", "deleted"))
    statement = text(
        f"SELECT sum({counted})::bigint, (sum({counted}) FILTER (WHERE relname = ANY(:kept)))::bigint"
        " FROM pg_class WHERE relkind = 'r'"
    )
    return Written(*connection.execute(statement, {"kept": sorted(KEPT_TABLES)}).one())
