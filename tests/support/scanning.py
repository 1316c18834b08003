"""A virus scanner that writes down what was locked by the time it was asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, Any

from flask import Flask
from sqlalchemy import Connection

from tests.support.statements import counted

LOCKS = ("FOR UPDATE", "FOR NO KEY UPDATE", "pg_advisory_xact_lock", "INSERT INTO usage_counts")


class Watching:
    """``held`` are the statements with a lock that were sent before each file was looked at."""

    def __init__(self, sent: list[str]) -> None:
        self.sent = sent
        self.held: list[list[str]] = []

    def scan(self, stream: IO[bytes]) -> None:
        assert stream.read(4)
        self.held.append([each for each in self.sent if any(lock in each for lock in LOCKS)])


@contextmanager
def watched(app: Flask, connection: Connection, monkeypatch: Any) -> Iterator[Watching]:
    """Every file that comes in is looked at by such a scanner."""
    with counted(connection) as sent:
        scanner = Watching(sent)
        rules = replace(app.config["ATTACHMENT_RULES"], scanner=scanner)
        monkeypatch.setitem(app.config, "ATTACHMENT_RULES", rules)
        yield scanner
