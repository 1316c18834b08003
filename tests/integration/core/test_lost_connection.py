"""A connection that is lost after an answer was made does not spoil that answer; and how transactions begin behind a
pooler."""

from flask import Flask
from sqlalchemy import create_engine, text

from knelpunt.adapters.database import patience
from knelpunt.adapters.database.embedded_database import DatabaseUrls
from knelpunt.adapters.database.patience import FOR_VISITORS
from knelpunt.adapters.database.postgres import libpq_url
from knelpunt.extensions import db


def test_a_session_whose_connection_died_closes_quietly(app: Flask, own_database: DatabaseUrls) -> None:
    killer = create_engine(own_database.app)
    with app.app_context():
        number = db.session.scalar(text("SELECT pg_backend_pid()"))
        with killer.connect() as connection:
            assert connection.scalar(text("SELECT pg_terminate_backend(:number, 5000)"), {"number": number})
    with app.app_context():
        assert db.session.scalar(text("SELECT pg_backend_pid()")) != number
    killer.dispose()


def test_behind_a_pooler_each_transaction_begins_with_its_limits_also_when_many_rows_go_at_once(own_database):
    with patience.connect(FOR_VISITORS, None, libpq_url(own_database.app), is_pooled=True) as connection:
        connection.execute("CREATE TEMP TABLE sent (number bigint)")
        connection.commit()
        with connection.cursor() as cursor:
            cursor.executemany("INSERT INTO sent VALUES (%s)", [(number,) for number in range(300)])
        assert connection.execute("SHOW statement_timeout").fetchone() == ("3500ms",)
        assert connection.execute("SELECT count(*) FROM sent").fetchone() == (300,)
        connection.rollback()
        assert connection.execute("SELECT count(*), current_setting('lock_timeout') FROM sent").fetchone() == (0, "3s")
