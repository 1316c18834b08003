"""Topics by mail: asked for, confirmed once, told once a day at most, stopped with one click; and as a feed."""

import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from sqlalchemy import select, update

from knelpunt.adapters.mail import DeliveryFailed
from knelpunt.domain.laws.changes import FoundChange, LawChangeKind
from knelpunt.domain.links import Links
from knelpunt.domain.permissions import SYSTEM
from knelpunt.domain.vocabulary import Result, Theme, Verdict
from knelpunt.models import Law, LawChange, Municipality, OutboxMail, Provision, Subscription
from knelpunt.queries.laws.rows import article_in_words
from knelpunt.queries.public import news as news_queries
from knelpunt.services.accounts import Ticket
from knelpunt.services.alerts import topics
from knelpunt.services.core.context import Context
from knelpunt.services.core.small_tables import touch
from knelpunt.services.guides.following import TOPICS
from knelpunt.services.jobs import scheduled, upkeep
from knelpunt.services.laws.changes import note_found
from knelpunt.services.mail import delivery, failures
from tests.support.forms import fill
from tests.support.guides import public_guide
from tests.support.statements import counted

ADDRESS = "volger@straat.example"
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def worker(app, session, make):
    """The worker's context, so many days from now."""
    return lambda days=0: Context(session, SYSTEM, make.now + timedelta(days=days), app.config["LINKS"])


def ask(client, query="", address=ADDRESS, prefix=""):
    form = fill(client.get(f"{prefix}/op-de-hoogte{query}"), "email", email=address)
    return client.post(f"{prefix}/op-de-hoogte", data=form)


def answered(make, **columns):
    return make.published(verdict=Verdict.NATIONAL_RULE, result=next(iter(Result)), **columns)


def mails(session, kind):
    return session.scalars(select(OutboxMail).where(OutboxMail.kind == kind).order_by(OutboxMail.id)).all()


def confirm_link(session):
    body = mails(session, "onderwerp_bevestigen")[-1].body
    return re.search(r"http://localhost((?:/en)?/op-de-hoogte/bevestigen/\w+)", body)[1]


def follow(client, session, query="", prefix=""):
    """Ask and confirm; the secret address."""
    assert ask(client, query, prefix=prefix).status_code == 303
    link = confirm_link(session)
    answer = client.post(link, data=fill(client.get(link), "submission_key"))
    assert answer.status_code == 303
    return answer.location


def look(worker, session, days=1):
    """Look for news as the worker does on a later day."""
    context = worker(days)
    for id_ in session.scalars(topics.due(context)).all():
        topics.tell(context, id_)
    session.flush()
    return context


def follower(session):
    session.expire_all()
    return session.scalars(select(Subscription)).one()


def test_a_link_confirms_once_and_nothing_follows_before_its_button(client, session, make):
    answer = ask(client, "?thema=wonen")
    assert (answer.status_code, answer.location) == (303, "/op-de-hoogte/verstuurd")
    link = confirm_link(session)
    page = client.get(link)
    assert "Wonen" in page.get_data(as_text=True)
    assert (follower(session).confirmed_at, follower(session).topics) == (None, [])
    answer = client.post(link, data=fill(page, "submission_key"))
    assert follower(session).topics == ["thema=wonen"]
    assert follower(session).ends_on > make.today + timedelta(days=700)
    assert client.get(link).status_code == 404
    assert "Wonen" in client.get(answer.location).get_data(as_text=True)


def test_the_link_ends_after_a_week_and_who_never_confirmed_is_swept(client, session, make, worker):
    ask(client)
    link = confirm_link(session)
    week_ago = make.now - timedelta(days=9)
    (question,) = follower(session).questions
    late = [{**question, "on": week_ago.date().isoformat()}]
    session.execute(update(Subscription).values(questions=late, ends_on=make.today - timedelta(days=1)))
    session.commit()
    assert client.get(link).status_code == 404
    for id_ in session.scalars(TOPICS.ended(worker())).all():
        TOPICS.end(worker(), id_)
    assert session.scalars(select(Subscription)).all() == []


def test_the_page_says_the_same_whether_the_address_follows_and_the_mail_holds_nothing_typed(client, session):
    first = ask(client, "?q=koopnu")
    follow(client, session, "?q=koopnu")
    second = ask(client, "?q=koopnu", "Volger@Straat.example")
    assert (first.status_code, first.location) == (second.status_code, second.location)
    assert len(session.scalars(select(Subscription)).all()) == 1
    assert not any("koopnu" in mail.subject + mail.body for mail in mails(session, "onderwerp_bevestigen"))


