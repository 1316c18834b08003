"""A reply by mail lands in its case, once; what no machine can decide waits for a person; nothing is ever lost."""

import dataclasses
import re
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import func, select

from knelpunt.adapters.mailbox.reading import read_mail
from knelpunt.domain.errors import DomainError, NotFound
from knelpunt.domain.mail_kinds import MailKind
from knelpunt.domain.post.incoming import MOST_A_DAY, NO_TEXT, IncomingReason, IncomingStatus, Settled
from knelpunt.domain.vocabulary import CaseStatus, EventKind, MessageKind
from knelpunt.models import (
    Attachment,
    Contact,
    DeliveryFailure,
    Event,
    IncomingMail,
    IncomingSource,
    Letter,
    Message,
    OutboxMail,
)
from knelpunt.services.cases import triage
from knelpunt.services.jobs import scheduled
from knelpunt.services.mail import failures
from knelpunt.services.mail.texts import on_paper
from knelpunt.services.post import deciding, polling
from knelpunt.services.post.incoming import Taken
from knelpunt.services.submitters import addresses, reactions
from tests.support.files import pdf
from tests.support.incoming import MAILBOX, READ, a_mail, a_report, to


def ask(desk, case, days=28):
    triage.request_supplement(
        desk.context(desk.triager), case.reference, case.version, question="Welk plan geldt?", why="Dat telt.",
        answer_by=(desk.now + timedelta(days=days)).date(),
    )  # fmt: skip


def asked(desk):
    case = desk.file()
    desk.take_in(case)
    ask(desk, case)
    return case


def row_of(session) -> IncomingMail:
    return session.scalars(select(IncomingMail).order_by(IncomingMail.id.desc()).limit(1)).one()


def kinds(session, case):
    return session.scalars(select(Event.kind).where(Event.case_id == case.id).order_by(Event.number)).all()


def mailed(session, case):
    return session.scalars(
        select(Message).where(Message.case_id == case.id, Message.kind == MessageKind.MAIL).order_by(Message.id)
    ).all()


# --- into the case


def test_a_reply_lands_in_its_case_with_its_new_words_and_its_files(desk, session, take, intake):
    case = desk.file()
    body = "Hierbij de tekening.\n\nOp ma 2 nov 2026 schreef Knelpunt <loket@knelpunt.example>:\n> Beste indiener"
    raw = a_mail(to(case), body=body, files=(("tekening.pdf", pdf(), "application/pdf"),))
    assert take(raw) is Taken.LANDED
    [message] = mailed(session, case)
    assert (message.body, message.from_desk) == ("Hierbij de tekening.", False)
    file = session.scalars(select(Attachment).where(Attachment.case_id == case.id)).one()
    assert file.shown_name == "tekening.pdf"
    assert file.stored_name != file.shown_name
    with intake.files.open(file.stored_name) as kept:
        assert kept.read() == pdf()
    row = row_of(session)
    assert (row.status, row.from_address, row.body) == (IncomingStatus.LANDED, None, None)
    source = session.get_one(IncomingSource, row.id)
    assert source.raw == raw
    assert source.ends_on == desk.today + timedelta(days=30)
    assert EventKind.MAIL_RECEIVED in kinds(session, case)
    receipt = session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.MAIL_RECEIVED)).one()
    assert "Wij bewaarden er een bestand bij." in receipt.body
    assert "U kunt ook op deze mail antwoorden." in receipt.body


def test_what_arrives_twice_counts_once(desk, session, take):
    case = desk.file()
    raw = a_mail(to(case))
    other_road = b"Received: by another.example\r\n" + raw
    assert [take(raw), take(raw), take(other_road)] == [Taken.LANDED, Taken.TWICE, Taken.TWICE]
    assert len(mailed(session, case)) == 1


def test_another_mail_under_the_same_id_is_not_lost(desk, session, take):
    case = desk.file()
    take(a_mail(to(case)))
    assert take(a_mail(to(case), body="Iets heel anders.")) is Taken.WAITS
    row = row_of(session)
    assert (row.reason, row.body) == (IncomingReason.SAME_ID, "Iets heel anders.")


