"""A connection that is lost after an answer was made does not spoil that answer."""

from flask import Flask
from sqlalchemy import create_engine, text

from knelpunt.adapters.database.embedded_database import DatabaseUrls
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
