"""The export of one person's data holds what is that person's own: no secrets, and nothing of anybody else."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, update

from knelpunt.adapters import passwords
from knelpunt.domain.accounts import password_bytes
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.post.incoming import IncomingReason, IncomingStatus
from knelpunt.domain.privacy.requests import PlaceDecision, PrivacyEvent, RequestChannel, RequestKind
from knelpunt.domain.vocabulary import CoSignatureStatus, MessageKind, SubmitterKind
from knelpunt.models import (
    Base,
    Contact,
    CoSignature,
    DeliveryFailure,
    Draft,
    Event,
    FollowLink,
    IncomingMail,
    Letter,
    LoginSession,
    Message,
    Note,
    OutboxMail,
    PrivacyPlace,
    PublicText,
    TotpFactor,
)
from knelpunt.queries.accounts.audit import KINDS_OF, Insight
from knelpunt.queries.privacy import export
from knelpunt.queries.privacy.places import SECRET, drafts_of, own_cases
from knelpunt.queries.privacy.register import personal_columns
from knelpunt.services.cases import triage
from knelpunt.services.filing import intake
from knelpunt.services.privacy import erasing, requests
from knelpunt.services.privacy.requests import Details
from knelpunt.web.shared.privacy import export as files
from tests.support import login
from tests.support.desk import FILING

NAME, EMAIL = "Ziva Zwanenbrug", "ziva.zwanenbrug@proef.example"
NEIGHBOUR, AT_NEIGHBOUR = "Quirijn Quakkel", "quirijn.quakkel@proef.example"
PASSWORD = "vier losse woorden samen"
HASH = passwords.hash_password(password_bytes(PASSWORD))


@pytest.fixture
def case(desk, session):
    made = desk.bring("in_behandeling")
    contact = session.get_one(Contact, made.id)
    contact.name, contact.email, contact.verified_at = NAME, EMAIL, desk.now
    session.flush()
    return made


def told(parts) -> str:
    return json.dumps([[part.table, part.rows] for part in parts], ensure_ascii=False, default=str)


def rows_of(parts) -> dict[str, list[dict]]:
    found: dict[str, list[dict]] = {}
    for part in parts:
        found.setdefault(part.table, []).extend(part.rows)
    return found


def body_of(kind: MailKind, address: str | None) -> str:
    return f"Open https://knelpunt.example/iets/{kind.value}-{address}-geheim om verder te gaan."


def mail(desk, case, kind, address, account_id=None):
    row = OutboxMail(
        message_id=f"<{kind.value}-{address}-{account_id}@proef.example>", kind=kind.value,
        case_id=case.id if case else None, account_id=account_id, to_address=address, subject=f"Over {address}",
        body=body_of(kind, address), created_at=desk.now, next_try_at=desk.now,
    )  # fmt: skip
    desk.session.add(row)
    return row


def test_no_kind_of_mail_goes_out_with_its_text_and_none_of_somebody_else_at_all(desk, case, session):
    for kind in MailKind:
        mail(desk, case, kind, EMAIL.title())
        mail(desk, case, kind, AT_NEIGHBOUR)
        mail(desk, case, kind, desk.handler.email, desk.handler.id)
    session.flush()
    exports = {"case": list(export.of_case(session, case.id)),
               "account": list(export.of_account(session, desk.handler.id))}  # fmt: skip
    for whose, parts in exports.items():
        text = told(parts)
        assert [kind for kind in MailKind if f"/iets/{kind.value}-" in text] == [], whose
        assert "geheim" not in text
        assert AT_NEIGHBOUR not in text
        sent = [row for row in rows_of(parts)["outbox"] if row["subject"].startswith("Over ")]
        assert len(sent) == len(MailKind)  # that it was sent is told
    assert EMAIL not in told(exports["account"])


def test_a_letter_goes_out_without_the_link_that_opens_the_case(app, desk, case, session):
    contact = session.get_one(Contact, case.id)
    contact.email, contact.postal_address = None, "Merelpad 7\n3544 AB Utrecht"
    session.flush()
    triage.send_message(desk.context(desk.handler), case.reference, "Wij kijken er morgen naar.")
    letter = session.scalars(select(Letter).order_by(Letter.id.desc())).first()
    tokens = [
        app.config["LINKS"].token("volgen", link.public_id, link.nonce) for link in session.scalars(select(FollowLink))
    ]
    assert "/volgen/" in letter.body
    letter.body += f"\n/volgen/{tokens[0]}"
    session.flush()
    text = told(export.of_case(session, case.id))
    assert "Wij kijken er morgen naar." in text
    assert "/volgen/" not in text
    assert [token for token in tokens if token in text] == []


def test_mail_of_another_address_and_words_of_the_desk_stay_here(desk, case, session):
    def came(number, address, status, reason=None):
        session.add(
            IncomingMail(
                message_id=f"<{number}@proef.example>", digest=str(number), arrived_at=desk.now, taken_at=desk.now,
                status=status, reason=reason, case_id=case.id, from_address=address, subject="Mijn schuur",
                body=f"Bericht van {address}.", decision_reason="Het loket vond dit vreemd.",
            )
        )  # fmt: skip

    came(1, EMAIL, IncomingStatus.LANDED)
    came(2, AT_NEIGHBOUR, IncomingStatus.WAITING, IncomingReason.OTHER_ADDRESS)
    came(3, AT_NEIGHBOUR, IncomingStatus.LANDED)
    sent = mail(desk, case, MailKind.MESSAGE, EMAIL)
    session.flush()
    session.add(DeliveryFailure(mail_id=sent.id, case_id=case.id, failed_at=desk.now, is_returned=True,
                                note="De buurman nam op."))  # fmt: skip
    session.flush()
    parts = list(export.of_case(session, case.id))
    assert [row["from_address"] for row in rows_of(parts)["incoming_mails"]] == [EMAIL]
    text = told(parts)
    assert AT_NEIGHBOUR not in text
    assert "vond dit vreemd" not in text
    assert "De buurman nam op" not in text


def test_a_text_for_the_public_goes_out_once_the_submitter_may_see_it(desk, case, session):
    desk.write_public_text(case, title="Nog niet getoond")
    session.flush()
    assert "Nog niet getoond" not in told(export.of_case(session, case.id))
    session.get_one(PublicText, case.id).preview_on = desk.today
    session.flush()
    assert "Nog niet getoond" in told(export.of_case(session, case.id))


# --- whose case it is


def signed(desk, case, status=CoSignatureStatus.SIGNED):
    row = CoSignature(case_id=case.id, status=status, asked_at=desk.now, name=NEIGHBOUR, email=AT_NEIGHBOUR,
                      public_id="getekend", nonce="geheim-van-de-buurman", filing_waits=False)  # fmt: skip
    desk.session.add(row)
    desk.session.flush()
    return row


def asked(context, details, reference="", kind=RequestKind.ACCESS):
    return requests.write_down(context, kind, RequestChannel.LETTER, details, "", context.today, reference)


@pytest.mark.parametrize("status", [CoSignatureStatus.ASKED, CoSignatureStatus.SIGNED, CoSignatureStatus.RETURNED])
def test_who_signs_along_gets_and_finds_the_own_signature_only(app, desk, case, make, session, client_as, status):
    signed(desk, case, status)
    head = make.head_of_desk(organisation=desk.ministry)
    who = Details(NEIGHBOUR, (), AT_NEIGHBOUR)
    for reference in ("", case.reference):  # also when the number of the case stands in the letter
        row = asked(desk.context(head), who, reference, RequestKind.ERASURE)
        assert own_cases(session, row) == frozenset()
    requests.check_identity(desk.context(head), row.id, row.version, "Gebeld.", who)
    requests.search(desk.context(head), app.config["FILE_STORE"], row.id, row.version)
    places = session.scalars(select(PrivacyPlace).where(PrivacyPlace.request_id == row.id)).all()
    found = {(each.table_name, each.column_name) for each in places if each.case_id is not None}
    assert found == {("co_signatures", "name"), ("co_signatures", "email")}
    session.commit()
    got = client_as(head).post(f"/loket/privacy/{row.id}/gegevens", data={"vorm": "json"}).get_data(as_text=True)
    assert AT_NEIGHBOUR in got
    assert NAME not in got
    assert EMAIL not in got
    assert case.description not in got
    assert "geheim-van-de-buurman" not in got


def test_an_address_that_nobody_confirmed_makes_no_case_ones_own(desk, case, make, session):
    head = desk.context(make.head_of_desk(organisation=desk.ministry))
    row = asked(head, Details(email=EMAIL.upper()))
    assert own_cases(session, row) == {case.id}
    session.get_one(Contact, case.id).verified_at = None
    session.flush()
    assert own_cases(session, row) == frozenset()


def test_a_case_number_in_a_letter_counts_when_the_name_is_that_of_the_submitter(desk, case, make, session):
    head = desk.context(make.head_of_desk(organisation=desk.ministry))
    session.get_one(Contact, case.id).verified_at = None
    session.flush()
    assert own_cases(session, asked(head, Details(f" {NAME.lower()} "), case.reference)) == {case.id}
    assert own_cases(session, asked(head, Details(NEIGHBOUR), case.reference)) == frozenset()


def test_who_asks_by_the_follow_link_asks_about_the_own_case(desk, case, session):
    session.get_one(Contact, case.id).verified_at = None
    session.flush()
    row = requests.ask_about_case(desk.follower(case), case.reference, RequestKind.ACCESS, "")
    assert own_cases(session, row) == {case.id}


def test_a_draft_of_somebody_with_an_account_is_not_of_whose_address_is_typed_in_it(desk, make, session):
    head = desk.context(make.head_of_desk(organisation=desk.ministry))
    filer = make.filer(make.organisation())
    own, _other = (
        make.add(
            Draft(key=str(number) * 32, kind=SubmitterKind.OTHER, data={"contact_email": EMAIL}, author_id=author_id,
                  created_at=desk.now, updated_at=desk.now)
        )
        for number, author_id in enumerate((None, filer.id))
    )  # fmt: skip
    assert drafts_of(session, asked(head, Details(email=EMAIL.upper()))) == [own.id]


# --- an account


def test_a_colleague_gets_nothing_of_those_for_whom_a_request_was_written_down(desk, case, make, session):
    head = make.head_of_desk(organisation=desk.ministry)
    who = Details(NAME, ("Z. Zwanenbrug",), EMAIL, "06-12345678", "Merelpad 7")
    row = asked(desk.context(head), who)
    requests.check_identity(desk.context(head), row.id, row.version, f"Gebeld met {NAME}.", who)
    session.add(Note(case_id=case.id, body=f"Mevrouw {NAME} belt elke week.", author_id=head.id, written_at=desk.now))
    desk.write_public_text(case)
    public = session.get_one(PublicText, case.id)
    public.written_by_id, public.objection, public.preview_on = head.id, "Mijn naam staat erin.", desk.today
    session.flush()
    parts = list(export.of_account(session, head.id))
    text = told(parts)
    for words in ("zwanenbrug", "06-12345678", "merelpad", "mijn naam staat erin", case.description.lower()):
        assert words not in text.lower()
    rows = rows_of(parts)
    assert "written_by_id" in {row["als"] for row in rows["privacy_requests"]}  # that it was done is told
    assert rows["notes"][0]["als"] == "author_id"


def test_what_a_colleague_took_in_for_a_caller_is_the_callers(app, desk, make, session):
    """At the desk the account is the author of the case and the draft, and files neither."""
    head, clerk = desk.context(make.head_of_desk(organisation=desk.ministry)), desk.context(desk.triager)
    data = {**FILING, "municipality_id": str(make.municipality().id), "contact_name": NAME, "contact_email": EMAIL}
    draft = intake.create_draft_at_desk(clerk, data)
    taken_in = intake.file_case(clerk, draft.key, draft.version)
    waits = intake.create_draft_at_desk(clerk, data)
    session.add(Message(case_id=taken_in.id, kind=MessageKind.ADDITION, from_desk=False, body="De beller zei het zo.",
                        author_id=desk.triager.id, written_at=desk.now))  # fmt: skip
    session.flush()
    assert taken_in.author_id == desk.triager.id
    text = told(export.of_account(session, desk.triager.id))
    for words in (EMAIL, FILING["description"], "De beller zei het zo."):
        assert words not in text
    who = Details(desk.triager.name, (), desk.triager.email)
    row = asked(head, who, kind=RequestKind.ERASURE)
    requests.check_identity(head, row.id, row.version, "Gebeld.", who)
    assert (own_cases(session, row), drafts_of(session, row)) == (frozenset(), [])
    requests.search(head, app.config["FILE_STORE"], row.id, row.version)
    taken_away = PrivacyPlace.decision == PlaceDecision.TAKE_AWAY
    proposed = session.scalars(select(PrivacyPlace).where(taken_away)).all()
    assert not [each for each in proposed if each.case_id == taken_in.id]
    assert ("drafts", [str(waits.id)]) not in [(each.table_name, each.row_key) for each in proposed]


def test_who_asked_with_the_account_gets_the_own_request_back(desk, make, session):
    context = desk.context(make.filer(make.organisation()))
    requests.ask_about_account(context, RequestKind.ACCESS, "Ook van vorig jaar.")
    rows = rows_of(export.of_account(session, context.actor.account_id))["privacy_requests"]
    assert [row["words"] for row in rows if "words" in row] == ["Ook van vorig jaar."]


def test_an_open_browser_without_a_second_factor_gives_nothing_before_the_password(session, make, app, client):
    account = make.filer(make.organisation())
    account.password_hash = HASH
    session.commit()
    browser = client
    login.log_in(app, browser, session, account, is_confirmed=False)
    path, form = "/mijn-account/gegevens/ophalen", {"vorm": "json"}
    first = browser.post(path, data=form)
    page = first.get_data(as_text=True)
    assert first.status_code == 403
    assert "Vul daarom nog een keer uw wachtwoord in" in page
    assert account.email not in page
    assert 'name="vorm" value="json"' in page
    wrong = browser.post(path, data={**form, "stap_code": "een ander wachtwoord"})
    assert wrong.status_code == 422
    assert "Dit is niet uw huidige wachtwoord" in wrong.get_data(as_text=True)
    assert not session.scalars(select(Event).where(Event.kind == "avg_gegevens_opgehaald")).all()
    got = browser.post(path, data={**form, "stap_code": PASSWORD})
    assert got.status_code == 200
    assert account.email in got.get_data(as_text=True)
    assert browser.post(path, data=form).status_code == 403  # the next one asks again


def test_a_person_takes_the_data_out_a_bounded_number_of_times_a_day(app, session, client, case, monkeypatch):
    monkeypatch.setattr(requests, "MOST_A_DAY", 1)
    link = session.scalars(
        select(FollowLink).where(FollowLink.case_id == case.id).order_by(FollowLink.id.desc())
    ).first()
    session.commit()
    path = app.config["LINKS"].follow(link.public_id, link.nonce).removeprefix("http://localhost")
    assert client.post(f"{path}/gegevens/ophalen", data={"vorm": "json"}).status_code == 200
    refused = client.post(f"{path}/gegevens/ophalen", data={"vorm": "json"})
    assert refused.status_code == 429
    assert "Dat kan morgen weer" in refused.get_data(as_text=True)


# --- the lists themselves

WITHHELD = {
    "cases": "language no_provision_reason priority_reason",
    "assessments": "reasoning",
    "bottleneck_cases": "pass_reason reason why",
    "case_participants": "email",
    "co_signatures": "email name reason",
    "digest_items": "body",
    "events": "data subject",
    "guides": "expired_reason recheck_reason",
    "import_rows": "own_number title",
    "notes": "body",
    "outbox": "body last_error",
    "privacy_requests": "identity_how language",
    "published_cases": "corrections",
    "referrals": "receiver_email receiver_name refusal",
    "retentions": "hold_reason reason",
    "reviews": "pass_reason payload remark",
    "tasks": "words",
    "bulk_cases": "reason_before",
    "consultations": "answer article more_time_reason question verdict_plain",
    "delivery_failures": "note",
    "incoming_mails": "decision_reason refused_files",
    "attachments": "removed_reason",
    "disagreements": "reason",
}
"""What about people stands with a case and is not the submitter's: words of the desk, of others, or with a link."""


