"""The cases of an organisation stand in its own case system too: whole, once, in order, whatever that system does."""

import base64
import io
from collections import Counter
from datetime import timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import select

from knelpunt.adapters.identity.sealer import Sealer
from knelpunt.adapters.uploads.store import FolderStore
from knelpunt.adapters.webhooks import Poster
from knelpunt.domain.errors import DomainError, VersionConflict
from knelpunt.domain.identity.subscriptions import Target, TryOutcome
from knelpunt.domain.identity.zgw import DOCUMENT, MOST_BYTES, MOST_IN_PARTS, key_of
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.vocabulary import CaseStatus, EventKind, MessageKind, Result
from knelpunt.models import Attachment, EventSubscription, EventTry, Message, Organisation, OutboxEvent, OutboxMail
from knelpunt.queries.accounts import subscriptions as queries
from knelpunt.services.core import events
from knelpunt.services.mail import event_delivery, zgw
from knelpunt.services.mail.event_delivery import Sender
from tests.support.receiver import receiving
from tests.support.zgw_server import CLIENT_ID, RSIN, SECRET, ZAAKTYPE, ZgwServer

SEALER = Sealer("a key that is only for tests, 32 characters")
HERE = Target(has_loopback=True)
RESULTS = [each.value.replace("_", " ").capitalize() for each in Result if each is not Result.NOT_SOLVABLE] + ["Nee"]
CHOSEN = {key_of(Result.NOT_SOLVABLE): "Nee", DOCUMENT: "Stuk"}


@pytest.fixture
def admin(make):
    return make.organisation_admin()


@pytest.fixture
def sender(tmp_path):
    return Sender(Poster(HERE, seconds=5), SEALER, files=FolderStore(tmp_path / "files"))


@pytest.fixture
def server(desk):
    with receiving(ZgwServer(lambda: desk.now)) as server:
        server.set_up(RESULTS)
        yield server
        assert server.wrong == []


def asked(server, **changes):
    values = {
        "addresses": {name: server.base(name) + "/" for name in ("zaken", "documenten", "catalogi")},
        "client_id": CLIENT_ID, "secret": SECRET, "rsin": RSIN, "zaaktype": ZAAKTYPE, "chosen": CHOSEN,
    }  # fmt: skip
    return zgw.Asked(**{**values, **changes})


def save(desk, admin, server, version=0, **changes):
    return zgw.save(desk.as_(desk.make.actor(admin)), SEALER, HERE, asked(server, **changes), version)


def connect(desk, admin, server):
    """A mirror whose types were chosen, and that answered well."""
    mirror = save(desk, admin, server)
    mirror.zgw, mirror.allowed_at = {**mirror.zgw, "chosen": CHOSEN}, desk.now
    desk.session.flush()
    return mirror


def work(desk, sender, most=60):
    done = []
    while len(done) < most and (ready := event_delivery.claim(desk.system, sender)) is not None:
        answer = event_delivery.hand_over(ready, sender)
        event_delivery.mark(desk.system, ready, answer)
        done.append(answer.outcome)
    return done


def hours_pass(desk, sender, hours):
    done = []
    for _ in range(hours):
        done += work(desk, sender)
        desk.now += timedelta(hours=1)
    return done


def becomes(desk, case, status, kind, result=None):
    case.status, case.result = status, result or case.result
    events.record(desk.system, kind, case=case)
    desk.now += timedelta(minutes=5)


def closed_case(desk, admin, sender, *, has_letter=False):
    """A case from filing to its end, with a file."""
    content = b"een plattegrond"
    case = desk.make.case(organisation_id=admin.organisation_id, handler_id=desk.handler.id, result_reason="Het kan.")
    desk.now += timedelta(days=2)
    becomes(desk, case, CaseStatus.SUBMITTED, EventKind.FILED)
    becomes(desk, case, CaseStatus.IN_HANDLING, EventKind.HANDLING_STARTED)
    stored = sender.files.put(io.BytesIO(content), len(content))
    desk.make.add(
        Attachment(
            case_id=case.id, stored_name=stored.name, shown_name="plattegrond.png", media_type="image/png",
            size=stored.size, sha256=stored.sha256, created_at=desk.now,
        )
    )  # fmt: skip
    if has_letter:
        columns = {"kind": MessageKind.QUESTION, "body": "Hoe groot is het gebouw?", "written_at": desk.now}
        desk.make.add(Message(case_id=case.id, from_desk=True, **columns))
    becomes(desk, case, CaseStatus.CLOSED, EventKind.CLOSED, Result.WITH_ONTHEFFING)
    return case


