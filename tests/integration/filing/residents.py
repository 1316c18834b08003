"""What a resident fills in, question by question."""

from sqlalchemy import func, select

from knelpunt.models import Case, Draft
from tests.support.forms import fill

PLAN = {"title": "Van de oude school een buurthuis maken", "goal": "Samen eten en klussen."}
PLACE = {"municipality_id": "Zwolle", "place": "De oude school aan de Kerkweg"}
OBSTACLE = {"description": "De gemeente zegt dat het gebouw alleen voor onderwijs is."}
CONTACT = {"contact_email": "buurt@proef.example"}
PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def begin(client, **typed):
    """Send the first question; the key of the draft that it makes."""
    page = client.get("/melden/bewoner")
    answer = client.post("/melden/bewoner", data=fill(page, "title", **{**PLAN, **typed}))
    assert answer.status_code == 302
    return answer.location.split("/")[2]


def send(client, key, slug, holding, **typed):
    path = f"/melden/{key}/{slug}"
    return client.post(path, data=fill(client.get(path), holding, **typed), content_type="multipart/form-data")


def answer_all(client):
    key = begin(client)
    send(client, key, "plaats", "municipality_id", **PLACE)
    send(client, key, "belemmering", "description", **OBSTACLE)
    assert send(client, key, "contact", "contact_email", **CONTACT).location == f"/melden/{key}/controle"
    return key


def file(client, key, **typed):
    return send(client, key, "controle", "version", **{"consents_seen": "y", **typed})


def drafts(session):
    return session.scalar(select(func.count()).select_from(Draft))


def cases(session):
    return session.scalar(select(func.count()).select_from(Case))