def test_of_every_column_about_people_it_is_chosen_whether_the_submitter_gets_it():
    given = {(own.table, name) for own in export.OF_SUBMITTER for name in own.names}
    withheld = {(table, name) for table, names in WITHHELD.items() for name in names.split()}
    about_people = {
        (table.name, name)
        for table in Base.metadata.sorted_tables
        if table.name == "cases" or "case_id" in table.c
        for name in personal_columns(table.name) - SECRET
        if not table.c[name].foreign_keys
    }
    assert about_people - given == withheld


def test_the_lists_name_columns_that_are_there_and_no_secrets():
    for own in (*export.OF_SUBMITTER, *export.OF_ACCOUNT, export.OF_SIGNER):
        table = Base.metadata.tables[own.table]
        assert {*own.names, own.link} <= set(table.c.keys()), own.table
        assert not set(own.names) & SECRET - {"purpose"}, own.table
        assert not [name for name in own.names if name.endswith("_id") or name == "nonce"], own.table


def test_every_name_in_the_export_has_a_dutch_word():
    names = {name for own in (*export.OF_SUBMITTER, *export.OF_ACCOUNT, export.OF_SIGNER) for name in own.names}
    assert sorted((names | export.MOMENTS | {"als", "zaak", "soort", "tekst"}) - files._WORDS.keys()) == []
    assert sorted({link for _table, link in export._links()} - files._ROLES.keys()) == []