def test_who_asks_too_often_is_refused_and_what_is_wrong_is_said_beside_its_field(client, session):
    assert ask(client, "", "geen adres").status_code == 422
    assert ask(client, "?q=de").status_code == 422
    codes = {ask(client, "", "veel@straat.example").status_code for _ in range(12)}
    assert codes == {303, 429}


def test_each_new_thing_is_told_once_in_one_mail_a_day(client, session, make, worker):
    old = answered(make, title="Een oud antwoord")
    session.commit()
    follow(client, session)
    new = answered(make, title="Een nieuw antwoord")
    guide = public_guide(make)
    session.commit()
    context = look(worker, session)
    (mail,) = mails(session, "onderwerp_nieuws")
    assert "Een nieuw antwoord" in mail.body
    assert f"http://localhost/knelpunten/{new.reference}" in mail.body
    assert f"http://localhost/ruimtewijzers/{guide.slug}" in mail.body
    assert old.reference not in mail.body
    topics.tell(context, follower(session).id)  # again on the same day
    look(worker, session, 2)
    assert len(mails(session, "onderwerp_nieuws")) == 1


def test_a_worker_that_is_killed_before_its_commit_tells_it_once_all_the_same(client, session, make, worker):
    follow(client, session)
    answered(make, title="Een nieuw antwoord")
    session.commit()
    with session.begin_nested() as killed:
        look(worker, session)
        assert len(mails(session, "onderwerp_nieuws")) == 1
        killed.rollback()
    session.expire_all()
    assert mails(session, "onderwerp_nieuws") == []
    look(worker, session)
    look(worker, session)
    assert len(mails(session, "onderwerp_nieuws")) == 1


def test_what_came_in_during_the_last_look_is_told_the_next_day(client, session, make, worker):
    follow(client, session)
    look(worker, session)
    answered(make, title="Een laat antwoord", published_on=make.today)
    session.commit()
    look(worker, session, 2)
    assert "Een laat antwoord" in mails(session, "onderwerp_nieuws")[0].body


def test_a_topic_tells_only_what_belongs_to_it_and_two_topics_tell_a_thing_once(client, session, make, worker):
    place = make.municipality(name="Zwolle aan Zee")
    touch(session)
    session.commit()
    follow(client, session, f"?gemeente={place.id}")
    follow(client, session, "?thema=verkeer_en_vervoer")
    assert follower(session).topics == [f"gemeente={place.id}", "thema=verkeer_en_vervoer"]
    here = answered(make, title="Een antwoord van hier", municipality_id=place.id, theme=Theme.MOBILITY)
    other = answered(make, title="Een antwoord van elders", theme=Theme.HOUSING)
    session.commit()
    look(worker, session)
    (mail,) = mails(session, "onderwerp_nieuws")
    assert mail.body.count(here.reference) == 1
    assert other.reference not in mail.body


def test_who_follows_a_law_hears_what_changed_in_it_once_and_no_word_of_the_desk(client, session, make, worker):
    law, other = (session.scalars(select(Law).where(Law.key == key)).one() for key in ("ow", "chw"))
    rows = session.scalars(select(Provision).where(Provision.law_id == law.id).order_by(Provision.id)).all()
    follow(client, session, f"?wet={law.id}")
    context = worker()
    changed = [
        FoundChange(LawChangeKind.AMENDED, law.id, rows[0].id, None, "Iets van het loket"),
        FoundChange(LawChangeKind.NEW_VALIDITY, law.id, None, None, "Iets van het loket"),
        FoundChange(LawChangeKind.AMENDED, other.id, None, None, "Iets van het loket"),
    ]
    assert note_found(session, changed, context.today) == 3
    columns = {"law_id": law.id, "noticed_on": context.today, "summary": "Iets van het loket"}
    noted = LawChange(kind=LawChangeKind.BILL_ADOPTED, noticed_by_id=make.triager().id, **columns)
    gone = LawChange(kind=LawChangeKind.SUCCESSOR, taken_back_on=context.today, **columns)
    session.add_all([noted, gone])
    session.commit()
    look(worker, session)
    (mail,) = mails(session, "onderwerp_nieuws")
    assert f"{law.citation_title}, {article_in_words(rows[0].article)}: Andere inhoud" in mail.body
    assert f"http://localhost/wetten/ow/{rows[0].key}" in mail.body
    assert f"{law.citation_title}: Andere geldigheid\nhttp://localhost/wetten/ow\n" in mail.body
    told = client.get(f"/op-de-hoogte.atom?wet={law.id}").text
    for word in ("Iets van het loket", other.citation_title, "Wetsvoorstel aangenomen", "Een opvolger"):
        assert word not in mail.body + told
    assert told.count('<category term="wet"/>') == 2
    assert "Andere geldigheid" in told
    for query in ("", f"?wet={law.id}&thema=verkeer_en_vervoer", f"?wet={other.id}&q=wonen"):
        assert 'term="wet"' not in client.get(f"/op-de-hoogte.atom{query}").text, query
    look(worker, session, 2)
    assert len(mails(session, "onderwerp_nieuws")) == 1


