"""A text of a rule bottleneck that is public is corrected: at once, in sight, and never to name somebody."""

import json
from datetime import date

import pytest
from sqlalchemy import func, select

from knelpunt.domain.bottlenecks import BottleneckChoice, BottleneckProposalStatus, BottleneckStatus, BottleneckStep
from knelpunt.domain.errors import DomainError, NotFound, PermissionDenied, VersionConflict
from knelpunt.models import Bottleneck, BottleneckNews, BottleneckProposal, Contact, Event, LawChange, OutboxMail
from knelpunt.queries.public.files import last_taken_back
from knelpunt.services.bottlenecks import links, reviews
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.bottlenecks.redaction import NamesSomebody
from knelpunt.services.bottlenecks.reviews import Filled
from knelpunt.services.bottlenecks.track import News
from tests.support.bottlenecks import bring_into_force
from tests.support.forms import fill

CORRECT = BottleneckStep.CORRECT
PROBLEM = "De termijn van acht jaar is te kort."
CHANGE = "De termijn was fout."
SURNAME = "Hoekzema"
WHY = "De naam staat in het gepubliceerde advies."


def text(answer):
    return answer.get_data(as_text=True)


def correct(track, actor=None, found=None, **filled):
    found = found or track.bottleneck
    context = track.desk.context(actor or track.head)
    reviews.take_step(context, found.reference, found.version, CORRECT, Filled(**{"change": CHANGE, **filled}))


def ask(track, found=None, **filled):
    found = found or track.bottleneck
    filled = Filled(**{"change": CHANGE, **filled})
    return reviews.ask(track.desk.context(track.head), found.reference, found.version, CORRECT, filled)


def news_of(session, found):
    rows = select(BottleneckNews).where(BottleneckNews.bottleneck_id == found.id).order_by(BottleneckNews.id)
    return session.scalars(rows).all()


def corrected(session):
    return session.scalars(select(Event.data).where(Event.kind == CORRECT).order_by(Event.number)).all()


def named_case(track):
    case = track.case()
    track.desk.session.get_one(Contact, case.id).name = f"Sietske {SURNAME}"
    links.propose_link(track.desk.context(track.desk.handler), case.reference, case.version, track.bottleneck.reference)
    return case


def in_force(track, make):
    """A rule that two persons brought into force."""
    found, owner = track.bottleneck, track.desk.context(track.owner)
    track.analyse()
    bottlenecks.choose(
        owner, found.reference, found.version, choice=BottleneckChoice.PRACTICE, reason="Het kan.", news=News("Dit.")
    )
    bottlenecks.move(owner, found.reference, found.version, BottleneckStep.PREPARE, News("Wij schrijven haar."))
    provision = make.provision(valid_from=date(2026, 1, 1))
    bring_into_force(
        owner, track.desk.context(track.desk.reviewer), found, provision_id=provision.id,
        in_force_on=date(2026, 11, 2), body="Er is ruimte.",
    )  # fmt: skip
    return found


def test_a_wrong_word_is_corrected_at_once_and_everybody_reads_what_changed(track, session, client):
    mails = session.scalar(select(func.count()).select_from(OutboxMail))
    due = track.bottleneck.news_due_on
    correct(track, problem=PROBLEM)
    session.commit()
    page = text(client.get(f"/regelknelpunten/{track.bottleneck.reference}"))
    assert PROBLEM in page
    assert "tien jaar" not in page
    assert "Deze tekst is gewijzigd" in page
    assert CHANGE in page
    told = client.get(f"/api/v1/regelknelpunten/{track.bottleneck.reference}").get_json()["verbeteringen"]
    in_file = text(client.get("/open-data/regelknelpunten.jsonl")).splitlines()
    [row] = [row for row in map(json.loads, in_file) if row["nummer"] == track.bottleneck.reference]
    assert told == row["verbeteringen"] == [{"op": track.desk.today.isoformat(), "wat": CHANGE}]
    assert corrected(session) == [{"velden": ["problem"]}]
    assert session.scalar(select(func.count()).select_from(OutboxMail)) == mails, "a correction is no news"
    assert track.bottleneck.news_due_on == due
    assert track.bottleneck.status is BottleneckStatus.SIGNALLED


