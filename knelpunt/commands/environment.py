"""What a command works with that needs the whole application, outside a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import click
from flask import Flask

from knelpunt.adapters.database.patience import FOR_WORK
from knelpunt.application import create_app
from knelpunt.commands.operations.prepared import Prepared, database
from knelpunt.domain.errors import DomainError
from knelpunt.domain.permissions import SYSTEM
from knelpunt.extensions import db
from knelpunt.services.core.context import Context


@contextmanager
def application(ready: Prepared) -> Iterator[Flask]:
    """The application, outside a request, with its connections closed afterwards."""
    app = create_app(ready.config, FOR_WORK)
    try:
        with app.app_context():
            yield app
    finally:
        db.dispose()


def system_context(app: Flask) -> Context:
    """The context of an act of the system itself, now."""
    return Context(db.session, SYSTEM, datetime.now(UTC), app.config["LINKS"])


@contextmanager
def act() -> Iterator[Context]:
    """The context of an act of the system from the console, committed at the end of the block.

    What refuses the act is said in a line, and nothing of it is kept.
    """
    with database() as ready, application(ready) as app:
        try:
            yield system_context(app)
        except DomainError as error:
            raise click.ClickException(error.message) from error
        db.session.commit()
