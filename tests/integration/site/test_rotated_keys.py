"""SECRET_KEY is changed: nobody is logged out, and every link that was mailed goes on."""

from dataclasses import replace

import pytest

from knelpunt.adapters.database.patience import FOR_WORK
from knelpunt.application import create_app
from knelpunt.domain.links import CASE, Links
from knelpunt.installation import links_of
from tests.support import database, login

NEW_KEY = "another key that is only for tests, 32 characters"


@pytest.fixture(scope="module")
def rotated(app, test_config):
    """The same site with a new key; the old one is among the fallbacks."""
    kept = replace(test_config, secret_key=NEW_KEY, old_secret_keys=(test_config.secret_key,))
    with database.another_engine():
        rotated = create_app(kept, FOR_WORK)
    rotated.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
    return rotated


def test_a_session_outlives_a_new_key(app, rotated, client, session, make):
    login.log_in(app, client, session, make.handler())
    session.commit()
    name = app.config["SESSION_COOKIE_NAME"]
    browser = rotated.test_client()
    browser.set_cookie(name, client.get_cookie(name).value)
    assert browser.get("/mijn-account").status_code == 200


def test_a_mailed_link_does_not_hang_on_the_secret_key(app, rotated, test_config, session, make):
    link = make.follow_link(make.case())
    session.commit()
    mailed = app.config["LINKS"].follow(link.public_id, link.nonce)
    assert rotated.config["LINKS"].follow(link.public_id, link.nonce) == mailed
    forgotten = replace(test_config, secret_key=NEW_KEY)
    assert links_of(forgotten).follow(link.public_id, link.nonce) == mailed
    assert rotated.test_client().get(mailed.removeprefix("http://localhost")).status_code == 200


def test_a_link_of_an_older_version_works_while_its_key_is_a_fallback(rotated, test_config, session, make):
    link = make.follow_link(make.case())
    session.commit()
    old = Links(test_config.base_url, test_config.secret_key)
    path = old.follow(link.public_id, link.nonce).removeprefix("http://localhost")
    assert rotated.test_client().get(path).status_code == 200
    stop = old.unsubscribe(CASE, 7).split("/")[-2]
    assert links_of(replace(test_config, secret_key=NEW_KEY, old_secret_keys=(test_config.secret_key,))).unsubscribed(
        stop
    ) == (CASE, 7)
    assert links_of(replace(test_config, secret_key=NEW_KEY)).unsubscribed(stop) is None


def test_a_token_of_an_unknown_key_is_worth_nothing(rotated, session, make):
    link = make.follow_link(make.case())
    session.commit()
    path = Links("", "k" * 40).follow(link.public_id, link.nonce)
    assert rotated.test_client().get(path).status_code == 404