def names_of(server, name, key, kinds):
    """The names of the types of these rows, in the order in which they were made."""
    names = {row["url"]: row["omschrijving"] for row in server.rows[kinds]}
    return [names[row[key]] for row in server.rows[name]]


def mails(session):
    return session.scalars(select(OutboxMail.body).where(OutboxMail.kind == MailKind.MIRROR_PARKED)).all()


def test_a_case_stands_there_whole_and_once_and_names_nobody(session, desk, admin, server, sender):
    connect(desk, admin, server)
    case = closed_case(desk, admin, sender, has_letter=True)
    desk.make.case(organisation_id=desk.make.organisation_admin().organisation_id)
    assert set(work(desk, sender)) == {TryOutcome.TAKEN}
    [there] = server.rows["zaken"]
    assert (there["identificatie"], there["bronorganisatie"]) == (case.reference, RSIN)
    assert there["kenmerken"] == [{"kenmerk": case.reference, "bron": "Knelpunt"}]
    assert f"/onze-zaken/{case.reference}" in there["toelichting"]
    assert there["einddatum"] == desk.today.isoformat()
    assert names_of(server, "statussen", "statustype", "statustypen") == ["Ontvangen", "In behandeling", "Afgehandeld"]
    assert names_of(server, "resultaten", "resultaattype", "resultaattypen") == ["Met ontheffing of afwijking"]
    roles = {row["omschrijvingGeneriek"]: row["betrokkeneIdentificatie"] for row in server.rows["rollen"]}
    organisation = session.get_one(Organisation, admin.organisation_id)
    assert roles["initiator"] == {"statutaireNaam": organisation.name, "innNnpId": RSIN}
    assert roles["behandelaar"] == {"statutaireNaam": desk.ministry.name}
    file, letter = server.rows["enkelvoudiginformatieobjecten"]
    assert base64.b64decode(file["inhoud"]) == b"een plattegrond"
    assert base64.b64decode(letter["inhoud"]).startswith(b"%PDF")
    assert len(server.rows["zaakinformatieobjecten"]) == 2
    assert desk.handler.name not in str(server.bodies)
    before = {name: len(rows) for name, rows in server.rows.items()}
    [mirror] = session.scalars(select(EventSubscription)).all()
    for _click in range(2):
        zgw.begin_again(desk.as_(desk.make.actor(admin)), mirror.id)
    assert len(session.scalars(select(OutboxEvent).where(OutboxEvent.sent_at.is_(None))).all()) == 1
    assert work(desk, sender) == [TryOutcome.TAKEN]
    assert {name: len(rows) for name, rows in server.rows.items()} == before


def test_a_try_reads_the_types_once_and_asks_once_whether_files_may_go_in_parts(
    desk, admin, server, sender, small_parts
):
    connect(desk, admin, server)
    case = closed_case(desk, admin, sender)
    stored = sender.files.put(io.BytesIO(b"nog een plattegrond"), 100)
    desk.make.add(
        Attachment(
            case_id=case.id, stored_name=stored.name, shown_name="nog-een.png", media_type="image/png",
            size=stored.size, sha256=stored.sha256, created_at=desk.now,
        )
    )  # fmt: skip
    assert set(work(desk, sender)) == {TryOutcome.TAKEN}
    assert len(joined(server)) == 2
    asked = Counter(server.asked_for)
    assert asked["GET", "zaaktypen"] == 1
    pages = len(RESULTS) // 2 + len(RESULTS) % 2
    assert asked["GET", "resultaattypen"] == pages
    assert asked["GET", "statustypen"] == 2
    assert asked["PUT", "bestandsdelen"] == 1 + 4 + 5
    assert asked["POST", "enkelvoudiginformatieobjecten"] == 1 + 2 + 2  # the question, each document, each unlocked


