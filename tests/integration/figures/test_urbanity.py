"""Cases by how urban their municipality is: by the list of the day of filing, in every form, and in no older seal."""

import json
from datetime import date
from itertools import count

from sqlalchemy import update

from knelpunt.domain.calendar.timezone import Quarter
from knelpunt.domain.figures.definitions import DIMENSIONS, Dimension, Figure, address_of
from knelpunt.domain.figures.edition import Mark, edition_of
from knelpunt.domain.figures.sealing import Check, canonical, digest
from knelpunt.domain.figures.urbanity import Urbanity
from knelpunt.models import MunicipalityUrbanity, QuarterEdition, QuarterSeal
from knelpunt.queries.figures.counts import Span
from knelpunt.queries.figures.ledger import content_of, is_built, read_report, report_of
from knelpunt.queries.figures.lists import Counted, figure_cases
from knelpunt.queries.figures.quarter import all_differences, quarter_report
from knelpunt.services.figures import ledger, publishing, sealing
from knelpunt.services.laws import reference
from knelpunt.web.reporting.public.making import written
from tests.support.page import parse_page
from tests.support.statements import counted

QUARTER, NEXT = Quarter(2026, 1), Quarter(2026, 2)
WHY = dict.fromkeys(Check, "Dit is bekend en verandert niets aan de cijfers.")
NAME = Dimension.URBANITY.value
PEOPLE = count(1)
"""Who files much in an hour has to wait."""


def listed(desk, place, urbanity, since=date(1900, 1, 1)):
    desk.make.add(MunicipalityUrbanity(municipality_id=place.id, since=since, urbanity=urbanity))


def town_and_country(desk):
    """A municipality of the first class and one of the last."""
    places = desk.make.municipality(), desk.make.municipality()
    for place, urbanity in zip(places, (Urbanity.VERY_STRONG, Urbanity.NOT), strict=True):
        listed(desk, place, urbanity)
    return places


def file_in(desk, place):
    return desk.file(municipality_id=str(place.id), contact_email=f"bewoner-{next(PEOPLE)}@proef.example")


def split(figures, figure=Figure.RECEIVED):
    return figures.counts[figure].by[Dimension.URBANITY]


def seal(session, desk, author, quarter=QUARTER):
    """Seal a quarter with two persons, and keep its edition."""
    ledger.settle(session)
    sealing.ask(desk.context(author), quarter, WHY)
    context = desk.context(desk.make.head_of_desk(organisation=desk.ministry))
    sealing.agree(context, quarter)
    session.flush()
    publishing.keep(context, quarter, written(session, quarter))
    session.flush()


def sealed_by_the_second_rules(session, desk, author):
    """The quarter as a seal of the rules that knew no urbanity holds it, with its edition."""
    ledger.settle(session)
    content = content_of(session, QUARTER)
    assert [row for row in content["totalen"] if row[1] == NAME]
    old = [row for row in content["totalen"] if row[1] != NAME]
    text = canonical({**content, "regels": 2, "totalen": old, "uitleg": {}})
    desk.make.add(
        QuarterSeal(
            quarter=QUARTER.first_day, content=text, sha256=digest(text), event_number=0, event_hash="0" * 64,
            asked_by_id=author.id, sealed_by_id=author.id, sealed_at=desk.now,
        )
    )  # fmt: skip
    return text


def test_a_list_that_changed_ends_a_ledger_that_was_made_with_another(session, desk):
    """Else the class of before stands in it for ever, beside the one of now."""
    file_in(desk, desk.make.municipality())
    ledger.settle(session)
    reference.load_reference(session)
    assert is_built(session), "nothing changed"
    session.execute(
        update(MunicipalityUrbanity)
        .where(MunicipalityUrbanity.urbanity == Urbanity.NOT)
        .values(urbanity=Urbanity.LITTLE)
    )
    reference.load_reference(session)
    assert not is_built(session)


def test_a_case_keeps_the_class_of_the_list_of_its_day(session, desk):
    place, elsewhere = desk.make.municipality(), desk.make.municipality()
    listed(desk, place, Urbanity.LITTLE)
    listed(desk, place, Urbanity.MODERATE, since=date(2026, 3, 1))
    file_in(desk, place)
    file_in(desk, elsewhere)
    desk.later(40)
    file_in(desk, place)
    ledger.settle(session)

    told = read_report(session, Span.of(QUARTER, desk.today)).now

    assert split(told) == split(told, Figure.OPEN) == {Urbanity.LITTLE: 1, Urbanity.MODERATE: 1, None: 1}
    assert list(all_differences(session, desk.today)) == []
    for side in (Urbanity.LITTLE, None):
        part = Counted(Figure.RECEIVED, Dimension.URBANITY, side)
        assert len(figure_cases(session, told.span, part, in_ledger=True)) == 1
    kept = content_of(session, QUARTER)
    listed(desk, place, Urbanity.STRONG, since=date(2027, 1, 1))
    assert list(ledger.rebuild(session, desk.now))
    assert content_of(session, QUARTER) == kept, "a list that is still to begin moves nothing"