# --- the desk


def pages_of(row):
    return [f"/loket/privacy/{row.id}{part}" for part in ("", "/identiteit", "/afwijzen", "/plekken")]


def test_a_colleague_sees_who_asks_only_after_the_second_factor_and_that_is_kept(app, desk, make, session, client):
    head = make.head_of_desk(organisation=desk.ministry)
    sealed = app.config["SEALER"].seal("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", desk.now)
    make.add(TotpFactor(account_id=head.id, sealed_secret=sealed, created_at=make.now))
    context = desk.context(head)
    row = asked(context, Details(NAME, (), EMAIL))
    requests.check_identity(context, row.id, row.version, "Gebeld.", Details(NAME, (), EMAIL))
    requests.search(context, app.config["FILE_STORE"], row.id, row.version)
    session.commit()
    login.log_in(app, client, session, head)
    session.execute(update(LoginSession).values(second_factor_at=desk.now - timedelta(days=1)))
    session.commit()
    for path in pages_of(row):
        closed = client.get(path)
        assert closed.status_code == 403, path
        assert NAME not in closed.get_data(as_text=True)
    looked = select(Event).where(Event.kind == PrivacyEvent.OPENED)
    assert not session.scalars(looked).all()
    session.execute(update(LoginSession).values(second_factor_at=datetime.now(UTC)))
    session.commit()
    for number, path in enumerate(pages_of(row), start=1):
        assert client.get(path).status_code == 200, path
        seen = session.scalars(looked).all()
        assert [(each.subject, each.actor_id) for each in seen] == [(f"avg_verzoek:{row.id}", head.id)] * number
    assert PrivacyEvent.OPENED in KINDS_OF[Insight.CONTACT]


def test_a_request_without_anybodys_details_is_no_look_at_contact_data(desk, make, session, client_as):
    head = make.head_of_desk(organisation=desk.ministry)
    row = asked(desk.context(head), Details(NAME))
    row.name = None  # as after the answer
    session.commit()
    assert client_as(head).get(f"/loket/privacy/{row.id}").status_code == 200
    assert not session.scalars(select(Event).where(Event.kind == PrivacyEvent.OPENED)).all()


def test_an_account_that_got_work_since_the_list_was_made_is_not_emptied(desk, make, session):
    """The timer makes a list, and looks again at each account once it holds it."""
    idle, busy = (
        make.filer(make.organisation(), is_active=False, created_at=desk.now - timedelta(days=500)) for _each in "ab"
    )
    listed = session.scalars(erasing.closed_accounts(desk.system)).all()
    assert {idle.id, busy.id} <= set(listed)
    make.case(author_id=busy.id)
    for each in (idle, busy):
        erasing.empty_when_closed(desk.system, each.id)
    session.expire_all()
    assert idle.name == f"Account {idle.id}"
    assert busy.name != f"Account {busy.id}"