def test_a_case_that_opens_again_and_ends_otherwise_does_so_there(session, desk, admin, server, sender):
    def results():
        return names_of(server, "resultaten", "resultaattype", "resultaattypen")

    def lacks():
        assert work(desk, sender) == [TryOutcome.PARKED]
        return session.scalars(select(EventTry.detail).order_by(EventTry.id.desc())).first()

    connect(desk, admin, server)
    case = closed_case(desk, admin, sender)
    work(desk, sender)
    columns = {"kind": MessageKind.ADDITION, "body": "Er is een nieuwe tekening.", "written_at": desk.now}
    desk.make.add(Message(case_id=case.id, from_desk=False, **columns))
    becomes(desk, case, CaseStatus.CLOSED, EventKind.ADDITION_RECEIVED)
    assert lacks() == "zaak_gesloten|zaken.geforceerd-bijwerken"
    server.rights = set()
    becomes(desk, case, CaseStatus.IN_HANDLING, EventKind.REOPENED)
    assert lacks() == "zaak_gesloten|zaken.heropenen"
    server.rights = {"zaken.heropenen"}
    becomes(desk, case, CaseStatus.IN_HANDLING, EventKind.HANDLING_STARTED)
    assert work(desk, sender) == [TryOutcome.TAKEN]
    assert server.rows["zaken"][0]["einddatum"] is None
    assert len(server.rows["zaakinformatieobjecten"]) == 2
    becomes(desk, case, CaseStatus.CLOSED, EventKind.CLOSED, Result.NOT_SOLVABLE)
    assert work(desk, sender) == [TryOutcome.TAKEN]
    assert results() == ["Nee"]
    becomes(desk, case, CaseStatus.CLOSED, EventKind.CLOSED, Result.WITH_ONTHEFFING)
    assert lacks() == "zaak_gesloten|zaken.geforceerd-bijwerken"
    server.rights = {"zaken.geforceerd-bijwerken"}
    becomes(desk, case, CaseStatus.CLOSED, EventKind.CLOSED)
    assert work(desk, sender) == [TryOutcome.TAKEN]
    assert results() == ["Met ontheffing of afwijking"]
    assert len(server.rows["statussen"]) == 5


@pytest.mark.parametrize("fault", ["take and hang up", 503, 403])
def test_nothing_is_lost_or_doubled_when_every_first_answer_fails(session, desk, admin, server, sender, fault):
    connect(desk, admin, server)
    closed_case(desk, admin, sender)
    server.fault = lambda method, _name, count: fault if method == "POST" and count == 1 else None
    hours_pass(desk, sender, 7)
    made = Counter({name: len(server.rows[name]) for name in ("zaken", "statussen", "resultaten", "rollen")})
    assert made == {"zaken": 1, "statussen": 3, "resultaten": 1, "rollen": 2}
    assert len(server.rows["enkelvoudiginformatieobjecten"]) == len(server.rows["zaakinformatieobjecten"]) == 1
    assert session.scalars(select(OutboxEvent).where(OutboxEvent.sent_at.is_(None))).all() == []


def test_what_is_wrong_with_one_case_waits_for_a_person_with_its_reason(session, desk, admin, server, sender):
    mirror = connect(desk, admin, server)
    work(desk, sender)
    closed_case(desk, admin, sender)
    server.fault = lambda method, name, _count: 400 if (method, name) == ("POST", "zaken") else None
    assert TryOutcome.PARKED in hours_pass(desk, sender, 1)
    server.fault = lambda _method, _name, _count: None
    other = closed_case(desk, admin, sender)
    hours_pass(desk, sender, 2)
    assert [row["identificatie"] for row in server.rows["zaken"]] == [other.reference]
    tries = session.scalars(select(EventTry).where(EventTry.outcome == TryOutcome.PARKED)).all()
    assert {each.detail for each in tries} == {"gegeven_geweigerd|zaken|zaaktype: not-published"}
    [mail] = mails(session)
    assert f"/onze-organisatie/koppelingen/abonnementen/{mirror.id}" in mail
    assert queries.mirror_of(session, admin.organisation_id).parked == 3
    zgw.begin_again(desk.as_(desk.make.actor(admin)), mirror.id)
    work(desk, sender)
    assert len(server.rows["zaken"]) == 2
    assert queries.mirror_of(session, admin.organisation_id).parked == 0


