"""Secrets that were planted in settings, forms, addresses and faults stand in no log line and on no error page."""

import re
from dataclasses import fields, replace

import pytest
from sqlalchemy.exc import OperationalError

from config import Config
from knelpunt.adapters.identity.providers import Provider
from knelpunt.adapters.log_lines import describe
from knelpunt.extensions import db

PLANTED = "geheim-7f3a9c"
SETTINGS = tuple(each.name for each in fields(Config) if not each.repr and not each.name.startswith("old_"))
"""Every setting that is kept out of what is printed: those are the secret ones."""
SECRET_NAMES = re.compile(r"(secret|password|dsn|database_\w*url|traces_url|_key)s?$")


def planted(name):
    return f"{PLANTED}-{name}"


@pytest.fixture
def config(test_config):
    values = {name: planted(name) for name in SETTINGS}
    old = {"old_secret_keys": (planted("old"),), "old_factor_keys": (planted("older"),)}
    return replace(test_config, **values, **old)


class Fault(Exception):
    """What a library throws: a message with everything in it."""


def faults():
    everything = " ".join(planted(name) for name in (*SETTINGS, "password", "token", "body"))
    yield Fault(everything)
    yield OperationalError(f"SELECT {everything}", {"password": everything}, Fault(everything))
    yield UnicodeEncodeError("utf-8", everything, 0, 1, everything)
    yield OSError(28, everything, everything)
    chained = Fault("plain")
    chained.__cause__ = Fault(everything)
    yield chained


@pytest.mark.parametrize("fault", list(faults()), ids=lambda fault: type(fault).__name__)
def test_a_fault_tells_neither_the_visitor_nor_the_log_what_it_holds(app, client, config, fault, monkeypatch, capsys):
    monkeypatch.setitem(app.config, "KNELPUNT", config)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    def broken(*_args, **_values):
        raise fault

    monkeypatch.setattr("knelpunt.services.accounts.authenticate", broken)
    answer = client.post(
        f"/inloggen?next=/{planted('token')}",
        data={"email": "a@b.example", "password": planted("password")},
        headers={"Cookie": f"x={planted('cookie')}", "Authorization": f"Bearer {planted('bearer')}"},
    )
    assert answer.status_code >= 400
    assert PLANTED not in answer.get_data(as_text=True)
    printed = capsys.readouterr()
    assert "auth.login" in printed.out
    assert PLANTED not in printed.out + printed.err
    assert PLANTED not in str(describe(fault))


@pytest.mark.parametrize(
    "path", ["/volgen/{}", "/wachtwoord/{}", "/uitnodiging/{}", "/melden/{}", "/bestaat-niet/{}", "/mail/{}/afmelden"]
)
def test_the_secret_part_of_an_address_stands_in_no_log(client, path, capsys):
    client.get(path.format(planted("token")))
    client.post(path.format(planted("token")), data={"password": planted("password"), "body": planted("body")})
    assert PLANTED not in capsys.readouterr().out


def test_every_setting_that_sounds_secret_is_one():
    assert {each.name for each in fields(Config) if each.repr and SECRET_NAMES.search(each.name)} == set()
    assert {"secret_key", "imap_password", "faults_dsn", "s3_secret_access_key"} <= set(SETTINGS)


def test_settings_show_no_secret_when_they_are_printed(config):
    assert PLANTED not in repr(config)
    provider = Provider("a", "A", "https://a.example", "a", client_secret=PLANTED, client_key=PLANTED)
    assert PLANTED not in f"{provider!r} {provider}"
    assert PLANTED not in str(db.engine.url)