def test_a_mail_of_ours_that_is_answered_names_the_case_when_the_address_lost_its_tag(desk, session, take):
    case = desk.file()
    mail = session.scalars(select(OutboxMail).where(OutboxMail.case_id == case.id)).first()
    assert take(a_mail(MAILBOX, In_Reply_To=mail.message_id)) is Taken.LANDED
    assert len(mailed(session, case)) == 1


def test_a_file_that_may_not_be_kept_is_told_and_the_rest_lands(desk, session, take):
    case = desk.file()
    files = (("start.exe", b"MZ" + b"\0" * 100, "application/octet-stream"),
             ("winmail.dat", b"\x78\x9f\x3e\x22" + b"\0" * 50, "application/ms-tnef"),
             ("tekening.pdf", pdf(), "application/pdf"))  # fmt: skip
    assert take(a_mail(to(case), files=files)) is Taken.LANDED
    names = session.scalars(select(Attachment.shown_name).where(Attachment.case_id == case.id)).all()
    assert names == ["tekening.pdf"]
    told = session.scalars(select(OutboxMail.body).where(OutboxMail.kind == MailKind.MAIL_RECEIVED)).one()
    assert "start.exe" in told
    assert "winmail.dat" in told


def test_files_that_may_not_be_kept_take_the_place_of_none_that_may(desk, session, take):
    case = desk.file()
    files = (*((f"{n}.exe", b"MZ" + b"\0" * 100, "application/octet-stream") for n in range(3)),
             ("tekening.pdf", pdf(), "application/pdf"))  # fmt: skip
    take(a_mail(to(case), files=files))
    names = session.scalars(select(Attachment.shown_name).where(Attachment.case_id == case.id)).all()
    assert names == ["tekening.pdf"]
    assert len(row_of(session).refused_files) == 3


def test_the_limits_of_uploads_hold_for_mail_too(desk, session, take):
    case = desk.file()
    files = (*((f"{n}.pdf", pdf(), "application/pdf") for n in range(4)),
             ("groot.pdf", pdf() + b"\n" * 200_000, "application/pdf"))  # fmt: skip
    take(a_mail(to(case), files=tuple(files)))
    assert len(session.scalars(select(Attachment).where(Attachment.case_id == case.id)).all()) == 3
    refused = row_of(session).refused_files
    assert len(refused) == 2
    assert "groot.pdf" in refused[1]


def test_a_colleague_of_an_organisation_who_may_answer_is_known_and_another_is_not(desk, session, make, take):
    filer = make.filer()
    member = make.member()
    case = make.case(organisation_id=filer.organisation_id, author_id=filer.id)
    assert take(a_mail(to(case), filer.email.upper(), message_id="<a@x.example>")) is Taken.LANDED
    assert mailed(session, case)[0].author_id == filer.id
    assert take(a_mail(to(case), member.email, message_id="<b@x.example>")) is Taken.WAITS
    assert row_of(session).reason is IncomingReason.OTHER_ADDRESS


# --- what waits for a person


def test_a_forged_token_lands_nowhere(desk, session, take):
    case, other = desk.file(), desk.file()
    tag = to(case).replace(f"{case.id:012x}", f"{other.id:012x}")
    assert tag != to(other)
    assert take(a_mail(tag)) is Taken.WAITS
    row = row_of(session)
    assert (row.reason, row.case_id) == (IncomingReason.BAD_TOKEN, None)
    assert mailed(session, case) == mailed(session, other) == []


def test_the_right_token_from_another_address_waits_with_the_case_beside_it(desk, session, take):
    case = desk.file()
    assert take(a_mail(to(case), "buurman@elders.example")) is Taken.WAITS
    row = row_of(session)
    assert (row.reason, row.case_id, row.from_address) == (
        IncomingReason.OTHER_ADDRESS, case.id, "buurman@elders.example",
    )  # fmt: skip
    assert mailed(session, case) == []
    assert session.get_one(IncomingSource, row.id).ends_on is None