def test_who_mended_the_case_system_need_not_wait_for_the_next_try(session, desk, admin, server, sender):
    """After many failures that is a day later: the whole address waits, and not its events alone."""
    server.fault = lambda *_asked: 503
    mirror = connect(desk, admin, server)
    closed_case(desk, admin, sender)
    hours_pass(desk, sender, 20)
    work(desk, sender)
    server.fault = lambda *_asked: None
    assert work(desk, sender) == []
    zgw.begin_again(desk.as_(desk.make.actor(admin)), mirror.id)
    assert set(work(desk, sender)) == {TryOutcome.TAKEN}
    assert server.rows["zaken"][0]["einddatum"]


def test_nothing_goes_out_before_the_connection_and_the_types_are_right(session, desk, admin, server, sender):
    closed_case(desk, admin, sender)
    mirror = save(desk, admin, server, secret="een-heel-ander-geheim-van-ons")
    assert hours_pass(desk, sender, 3)[0] is TryOutcome.REFUSED
    save(desk, admin, server, mirror.version, chosen={})
    assert work(desk, sender) == [TryOutcome.NOT_ALLOWED]
    last = session.scalars(select(EventTry).order_by(EventTry.id.desc())).first()
    assert last.detail == f"type_kiezen|{key_of(Result.NOT_SOLVABLE)}|document"
    assert not any(method == "POST" for method, _name in server.asked_for)
    assert mirror.zgw["offered"]["document"] == ["Stuk"]
    save(desk, admin, server, mirror.version, secret="")
    work(desk, sender)
    assert len(server.rows["zaken"]) == 1


def test_what_does_not_fit_in_one_try_goes_on_in_the_next(desk, admin, server, sender, monkeypatch):
    connect(desk, admin, server)
    work(desk, sender)
    closed_case(desk, admin, sender)
    ticks = (tick / 2 for tick in range(10_000))
    for module in ("mirror", "talk"):
        clock = SimpleNamespace(monotonic=lambda: next(ticks))
        monkeypatch.setattr(f"knelpunt.adapters.zgw.{module}.time", clock)
    done = hours_pass(desk, sender, 5)
    assert TryOutcome.PARTLY in done
    assert done[-1] is TryOutcome.TAKEN
    assert len(server.rows["statussen"]) == 3


def test_what_happens_while_a_case_is_read_is_not_taken_for_sent(session, desk, admin, server, sender, monkeypatch):
    connect(desk, admin, server)
    case, read = closed_case(desk, admin, sender), zgw.dossier

    def read_and_asked(*args):
        found = read(*args)
        monkeypatch.setattr(zgw, "dossier", read)
        columns = {"kind": MessageKind.QUESTION, "body": "Hoe groot is het gebouw?", "written_at": desk.now}
        desk.make.add(Message(case_id=case.id, from_desk=True, **columns))
        becomes(desk, case, CaseStatus.IN_HANDLING, EventKind.REOPENED)
        return found

    monkeypatch.setattr(zgw, "dossier", read_and_asked)
    assert work(desk, sender) == [TryOutcome.TAKEN] * 2
    assert len(server.rows["zaakinformatieobjecten"]) == 2


def has_parts(server):
    return [row for row in server.rows["enkelvoudiginformatieobjecten"] if row["locked"] or row["bestandsdelen"]]