def test_what_many_follow_is_looked_for_once_in_a_run(client, session, make, worker, monkeypatch):
    follow(client, session)
    session.add(
        Subscription(
            email="ander@straat.example", public_id="p", nonce="n", asked_at=make.now, confirmed_at=make.now,
            ends_on=make.today + timedelta(days=9), topics=[""], looked_on=make.today,
        )
    )  # fmt: skip
    answered(make, title="Een nieuw antwoord")
    session.commit()
    looks = []
    look_for = topics.news
    monkeypatch.setattr(topics, "news", lambda *asked: looks.append(asked) or look_for(*asked))
    scheduled.run_due(worker(1), session.commit)
    told = mails(session, "onderwerp_nieuws")
    assert {mail.to_address for mail in told} == {ADDRESS, "ander@straat.example"}
    assert all("Een nieuw antwoord" in mail.body for mail in told)
    assert len(looks) == 1


def test_a_mail_that_leaves_out_says_how_many_and_when_it_does_not_know_that_there_are_more(
    client, session, make, worker, monkeypatch
):
    monkeypatch.setattr(topics.texts, "MOST_LINES", 1)
    follow(client, session)
    for _ in range(3):
        answered(make)
    session.commit()
    look(worker, session)
    assert "En nog 2. U" in mails(session, "onderwerp_nieuws")[-1].body
    for module in (topics, news_queries):
        monkeypatch.setattr(module, "MOST", 2)
    for _ in range(4):
        answered(make, published_on=make.today + timedelta(days=1))
    session.commit()
    look(worker, session, 2)
    assert "En nog 2 of meer. U" in mails(session, "onderwerp_nieuws")[-1].body


def test_one_click_in_a_mail_program_ends_it_all_and_the_mails_that_wait(client, session, make, worker):
    follow(client, session)
    answered(make)
    session.commit()
    look(worker, session)
    (mail,) = mails(session, "onderwerp_nieuws")
    url = delivery.stop_url(worker(), mail)
    link = url.removeprefix("http://localhost")
    assert link.endswith("/afmelden")
    assert link.removesuffix("/afmelden") in mail.body
    session.commit()
    assert client.get(link).status_code == 200
    said = client.post(link, data={"List-Unsubscribe": "One-Click"}, content_type="multipart/form-data")
    assert (said.status_code, said.location) == (200, None)  # no redirect: RFC 8058, 3.1
    session.expire_all()
    assert session.scalars(select(Subscription)).all() == []
    (mail,) = mails(session, "onderwerp_nieuws")
    assert (mail.to_address, mail.body) == (None, None)
    assert client.post(link).status_code == 404


def test_one_topic_can_be_stopped_and_the_last_one_takes_the_address_along(client, session):
    follow(client, session, "?thema=wonen")
    page = follow(client, session, "?q=tuin")
    form = fill(client.get(page), "submission_key", action="onderwerp:thema=wonen")
    assert client.post(page, data=form).status_code == 303
    assert follower(session).topics == ["q=tuin"]
    assert client.post(page, data=fill(client.get(page), "submission_key")).status_code == 303
    assert follower(session).topics == ["q=tuin"]  # no button, nothing stopped
    form = fill(client.get(page), "submission_key", action="onderwerp:q=tuin")
    assert client.post(page, data=form).location == "/op-de-hoogte/gestopt"
    assert session.scalars(select(Subscription)).all() == []
    assert client.get(page).status_code == 404