def test_news_is_corrected_with_its_link_and_says_so_in_feed_api_and_open_data(track, session, client):
    news = news_of(session, track.bottleneck)[0]
    track.desk.later(2)
    correct(track, news_id=news.id, body="Vier gemeenten lopen hier tegenaan.", source_url="https://example.nl/stuk")
    session.commit()
    reference = track.bottleneck.reference
    assert "https://example.nl/stuk" in text(client.get(f"/regelknelpunten/{reference}"))
    feed = text(client.get(f"/regelknelpunten/{reference}/nieuws.atom"))
    assert "Vier gemeenten" in feed
    published = feed.partition("<published>")[2].partition("<")[0]
    updated = feed.partition("</published>")[2].partition("<updated>")[2].partition("<")[0]
    assert published < updated
    told = client.get(f"/api/v1/regelknelpunten/{reference}").get_json()["nieuws"][0]
    assert (told["tekst"], told["verbeteringen"][0]["wat"]) == ("Vier gemeenten lopen hier tegenaan.", CHANGE)
    assert "Vier gemeenten" in text(client.get("/open-data/regelknelpunten.jsonl"))
    assert corrected(session) == [{"nieuws": news.id}]


def test_a_title_is_found_by_its_new_words_and_no_longer_by_the_old(track, session, client):
    correct(track, title="De regel voor woonwagens")
    session.commit()
    assert track.bottleneck.reference in text(client.get("/regelknelpunten?q=woonwagens"))
    assert track.bottleneck.reference not in text(client.get("/regelknelpunten?q=tijdelijke"))


@pytest.mark.parametrize(
    ("filled", "field"),
    [({"problem": "De termijn van tien jaar is te kort om de kosten terug te verdienen. "}, None),
     ({}, None), ({"problem": PROBLEM, "change": " "}, "change"), ({"title": "x" * 151}, "title")],
)  # fmt: skip
def test_what_changes_nothing_or_does_not_say_what_is_refused(track, session, filled, field):
    with pytest.raises(DomainError) as refused:
        correct(track, **filled)
    assert refused.value.field == field
    assert (corrected(session), track.bottleneck.corrections) == ([], [])


def test_only_who_moves_it_corrects_it(track, client_as, session):
    track.analyse()
    for stranger in (track.desk.handler, track.desk.reviewer, track.desk.triager):
        with pytest.raises(PermissionDenied):
            correct(track, stranger, problem=PROBLEM)
    session.commit()
    path = f"/regelknelpunten/{track.bottleneck.reference}/correctie"
    assert client_as(track.desk.make.account(track.owner.role)).get(path).status_code == 404
    correct(track, track.owner, problem=PROBLEM)
    assert track.bottleneck.problem == PROBLEM


def test_news_of_another_bottleneck_is_not_corrected_from_here(track, session, client_as):
    other = news_of(session, track.another())[0]
    with pytest.raises(NotFound):
        correct(track, news_id=other.id, body="Van een ander.")
    head, path = client_as(track.head), f"/regelknelpunten/{track.bottleneck.reference}/correctie?bericht="
    for asked in (other.id, "0", "x", "9" * 30, ""):
        assert head.get(f"{path}{asked}").status_code == 404


@pytest.mark.parametrize("field", ["title", "problem", "change"])
def test_a_correction_may_not_name_somebody_either(track, field):
    named_case(track)
    filled = {"problem": PROBLEM, field: f"De naam {SURNAME} is weg."}
    with pytest.raises(NamesSomebody, match=SURNAME) as refused:
        correct(track, **filled)
    assert refused.value.field == field
    assert track.bottleneck.corrections == []


