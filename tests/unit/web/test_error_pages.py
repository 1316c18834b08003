"""Error pages: the right status, plain words, nothing of the inside, nothing typed is lost; and no database needed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from gunicorn.http.errors import InvalidChunkSize
from sqlalchemy import exc
from sqlalchemy.orm.exc import StaleDataError

from config import Config, Environment
from knelpunt.application import create_app
from knelpunt.domain import errors as domain
from knelpunt.web.shared.requests.access import public, signed_in
from tests.support import database
from tests.support.html import faults_in

SECRET = "een geheim uit de database"
FAULTS: dict[str, Exception] = {
    "regel": domain.TransitionNotAllowed("Wijs eerst een behandelaar aan."),
    "verboden": domain.PermissionDenied("U mag dit niet doen."),
    "weg": domain.NotFound(),
    "conflict": domain.VersionConflict("Iemand anders heeft dit intussen gewijzigd."),
    "vaak": domain.TooManyAttempts("U probeerde dit te vaak."),
    "oud": StaleDataError(SECRET),
    "te-groot": exc.DataError(SECRET, {}, psycopg.errors.NumericValueOutOfRange(SECRET)),
    "surrogaat": UnicodeEncodeError("utf-8", "\ud800", 0, 1, SECRET),
    "verbroken": exc.OperationalError(SECRET, {}, psycopg.OperationalError(SECRET)),
    "traag": exc.OperationalError(SECRET, {}, psycopg.errors.QueryCanceled(SECRET)),
    "slot": exc.OperationalError(SECRET, {}, psycopg.errors.LockNotAvailable(SECRET)),
    "tabel": exc.ProgrammingError(SECRET, {}, psycopg.errors.UndefinedTable(SECRET)),
    "kolom": exc.ProgrammingError(SECRET, {}, psycopg.errors.UndefinedColumn(SECRET)),
    "recht": exc.ProgrammingError(SECRET, {}, psycopg.errors.InsufficientPrivilege(SECRET)),
    "vol": exc.TimeoutError(SECRET),
    "halve-body": InvalidChunkSize(SECRET.encode()),
    "fout": RuntimeError(SECRET),
}
STATUSES = {
    "regel": 422,
    "verboden": 403,
    "weg": 404,
    "conflict": 409,
    "vaak": 429,
    "oud": 409,
    "te-groot": 400,
    "surrogaat": 400,
    "verbroken": 503,
    "traag": 503,
    "slot": 503,
    "tabel": 503,
    "kolom": 503,
    "recht": 500,
    "vol": 503,
    "halve-body": 400,
    "fout": 500,
}


@public
def _raise(name: str) -> str:
    raise FAULTS[name]


@public
def _abort(status: int) -> str:
    abort(status)


@signed_in
def _closed() -> str:
    return "alleen met account"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """The whole site, with a database address where nothing answers."""
    config = Config(
        Environment.TEST,
        "a key that is only for tests, 32 characters",
        "http://localhost",
        tmp_path_factory.mktemp("data"),
        database_url="postgresql+psycopg://nobody@127.0.0.1:1/none",
    )
    with database.another_engine():
        yield _with_faults(create_app(config))


def _with_faults(app: Flask) -> Flask:
    """The application with addresses where each fault arises."""
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.add_url_rule("/proef/<string:name>", "proef", _raise, methods=["GET", "POST"])
    app.add_url_rule("/proef-status/<int:status>", "proef_status", _abort)
    app.add_url_rule("/proef-gesloten", "proef_gesloten", _closed, methods=["POST"])
    return app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def page(answer: Any) -> str:
    """The page, after checking that it is sound and shows nothing of the inside."""
    text: str = answer.get_data(as_text=True)
    assert faults_in(text) == []
    assert SECRET not in text
    assert "Traceback" not in text
    return text


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_has_its_status_and_a_sound_page(client: FlaskClient, name: str) -> None:
    answer = client.get(f"/proef/{name}")
    assert answer.status_code == STATUSES[name]
    assert "Fout" in page(answer)


def test_every_fault_of_the_test_has_a_status() -> None:
    assert FAULTS.keys() == STATUSES.keys()


def test_the_sentence_of_a_rule_is_on_the_page(client: FlaskClient) -> None:
    assert "Wijs eerst een behandelaar aan." in page(client.get("/proef/regel"))


@pytest.mark.parametrize("status", [400, 403, 404, 405, 409, 410, 413, 422, 429, 500, 503])
def test_each_status_has_a_page(client: FlaskClient, status: int) -> None:
    answer = client.get(f"/proef-status/{status}")
    assert answer.status_code == status
    assert f"Fout {status}" in page(answer)


@pytest.mark.parametrize("status", [408, 415, 418, 501, 502])
def test_a_status_without_its_own_page_keeps_its_status_below_500(client: FlaskClient, status: int) -> None:
    answer = client.get(f"/proef-status/{status}")
    assert answer.status_code == (status if status < 500 else 500)
    page(answer)


def test_a_lost_database_says_when_to_come_back(client: FlaskClient) -> None:
    answer = client.get("/proef/verbroken")
    assert int(answer.headers["Retry-After"]) > 0
    assert "Even geduld" in page(answer)


def test_somebody_who_is_signed_in_gets_503_when_the_database_is_away(client: FlaskClient) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "a token of a session"
    answer = client.get("/")
    assert answer.status_code == 503
    assert "Even geduld" in page(answer)


def test_an_unknown_address_is_404_even_when_the_account_cannot_be_read(client: FlaskClient) -> None:
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "a token of a session"
    answer = client.get("/bestaat-niet")
    assert answer.status_code in (404, 503)
    page(answer)


def test_a_wrong_method_says_which_are_allowed(client: FlaskClient) -> None:
    answer = client.delete("/proef-status/404")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]
    page(answer)


def test_a_form_of_a_page_that_stood_open_comes_back_to_be_copied(client: FlaskClient) -> None:
    typed = {"description": "Regel een\n<script>regel twee</script>", "password": "geheim woord", "csrf_token": "oud"}
    answer = client.post("/proef/regel", data=typed)
    text = page(answer)
    assert answer.status_code == 400
    assert "stond te lang open" in text
    assert "Regel een\n&lt;script&gt;regel twee&lt;/script&gt;" in text
    assert "geheim woord" not in text
    assert "Uw tekst is er nog" in text


def test_a_lost_session_shows_what_was_typed_and_where_to_log_in(client: FlaskClient) -> None:
    answer = client.post("/proef-gesloten", data={"body": "Mijn lange antwoord"})
    text = page(answer)
    assert answer.status_code == 401
    assert "Mijn lange antwoord" in text
    assert "/inloggen?next=" in text


def test_unseen_letters_are_left_out_of_what_is_shown_back(client: FlaskClient) -> None:
    assert "Mijn tekst" in page(client.post("/proef/regel", data={"body": "Mijn\x00 te\x07kst"}))


def test_choices_and_empty_fields_are_not_shown_back(client: FlaskClient) -> None:
    text = page(client.post("/proef/regel", data={"theme": "wonen", "title": "   ", "remark": ""}))
    assert "Wat u schreef" not in text
    assert "Uw tekst is er nog" not in text and "hieronder" not in text


def test_the_number_on_the_page_is_that_of_the_log(client: FlaskClient, capfd: pytest.CaptureFixture[str]) -> None:
    answer = client.get("/proef/fout")
    number = answer.headers["X-Request-ID"]
    written = capfd.readouterr()
    assert number in page(answer)
    fault = next(line for line in written.out.splitlines() if '"event": "fault"' in line)
    assert number in fault
    assert "RuntimeError" in fault
    assert SECRET not in written.err + written.out


def test_a_log_line_holds_no_address_and_no_text(client: FlaskClient, capfd: pytest.CaptureFixture[str]) -> None:
    client.post("/proef/weg?zoek=Jansen", data={"body": "Mijn verhaal"})
    written = capfd.readouterr()
    assert '"endpoint": "proef"' in written.out
    for hidden in ("Jansen", "verhaal", "/proef"):
        assert hidden not in written.out + written.err


def test_a_request_number_from_outside_is_not_taken_over(client: FlaskClient) -> None:
    answer = client.get("/proef/weg", headers={"X-Request-ID": "from-outside-1234"})
    assert answer.headers["X-Request-ID"] != "from-outside-1234"


def test_static_folder_is_where_the_config_says(app: Flask) -> None:
    assert (Path(app.static_folder or "") / "css" / "tokens.css").is_file()


@pytest.mark.parametrize("path", ["/wachtwoord/%00", "/wachtwoord/%1B%7F", "/wachtwoord/a%3Fb%22"])
def test_the_way_back_is_written_as_an_address(client: FlaskClient, path: str) -> None:
    answer = client.post(path)
    assert answer.status_code == 400
    assert f'href="{path}"' in page(answer)


def test_no_answer_leads_to_the_host_that_a_request_names(client: FlaskClient) -> None:
    for path in ("/zaken//x", "/knelpunten/", "/beheer//accounts", "/static//x.css"):
        answer = client.get(path, headers={"Host": "ander.example"})
        assert "ander.example" not in (answer.location or "")
        assert "ander.example" not in answer.get_data(as_text=True)