@pytest.mark.parametrize(
    ("reason", "change"),
    [
        (IncomingReason.CASE_OVER, lambda desk, case: reactions.withdraw(
            desk.follower(case), case.reference, "", erase_contact=False)),
        (IncomingReason.NOBODY_KNOWN, lambda desk, case: reactions.erase_contact(
            desk.follower(case), case.reference)),
    ],
)  # fmt: skip
def test_where_nobody_can_be_meant_it_waits(desk, session, take, reason, change):
    case = desk.file()
    change(desk, case)
    assert take(a_mail(to(case))) is Taken.WAITS
    assert row_of(session).reason is reason


def test_two_machines_that_answer_one_another_stop(desk, session, take):
    case = desk.file()
    for number in range(MOST_A_DAY):
        assert take(a_mail(to(case), body=f"Dag {number}", message_id=f"<{number}@x.example>")) is Taken.LANDED
    assert take(a_mail(to(case), message_id="<laatste@x.example>")) is Taken.WAITS
    assert row_of(session).reason is IncomingReason.TOO_MANY


def test_an_unknown_sender_waits_and_too_large_a_mail_as_well(desk, session, take):
    assert take(a_mail(sender="iemand@elders.example")) is Taken.WAITS
    assert row_of(session).reason is IncomingReason.UNKNOWN_SENDER
    case = desk.file()
    assert take(a_mail(to(case), message_id="<groot@x.example>"), is_whole=False) is Taken.WAITS
    assert row_of(session).reason is IncomingReason.TOO_LARGE


ODD = {
    "nothing": b"",
    "no head": b"\r\n\r\nHallo",
    "zeros": b"\0" * 5000,
    "letters nobody knows": (
        b"From: a@b.example\r\nContent-Type: text/plain; charset=geheim\r\n\r\n\xff\xfe\x00hoi\x00\r\n"
    ),
    "broken mime": (
        b"From: a@b.example\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text\r\n"
    ),
    "no boundary": b"From: a@b.example\r\nContent-Type: multipart/mixed\r\n\r\nhoi",
    "base64 that is none": (
        b"From: a@b.example\r\nContent-Type: application/pdf; name=a.pdf\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\n%%%\r\n"
    ),
    "half a letter": b"From: =?utf-8?q?=ED=A0=80?= <a@b.example>\r\nSubject: =?utf-8?b?7aCA?=\r\n\r\nhoi",
    "deep": (
        b"From: a@b.example\r\n"
        + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(400))
    ),
    "many addresses": b"From: a@b.example\r\nTo: " + b"x@y.example, " * 20_000 + b"\r\n\r\nhoi",
    "an address that is none": b"From: <>\r\nTo: @\r\nMessage-ID: <>\r\n\r\nhoi",
    "html only": b"From: a@b.example\r\nContent-Type: text/html\r\n\r\n<p>Dag <b>loket</b><script>x()</script></p>",
    "tnef": b"From: a@b.example\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n\r\n\x78\x9f\x3e\x22\0\0",
}


@pytest.mark.parametrize("raw", ODD.values(), ids=ODD)
def test_odd_mail_waits_for_a_person_and_stops_nothing(desk, session, take, raw):
    assert take(raw) is Taken.WAITS
    assert session.get_one(IncomingSource, row_of(session).id).raw == raw
    assert take(raw) is Taken.TWICE


def test_html_only_and_empty_mails_land_with_what_is_there(desk, session, take):
    case = desk.file()
    html = (
        a_mail(to(case), body="x")
        .replace(b"text/plain", b"text/html")
        .replace(b"\r\n\r\nx", b"\r\n\r\n<p>Dag <b>loket</b></p><blockquote type=cite>oud</blockquote>")
    )
    assert take(html) is Taken.LANDED
    assert take(a_mail(to(case), body="", message_id="<leeg@x.example>")) is Taken.LANDED
    assert [each.body for each in mailed(session, case)] == ["Dag loket", NO_TEXT]