def test_a_seal_keeps_what_was_told_when_a_list_is_put_right(session, desk, author):
    place = desk.make.municipality()
    listed(desk, place, Urbanity.LITTLE)
    case = file_in(desk, place)
    desk.later(100)
    seal(session, desk, author)
    before = session.get_one(QuarterSeal, QUARTER.first_day).content
    edition = session.get_one(QuarterEdition, QUARTER.first_day).content

    row = session.query(MunicipalityUrbanity).filter_by(municipality_id=case.municipality_id).one()
    row.urbanity = Urbanity.NOT
    assert list(ledger.rebuild(session, desk.now))

    assert split(read_report(session, Span.of(QUARTER, desk.today)).now) == {Urbanity.NOT: 1}
    assert split(report_of(json.loads(before)).now) == {Urbanity.LITTLE: 1}
    assert split(quarter_report(session, Span.of(NEXT, desk.today)).before) == {Urbanity.LITTLE: 1}
    assert session.get_one(QuarterSeal, QUARTER.first_day).content == before
    assert session.get_one(QuarterEdition, QUARTER.first_day).content == edition == written(session, QUARTER)


def test_a_seal_of_the_second_rules_stays_without_the_split(session, desk, author, client_as):
    place = desk.make.municipality()
    listed(desk, place, Urbanity.VERY_STRONG)
    for _ in range(12):
        file_in(desk, place)
    desk.later(100)
    text = sealed_by_the_second_rules(session, desk, author)

    edition = edition_of(json.loads(written(session, QUARTER)))
    own = parse_page(client_as(author).get(f"/kwartalen/{QUARTER}/per/{NAME}"))
    live = quarter_report(session, Span.of(NEXT, desk.today))

    assert edition.table(NAME) is None
    assert edition.table("thema") is not None
    assert split(report_of(json.loads(text)).now) == {}
    assert "Zeer sterk stedelijk" not in own.text
    assert split(live.before) == {Urbanity.VERY_STRONG: 12}, "beside a quarter that runs it stands as it is now"


def test_the_first_seal_with_the_split_follows_one_without(session, desk, author, client):
    """What was open when the quarter began was told by no class: the split of the next quarter tells only itself."""
    urban, rural = town_and_country(desk)
    for place in (urban,) * 12 + (rural,) * 9:
        file_in(desk, place)
    desk.later(100)
    sealed_by_the_second_rules(session, desk, author)
    publishing.keep(desk.context(author), QUARTER, written(session, QUARTER))
    session.flush()
    for place in (urban,) * 8 + (rural,) * 2:
        file_in(desk, place)
    desk.later(90)
    seal(session, desk, author, NEXT)

    table = edition_of(json.loads(session.get_one(QuarterEdition, NEXT.first_day).content)).table(NAME)

    assert table is not None
    assert [column.key for column in table.columns] == ["ontvangen", "afgehandeld", "open"], "and no quarter before"
    assert [row.words for row in table.rows] == ["Zeer sterk stedelijk", "Niet stedelijk"]
    assert table.cell("5", "ontvangen") is Mark.FEW
    assert isinstance(table.cell("1", "ontvangen"), Mark), "the total less eight is two"
    page = client.get(f"/kwartalen/{NEXT}").text
    assert f'href="{address_of(DIMENSIONS[Dimension.URBANITY])}"' in page
    assert client.get(f"/kwartalen/{QUARTER}").text.count('id="stedelijkheid"') == 0


def test_every_form_of_a_quarter_tells_how_urban(session, desk, author, client, client_as):
    urban, rural = town_and_country(desk)
    for place in (urban,) * 7 + (rural,) * 5:
        file_in(desk, place)
    desk.later(100)
    seal(session, desk, author)

    told = edition_of(json.loads(client.get(f"/kwartalen/{QUARTER}/bericht.json").text)).table(NAME)
    page = client.get(f"/kwartalen/{QUARTER}").text
    own = client_as(author).get(f"/kwartalen/{QUARTER}.csv").text
    explained = client.get(address_of(DIMENSIONS[Dimension.URBANITY])).text

    assert [(row.key, row.cells[0]) for row in told.rows] == [("1", 7), ("5", 5)]
    assert 'id="stedelijkheid"' in page
    assert "Krimpregio" in page
    assert "Gebieden in Nederland 2024" in explained
    for form in (own, client.get(f"/kwartalen/{QUARTER}/bericht.csv").text):
        assert "Zeer sterk stedelijk" in form
    behind = client_as(author).get(f"/kwartalen/{QUARTER}/zaken?cijfer=ontvangen&per={NAME}&waarde=5")
    assert len(parse_page(behind).rows()[1:]) == 5
    assert client_as(author).get(f"/kwartalen/{QUARTER}/zaken?cijfer=ontvangen&per={NAME}&waarde=6").status_code == 404


def test_the_split_costs_no_statement_more(session, connection, desk):
    def cost():
        with counted(connection) as statements:
            read_report(session, Span.of(QUARTER, desk.today))
        return len(statements)

    ledger.settle(session)
    none = cost()
    for urbanity in Urbanity:
        place = desk.make.municipality()
        listed(desk, place, urbanity)
        file_in(desk, place)
    ledger.settle(session)
    session.flush()
    assert cost() == none
