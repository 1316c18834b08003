"""A second person signs a filing: a colleague with an account, or somebody beside a resident by a link in a mail."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from knelpunt.domain.errors import DomainError, PermissionDenied
from knelpunt.domain.vocabulary import CoSignatureStatus
from knelpunt.models import Case, CoSignature, Draft, Event, OutboxMail
from knelpunt.services.filing import co_signing, intake
from knelpunt.services.jobs import upkeep
from tests.integration.filing import residents
from tests.support.desk import Desk
from tests.support.forms import fill


@pytest.fixture
def town(make):
    return make.organisation()


def send(client, key, slug, holding, **typed):
    path = f"/melden/{key}/{slug}"
    return client.post(path, data=fill(client.get(path), holding, **typed))


def begin(client):
    page = client.get("/melden/organisatie/nieuw")
    key = client.post("/melden/organisatie/nieuw", data=fill(page, "title", title="Woningen")).location.split("/")[2]
    send(client, key, "belemmering", "description", description="Geluid van het spoor.")
    return key


def file(client, key, session):
    version = session.scalars(select(Draft.version).where(Draft.key == key)).one_or_none()
    data = {"version": str(version), "consents_seen": "y", "mandate": "y"}
    return client.post(f"/melden/{key}/controle", data=data)


def signatures(session):
    return session.scalars(select(CoSignature).order_by(CoSignature.id)).all()


def events(session, *kinds):
    found = session.execute(select(Event.kind, Event.actor_id).where(Event.kind.in_(kinds)).order_by(Event.number))
    return [tuple(row) for row in found]


def link_in_mail(session, address):
    body = session.scalars(
        select(OutboxMail.body).where(OutboxMail.to_address == address).order_by(OutboxMail.id.desc()).limit(1)
    ).one()
    return next(line for line in body.splitlines() if "/meetekenen/" in line).removeprefix("http://localhost")


def test_a_colleague_reads_and_signs_and_another_files(client_as, make, session, town):
    writer, signer = make.filer(town), make.member(town)
    first, second = client_as(writer), client_as(signer)
    key = begin(first)
    answer = send(first, key, "meetekenen", "signer", signer=str(signer.id))
    assert answer.location == f"/melden/{key}/controle#meetekenen"
    mail = session.scalars(select(OutboxMail)).one()
    assert mail.to_address == signer.email
    assert f"/melden/{key}/ondertekenen" in mail.body
    waiting = first.get(f"/melden/{key}/controle").get_data(as_text=True)
    assert "Versturen kan nog niet" in waiting
    assert "Verstuur naar het loket" not in waiting
    refused = file(first, key, session)
    assert refused.status_code == 422
    assert "Een tweede persoon moet deze melding nog ondertekenen." in refused.get_data(as_text=True)

    shown = second.get(f"/melden/{key}/ondertekenen").get_data(as_text=True)
    assert "Geluid van het spoor." in shown
    assert send(second, key, "ondertekenen", "version").location == f"/melden/{key}/ondertekenen"

    assert file(first, key, session).location == f"/melden/{key}/ontvangen"
    (signature,) = signatures(session)
    case = session.scalars(select(Case)).one()
    assert (signature.case_id, signature.draft_id, signature.signer_id) == (case.id, None, signer.id)
    assert events(session, "meetekenen_gevraagd", "meegetekend", "ingediend") == [
        ("meetekenen_gevraagd", writer.id),
        ("meegetekend", signer.id),
        ("ingediend", writer.id),
    ]
    filed = session.scalars(select(Event).where(Event.kind == "ingediend")).one()
    assert filed.data["medeondertekening"] == signature.id
    own = first.get(f"/onze-zaken/{case.reference}").get_data(as_text=True)
    assert f"door {signer.name}" in own
    desk = client_as(make.triager()).get(f"/zaken/{case.reference}").get_data(as_text=True)
    assert "Mee ondertekend" in desk
    assert signer.name not in desk


def test_one_person_never_does_both(client_as, make, session, town):
    one, two = make.filer(town), make.filer(town)
    first, second = client_as(one), client_as(two)
    key = begin(first)
    refused = first.post(f"/melden/{key}/meetekenen", data={"signer": str(one.id)})
    assert refused.status_code == 422
    assert send(first, key, "meetekenen", "signer", signer=str(two.id)).status_code == 302
    assert first.post(f"/melden/{key}/ondertekenen", data={"version": "1"}).status_code != 302
    assert signatures(session)[0].status is CoSignatureStatus.ASKED
    send(second, key, "ondertekenen", "version")
    assert "U tekende deze melding." in second.get(f"/melden/{key}/controle").get_data(as_text=True)
    refused = file(second, key, session)
    assert refused.status_code == 422
    assert "Iemand anders moet haar versturen." in refused.get_data(as_text=True)
    assert file(first, key, session).status_code == 302


@pytest.mark.parametrize("slug", ["plan", "bijlage"])
def test_an_edit_after_signing_voids_the_signature(client_as, make, session, town, slug):
    writer, signer = make.filer(town), make.member(town)
    first, second = client_as(writer), client_as(signer)
    key = begin(first)
    send(first, key, "meetekenen", "signer", signer=str(signer.id))
    send(second, key, "ondertekenen", "version")
    if slug == "plan":
        assert send(first, key, "plan", "title").status_code == 302
        assert signatures(session)[0].status is CoSignatureStatus.SIGNED, "nothing was changed"
        send(first, key, "plan", "title", title="Andere woningen")
    else:
        data = fill(first.get(f"/melden/{key}/belemmering"), "description", action="bestanden")
        data["attachments"] = (__import__("io").BytesIO(residents.PDF), "brief.pdf")
        first.post(f"/melden/{key}/belemmering", data=data, content_type="multipart/form-data")
    assert signatures(session)[0].status is CoSignatureStatus.VOID
    assert "telt niet meer: er is daarna iets gewijzigd" in first.get(f"/melden/{key}/controle").get_data(as_text=True)
    assert file(first, key, session).status_code == 422
    assert events(session, "handtekening_vervallen") == [("handtekening_vervallen", writer.id)]
    send(first, key, "meetekenen", "signer", signer=str(signer.id))
    send(second, key, "ondertekenen", "version")
    assert file(first, key, session).status_code == 302


def test_what_changed_while_it_was_read_is_not_signed_unseen(client_as, make, session, town):
    writer, signer = make.filer(town), make.member(town)
    first, second = client_as(writer), client_as(signer)
    key = begin(first)
    send(first, key, "meetekenen", "signer", signer=str(signer.id))
    read = fill(second.get(f"/melden/{key}/ondertekenen"), "version")
    send(first, key, "plan", "title", title="Andere woningen")
    answer = second.post(f"/melden/{key}/ondertekenen", data=read)
    assert answer.status_code == 409
    assert "Andere woningen" in answer.get_data(as_text=True)
    assert signatures(session)[0].status is CoSignatureStatus.ASKED


def test_it_can_be_sent_back_with_a_reason(client_as, make, session, town):
    writer, signer = make.filer(town), make.member(town)
    first, second = client_as(writer), client_as(signer)
    key = begin(first)
    send(first, key, "meetekenen", "signer", signer=str(signer.id))
    assert send(second, key, "terugsturen", "reason").status_code == 422
    assert send(second, key, "terugsturen", "reason", reason="De datum klopt niet.").status_code == 302
    assert "De datum klopt niet." in first.get(f"/melden/{key}/controle").get_data(as_text=True)
    assert file(first, key, session).status_code == 422
    last = session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)).one()
    assert (last.to_address, "De datum klopt niet." in last.body) == (writer.email, True)
    assert first.post(f"/melden/{key}/meetekenen/intrekken").status_code == 302
    assert file(first, key, session).status_code == 302


def test_an_organisation_may_never_file_with_one_signature(client_as, make, session, town):
    manager, member = make.organisation_admin(town), make.member(town)
    client = client_as(manager)
    key = begin(client)
    page = client.get("/onze-organisatie/meetekenen")
    client.post("/onze-organisatie/meetekenen", data=fill(page, "submission_key", is_required="y"))
    assert "Versturen kan nog niet" in client.get(f"/melden/{key}/controle").get_data(as_text=True)
    assert file(client, key, session).status_code == 422
    assert events(session, "regel_voor_meetekenen_gewijzigd") == [("regel_voor_meetekenen_gewijzigd", manager.id)]
    send(client, key, "meetekenen", "signer", signer=str(member.id))
    send(client_as(member), key, "ondertekenen", "version")
    assert file(client, key, session).status_code == 302


def test_a_colleague_of_another_organisation_cannot_be_asked(client_as, make, session, town):
    stranger, former = make.filer(), make.filer(town, is_active=False)
    client = client_as(make.filer(town))
    key = begin(client)
    for account in (stranger, former):
        answer = client.post(f"/melden/{key}/meetekenen", data={"signer": str(account.id)})
        assert answer.status_code == 422
    assert client_as(stranger).get(f"/melden/{key}/ondertekenen").status_code == 404
    assert signatures(session) == []


@pytest.mark.parametrize("whose", ["own", "of a former colleague", "of a stranger"])
def test_the_account_that_is_asked_to_sign_is_that_of_an_active_colleague(make, session, town, whose):
    desk, asker = Desk(session, make), make.filer(town)
    draft = intake.create_draft(desk.context(asker), {"title": "Woningen"})
    accounts = {"own": asker, "of a former colleague": make.filer(town, is_active=False), "of a stranger": make.filer()}
    with pytest.raises(DomainError) as refused:
        co_signing.ask_colleague(desk.context(asker), draft.key, accounts[whose].id)
    assert refused.value.field == "signer"


@pytest.mark.parametrize("act", ["sign", "send back"])
def test_only_the_colleague_who_was_asked_answers(make, session, town, act):
    desk, asker, asked, other = Desk(session, make), make.filer(town), make.filer(town), make.filer(town)
    draft = intake.create_draft(desk.context(asker), {"title": "Woningen"})
    co_signing.ask_colleague(desk.context(asker), draft.key, asked.id)
    session.flush()

    def answer(account):
        if act == "sign":
            co_signing.sign(desk.context(account), draft.key, draft.version)
        else:
            co_signing.send_back(desk.context(account), draft.key, "Dit klopt niet.")

    for account in (other, asker):
        with pytest.raises(PermissionDenied, match="Aan een ander"):
            answer(account)
    answer(asked)
    [signature] = signatures(session)
    assert signature.status is (CoSignatureStatus.SIGNED if act == "sign" else CoSignatureStatus.RETURNED)


def ask_by_mail(client, key, **typed):
    return send(client, key, "meetekenen", "email", **{"email": "buur@proef.example", "name": "Buur", **typed})


def no_word_of_the_filer(session, address):
    """That no mail to an address that nobody confirmed holds what the resident wrote; how many mails there are."""
    found = session.scalars(select(OutboxMail).where(OutboxMail.to_address == address)).all()
    typed = [*residents.PLAN.values(), *residents.OBSTACLE.values(), residents.PLACE["place"], "Buur"]
    for mail in found:
        assert [each for each in typed if each in mail.body or each in mail.subject] == []
    return len(found)


def test_somebody_beside_a_resident_signs_after_the_filing(client, make, client_as, session):
    key = residents.answer_all(client)
    assert ask_by_mail(client, key).status_code == 302
    assert session.scalars(select(OutboxMail)).all() == []
    assert residents.file(client, key).status_code == 302
    case = session.scalars(select(Case)).one()
    link = link_in_mail(session, "buur@proef.example")
    assert no_word_of_the_filer(session, "buur@proef.example") == 1
    shown = client.get(link).get_data(as_text=True)
    assert residents.OBSTACLE["description"] in shown
    assert residents.CONTACT["contact_email"] not in shown
    assert client.post(link, data=fill(client.get(link), "version")).status_code == 302
    assert "U hebt getekend" in client.get(link).get_data(as_text=True)
    (signature,) = signatures(session)
    assert (signature.status, signature.case_id) == (CoSignatureStatus.SIGNED, case.id)
    assert signature.ends_on is not None
    desk = client_as(make.triager()).get(f"/zaken/{case.reference}").get_data(as_text=True)
    assert "Tweede persoon tekende mee" in desk
    assert "buur@proef.example" not in desk
    assert client.post(link, data={"version": "0"}).status_code == 422


def test_the_filing_waits_for_the_other_when_that_was_asked(client, session):
    key = residents.answer_all(client)
    ask_by_mail(client, key, filing_waits="y")
    assert (
        residents.file(client, key).status_code != 302
        if "version" in client.get(f"/melden/{key}/controle").get_data(as_text=True)
        else True
    )
    link = link_in_mail(session, "buur@proef.example")
    assert no_word_of_the_filer(session, "buur@proef.example") == 1
    old = fill(client.get(link), "version")
    residents.send(client, key, "plan", "title", title="Een ander plan")
    assert client.post(link, data=old).status_code == 409
    assert client.post(link, data=fill(client.get(link), "version")).status_code == 302
    told = session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)).one()
    assert told.to_address == residents.CONTACT["contact_email"]
    assert residents.file(client, key).status_code == 302


def test_the_other_may_refuse_and_a_changed_link_opens_nothing(client, session):
    key = residents.answer_all(client)
    ask_by_mail(client, key, filing_waits="y")
    link = link_in_mail(session, "buur@proef.example")
    assert client.get(link[:-1] + ("a" if link[-1] != "a" else "b")).status_code == 404
    page = client.get(f"{link}/niet")
    assert client.post(f"{link}/niet", data=fill(page, "reason", reason="Ik ken dit niet.")).status_code == 302
    assert signatures(session)[0].status is CoSignatureStatus.RETURNED
    assert "Ik ken dit niet." in client.get(f"/melden/{key}/controle").get_data(as_text=True)
    client.post(f"/melden/{key}/meetekenen/intrekken")
    assert residents.file(client, key).status_code == 302


def test_the_address_in_a_draft_gets_few_mails_and_no_words_of_a_stranger(client, session):
    key = residents.answer_all(client)
    for number in range(5):
        other = f"ander{number}@proef.example"
        residents.send(client, key, "meetekenen", "email", email=other, filing_waits="y")
        link = link_in_mail(session, other)
        page = client.get(f"{link}/niet")
        assert client.post(f"{link}/niet", data=fill(page, "reason", reason="Koop nu bij ons.")).status_code == 302
    victim = OutboxMail.to_address == residents.CONTACT["contact_email"]
    told = session.scalars(select(OutboxMail).where(victim)).all()
    assert [mail.kind for mail in told] == ["meetekenen_beantwoord"] * 3
    assert all("Koop nu" not in mail.body for mail in told)
    assert no_word_of_the_filer(session, residents.CONTACT["contact_email"]) == 3


@pytest.mark.parametrize("email", ["geen adres", "buurt@proef.example", "a@b.nl\r\nBcc: x@y.nl", ""])
def test_an_address_that_cannot_sign_is_refused(client, session, email):
    key = residents.answer_all(client)
    assert ask_by_mail(client, key, email=email).status_code == 422
    assert signatures(session) == []


def test_name_and_address_of_the_other_end_with_the_contact_or_on_their_day(client, session, make):
    key = residents.answer_all(client)
    ask_by_mail(client, key)
    residents.file(client, key)
    (signature,) = signatures(session)
    link = link_in_mail(session, "buur@proef.example")
    day = make.now + (signature.ends_on - make.today) * 1
    upkeep.sweep_tables(session, day)
    session.refresh(signature)
    assert signature.email == "buur@proef.example"
    upkeep.sweep_tables(session, day + timedelta(days=1))
    session.refresh(signature)
    assert (signature.name, signature.email) == (None, None)
    session.commit()
    assert client.get(link).status_code == 404