def test_cells_stay_apart_and_a_signature_is_no_file(desk, session, take):
    case = desk.file()
    body = b"<table><tr><td>12</td><td>5 meter</td></tr></table>"
    html = a_mail(to(case), body="x").replace(b"text/plain", b"text/html").replace(b"\r\n\r\nx", b"\r\n\r\n" + body)
    assert take(html) is Taken.LANDED
    signed = a_mail(
        to(case), message_id="<2@x.example>", files=(("smime.p7s", b"0\x80", "application/pkcs7-signature"),)
    )
    assert take(signed) is Taken.LANDED
    assert row_of(session).refused_files == []
    assert [each.body for each in mailed(session, case)] == ["12 5 meter", "Hierbij de tekening."]


@pytest.mark.parametrize(
    ("payload", "said", "is_damaged"),
    [
        ("caf\xe9 open".encode("latin-1"), "café open", False),
        ("caf\xe9 open, 10 \u20ac".encode("windows-1252"), "café open, 10 €", False),
        ("café op één".encode()[:-2] + b" \xc3", "café op \N{REPLACEMENT CHARACTER}", True),
    ],
    ids=["latin-1", "windows", "cut off"],
)
def test_letters_are_read_whatever_a_mail_says_of_them(payload, said, is_damaged):
    read = read_mail(b"From: a@b.example\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n" + payload)
    assert (read.text.startswith(said[:8]), read.is_damaged) == (True, is_damaged)
    assert "Ã" not in read.text


# --- machines


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"}, {"Auto_Submitted": "auto-generated; owner=x"}, {"Precedence": "auto_reply"},
        {"Precedence": "bulk", "Auto_Submitted": "auto-generated"}, {"Precedence": "list", "List_Id": "<x.y.example>"},
        {"Precedence": "bulk", "subject": "Automatisch antwoord: uw vraag"},
        {"Precedence": "junk", "Return_Path": "<>"},
        {"X_Auto_Response_Suppress": "All"}, {"Return_Path": "<>"},
        {"subject": "Automatisch antwoord: Wij hebben een vraag over uw melding (KNP-2026-00001)"},
        {"subject": "Automatic reply: Re: Wij hebben een vraag"}, {"subject": "Out of Office"},
        {"subject": "Afwezigheidsbericht"},
    ],
    ids=str,
)  # fmt: skip
def test_automatic_answers_are_ignored_and_counted(desk, session, take, headers):
    case = asked(desk)
    assert take(a_mail(to(case), **headers)) is Taken.IGNORED
    assert mailed(session, case) == []
    row = row_of(session)
    assert (row.reason, row.body, row.from_address) == (IncomingReason.AUTOMATIC, None, None)
    assert session.get(IncomingSource, row.id) is None


def test_what_a_person_may_have_typed_in_a_system_waits_for_a_person_and_gets_no_receipt(desk, session, take, intake):
    case = asked(desk)
    count = select(func.count()).select_from(OutboxMail)
    sent = session.scalar(count)
    for number, precedence in enumerate(("bulk", "list", "Junk")):
        raw = a_mail(to(case), body="Het plan is van 2019.", message_id=f"<{number}@x.example>", Precedence=precedence)
        assert take(raw) is Taken.WAITS
        row = row_of(session)
        assert (row.reason, row.body, row.asks_handler) == (IncomingReason.AUTOMATIC, "Het plan is van 2019.", True)
        assert take(raw) is Taken.TWICE
    assert session.scalar(count) == sent
    deciding.put_in_case(desk.context(desk.handler), intake, row.id, case.reference)
    assert [each.body for each in mailed(session, case)] == ["Het plan is van 2019."]
    assert session.scalars(select(OutboxMail).where(OutboxMail.kind == MailKind.MAIL_RECEIVED)).all() == []
    assert row.status is IncomingStatus.LANDED