@pytest.mark.parametrize("why", ["large for us", "large for the other system"])
def test_a_large_file_goes_in_the_parts_that_the_other_system_asks_for(desk, admin, server, sender, monkeypatch, why):
    if why == "large for us":
        monkeypatch.setattr("knelpunt.adapters.zgw.documents.MOST_BYTES", 10)
        assert MOST_BYTES == 10 * 1024 * 1024
    else:
        server.fault = lambda method, name, count: (
            413 if (method, name, count) == ("POST", "enkelvoudiginformatieobjecten", 1) else None
        )
    server.part_bytes = 4
    connect(desk, admin, server)
    closed_case(desk, admin, sender)
    assert set(work(desk, sender)) == {TryOutcome.TAKEN}
    [file] = server.rows["enkelvoudiginformatieobjecten"]
    assert base64.b64decode(file["inhoud"]) == b"een plattegrond"
    assert [method for method, name in server.asked_for if name == "bestandsdelen"] == ["PUT"] * (1 + 4)
    assert (has_parts(server), server.rows["bestandsdelen"]) == ([], [])
    assert server.rows["zaken"][0]["einddatum"]


@pytest.mark.parametrize("fault", ["hang up", "take and hang up", 503])
@pytest.mark.parametrize(("method", "name", "count"), [
    ("PUT", "bestandsdelen", 1), ("POST", "enkelvoudiginformatieobjecten", 1),  # the questions whether it may
    ("POST", "enkelvoudiginformatieobjecten", 2), ("PUT", "bestandsdelen", 2), ("PUT", "bestandsdelen", 4),
    ("POST", "enkelvoudiginformatieobjecten", 3),
])  # fmt: skip
def test_parts_go_on_where_they_stopped(desk, admin, server, sender, monkeypatch, fault, method, name, count):
    monkeypatch.setattr("knelpunt.adapters.zgw.documents.MOST_BYTES", 10)
    server.part_bytes = 4
    server.fault = lambda *asked: fault if asked == (method, name, count) else None
    connect(desk, admin, server)
    closed_case(desk, admin, sender)
    assert hours_pass(desk, sender, 2)[-1] is TryOutcome.TAKEN
    [file] = server.rows["enkelvoudiginformatieobjecten"]
    assert base64.b64decode(file["inhoud"]) == b"een plattegrond"
    assert (has_parts(server), len(server.rows["zaakinformatieobjecten"])) == ([], 1)


@pytest.fixture
def small_parts(server, monkeypatch):
    monkeypatch.setattr("knelpunt.adapters.zgw.documents.MOST_BYTES", 10)
    server.part_bytes = 4


def reasons(session):
    return session.scalars(select(EventTry.detail).where(EventTry.detail.is_not(None)).order_by(EventTry.id)).all()


def joined(server):
    """The documents that belong to a case, in the order in which they were joined to it."""
    rows = {row["url"]: row for row in server.rows["enkelvoudiginformatieobjecten"]}
    return [rows[each["informatieobject"]] for each in server.rows["zaakinformatieobjecten"]]


@pytest.mark.parametrize("right", ["documenten.bijwerken", "documenten.lock"])
def test_without_a_right_for_parts_a_large_file_goes_without_content_and_its_case_ends(
    session, desk, admin, server, sender, small_parts, right
):
    server.rights -= {right}
    connect(desk, admin, server)
    for _case in range(2):
        closed_case(desk, admin, sender)
    assert set(work(desk, sender)) == {TryOutcome.TAKEN}
    assert [(row["inhoud"], row["bestandsomvang"]) for row in joined(server)] == [(None, None)] * 2
    assert has_parts(server) == []
    assert all(row["einddatum"] for row in server.rows["zaken"])
    assert set(reasons(session)) == {f"recht_voor_delen|{right}"}
    [mail] = mails(session)
    assert "De zaak zelf gaat gewoon door." in mail
    server.rights |= {right}
    closed_case(desk, admin, sender)
    assert set(work(desk, sender)) == {TryOutcome.TAKEN}
    assert base64.b64decode(joined(server)[-1]["inhoud"]) == b"een plattegrond"