def test_a_name_that_is_public_goes_away_by_one_person(track, session):
    track.bottleneck.problem = f"De schuur van {SURNAME} mag niet blijven."
    named_case(track)
    correct(track, problem="De schuur mag niet blijven.", change="Een naam is weggehaald.")
    assert track.bottleneck.problem == "De schuur mag niet blijven."
    assert SURNAME not in str(session.scalars(select(Event.data)).all())
    number = session.scalar(select(func.max(Event.number)).where(Event.kind == CORRECT))
    assert last_taken_back(session) == number, "no file of open data that was made before is given out any more"


def test_a_name_that_has_to_stay_goes_to_a_second_person_with_both_texts_kept(track, client_as, session):
    named_case(track)
    session.commit()
    head, reviewer = client_as(track.head), client_as(track.desk.reviewer)
    path = f"/regelknelpunten/{track.bottleneck.reference}/correctie"
    typed = {"problem": f"De zaak {SURNAME} laat het zien."}
    refused = head.post(path, data=fill(head.get(path), "problem", change=CHANGE, **typed))
    assert refused.status_code == 422
    assert "Leg voor aan een tweede persoon" in text(refused)
    asked = head.post(path, data=fill(refused, "problem", besluit="voorleggen"))
    assert asked.status_code == 303
    assert head.post(asked.location, data={"besluit": "akkoord"}).status_code == 403, "who asked is no second person"
    waiting = reviewer.get(asked.location)
    assert '<mark class="kn-find">' in text(waiting)
    assert CHANGE in text(waiting)
    assert "Zo staat het nu" in text(waiting)
    assert track.bottleneck.problem in text(waiting)
    assert reviewer.post(asked.location, data=fill(waiting, "note", besluit="akkoord")).status_code == 422
    agreed = reviewer.post(asked.location, data=fill(waiting, "note", besluit="akkoord", pass_reason=WHY))
    assert agreed.status_code == 303
    page = text(head.get(agreed.location))
    assert typed["problem"] in page
    assert "krijgt bericht" not in page, "a correction mails nobody who follows"
    mail = session.scalars(select(OutboxMail).order_by(OutboxMail.id.desc()).limit(1)).one()
    assert "volgt" not in mail.body


def test_what_two_persons_told_two_persons_correct_and_the_change_of_the_law_says_the_same(track, session, make):
    found = in_force(track, make)
    news = news_of(session, found)[-1]
    with pytest.raises(PermissionDenied):
        correct(track, news_id=news.id, body="Er is meer ruimte.")
    asked = ask(track, news_id=news.id, body="Er is meer ruimte.")
    with pytest.raises(PermissionDenied):
        reviews.approve(track.desk.context(track.head), asked.id)
    session.refresh(asked)
    reviews.approve(track.desk.context(track.desk.reviewer), asked.id)
    session.refresh(news)
    assert (news.body, news.corrections[0]["what"]) == ("Er is meer ruimte.", CHANGE)
    assert session.scalars(select(LawChange.summary).where(LawChange.bottleneck_id == found.id)).all() == [
        "Er is meer ruimte."
    ]


def test_the_page_of_such_news_asks_a_second_person_at_once(track, session, make, client_as):
    found = in_force(track, make)
    session.commit()
    owner, news = client_as(track.owner), news_of(session, found)[-1]
    path = f"/regelknelpunten/{found.reference}/correctie?bericht={news.id}"
    page = owner.get(path)
    assert "Leg voor aan een tweede persoon" in text(page)
    asked = owner.post(path, data=fill(page, "body", body="Er is meer ruimte.", change=CHANGE))
    assert "/voorstellen/" in asked.location
    session.refresh(news)
    assert news.body == "Er is ruimte."


def test_a_text_that_changed_since_is_not_overwritten_by_what_waited(track, session, client_as):
    asked = ask(track, problem=PROBLEM)
    correct(track, problem="Iets anders.")
    session.commit()
    reviewer, path = client_as(track.desk.reviewer), f"/regelknelpunten/voorstellen/{asked.id}"
    refused = reviewer.post(path, data=fill(reviewer.get(path), "note", besluit="akkoord"))
    assert refused.status_code == 422
    assert "gewijzigd nadat" in text(refused)
    session.refresh(asked)
    session.refresh(track.bottleneck)
    assert track.bottleneck.problem == "Iets anders."
    assert asked.status is BottleneckProposalStatus.OPEN
    reviews.give_back(track.desk.context(track.desk.reviewer), asked.id, "Er staat nu iets anders.")


