"""Following a rule bottleneck by e-mail: asking, confirming, hearing of news, going along, stopping."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from knelpunt.domain.bottlenecks import BottleneckChoice, BottleneckStep
from knelpunt.domain.calendar.timezone import nl_day
from knelpunt.models import BottleneckFollower, BottleneckNews, Case, OutboxMail
from knelpunt.services.bottlenecks import links as bottleneck_links
from knelpunt.services.bottlenecks import mail as bottleneck_mail
from knelpunt.services.bottlenecks import track as bottlenecks
from knelpunt.services.bottlenecks.track import News
from knelpunt.services.guides.following import BOTTLENECKS
from knelpunt.services.jobs import scheduled
from tests.support.forms import fill

ADDRESS = "volger@straat.example"


def text(answer):
    return answer.get_data(as_text=True)


@pytest.fixture
def moving(track, session):
    track.analyse()
    session.commit()
    return track


def followers(session):
    session.expire_all()
    return session.scalars(select(BottleneckFollower).order_by(BottleneckFollower.id)).all()


def mails(session, kind=None):
    statement = select(OutboxMail).order_by(OutboxMail.id)
    return session.scalars(statement.where(OutboxMail.kind == kind) if kind else statement).all()


def link_in(mail):
    return re.search(r"http://localhost(/regelknelpunten/volgen/\w+)", mail.body).group(1)


def tomorrow():
    return nl_day(datetime.now(UTC)) + timedelta(days=1)


def whose(link):
    """The public number in a secret address; the desk of the tests has a key of its own."""
    return link.rsplit("/", 1)[1][:12]


def ask(client, reference, email=ADDRESS, prefix=""):
    path = f"{prefix}/regelknelpunten/{reference}/volgen"
    return client.post(path, data=fill(client.get(path), "email", email=email))


def follow(client, session, reference, email=ADDRESS):
    """Ask and confirm; the link of the confirming mail."""
    assert ask(client, reference, email).status_code == 303
    link = link_in(mails(session, "regelknelpunt_bevestigen")[-1])
    assert client.post(link, data=fill(client.get(link), "submission_key", action="volgen")).status_code == 303
    return link


def report(track, bottleneck=None, body="Er is nieuws."):
    found = bottleneck or track.bottleneck
    bottlenecks.move(track.desk.context(track.head), found.reference, found.version, BottleneckStep.REPORT, News(body))
    track.desk.session.commit()


def merge(track, one, into):
    bottlenecks.merge(
        track.desk.context(track.head),
        one.reference,
        one.version,
        into=into.reference,
        news=News("Wij voegen ze samen."),
    )
    track.desk.session.commit()


def submitter_under(track):
    """A case of a submitter with an address, taken in under the bottleneck."""
    case = track.case()
    bottleneck_links.propose_link(
        track.desk.context(track.head), case.reference, case.version, track.bottleneck.reference
    )
    track.desk.session.commit()


def test_who_is_logged_in_finds_the_own_address_filled_in(client, client_as, make, moving):
    account, path = make.triager(), f"/regelknelpunten/{moving.bottleneck.reference}/volgen"
    assert fill(client_as(account).get(path), "email")["email"] == account.email
    assert fill(client.get(path), "email")["email"] == ""


def test_nothing_follows_before_a_button_is_pressed_and_stopping_erases_at_once(client, session, moving):
    assert "Volg dit regelknelpunt" in text(client.get(f"/regelknelpunten/{moving.bottleneck.reference}"))
    answer = ask(client, moving.bottleneck.reference)
    assert (answer.status_code, answer.location) == (303, "/regelknelpunten/volgen/verstuurd")
    link = link_in(mails(session, "regelknelpunt_bevestigen")[0])
    page = client.get(link)
    assert followers(session)[0].confirmed_at is None  # opening a link confirms nothing
    assert 'name="robots" content="noindex"' in text(page)
    client.post(link, data=fill(page, "submission_key", action="volgen"))
    (follower,) = followers(session)
    assert follower.confirmed_at is not None
    assert follower.ends_on > moving.desk.today + timedelta(days=700)
    assert "tot en met" in text(client.get(link))
    stopped = client.post(link, data=fill(client.get(link), "submission_key", action="stoppen"))
    assert stopped.location == "/regelknelpunten/volgen/gestopt"
    assert followers(session) == []
    assert client.get(link).status_code == 404


def news_to(session, email=ADDRESS):
    return [each for each in mails(session, "regelknelpunt_gevolgd") if each.to_address == email]


def in_english(mail):
    """The address under /en in a mail, for a browser."""
    return re.search(r"http://localhost(/en/regelknelpunten/volgen/\w+)", mail.body).group(1)


def test_who_confirms_in_english_hears_of_news_in_english_and_can_change_to_dutch(client, session, moving):
    reference = moving.bottleneck.reference
    assert ask(client, reference, prefix="/en").location == "/en/regelknelpunten/volgen/verstuurd"
    link = in_english(mails(session, "regelknelpunt_bevestigen")[0])
    client.post(link, data=fill(client.get(link), "submission_key", action="volgen"))
    assert followers(session)[0].language == "en"
    body = "Er is een nieuwe versie.\n\nU hoeft nu niets te doen."
    report(moving, body=body)
    (mail,) = news_to(session)
    assert mail.subject == "News about a rule bottleneck that you follow"
    assert f"The news, as it was written in Dutch:\n\n{body}\n\nWhere it stands now: being analysed" in mail.body
    assert f"http://localhost/en/regelknelpunten/{reference}\n" in mail.body
    assert whose(in_english(mail)) == whose(link)
    report(moving)
    assert len(news_to(session)) == 2
    dutch = link.removeprefix("/en")
    client.post(dutch, data=fill(client.get(dutch), "submission_key", action="volgen"))
    report(moving)
    assert news_to(session)[-1].subject == "Nieuws over een regelknelpunt dat u volgt"
    assert "/en/" not in news_to(session)[-1].body


def test_whoever_only_knows_an_address_changes_no_language(client, session, moving):
    reference = moving.bottleneck.reference
    follow(client, session, reference)
    ask(client, reference, prefix="/en")
    assert mails(session, "regelknelpunt_bevestigen")[-1].subject == "Confirm that you want to follow a rule bottleneck"
    report(moving)
    assert news_to(session)[-1].subject == "Nieuws over een regelknelpunt dat u volgt"


def test_a_submitter_who_filed_in_english_gets_the_news_marked_as_dutch(session, moving):
    submitter_under(moving)
    session.execute(update(Case).values(language="en"))
    report(moving, body="Er is een nieuwe versie.")
    (mail,) = mails(session, "regelknelpunt_nieuws")
    assert "The news, as it was written in Dutch:\n\nEr is een nieuwe versie.\n" in mail.body
    assert f"http://localhost/en/regelknelpunten/{moving.bottleneck.reference}\n" in mail.body


def test_an_address_that_follows_gets_the_same_answer_as_a_new_one(client, session, moving):
    follow(client, session, moving.bottleneck.reference)
    again = ask(client, moving.bottleneck.reference, "Volger@Straat.example")
    new = ask(client, moving.bottleneck.reference, "ander@straat.example")
    assert (again.status_code, again.location) == (new.status_code, new.location)
    assert text(again) == text(new)
    assert [each.email for each in followers(session)] == [ADDRESS, "ander@straat.example"]
    assert followers(session)[0].confirmed_at is not None


@pytest.mark.parametrize("wrong", ["geen adres", "a@b", "x" * 300, "", "a@straat.example\x00", "a@b.nl\r\nBcc: c@d.nl"])
def test_what_is_no_address_is_said_beside_the_field(client, session, moving, wrong):
    answer = ask(client, moving.bottleneck.reference, wrong)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in text(answer)
    assert followers(session) == []


def test_asking_too_often_sends_nothing_more(client, session, moving):
    codes = {ask(client, moving.bottleneck.reference, "veel@straat.example").status_code for _ in range(12)}
    assert codes == {303, 429}
    assert len(mails(session, "regelknelpunt_bevestigen")) < 12


def test_news_reaches_who_confirmed_once_with_a_link_to_stop(client, session, moving):
    link = follow(client, session, moving.bottleneck.reference)
    ask(client, moving.bottleneck.reference, "nooit@straat.example")
    report(moving, body="De tekst ligt bij de Raad van State.")
    (mail,) = mails(session, "regelknelpunt_gevolgd")
    assert mail.to_address == ADDRESS
    assert "De tekst ligt bij de Raad van State." in mail.body
    assert whose(link_in(mail)) == whose(link)
    news = session.scalars(select(BottleneckNews).order_by(BottleneckNews.id.desc())).first()
    bottleneck_mail.send_news(moving.desk.system, moving.bottleneck, news)
    assert len(mails(session, "regelknelpunt_gevolgd")) == 1
    client.post(link, data=fill(client.get(link), "submission_key", action="stoppen"))
    report(moving, body="Weer nieuws.")
    assert len(mails(session, "regelknelpunt_gevolgd")) == 1


def test_a_submitter_who_also_follows_hears_it_once(client, session, moving):
    submitter_under(moving)
    report(moving)
    (to_submitter,) = mails(session, "regelknelpunt_nieuws")
    follow(client, session, moving.bottleneck.reference, to_submitter.to_address.upper())
    follow(client, session, moving.bottleneck.reference)
    report(moving, body="Ander nieuws.")
    about = [mail for mail in mails(session) if "Ander nieuws." in mail.body]
    assert sorted(mail.to_address for mail in about) == sorted([to_submitter.to_address, ADDRESS])
    news = session.scalars(select(BottleneckNews).order_by(BottleneckNews.id.desc())).first()
    bottleneck_mail.send_news(moving.desk.system, moving.bottleneck, news)
    assert len([mail for mail in mails(session) if "Ander nieuws." in mail.body]) == 2


def test_followers_go_along_into_another_bottleneck_and_stop_for_both(client, session, moving):
    other, last = moving.another(), moving.another("De laatste regel")
    link = follow(client, session, moving.bottleneck.reference)
    follow(client, session, other.reference)
    follow(client, session, other.reference, "ander@straat.example")
    merge(moving, moving.bottleneck, other)
    (told,) = mails(session, "regelknelpunt_gevolgd")
    assert told.to_address == ADDRESS
    assert "Het gaat verder bij een ander regelknelpunt" in told.body
    assert f"{other.title}\nhttp://localhost/regelknelpunten/{other.reference}" in told.body
    merge(moving, other, last)
    report(moving, last, "Nieuws over de laatste.")
    about = [mail.to_address for mail in mails(session) if "Nieuws over de laatste." in mail.body]
    assert sorted(about) == ["ander@straat.example", ADDRESS]
    assert "De laatste regel" in text(client.get(link))
    client.post(link, data=fill(client.get(link), "submission_key", action="stoppen"))
    assert [each.email for each in followers(session)] == ["ander@straat.example"]


def test_a_submitter_hears_of_what_the_bottleneck_became(session, moving):
    submitter_under(moving)
    other = moving.another()
    merge(moving, moving.bottleneck, other)
    before = len(mails(session, "regelknelpunt_nieuws"))
    report(moving, other, "Nieuws over het nieuwe.")
    assert len(mails(session, "regelknelpunt_nieuws")) == before + 1
    assert other.title in mails(session, "regelknelpunt_nieuws")[-1].body


def test_one_that_went_up_into_another_is_not_followed_and_says_where_it_goes_on(client, session, moving):
    other, last = moving.another(), moving.another("De laatste regel")
    path = f"/regelknelpunten/{moving.bottleneck.reference}/volgen"
    form = fill(client.get(path), "email", email=ADDRESS)
    merge(moving, moving.bottleneck, other)
    merge(moving, other, last)
    refused = client.post(path, data=form)
    assert refused.status_code == 422
    assert f"/regelknelpunten/{last.reference}/volgen" in text(refused)
    assert "De laatste regel" in text(client.get(path))
    assert 'name="email"' not in text(client.get(path))
    assert followers(session) == []
    assert client.get("/regelknelpunten/RK-2026-9999/volgen").status_code == 404
    assert client.get("/regelknelpunten/zomaar/volgen").status_code == 404


def test_after_the_last_news_the_addresses_go_within_a_week(client, session, moving):
    link = follow(client, session, moving.bottleneck.reference)
    form = fill(client.get(link), "submission_key", action="volgen")
    found = moving.bottleneck
    bottlenecks.choose(
        moving.desk.context(moving.head),
        found.reference,
        found.version,
        choice=BottleneckChoice.KEPT,
        reason="De regel beschermt bewoners.",
        news=News("De regel blijft."),
    )
    session.commit()
    (mail,) = mails(session, "regelknelpunt_gevolgd")
    assert "Dit was het laatste nieuws." in mail.body
    assert whose(link_in(mail)) == whose(link)
    assert followers(session)[0].ends_on == moving.desk.today + timedelta(days=7)
    followers(session)[0].ends_on = soon = tomorrow()
    session.commit()
    assert client.post(link, data=form).status_code == 422  # nobody is kept for news that will not come
    assert followers(session)[0].ends_on == soon
    path = f"/regelknelpunten/{found.reference}"
    assert "Volg dit regelknelpunt" not in text(client.get(path))
    assert "geen nieuws meer" in text(client.get(f"{path}/volgen"))


def test_the_timer_erases_an_address_whose_time_is_over(client, session, moving):
    ask(client, moving.bottleneck.reference)
    follow(client, session, moving.bottleneck.reference, "blijft@straat.example")
    followers(session)[0].ends_on = moving.desk.today - timedelta(days=1)
    session.commit()
    scheduled.run_due(moving.desk.system, session.commit)
    assert [each.email for each in followers(session)] == ["blijft@straat.example"]
    assert BOTTLENECKS.erase_ended(moving.desk.system) == 0


def test_who_asks_again_before_an_ended_address_is_erased_gets_a_link_that_works(client, session, moving):
    follow(client, session, moving.bottleneck.reference)
    followers(session)[0].ends_on = moving.desk.today - timedelta(days=1)
    session.flush()
    follow(client, session, moving.bottleneck.reference)
    (follower,) = followers(session)
    assert follower.confirmed_at is not None
    assert follower.ends_on > tomorrow()


def test_a_token_of_a_guide_opens_no_bottleneck(client, session, moving, app):
    ask(client, moving.bottleneck.reference)
    (follower,) = followers(session)
    other = app.config["LINKS"].token("ruimtewijzer", follower.public_id, follower.nonce)
    for token in (other, "x", "a" * 44, "%00", "é"):
        assert client.get(f"/regelknelpunten/volgen/{token}").status_code == 404
    assert session.scalar(select(func.count()).select_from(BottleneckFollower)) == 1