@pytest.mark.parametrize("right", ["documenten.bijwerken", "documenten.lock"])
def test_a_document_whose_parts_are_refused_is_given_up_for_one_without_content(
    session, desk, admin, server, sender, small_parts, right
):
    server.hides = True  # so that it is known only when the parts go
    server.rights -= {right}
    connect(desk, admin, server)
    closed_case(desk, admin, sender)
    assert set(work(desk, sender)) == {TryOutcome.TAKEN}
    [left], [row] = has_parts(server), joined(server)
    assert (row["inhoud"], row["identificatie"]) == (None, f"{left['identificatie']}-Z")
    assert server.rows["zaken"][0]["einddatum"]
    assert reasons(session) == [f"recht_voor_delen|{right}"]
    before = len(server.rows["enkelvoudiginformatieobjecten"])
    [mirror] = session.scalars(select(EventSubscription)).all()
    zgw.begin_again(desk.as_(desk.make.actor(admin)), mirror.id)
    assert work(desk, sender) == [TryOutcome.TAKEN]
    assert len(server.rows["enkelvoudiginformatieobjecten"]) == before


@pytest.mark.parametrize(("more", "removes_locked", "lacks"), [
    ({"documenten.verwijderen", "documenten.geforceerd-unlock"}, False, "documenten.bijwerken"),  # as Open Zaak has it
    ({"documenten.verwijderen"}, True, "documenten.bijwerken"),
    ({"documenten.verwijderen"}, True, "documenten.lock"),
])  # fmt: skip
@pytest.mark.parametrize("fault", [None, "hang up", "take and hang up", 503])
def test_what_was_begun_of_a_refused_file_is_removed_where_that_may_be(
    desk, admin, server, sender, small_parts, more, removes_locked, lacks, fault
):
    server.hides, server.removes_locked = True, removes_locked
    server.rights = server.rights - {lacks} | more
    server.fault = lambda *asked: fault if asked == ("DELETE", "enkelvoudiginformatieobjecten", 1) else None
    connect(desk, admin, server)
    closed_case(desk, admin, sender)
    assert hours_pass(desk, sender, 2)[-1] is TryOutcome.TAKEN
    [kept], [row] = server.rows["enkelvoudiginformatieobjecten"], joined(server)
    assert (kept, row["inhoud"], row["locked"]) == (row, None, False)
    assert not row["identificatie"].endswith("-Z")
    assert (server.rows["bestandsdelen"], bool(server.rows["zaken"][0]["einddatum"])) == ([], True)


def test_what_was_begun_and_may_not_be_removed_stays_and_its_case_goes_on(desk, admin, server, sender, small_parts):
    server.hides = True
    server.rights = server.rights - {"documenten.bijwerken"} | {"documenten.verwijderen"}
    connect(desk, admin, server)
    closed_case(desk, admin, sender)
    assert set(work(desk, sender)) == {TryOutcome.TAKEN}
    [left], [row] = has_parts(server), joined(server)
    assert row["identificatie"] == f"{left['identificatie']}-Z"


@pytest.mark.parametrize("fault", [None, "take and hang up"])
def test_where_no_parts_are_named_no_empty_document_is_taken_for_the_file(
    session, desk, admin, server, sender, small_parts, monkeypatch, fault
):
    monkeypatch.setattr(server, "_announced", lambda size: [])
    server.fault = lambda *asked: fault if asked == ("POST", "enkelvoudiginformatieobjecten", 1) else None
    connect(desk, admin, server)
    closed_case(desk, admin, sender)
    assert hours_pass(desk, sender, 2)[-1] is TryOutcome.TAKEN
    [row] = joined(server)
    assert row["identificatie"].endswith("-Z")
    assert (row["inhoud"], row["bestandsomvang"]) == (None, None)
    assert len(mails(session)) == 1
    assert server.rows["zaken"][0]["einddatum"]


@pytest.mark.parametrize("fault", ["take and hang up", 503])
def test_a_document_without_content_that_was_made_in_vain_is_not_made_twice(
    desk, admin, server, sender, small_parts, fault
):
    server.hides = True
    server.rights -= {"documenten.bijwerken", "documenten.lock"}
    # Created, asked to be unlocked, and then the one without content.
    server.fault = lambda *asked: fault if asked == ("POST", "enkelvoudiginformatieobjecten", 3) else None
    connect(desk, admin, server)
    closed_case(desk, admin, sender)
    assert hours_pass(desk, sender, 2)[-1] is TryOutcome.TAKEN
    assert len(joined(server)) == 1
    assert len(server.rows["enkelvoudiginformatieobjecten"]) == 2