def test_out_of_a_system_comes_only_an_answer_to_us_with_words_of_its_own(desk, session, take):
    case = asked(desk)
    quoted = "Op ma 2 nov 2026 schreef Knelpunt <loket@knelpunt.example>:\n> Welk plan geldt?"
    forged = to(case).replace("@", "0@")
    for number, (address, body) in enumerate([(MAILBOX, "Nieuwsbrief"), (forged, "Antwoord"), (to(case), quoted)]):
        raw = a_mail(address, body=body, message_id=f"<{number}@x.example>", Precedence="bulk")
        assert take(raw) is Taken.IGNORED, address
        assert row_of(session).reason is IncomingReason.AUTOMATIC
    stranger = a_mail(to(case), "helpdesk@elders.example", message_id="<4@x.example>", Precedence="bulk")
    assert take(stranger) is Taken.WAITS
    assert row_of(session).reason is IncomingReason.OTHER_ADDRESS
    assert take(a_mail(to(case), to(case), message_id="<5@x.example>", Precedence="bulk")) is Taken.IGNORED
    mail = session.scalars(select(OutboxMail).where(OutboxMail.case_id == case.id)).first()
    known = a_mail(MAILBOX, message_id="<6@x.example>", Precedence="bulk", In_Reply_To=mail.message_id)
    assert take(known) is Taken.WAITS


@pytest.mark.parametrize(
    "subject", ["Re: Automatisch antwoord: uw melding", "Automatische deuren mogen niet", "Out of order", "Afwezig"]
)
def test_a_person_who_writes_about_machines_is_a_person(desk, take, subject):
    assert take(a_mail(to(desk.file()), subject=subject)) is Taken.LANDED


def test_a_mark_that_a_mail_was_read_is_no_answer(desk, session, take):
    case = asked(desk)
    raw = a_report(to(case), "<1@knelpunt.example>").replace(b"delivery-status", b"disposition-notification")
    raw = raw.replace(b"Return-Path: <>\r\n", b"").replace(b"Auto-Submitted: auto-replied\r\n", b"")
    raw = raw.replace(b"MAILER-DAEMON@elders.example", b"initiatief@proef.example")
    assert take(raw) is Taken.IGNORED
    assert mailed(session, case) == []


def test_auto_submitted_no_is_a_person_and_our_own_mail_is_not(desk, session, take):
    case = desk.file()
    assert take(a_mail(to(case), Auto_Submitted="no")) is Taken.LANDED
    assert take(a_mail(to(case), to(case), message_id="<lus@x.example>")) is Taken.IGNORED
    assert row_of(session).reason is IncomingReason.OWN_MAIL


# --- the answer to a question


def test_a_mail_answers_nothing_by_itself_and_the_handler_takes_it_with_one_click(desk, session, take):
    case = asked(desk)
    take(a_mail(to(case)))
    session.refresh(case)
    assert case.status is CaseStatus.AWAITING_SUPPLEMENT
    row = row_of(session)
    assert row.asks_handler
    deciding.take_as_answer(desk.context(desk.handler), case.reference, row.id, case.version)
    session.refresh(case)
    assert case.status is CaseStatus.IN_TRIAGE
    question = session.scalars(select(Message).where(Message.kind == MessageKind.QUESTION)).one()
    assert question.answered_on == desk.today
    assert session.get_one(Message, row.reply_id).kind is MessageKind.ANSWER
    event = session.scalars(select(Event).where(Event.kind == EventKind.SUPPLEMENT_RECEIVED)).one()
    assert (event.data["kanaal"], event.data["namens"]) == ("e-mail", "indiener")
    with pytest.raises(DomainError, match="besloot al"):
        deciding.is_no_answer(desk.context(desk.handler), case.reference, row.id)


def test_a_mail_about_which_nobody_decides_is_raised_to_the_handler_and_then_to_the_head(desk, session, make, take):
    head = make.head_of_desk(organisation=desk.ministry)
    case = asked(desk)
    desk.now = datetime(2026, 11, 9, 12, tzinfo=UTC)  # a Monday
    take(a_mail(to(case)))
    raised = select(OutboxMail.to_address).where(OutboxMail.kind == MailKind.MAIL_ASKS).order_by(OutboxMail.id)
    told = []
    for _day in range(20):
        desk.later(1)
        scheduled.run_due(desk.system, session.flush)
        told += [(address, desk.today) for address in session.scalars(raised).all()[len(told) :]]
    first = [(desk.handler.email, date(2026, 11, 12)), (head.email, date(2026, 11, 17))]
    assert told == [*first, (desk.handler.email, date(2026, 11, 23)), (head.email, date(2026, 11, 23))]


