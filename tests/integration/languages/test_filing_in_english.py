"""A resident files in English without JavaScript, follows the case in English, and gets the mails in English."""

import html
import json
import re

from sqlalchemy import select

from config import STATIC_DIR
from knelpunt.models import Case, Draft, OutboxMail
from tests.support.dutch_words import dutch_in
from tests.support.forms import fill

PLAN = {"title": "Turn the old school into a community centre", "goal": "Cook and mend things together."}
PLACE = {"municipality_id": "Zwolle", "place": "The old school"}
OBSTACLE = {"description": "They say that the building is for education only.", "refused_on": "2026-06-01"}
CONTACT = {"contact_email": "neighbours@proef.example"}


def _send(client, path, holding, **typed):
    page = client.get(path)
    assert dutch_in(page.get_data(as_text=True), *PLACE.values()) == [], path
    return client.post(path, data=fill(page, holding, **typed), content_type="multipart/form-data")


def _begin(client):
    answer = _send(client, "/en/melden/bewoner", "title", **PLAN)
    assert answer.status_code == 302
    return answer.location


def _to_the_check(client):
    place = _begin(client)
    assert place.startswith("/en/melden/")
    obstacle = _send(client, place, "municipality_id", **PLACE).location
    contact = _send(client, obstacle, "description", **OBSTACLE).location
    check = _send(client, contact, "contact_email", **CONTACT).location
    assert check.startswith("/en/melden/")
    assert check.endswith("/controle")
    return check


def test_four_questions_a_check_and_a_receipt_in_english(client, session):
    answer = _send(client, _to_the_check(client), "version", consents_seen="y", may_publish="y")
    case = session.scalars(select(Case)).one()
    assert (case.title, case.language) == (PLAN["title"], "en")
    assert answer.location.startswith("/en/melden/")
    receipt = client.get(answer.location).get_data(as_text=True)
    assert dutch_in(receipt) == []
    assert "Your report has been received" in receipt
    assert f"<strong>{case.reference}</strong>" in receipt
    mend = f"{answer.location}/adres"
    assert f'href="{mend}"' in receipt
    assert dutch_in(client.get(mend).get_data(as_text=True)) == []
    assert _send(client, mend, "email", email="right@proef.example").location == answer.location
    assert dutch_in(client.get(answer.location).get_data(as_text=True)) == []
    mails = session.scalars(select(OutboxMail.subject).order_by(OutboxMail.id)).all()
    received = f"We have received your report ({case.reference})"
    assert mails == [received, f"The e-mail address of report {case.reference} was changed", received]


def test_the_receipt_is_mailed_in_english_with_a_link_to_english_pages(client, session):
    _send(client, _to_the_check(client), "version", consents_seen="y")
    mail = session.scalars(select(OutboxMail)).one()
    case = session.scalars(select(Case)).one()
    assert mail.subject == f"We have received your report ({case.reference})"
    without_links = re.sub(r"http\S+", "", mail.body)  # in whose random signs a Dutch word can stand
    assert dutch_in(f"<p>{without_links}</p>") == []
    link = next(line for line in mail.body.splitlines() if line.startswith("http://localhost/"))
    assert link.startswith("http://localhost/en/volgen/")
    page = client.get(link.removeprefix("http://localhost")).get_data(as_text=True)
    assert dutch_in(page, *PLACE.values()) == []
    assert "It is our turn" in page or "It is the desk" in page


def test_what_is_missing_is_said_in_english(client):
    answer = _send(client, "/en/melden/bewoner", "title", goal="Cook together.")
    shown = client.get(answer.location).get_data(as_text=True)
    assert "Write down your plan or project in one sentence." in shown
    assert dutch_in(shown) == []
    check = answer.location.split("?")[0].replace("/plan", "/controle")
    refused = _send(client, check, "version")
    assert refused.status_code == 422
    page = refused.get_data(as_text=True)
    assert "Choose the municipality it is about." in page
    assert dutch_in(page) == []


def test_the_name_of_a_field_before_an_error_is_in_english(client):
    refused = _send(client, _begin(client), "municipality_id", municipality_id="Zwole", place="The old school")
    page = client.get(refused.location).get_data(as_text=True) if refused.location else refused.get_data(as_text=True)
    assert re.search(r">In which municipality: We do not know this municipality", page)


def test_what_somebody_typed_is_never_translated(client, session):
    """A title that is letter for letter a text of ours stays what the person wrote."""
    place = _send(client, "/en/melden/bewoner", "title", title="Wonen", goal="Privacy").location
    plan = place.replace("/plaats", "/plan")
    shown = client.get(plan).get_data(as_text=True)
    assert re.search(r">\s*Wonen</textarea>", shown)
    assert session.scalars(select(Draft)).one().data["title"] == "Wonen"


