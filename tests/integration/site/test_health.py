"""The two addresses by which an operator sees whether all is well."""

from flask import Flask
from sqlalchemy import create_engine

from config import MIGRATIONS_DIR
from knelpunt.adapters.database import schema
from knelpunt.extensions import db
from tests.conftest import PageClient


def test_the_process_says_that_it_is_alive(client: PageClient) -> None:
    answer = client.get("/health")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_database_answers_with_the_number_of_the_newest_migration(client: PageClient) -> None:
    answer = client.get("/health/db")
    newest = schema.revisions(MIGRATIONS_DIR)[-1]
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "migration": newest})


def test_a_database_that_is_away_gives_503_while_the_process_lives(app: Flask, client: PageClient) -> None:
    nowhere = create_engine("postgresql+psycopg://nobody@localhost:1/nothing", connect_args={"connect_timeout": 1})
    db.bind(nowhere)
    answer = client.get("/health/db")
    assert (answer.status_code, answer.json) == (503, {"status": "away"})
    assert client.get("/health").status_code == 200
    nowhere.dispose()