def test_no_timer_says_that_nothing_came_while_a_mail_of_in_time_lies_here(desk, session, take):
    case = asked(desk)
    question = session.scalars(select(Message).where(Message.kind == MessageKind.QUESTION)).one()
    received = question.answer_by
    desk.now = datetime(received.year, received.month, received.day, 15, tzinfo=UTC)
    take(a_mail(to(case)))
    desk.later(4)
    scheduled.run_due(desk.system, session.flush)
    session.refresh(case)
    assert case.status is CaseStatus.AWAITING_SUPPLEMENT
    row = row_of(session)
    deciding.take_as_answer(desk.context(desk.handler), case.reference, row.id, case.version)
    assert question.answered_on == received
    assert EventKind.SUPPLEMENT_LAPSED not in kinds(session, case)


def test_a_mail_that_is_no_answer_stays_and_the_term_goes_on(desk, session, take):
    case = asked(desk)
    take(a_mail(to(case)))
    deciding.is_no_answer(desk.context(desk.handler), case.reference, row_of(session).id)
    desk.later(40)
    scheduled.run_due(desk.system, session.flush)
    session.refresh(case)
    assert case.status is CaseStatus.IN_TRIAGE
    assert case.got_no_reaction
    assert len(mailed(session, case)) == 1


def test_a_mail_that_came_after_the_term_is_an_addition(desk, session, take):
    case = asked(desk)
    desk.later(40)
    scheduled.run_due(desk.system, session.flush)
    assert take(a_mail(to(case))) is Taken.LANDED
    assert not row_of(session).asks_handler


def test_a_mail_of_another_case_cannot_be_taken(desk, session, take):
    case, other = asked(desk), desk.file()
    take(a_mail(to(case)))
    with pytest.raises(NotFound):
        deciding.take_as_answer(desk.context(desk.handler), other.reference, row_of(session).id, other.version)


# --- what a person decides


def test_a_person_puts_a_mail_in_a_case_with_its_files_or_sets_it_aside(desk, session, take, intake):
    case = desk.file()
    take(a_mail(to(case), "thuis@elders.example", files=(("a.pdf", pdf(), "application/pdf"),)))
    row = row_of(session)
    with pytest.raises(DomainError, match="geen zaak"):
        deciding.put_in_case(desk.context(desk.handler), intake, row.id, "KNP-1999-00001")
    deciding.put_in_case(desk.context(desk.handler), intake, row.id, f" {case.reference.lower()} ")
    assert (row.status, row.from_address, row.body) == (IncomingStatus.LANDED, None, None)
    assert len(mailed(session, case)) == 1
    assert session.scalars(select(Attachment.shown_name).where(Attachment.case_id == case.id)).all() == ["a.pdf"]
    assert session.get_one(IncomingSource, row.id).ends_on == desk.today + timedelta(days=30)
    take(a_mail(sender="reclame@elders.example", message_id="<2@x.example>"))
    ad = row_of(session)
    with pytest.raises(DomainError, match="waarom"):
        deciding.set_aside(desk.context(desk.handler), ad.id, " ")
    deciding.set_aside(desk.context(desk.handler), ad.id, "Reclame.")
    assert ad.status is IncomingStatus.DISMISSED
    with pytest.raises(DomainError, match="besloot al"):
        deciding.put_in_case(desk.context(desk.handler), intake, ad.id, case.reference)


def test_a_month_later_only_numbers_are_left_and_what_waits_stays(desk, session, take):
    take(a_mail(sender="reclame@elders.example", message_id="<2@x.example>"))
    done = row_of(session)
    deciding.set_aside(desk.context(desk.handler), done.id, "Reclame.")
    take(a_mail(sender="vraag@elders.example", message_id="<3@x.example>"))
    waiting = row_of(session)
    polling.sweep(session, desk.later(32).now)
    session.expire_all()
    assert (done.from_address, done.body, session.get(IncomingSource, done.id)) == (None, None, None)
    assert waiting.body
    assert session.get(IncomingSource, waiting.id) is not None