def test_who_stops_is_in_no_mail_any_more_and_others_are(client, session, make, worker):
    ask(client, address="ander@straat.example")
    follow(client, session)
    answered(make)
    session.commit()
    look(worker, session)
    for mail in mails(session, "onderwerp_bevestigen") + mails(session, "onderwerp_nieuws"):
        mail.sent_at = make.now
    page = TOPICS.url(worker(), session.scalars(select(Subscription).where(Subscription.email == ADDRESS)).one(), "nl")
    session.commit()
    assert client.post(f"{page}/afmelden").status_code == 303
    session.expire_all()
    kept = {mail.to_address for mail in session.scalars(select(OutboxMail)).all()}
    assert kept == {None, "ander@straat.example"}
    (news,) = mails(session, "onderwerp_nieuws")
    assert (news.body, news.sent_at, news.gave_up_at) == (None, make.now, None)


def test_what_somebody_who_follows_asked_and_did_not_confirm_is_forgotten_after_a_week(client, session, make):
    follow(client, session, "?thema=wonen")
    ask(client, "?q=tuin")
    ask(client, "?q=schuur")
    first, second = follower(session).questions
    for days, left in ((7, ["q=tuin", "q=schuur"]), (8, ["q=schuur"])):
        day = (make.today - timedelta(days=days)).isoformat()
        session.execute(update(Subscription).values(questions=[{**first, "on": day}, second]))
        upkeep.sweep_tables(session, make.now)
        assert [each["topic"] for each in follower(session).questions] == left
    assert follower(session).topics == ["thema=wonen"]


def test_words_that_are_too_long_are_told_and_not_cut(client, session):
    answer = client.post("/op-de-hoogte", data=fill(client.get("/op-de-hoogte"), "email", email=ADDRESS, q="tuin" * 51))
    assert answer.status_code == 422
    assert session.scalars(select(Subscription)).all() == []


def test_each_of_several_topics_is_confirmed_by_its_own_link_in_any_order(client, session):
    links = {}
    for query in ("?thema=wonen", "?q=tuin", "?thema=wonen"):
        ask(client, query)
        links.setdefault(query, []).append(confirm_link(session))
    (first, again), (garden,) = links.values()
    assert first == again
    for link, topics_now in ((first, ["thema=wonen"]), (garden, ["thema=wonen", "q=tuin"])):
        page = client.get(link)
        assert ("Wonen" in page.get_data(as_text=True)) == (link == first)
        assert client.post(link, data=fill(page, "submission_key")).status_code == 303
        assert follower(session).topics == topics_now
        used = client.get(link)
        assert (used.status_code, "hebt u al bevestigd" in used.get_data(as_text=True)) == (404, True)


def test_no_more_questions_wait_than_an_address_may_follow(worker, session):
    context = worker()
    for number in range(topics.MOST_TOPICS + 2):
        topics.ask(context, f"q=tuin{number}", ADDRESS, Ticket(True, True, "k"))
    assert [each["topic"] for each in follower(session).questions] == [
        f"q=tuin{number}" for number in range(2, topics.MOST_TOPICS + 2)
    ]


def test_two_who_stop_with_a_topic_at_once_both_stop_it(client, session, worker):
    follow(client, session, "?thema=wonen")
    follow(client, session, "?q=tuin")
    token = follow(client, session, "?q=schuur").rpartition("/")[2]
    assert len(follower(session).topics) == 3  # read by one
    others = ["q=tuin", "q=schuur"]  # and meanwhile changed by the other
    session.execute(update(Subscription).values(topics=others), execution_options={"synchronize_session": False})
    assert topics.stop_one(worker(), token, "q=tuin")
    session.flush()
    assert follower(session).topics == ["q=schuur"]


class Refusing:
    """A server that takes nothing."""

    def __init__(self, **why):
        self.why = DeliveryFailed("no", **why)

    def deliver(self, _mail):
        raise self.why

    def rest(self):
        pass


@pytest.mark.parametrize(
    ("why", "stays"),
    [
        ({"is_server_away": False, "is_address_gone": True}, 0),
        ({"is_server_away": False}, 1),
        ({"is_server_away": True}, 1),
    ],
)
def test_an_address_that_is_gone_is_forgotten_and_not_when_the_fault_is_ours(client, session, make, worker, why, stays):
    follow(client, session)
    answered(make)
    session.commit()
    look(worker, session)
    session.execute(update(OutboxMail).where(OutboxMail.kind == "onderwerp_bevestigen").values(sent_at=make.now))
    (mail,) = mails(session, "onderwerp_nieuws")
    mail.attempts = delivery.MAX_ATTEMPTS - 1
    assert delivery.deliver_next(worker(1), Refusing(**why)).outcome is delivery.Outcome.GAVE_UP
    session.flush()
    assert len(session.scalars(select(Subscription)).all()) == stays


