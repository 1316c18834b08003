"""The pages about mail: what waits, one mail to decide about, an answer with one click, and who missed a mail."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from knelpunt.adapters.uploads.store import FolderStore
from knelpunt.domain.post.incoming import IncomingStatus, Settled
from knelpunt.domain.vocabulary import CaseStatus, MessageKind
from knelpunt.models import DeliveryFailure, IncomingMail, Message, OutboxMail
from knelpunt.queries.cases.submitter_page import read_page
from knelpunt.services.cases import triage
from knelpunt.services.cases.attachments import AttachmentRules
from knelpunt.services.mail import failures
from knelpunt.services.post import incoming
from knelpunt.services.post.incoming import Intake
from knelpunt.web.cases import timeline
from tests.support.files import pdf
from tests.support.forms import fill
from tests.support.incoming import READ, a_mail, fetched
from tests.support.statements import counted


@pytest.fixture
def take(desk, tmp_path, session):
    def take_in(raw):
        incoming.take_in(desk.system, Intake(FolderStore(tmp_path), AttachmentRules(10_000, 3)), fetched(raw, desk.now))
        return session.scalars(select(IncomingMail).order_by(IncomingMail.id.desc()).limit(1)).one()

    return take_in


def asked(desk):
    case = desk.file()
    desk.take_in(case)
    triage.request_supplement(
        desk.context(desk.triager), case.reference, case.version, question="Welk plan geldt?", why="Dat telt.",
        answer_by=(desk.now + timedelta(days=28)).date(),
    )  # fmt: skip
    return case


def text(response):
    return response.get_data(as_text=True)


def test_the_handler_takes_a_mail_as_the_answer_with_one_click_on_the_case(desk, take, client_as, session):
    case = asked(desk)
    row = take(a_mail(READ.reply_to(case.id)))
    client = client_as(desk.handler)
    page = client.get(f"/zaken/{case.reference}")
    assert "E-mail van de indiener" in text(page)
    assert "de indiener, per e-mail" in text(page)
    address = f"/zaken/{case.reference}/mail/{row.id}/antwoord"
    session.refresh(case)
    assert client.post(address, data={"version": str(case.version - 1)}).status_code == 409
    session.refresh(case)
    answer = client.post(address, data=fill(page, address))
    assert answer.status_code == 303
    session.refresh(case)
    assert case.status is CaseStatus.IN_TRIAGE
    page = text(client.get(f"/zaken/{case.reference}"))
    assert "Neem dit als antwoord" not in page
    assert "per e-mail" in page
    again = client.post(address, data={"version": str(case.version)})
    assert again.status_code == 422
    follower = text(client.get(f"/zaken/{case.reference}/mail/{row.id}/geen-antwoord"))
    assert "besloot al" in follower


def test_today_counts_what_waits_and_the_lists_show_it(desk, take, client_as, make):
    client = client_as(desk.handler)
    assert "misschien een antwoord" not in text(client.get("/vandaag"))
    case = asked(desk)
    take(a_mail(READ.reply_to(case.id)))
    take(a_mail(sender="iemand@elders.example", message_id="<2@x.example>", subject="Vraag over een boom"))
    page = text(client.get("/vandaag"))
    assert "1 mail is misschien een antwoord" in page
    assert "1 mail wacht" in page
    assert "Vraag over een boom" in text(client.get("/post/binnen"))
    assert case.reference in text(client.get("/post/binnen?lijst=antwoord"))
    assert "Er ligt niets" in text(client.get("/post/binnen?lijst=klaar"))
    assert client.get("/post/binnen?lijst=onzin&na=x").status_code == 200


def test_one_mail_is_read_and_decided_about(desk, take, client_as, session):
    case = desk.file()
    file = ("../tekening <1>.pdf", b"%PDF-1.7", "application/pdf")
    body = "Dit is <b>mijn</b> antwoord."
    row = take(a_mail(READ.reply_to(case.id), "thuis@elders.example", body=body, files=(file,)))
    path = f"/post/binnen/{row.id}"
    client = client_as(desk.handler)
    page = client.get(path)
    assert re.search(r"Bijlagen</dt>\s*<dd[^>]*>\s*tekening &lt;1&gt;.pdf\s*</dd>", text(page))
    assert "thuis@elders.example" in text(page)
    assert "Dit is &lt;b&gt;mijn&lt;/b&gt; antwoord." in text(page)
    assert f'value="{case.reference}"' in text(page)
    refused = client.post(path, data=fill(page, "reference", decision="naar_zaak", reference=""))
    assert refused.status_code == 422
    assert "Vul het nummer van de zaak in." in text(refused)
    unknown = client.post(path, data=fill(page, "reference", decision="naar_zaak", reference="KNP-1999-1"))
    assert unknown.status_code == 422
    assert "geen zaak met dit nummer" in text(unknown)
    assert client.post(path, data=fill(page, "reference", decision="niet_voor_ons", reason="")).status_code == 422
    assert client.post(path, data=fill(page, "reference", decision="naar_zaak")).status_code == 303
    session.refresh(row)
    assert row.status is IncomingStatus.LANDED
    assert session.scalars(select(Message.body).where(Message.kind == MessageKind.MAIL)).all() == [
        "Dit is <b>mijn</b> antwoord."
    ]
    assert "Deze mail staat in de zaak" in text(client.get(path))
    assert client.post(path, data={"decision": "niet_voor_ons", "reason": "x"}).status_code == 422
    assert client.get("/post/binnen/99999999").status_code == 404


def test_of_a_mail_out_of_a_system_the_page_says_that_no_receipt_goes(desk, take, client_as):
    case = desk.file()
    row = take(a_mail(READ.reply_to(case.id), Precedence="bulk"))
    client = client_as(desk.handler)
    page = client.get(f"/post/binnen/{row.id}")
    assert "Misschien schreef een mens hem in een systeem." in text(page)
    assert "De indiener krijgt daar geen mail van" in text(page)
    assert "Misschien schreef een mens" in text(client.get("/post/binnen"))
    answer = client.post(f"/post/binnen/{row.id}", data=fill(page, "reference", decision="naar_zaak"))
    assert "krijgt daar geen mail van" in text(client.get(answer.location))


def test_from_a_mail_another_reaction_is_written_down_as_it_came(desk, take, client_as):
    case = desk.bring("voorstel")
    row = take(a_mail(READ.reply_to(case.id), body="Het voorstel helpt ons."))
    client = client_as(desk.handler)
    assert "Schrijf de reactie op" in text(client.get(f"/zaken/{case.reference}"))
    form = fill(client.get(f"/zaken/{case.reference}/reactie-opschrijven?mail={row.id}"), "body")
    assert (form["body"], form["channel"]) == ("Het voorstel helpt ons.", "e-mail")


def test_a_mail_that_did_not_arrive_is_an_item_until_somebody_says_how_it_was_solved(
    desk, client_as, session, connection
):
    cases = [desk.file() for _ in range(3)]
    for case in cases:
        mail = session.scalars(select(OutboxMail).where(OutboxMail.case_id == case.id)).first()
        failures.note(desk.system, mail, is_returned=True, code="5.1.1")
    client = client_as(desk.handler)
    assert "In 3 zaken kwam een mail niet aan" in text(client.get("/vandaag"))
    client.get("/post/niet-bezorgd")
    with counted(connection) as sent:
        page = text(client.get("/post/niet-bezorgd"))
    many = len(sent)
    assert all(case.reference in page for case in cases)
    path = f"/zaken/{cases[0].reference}/niet-bezorgd"
    form = client.get(path)
    assert "code 5.1.1" in text(form)
    assert "Er gaat een brief" not in text(form)
    assert client.post(path, data=fill(form, "note", outcome="niet_nodig")).status_code == 422
    assert client.post(path, data=fill(form, "note", outcome="telefoon", note="Gebeld.")).status_code == 303
    failure = session.scalars(select(DeliveryFailure).where(DeliveryFailure.case_id == cases[0].id)).one()
    assert (failure.outcome, failure.note) == (Settled.TELEPHONE, "Gebeld.")
    assert "al geregeld" in text(client.get(path))
    assert "anders bereikt" in text(client.get(f"/zaken/{cases[0].reference}"))
    solved = cases[0].reference
    with counted(connection) as sent:
        assert solved not in text(client.get("/post/niet-bezorgd"))
    assert len(sent) == many


def test_the_submitter_reads_that_a_mail_came_in_and_with_which_file(desk, take, session):
    case = desk.file()
    take(a_mail(READ.reply_to(case.id), body="Nog een opmerking.", files=(("a.pdf", pdf(), "application/pdf"),)))
    page = read_page(session, desk.follower(case).actor, case.reference)
    told = [(entry.title, entry.text) for entry in timeline.entries(page)]
    assert ("U stuurde een e-mail", "Nog een opmerking.") in told
    assert ("U voegde een bestand toe", "a.pdf") in told
