"""Every figure is explained to everybody, with who agreed to it; a ministry may say something beside its number."""

import pytest

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied
from knelpunt.domain.figures.definitions import REGISTER, Dimension, Figure, address_of
from knelpunt.domain.vocabulary import Role
from knelpunt.queries.figures import sealing as queries
from knelpunt.services.core.context import Context
from knelpunt.services.figures import agreements
from tests.support.desk import Desk
from tests.support.forms import fill
from tests.support.page import parse_page


@pytest.fixture
def desk(session, make):
    return Desk(session, make).later(60)


@pytest.fixture
def admin(desk, make) -> Context:
    return desk.context(make.account(Role.ADMINISTRATOR, organisation=desk.ministry))


def note(context, **words):
    asked = {"figure": "ontvangen", "partner": "VNG", "agreed_on": context.today, "source_url": "", **words}
    return agreements.note(context, **asked)


def test_every_figure_and_split_has_a_definition_with_an_address():
    assert {figure.value for figure in Figure} <= set(REGISTER)
    assert {f"per-{dimension.value}" for dimension in Dimension} <= set(REGISTER)
    assert len({id(each) for each in REGISTER.values()}) == len(REGISTER)
    for name, each in REGISTER.items():
        assert each.statement, name
        assert each.version >= 1
        assert address_of(each) == f"/kwartalen/definities/{name}"


def test_everybody_reads_what_a_figure_means(client):
    page = parse_page(client.get("/kwartalen/definities"))
    assert len(page.rows()) == len(REGISTER) + 1
    one = parse_page(client.get("/kwartalen/definities/vragen-aan-ministeries")).text
    assert "vanaf 10 vragen" in one
    assert "Versie 1, sinds" in one
    assert client.get("/kwartalen/definities/verzonnen").status_code == 404


def test_a_partner_that_agrees_stands_on_the_page_of_the_figure(session, admin, client):
    row = note(admin, source_url="https://vng.example/besluit")
    session.commit()
    assert "VNG" in client.get("/kwartalen/definities/ontvangen").text
    assert "VNG" not in client.get("/kwartalen/definities/open").text
    agreements.end(admin, row.id)
    session.commit()
    assert "VNG" not in client.get("/kwartalen/definities/ontvangen").text
    with pytest.raises(NotFound):
        agreements.end(admin, row.id)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("figure", "verzonnen"),
        ("partner", "  "),
        ("source_url", "javascript:alert(1)"),
    ],
)
def test_what_is_wrong_in_an_agreement_is_said_at_its_field(admin, field, value):
    with pytest.raises(DomainError) as refused:
        note(admin, **{field: value})
    assert refused.value.field == field


def test_an_agreement_is_of_a_day_on_which_the_definition_held(admin):
    for day in (REGISTER["ontvangen"].since.replace(year=2020), admin.today.replace(year=admin.today.year + 1)):
        with pytest.raises(DomainError) as refused:
            note(admin, agreed_on=day)
        assert refused.value.field == "agreed_on"


def test_the_same_partner_agrees_once(admin):
    note(admin)
    with pytest.raises(DomainError):
        note(admin, partner=" VNG ")


def test_only_an_administrator_keeps_agreements(desk, make):
    with pytest.raises(PermissionDenied):
        note(desk.context(make.account(Role.REPORT_AUTHOR, organisation=desk.ministry)))


def test_the_form_notes_an_agreement_and_takes_it_back(session, make, client_as):
    client = client_as(make.account(Role.ADMINISTRATOR))
    path = "/beheer/definities/toevoegen"
    refused = client.post(path, data=fill(client.get(path), "partner", partner="IPO", figure=""))
    assert refused.status_code == 422
    assert 'value="IPO"' in refused.text
    sent = client.post(path, data=fill(client.get(path), "partner", partner="IPO", figure="open"))
    assert sent.status_code == 303
    assert "IPO" in client.get("/beheer/definities").text
    (row,) = queries.agreements(session)
    end = f"/beheer/definities/{row.id}/beeindigen"
    assert client.post(end, data=fill(client.get(end), "submission_key")).status_code == 303
    assert "IPO" not in client.get("/beheer/definities").text


def test_the_last_reply_of_a_ministry_stands_beside_its_number(session, desk, make):
    quarter = Quarter(2026, 3)
    author = desk.context(make.account(Role.REPORT_AUTHOR, organisation=desk.ministry))
    for words in ("Wij kregen de vraag laat.", "Wij kregen de vraag te laat."):
        agreements.reply(author, quarter, ministry_id=desk.ministry.id, words=words, given_on=desk.today)
    assert queries.ministry_replies(session, quarter)[desk.ministry.id].words == "Wij kregen de vraag te laat."
    assert len(queries.replies_of(session, desk.ministry.id)) == 1
    with pytest.raises(DomainError) as refused:
        agreements.reply(author, quarter, ministry_id=0, words="Zo.", given_on=desk.today)
    assert refused.value.field == "ministry_id"
    with pytest.raises(PermissionDenied):
        agreements.reply(
            desk.context(desk.handler), quarter, ministry_id=desk.ministry.id, words="Zo.", given_on=desk.today
        )


def test_words_for_the_public_point_at_no_person(session, admin, desk, make):
    author = desk.context(make.account(Role.REPORT_AUTHOR, organisation=desk.ministry))
    make.handler(name="Xaverina Plantnaam")
    for words in ("Xaverina Plantnaam", "Bel 06 12345678"):
        with pytest.raises(DomainError) as refused:
            note(admin, partner=words)
        assert refused.value.field == "partner"
        with pytest.raises(DomainError) as refused:
            agreements.reply(
                author, Quarter(2026, 3), ministry_id=desk.ministry.id, words=f"{words}.", given_on=desk.today
            )
        assert refused.value.field == "words"
    assert queries.replies_of(session, desk.ministry.id) == []


def test_a_ministry_takes_its_reply_back(session, desk, make, client_as):
    quarter = Quarter(2026, 3)
    author = make.account(Role.REPORT_AUTHOR, organisation=desk.ministry)
    client, path = client_as(author), f"/kwartalen/{quarter}/reactie"
    session.commit()
    assert "Stuurt u een lege reactie" in parse_page(client.get(path)).text
    for words, status, left in (("", 422, []), ("Wij waren laat.", 303, ["Wij waren laat."]), ("", 303, [])):
        form = fill(client.get(path), "words", ministry_id=str(desk.ministry.id), words=words)
        assert client.post(path, data=form).status_code == status
        assert [each.words for each in queries.ministry_replies(session, quarter).values()] == left
        assert [each.words for each in queries.replies_of(session, desk.ministry.id)] == left