@pytest.mark.parametrize(("code", "stays"), [("5.1.1", 0), ("5.2.2", 1), ("5.7.1", 1)])
def test_news_that_comes_back_from_an_address_that_is_gone_was_the_last(client, session, make, worker, code, stays):
    follow(client, session)
    answered(make)
    session.commit()
    look(worker, session)
    failures.note(worker(2), mails(session, "onderwerp_nieuws")[0], is_returned=True, code=code)
    session.flush()
    assert len(session.scalars(select(Subscription)).all()) == stays


def test_who_confirms_in_english_is_mailed_in_english(client, session, make, worker):
    follow(client, session, prefix="/en")
    answered(make, title="Een nieuw antwoord")
    session.commit()
    look(worker, session)
    (mail,) = mails(session, "onderwerp_nieuws")
    assert "http://localhost/en/knelpunten/" in mail.body
    assert "Een nieuw antwoord" in mail.body


def test_the_feed_tells_the_same_for_the_same_filters(client, session, make, connection):
    case = answered(make, title="Mag een buurthuis & meer?", theme=Theme.MOBILITY)
    answered(make, title="Iets anders", theme=Theme.HOUSING)
    guide = public_guide(make)
    session.commit()
    answer = client.get("/op-de-hoogte.atom?thema=verkeer_en_vervoer")
    assert answer.mimetype == "application/atom+xml"
    titles = [each.text for each in ElementTree.fromstring(answer.data).iter(f"{ATOM}title")]
    assert titles[1:] == [case.title]
    everything = client.get("/op-de-hoogte.atom").get_data(as_text=True)
    assert guide.slug in everything
    assert "Iets anders" in everything
    unknown = ("?gemeente=999999999999999999", "?gemeente=GM9999", "?thema=x", "?wet=²", "?wet=nee&thema=wonen")
    for query in ("?q=%00", "?q=" + "a" * 3000, "?q=de", *unknown):
        # a reader that subscribed to what does not exist would wait for ever
        assert client.get(f"/op-de-hoogte.atom{query}").status_code == (404 if query in unknown else 200), query
        assert client.get(f"/op-de-hoogte{query}").status_code == 200, query
    with counted(connection) as few:
        client.get("/op-de-hoogte.atom")
    for _ in range(3):
        answered(make)
    with counted(connection) as more:
        client.get("/op-de-hoogte.atom")
    assert len(more) == len(few) <= 6


def test_an_address_made_by_hand_names_municipality_and_law_as_the_api_does(client, session, make):
    """So that a municipality can make a link to its own news."""
    place = session.scalars(select(Municipality).where(Municipality.code == "GM0363")).one()
    law = session.scalars(select(Law).where(Law.key == "ow")).one()
    case = answered(make, title="Over Amsterdam", municipality_id=place.id, main_law_id=law.id)
    answered(make, title="Over elders")
    session.commit()
    for query in ("gemeente=GM0363", "wet=ow", "gemeente=GM0363&wet=ow"):
        feed = client.get(f"/op-de-hoogte.atom?{query}").get_data(as_text=True)
        assert case.title in feed, query
        assert "Over elders" not in feed, query
    for query in ("gemeente=GM0363&wet=ow", f"gemeente={place.id}&wet={law.id}"):  # its id holds no number of a row
        feed = client.get(f"/op-de-hoogte.atom?{query}").get_data(as_text=True)
        assert "<id>http://localhost/op-de-hoogte.atom?gemeente=GM0363&amp;wet=ow</id>" in feed
        assert 'href="/op-de-hoogte.atom?gemeente=GM0363&amp;wet=ow"' in client.get(f"/op-de-hoogte?{query}").text
    follow(client, session, "?gemeente=GM0363")
    assert follower(session).topics == [f"gemeente={place.id}"]


def test_a_secret_address_of_somebody_else_opens_nothing(client, session):
    page = follow(client, session)
    token = page.rpartition("/")[2]
    assert Links.public_id_of(token)
    for wrong in (token[:-1] + ("0" if token[-1] != "0" else "1"), "a" * 44, "é"):
        assert client.get(f"/op-de-hoogte/{wrong}").status_code == 404
        assert client.post(f"/op-de-hoogte/{wrong}/afmelden").status_code == 404
        assert client.get(f"/op-de-hoogte/bevestigen/{wrong}").status_code == 404