def test_where_a_document_of_parts_may_not_be_made_it_is_made_without(desk, admin, server, sender, small_parts):
    server.hides = True
    server.fault = lambda *asked: 403 if asked == ("POST", "enkelvoudiginformatieobjecten", 1) else None
    connect(desk, admin, server)
    closed_case(desk, admin, sender)
    assert set(work(desk, sender)) == {TryOutcome.TAKEN}
    assert [row["inhoud"] for row in joined(server)] == [None]
    assert server.rows["zaken"][0]["einddatum"]


def test_what_waited_for_a_right_yesterday_goes_on_without_it(session, desk, admin, server, sender, small_parts):
    connect(desk, admin, server)
    closed_case(desk, admin, sender)
    server.fault = lambda *asked: 503 if asked == ("PUT", "bestandsdelen", 2) else None
    work(desk, sender)
    [halfway] = has_parts(server)
    server.rights -= {"documenten.bijwerken", "documenten.lock"}
    assert hours_pass(desk, sender, 2)[-1] is TryOutcome.TAKEN
    assert has_parts(server) == [halfway]
    assert [row["inhoud"] for row in joined(server)] == [None]
    assert server.rows["zaken"][0]["einddatum"]


@pytest.mark.parametrize(
    ("right", "hides", "told"),
    [
        ("documenten.bijwerken", False, ["recht_voor_delen|documenten.bijwerken"]),
        ("documenten.lock", False, ["recht_voor_delen|documenten.lock"]),
        ("documenten.lock", True, []),
        ("", False, []),
    ],
)
def test_the_test_of_the_connection_tells_that_large_files_go_without_content(
    session, desk, admin, server, sender, right, hides, told
):
    server.rights -= {right}
    server.hides = hides
    mirror = connect(desk, admin, server)
    zgw.try_connection(desk.as_(desk.make.actor(admin)), mirror.id)
    assert work(desk, sender) == [TryOutcome.TAKEN]
    assert reasons(session) == told
    assert server.rows["enkelvoudiginformatieobjecten"] == []
    assert mails(session) == []


def test_a_very_large_file_has_its_address_there_in_place_of_its_content(desk, admin, server, sender, monkeypatch):
    monkeypatch.setattr("knelpunt.adapters.zgw.documents.MOST_IN_PARTS", 10)
    assert MOST_IN_PARTS == 40 * 1024 * 1024
    connect(desk, admin, server)
    case = closed_case(desk, admin, sender)
    work(desk, sender)
    file = server.rows["enkelvoudiginformatieobjecten"][0]
    assert file["inhoud"] is None
    assert f"/onze-zaken/{case.reference}/bijlagen/" in file["link"]


def test_the_token_goes_to_no_other_address(session, desk, admin, server, sender):
    connect(desk, admin, server)
    case = closed_case(desk, admin, sender)
    with receiving(ZgwServer(lambda: desk.now)) as other:
        server.add(
            "zaken", identificatie=case.reference, bronorganisatie=RSIN, zaaktype=f"{other.base('catalogi')}/x/y"
        )
        assert TryOutcome.PARKED in work(desk, sender)
        assert other.asked_for == []
    assert session.scalar(select(EventTry.detail).where(EventTry.outcome == TryOutcome.PARKED)).startswith("adres_van")


@pytest.mark.parametrize(
    ("changes", "name"),
    [({"rsin": "123456789"}, "rsin"), ({"secret": "kort"}, "secret"), ({"addresses": None}, "catalogi")],
)
def test_what_cannot_be_is_refused_at_its_field(desk, admin, server, changes, name):
    if "addresses" in changes:
        fine = asked(server).addresses
        changes = {"addresses": {**fine, "catalogi": "https://10.0.0.7/catalogi/api/v1"}}
    with pytest.raises(DomainError) as refused:
        save(desk, admin, server, **changes)
    assert refused.value.field == name
    with pytest.raises(VersionConflict):
        save(desk, admin, server, 3)