def test_erasing_the_contact_takes_the_mails_along(desk, session, take):
    case = desk.file()
    take(a_mail(to(case)))
    take(a_mail(to(case), "thuis@elders.example", message_id="<2@x.example>"))
    reactions.erase_contact(desk.follower(case), case.reference)
    session.expire_all()
    rows = session.scalars(select(IncomingMail).where(IncomingMail.case_id == case.id)).all()
    assert [(row.from_address, row.body) for row in rows] == [(None, None)] * 2
    assert session.scalars(select(IncomingSource)).all() == []


# --- what did not arrive


def test_a_report_by_id_or_by_address_becomes_an_item_and_a_mended_address_settles_it(desk, session, take):
    case = desk.file()
    mail = session.scalars(select(OutboxMail).where(OutboxMail.case_id == case.id)).first()
    assert take(a_report(MAILBOX, mail.message_id)) is Taken.BOUNCE
    assert take(a_report(READ.bounce_to(mail.id), "<x@y.example>", status="5.2.2")) is Taken.BOUNCE
    failure = session.scalars(select(DeliveryFailure)).one()
    assert (failure.case_id, failure.is_returned, failure.code) == (case.id, True, "5.1.1")
    assert session.get_one(Contact, case.id).undelivered_at is not None
    assert kinds(session, case).count(EventKind.MAIL_FAILED) == 1
    addresses.correct(desk.context(desk.handler), case.reference, "goed@proef.example")
    session.refresh(failure)
    assert (failure.outcome, failure.settled_by_id) == (Settled.ADDRESS, desk.handler.id)
    assert EventKind.FAILURE_SETTLED in kinds(session, case)


def test_a_delay_or_a_report_about_another_is_only_counted(desk, session, take):
    case = desk.file()
    mail = session.scalars(select(OutboxMail).where(OutboxMail.case_id == case.id)).first()
    assert take(a_report(MAILBOX, mail.message_id, action="delayed", status="4.4.1")) is Taken.IGNORED
    assert take(a_report(MAILBOX, "<van-een-ander@x.example>")) is Taken.IGNORED
    forged = READ.bounce_to(mail.id).replace("@", "0@")
    assert take(a_report(forged, "<nog-een@x.example>", status="5.7.1")) is Taken.IGNORED
    assert session.scalars(select(DeliveryFailure)).all() == []


IN_WORDS = "Sorry, no mailbox here by that name. (#5.1.1)\n\n--- Below this line is a copy of the message.\n\n"


def in_words(to: str, body: str = IN_WORDS, **headers: str) -> bytes:
    """A report as old servers write it: for people only."""
    headers = {"Return_Path": "<>", "subject": "failure notice"} | headers
    return a_mail(to, "MAILER-DAEMON@elders.example", body, "<melding@elders.example>", **headers)


@pytest.mark.parametrize("way", ["address", "quoted", "attached"])
def test_a_report_in_words_for_people_only_becomes_an_item_too(desk, session, take, way):
    case = desk.file()
    mail = session.scalars(select(OutboxMail).where(OutboxMail.case_id == case.id)).first()
    head = f"Message-ID: {mail.message_id}\nSubject: Ontvangen\n"
    raw = {
        "address": lambda: in_words(READ.bounce_to(mail.id)),
        "quoted": lambda: in_words(MAILBOX, IN_WORDS + head),
        "attached": lambda: (
            a_report(MAILBOX, mail.message_id)
            .replace(b"multipart/report; report-type=delivery-status", b"multipart/mixed")
            .replace(b"Auto-Submitted: auto-replied\r\n", b"")
            .replace(b"message/delivery-status", b"text/plain")
        ),
    }[way]()
    assert take(raw) is Taken.BOUNCE
    failure = session.scalars(select(DeliveryFailure)).one()
    assert (failure.mail_id, failure.is_returned, failure.code) == (mail.id, True, None)
    assert session.get_one(Contact, case.id).undelivered_at is not None


