"""What people typed stays as they typed it: each Dutch phrase of the catalogue, in each field, in both languages."""

import html
import re
import secrets
from dataclasses import replace
from itertools import chain

import pytest
from babel.messages.pofile import read_po
from sqlalchemy import select

from knelpunt.adapters.translations import path_of
from knelpunt.domain.filing.rules import TEXT_LENGTH
from knelpunt.domain.languages import OTHERS
from knelpunt.models import Case, Draft, Message, OutboxMail
from tests.support.forms import fill

PREFIXES = ("", "/en")
SHORT = 40
"""Letters of what could be the whole answer in a box of one line, such as a label."""
FIELDS = ("title", "goal", "place", "description", "rule_words", "contact_name")
IN_THE_CASE = FIELDS[:-1]
ROUND_A_TEXT = ((">", "<"), ("> ", "<"), (">", " <"), ("> ", " <"), ('value="', '"'))


def phrases() -> list[str]:
    """Every Dutch text of the catalogue as somebody could type it on one line, in all its forms."""
    with path_of(OTHERS[0]).open("rb") as file:
        ids = [message.id for message in read_po(file) if message.id]
    forms = chain.from_iterable([each] if isinstance(each, str) else each for each in ids)
    return list(dict.fromkeys(" ".join(form.split()) for form in forms))


PHRASES = phrases()
LABELS = [phrase for phrase in PHRASES if len(phrase) <= SHORT]


def missing_in(page: str, typed) -> list[str]:
    """What was typed and is not, as it was, the whole text of an element or the value of a field of a page."""
    page = html.unescape(re.sub(r"\s+", " ", re.sub(r"<(?!/?[a-z!])", "&lt;", page)))
    shown = [" ".join(text.split()) for text in typed]
    return [text for text in shown if not any(f"{before}{text}{after}" in page for before, after in ROUND_A_TEXT)]


def long_texts() -> list[str]:
    """All phrases, one a line, in as few texts as a field can hold."""
    texts, length = [[]], 0
    for phrase in PHRASES:
        if length + len(phrase) + 2 > TEXT_LENGTH:  # a line end is sent as two characters
            texts.append([])
            length = 0
        texts[-1].append(phrase)
        length += len(phrase) + 2
    return ["\n".join(lines) for lines in texts]


def in_groups(texts, size):
    return [texts[at : at + size] for at in range(0, len(texts), size)]


def send(client, path, holding, **typed):
    answer = client.post(path, data=fill(client.get(path), holding, **typed), content_type="multipart/form-data")
    assert answer.status_code in (302, 303), path
    return answer.location


def to_the_check(client, prefix, title, goal, place, description, rule_words):
    """Answer every question of a filing with these texts; the address of its check."""
    asked = send(client, f"{prefix}/melden/bewoner", "title", title=title, goal=goal)
    asked = send(client, asked, "municipality_id", municipality_id="Zwolle", place=place)
    asked = send(client, asked, "description", description=description, rule_words=rule_words)
    return send(
        client, asked, "contact_email", contact_email=f"buurt-{secrets.token_hex(8)}@proef.example", contact_name=title
    )


def filed(client, session, prefix, *typed):
    """File these texts; the case, and the address at which it is followed."""
    check = to_the_check(client, prefix, *typed)
    assert missing_in(client.get(check).get_data(as_text=True), typed) == []
    plan = client.get(check.replace("/controle", "/plan"))
    assert missing_in(plan.get_data(as_text=True), typed[:2]) == []
    receipt = send(client, check, "version", consents_seen="y")
    assert missing_in(client.get(receipt).get_data(as_text=True), typed[:1]) == []
    case = session.scalars(select(Case).order_by(Case.id.desc())).first()
    assert tuple(getattr(case, field) for field in IN_THE_CASE) == typed
    mail = session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc())).first()
    assert not re.search(r"(?:Titel|Title):", mail.body)  # nobody confirmed yet that this address is the filer's
    return case, re.search(rf"http://localhost({prefix}/volgen/\S+)", mail.body).group(1)


@pytest.fixture(autouse=True)
def many_filings(app, monkeypatch):
    """All that is typed here comes from one internet address."""
    monkeypatch.setitem(app.config, "KNELPUNT", replace(app.config["KNELPUNT"], filings_per_address=1_000_000))


def test_there_is_much_to_type():
    assert len(PHRASES) > 2000
    assert {"Veiligheid", "Wonen", "%(num)s dagen"} <= set(LABELS)


@pytest.mark.parametrize("prefix", PREFIXES, ids=["nl", "en"])
def test_each_phrase_from_the_first_question_to_the_desk(client, client_as, desk, session, prefix):
    officer = client_as(desk.triager)
    fields = len(IN_THE_CASE) - 1
    long = long_texts()
    for number, texts in enumerate(in_groups([*long, *["Veiligheid"] * (-len(long) % fields)], fields)):
        typed = (("Veiligheid", "Wonen", "Dat wist u niet", "Ja", "Contact", "Het plan")[number], *texts)
        case, follow = filed(client, session, prefix, *typed)
        assert send(client, f"{follow}/toevoegen", "body", body=texts[0]) == follow
        assert session.scalars(select(Message.body).order_by(Message.id.desc())).first() == texts[0]
        for page in (client.get(follow), officer.get(f"/zaken/{case.reference}")):
            assert missing_in(page.get_data(as_text=True), typed) == []


def test_each_label_as_the_whole_answer_on_the_pages_in_english(client, session):
    check = to_the_check(client, "/en", "Een plan", *["Een tekst"] * 4)
    draft = session.scalars(select(Draft)).one()
    for typed in in_groups(LABELS, len(FIELDS)):
        draft.data = {**draft.data, **dict(zip(FIELDS, typed, strict=False))}
        session.commit()
        assert missing_in(client.get(check).get_data(as_text=True), typed) == []


def test_each_label_as_the_whole_text_of_a_case_in_english(client, session):
    case, follow = filed(client, session, "/en", "Een plan", *["Een tekst"] * 4)
    for typed in in_groups(LABELS, len(IN_THE_CASE)):
        for field, text in zip(IN_THE_CASE, typed, strict=False):
            setattr(case, field, text)
        session.commit()
        assert missing_in(client.get(follow).get_data(as_text=True), typed) == []