def test_a_correction_that_waits_keeps_no_words_that_go(track, session):
    track.bottleneck.problem = f"De schuur van {SURNAME}."
    session.flush()
    asked = ask(track, problem="De schuur.")
    assert SURNAME not in str(session.get_one(BottleneckProposal, asked.id).payload)


def test_news_that_comes_while_a_correction_waits_is_no_reason_to_stop_it(track):
    track.analyse()
    asked = ask(track, problem=PROBLEM)
    bottlenecks.move(
        track.desk.context(track.owner), track.bottleneck.reference, track.bottleneck.version, BottleneckStep.REPORT,
        News("Wij kijken."),
    )  # fmt: skip
    reviews.approve(track.desk.context(track.desk.reviewer), asked.id)
    assert track.bottleneck.problem == PROBLEM


def test_who_asked_and_left_corrects_nothing_any_more(track, session):
    asked = ask(track, problem=PROBLEM)
    track.head.is_active = False
    session.flush()
    with pytest.raises(DomainError, match="mag hem niet meer zetten"):
        reviews.approve(track.desk.context(track.desk.reviewer), asked.id)
    session.refresh(track.bottleneck)
    assert track.bottleneck.problem != PROBLEM


def test_two_at_once_one_wins_and_the_other_keeps_both_texts(track, session, client_as):
    track.analyse()
    session.commit()
    owner, head = client_as(track.owner), client_as(track.head)
    path = f"/regelknelpunten/{track.bottleneck.reference}/correctie"
    first, second = owner.get(path), head.get(path)
    assert owner.post(path, data=fill(first, "problem", problem=PROBLEM, change=CHANGE)).status_code == 303
    lost = head.post(path, data=fill(second, "problem", problem="Mijn eigen woorden.", change="Beter."))
    assert lost.status_code == 409
    assert PROBLEM in text(lost)
    assert "Mijn eigen woorden." in text(lost)
    assert len(corrected(session)) == 1
    again = head.post(path, data=fill(lost, "problem"))
    assert again.status_code == 303


def test_the_same_form_twice_is_one_correction(track, session, client_as):
    head, path = client_as(track.head), f"/regelknelpunten/{track.bottleneck.reference}/correctie"
    form = fill(head.get(path), "problem", problem=PROBLEM, change=CHANGE)
    assert [head.post(path, data=form).status_code for _ in range(2)] == [303, 303]
    session.refresh(track.bottleneck)
    assert (len(corrected(session)), len(track.bottleneck.corrections)) == (1, 1)


def test_an_old_version_is_refused(track):
    found = track.bottleneck
    stale = found.version
    correct(track, problem=PROBLEM)
    with pytest.raises(VersionConflict):
        reviews.take_step(
            track.desk.context(track.head), found.reference, stale, CORRECT, Filled(title="Anders", change=CHANGE)
        )


def test_a_bottleneck_that_went_up_into_another_is_still_corrected(track, session, client):
    other = track.another()
    bottlenecks.merge(
        track.desk.context(track.head), other.reference, other.version, into=track.bottleneck.reference,
        news=News("Op."),
    )  # fmt: skip
    correct(track, found=session.get_one(Bottleneck, other.id), problem="Zo klopt het.")
    session.commit()
    assert "Zo klopt het." in text(client.get(f"/regelknelpunten/{other.reference}"))


def test_an_emptied_field_is_refused_at_that_field(track, client_as, session):
    head, path = client_as(track.head), f"/regelknelpunten/{track.bottleneck.reference}/correctie"
    refused = head.post(path, data=fill(head.get(path), "problem", problem="", change=CHANGE))
    assert refused.status_code == 422
    assert "Deze tekst mag niet leeg zijn." in text(refused)
    assert corrected(session) == []