@pytest.mark.parametrize(
    "headers",
    [{"subject": "Warning: could not send message for past 4 hours"}, {"Auto_Submitted": "auto-replied"},
     {"subject": "Automatic reply: Vraag"}],
    ids=str,
)  # fmt: skip
def test_words_of_a_server_that_tells_of_no_end_are_no_item(desk, session, take, headers):
    case = desk.file()
    mail = session.scalars(select(OutboxMail).where(OutboxMail.case_id == case.id)).first()
    assert take(in_words(READ.bounce_to(mail.id), **headers)) is Taken.IGNORED
    assert session.scalars(select(DeliveryFailure)).all() == []


def test_a_letter_in_place_of_a_mail_that_failed_waits_with_the_post(desk, session, make, take):
    case = desk.file()
    mail = session.scalars(select(OutboxMail).where(OutboxMail.case_id == case.id)).first()
    take(a_report(MAILBOX, mail.message_id))
    context = desk.context(desk.handler)
    with pytest.raises(DomainError, match="geen postadres"):
        failures.settle(context, case, Settled.LETTER)
    session.get_one(Contact, case.id).postal_address = "Kerkweg 1\n1234 AB Ergens"
    with pytest.raises(DomainError, match="waarom"):
        failures.settle(context, case, Settled.NOT_NEEDED, " ")
    failures.settle(context, case, Settled.LETTER, "Indiener heeft geen mail meer.")
    letter = session.scalars(select(Letter).where(Letter.case_id == case.id)).one()
    assert letter.kind == mail.kind
    assert letter.body == on_paper(mail.body, case.reference, "nl")
    with pytest.raises(DomainError, match="al geregeld"):
        failures.settle(context, case, Settled.TELEPHONE)


@pytest.mark.parametrize("mailbox", [MAILBOX, None])
@pytest.mark.parametrize(
    ("code", "words", "of_mail"),
    [("nl", ["Bel of schrijf het loket", "Deze brief komt van"], r"\bmails?\b"),
     ("en", ["Call or write", "This letter comes from"], r"\be-?mails?\b")],
    ids=["dutch", "english"],
)  # fmt: skip
@pytest.mark.parametrize("kind", [MailKind.MESSAGE, MailKind.QUESTION])
def test_in_place_of_a_mail_goes_a_letter_that_speaks_of_no_mail(desk, session, mailbox, code, words, of_mail, kind):
    desk.links = dataclasses.replace(READ, mailbox=mailbox)
    case = desk.file()
    case.language = code
    session.flush()
    desk.take_in(case)
    ask(desk, case)
    triage.send_message(desk.context(desk.handler), case.reference, "Wij spraken de gemeente.")
    contact = session.get_one(Contact, case.id)
    contact.postal_address = "Kerkweg 1\n1234 AB Ergens"
    mail = session.scalars(select(OutboxMail).where(OutboxMail.case_id == case.id, OutboxMail.kind == kind)).one()
    assert re.search(of_mail, mail.body)
    failures.note(desk.system, mail, is_returned=True)
    failures.settle(desk.context(desk.handler), case, Settled.LETTER)
    letter = session.scalars(select(Letter).where(Letter.case_id == case.id)).one()
    assert [each for each in words if each not in letter.body] == []
    assert ("Wij spraken de gemeente." in letter.body) is (kind is MailKind.MESSAGE)
    assert re.search(of_mail, letter.body) is None
    assert re.search(r"/volgen/\w+\n", letter.body)


def test_without_a_mailbox_no_mail_promises_that_an_answer_is_read(desk, session):
    desk.links = dataclasses.replace(READ, mailbox=None)
    case = desk.file()
    body = session.scalars(select(OutboxMail.body).where(OutboxMail.case_id == case.id)).first()
    assert "Een antwoord op deze mail komt niet bij ons aan." in body
    assert "http://localhost/contact" in body