def test_a_draft_goes_on_in_english_by_mail(client, session):
    key = _begin(client).split("/")[3]
    path = f"/en/melden/{key}/bewaard"
    assert _send(client, path, "email", email="neighbours@proef.example").location == path
    mail = session.scalars(select(OutboxMail)).one()
    assert mail.subject == "The link to your draft"
    assert f"http://localhost/en/melden/{key}" in mail.body
    assert dutch_in(f"<p>{mail.body.replace(key, '')}</p>") == []
    saved = client.get(path).get_data(as_text=True)
    assert "The link has been sent." in saved
    assert f"http://localhost/en/melden/{key}" in saved
    assert dutch_in(saved.replace(key, "")) == []


def test_a_draft_may_change_its_language_and_the_case_keeps_the_last_one(client, session):
    check = _to_the_check(client).removeprefix("/en")
    page = client.get(check)
    assert "Klopt dit zo?" in page.get_data(as_text=True)
    client.post(check, data=fill(page, "version", consents_seen="y"))
    assert session.scalars(select(Case)).one().language == "nl"
    assert "Wij hebben uw melding ontvangen" in session.scalars(select(OutboxMail)).one().subject


def test_the_scripts_of_filing_bring_their_english_along(client):
    place = _begin(client)
    page = client.get(place).get_data(as_text=True)
    found = re.search(r'<meta name="kn-texts" content="([^"]+)">', page)
    texts = json.loads(html.unescape(found.group(1)))
    assert texts["Bewaard om {time}."] == "Saved at {time}."
    scripts = "".join((STATIC_DIR / "js" / name).read_text() for name in ("autosave.js", "upload.js"))
    assert set(texts) == set(re.findall(r'\b_\("([^"]+)"', scripts))
    assert "kn-texts" not in client.get(place.removeprefix("/en")).get_data(as_text=True)


def test_saving_by_itself_tells_the_time_in_english(client):
    place = _begin(client)
    typed = fill(client.get(place), "municipality_id", place="The old school", action="vanzelf")
    answer = client.post(place, data=typed, headers={"Accept": "application/json"})
    assert answer.status_code == 200
    assert "uur" not in answer.json["saved"]


def test_an_organisation_files_in_english(client_as, make, session):
    filer = make.filer(make.organisation())
    client = client_as(filer)
    names = (filer.name, *PLACE.values())
    drafts = client.get("/en/melden/organisatie").get_data(as_text=True)
    assert dutch_in(drafts, *names) == []
    at = "/en/melden/organisatie/nieuw"
    for holding, typed in (("title", PLAN), ("municipality_id", PLACE), ("description", OBSTACLE)):
        page = client.get(at)
        assert dutch_in(page.get_data(as_text=True), *names) == [], at
        at = client.post(at, data=fill(page, holding, **typed), content_type="multipart/form-data").location
    base = at.rsplit("/", 1)[0]
    for slug in ("regel", "inspanning", "wens", "controle"):
        assert dutch_in(client.get(f"{base}/{slug}").get_data(as_text=True), *names) == [], slug
    check = client.get(f"{base}/controle")
    sent = client.post(f"{base}/controle", data=fill(check, "version", mandate="y", consents_seen="y"))
    assert sent.location == f"{base}/ontvangen"
    assert dutch_in(client.get(sent.location).get_data(as_text=True), *names) == []
    assert session.scalars(select(Case)).one().language == "en"
    assert session.scalars(select(OutboxMail)).one().subject.startswith("We have received your report")


def test_every_page_of_a_follow_link_is_english(client, session):
    _send(client, _to_the_check(client), "version", consents_seen="y")
    mail = session.scalars(select(OutboxMail)).one()
    link = re.search(r"http://localhost(/en/volgen/\S+)", mail.body).group(1)
    for page in ("", "/toevoegen", "/intrekken", "/gegevens-wissen", "/link", "/mail", "/adres"):
        answer = client.get(f"{link}{page}")
        assert answer.status_code in (200, 302), page
        if answer.status_code == 200:
            assert dutch_in(answer.get_data(as_text=True), *PLACE.values()) == [], page
    added = _send(client, f"{link}/toevoegen", "body", body="News: we have a plan.")
    assert added.location == link
    shown = client.get(link).get_data(as_text=True)
    assert "Your addition has been sent." in shown
    assert dutch_in(shown, *PLACE.values()) == []


def test_after_logging_in_one_comes_back_to_the_english_page(client):
    answer = client.get("/en/melden/organisatie/nieuw")
    assert answer.status_code == 302
    assert answer.location == "/inloggen?next=/en/melden/organisatie/nieuw"
