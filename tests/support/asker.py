"""Asks any page of the URL map in the name of any party, and leaves everything as it was."""

from functools import cached_property
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from werkzeug.routing import Rule as Address
from werkzeug.test import TestResponse

from tests.support.database import send_command
from tests.support.login import SESSION_KEY
from tests.support.rights import Relation, Rule
from tests.support.world import World, Written, fingerprint, rows_written

READING = {"GET", "HEAD", "OPTIONS"}


def cookies_of(app: Flask, tokens: dict[str, str]) -> dict[str, str]:
    """The cookie of each party, as its browser has it after logging in; ``tokens`` are those of its sessions."""
    made = {}
    for who, token in tokens.items():
        browser = FlaskClient(app)
        with browser.session_transaction() as cookie:
            cookie[SESSION_KEY] = token
        kept = browser.get_cookie(app.config["SESSION_COOKIE_NAME"])
        assert kept is not None
        made[who] = kept.value
    return made


class Asker:
    """Sends one request in the name of a party; afterwards all is as before, in the database and in the browser."""

    def __init__(self, app: Flask, connection: Connection, world: World, cookies: dict[str, str]) -> None:
        self.app, self.connection, self.world, self.cookies = app, connection, world, cookies
        self._written: Written | None = None
        """How much was written so far, where that is known: then it need not be asked before the next request."""
        self._addresses = {address.rule: address for address in app.url_map.iter_rules()}
        self._urls = app.url_map.bind("localhost")

    @cached_property
    def untouched(self) -> str:
        """The rows as they are before each request: whatever one did is rolled back."""
        return fingerprint(self.connection)

    def ask(
        self, who: str, method: str, rule: Rule, relation: Relation, *, may_change: bool = False
    ) -> tuple[TestResponse, bool]:
        """The answer, and whether anything was changed that should not be."""
        return self.send(who, method, self.path(who, rule, relation), may_change=may_change)

    def send(
        self, who: str, method: str, path: str, *, may_change: bool = False, **sent: Any
    ) -> tuple[TestResponse, bool]:
        """The same for an address; ``sent`` is what goes along with the request."""
        browser = FlaskClient(self.app)  # not the page-checking kind: what pages look like is tested elsewhere
        if who in self.cookies:
            browser.set_cookie(self.app.config["SESSION_COOKIE_NAME"], self.cookies[who])
        compares = method not in READING and not may_change
        untouched = self.untouched if compares else ""
        before = (self._written or rows_written(self.connection)) if compares else None
        self._written = None
        send_command(self.connection, "SAVEPOINT asked")
        try:
            answer = browser.open(path, method=method, buffered=True, **sent)
            answer.get_data()
            answer.close()
            if before is None:
                return answer, False
            after = self._written = rows_written(self.connection)
            if after == before:
                return answer, False
            return answer, after.kept != before.kept or fingerprint(self.connection) != untouched
        finally:
            # Its locks go with it, where SQLAlchemy keeps both; sent as one, since there are some ten thousand.
            send_command(self.connection, "ROLLBACK TO SAVEPOINT asked; RELEASE SAVEPOINT asked")

    def path(self, who: str, rule: Rule, relation: Relation) -> str:
        """The address of a row in this relation, for this party."""
        address = self.address_of(rule)
        values = {part: self.world.value(rule.path, part, relation, who) for part in address.arguments}
        return self._urls.build(address.endpoint, {**values, **dict(rule.query)})

    def relations(self, rule: Rule) -> list[Relation]:
        """Every relation that the rows of this address can stand in."""
        return self.world.relations(rule.path, self.address_of(rule).arguments)

    def address_of(self, rule: Rule) -> Address:
        """The entry in the URL map."""
        return self._addresses[rule.path]
