"""Writes docs/api/openapi.json from the code that keeps the contract, so that a difference is seen before it is out."""

import tempfile
from dataclasses import replace
from pathlib import Path

from flask import Flask

from config import Config, Environment
from knelpunt.application import create_app
from knelpunt.web.api import contract

EXAMPLE = Config(
    environment=Environment.DEVELOPMENT,
    secret_key="no secret: this application answers nobody",  # noqa: S106
    base_url="https://knelpunt.example",
    data_dir=Path("."),
    database_url="postgresql+psycopg://nowhere",
)
"""An installation at an address that is reserved for examples."""


def document(app: Flask) -> str:
    """The contract of an application, as if it were that installation."""
    return contract.as_json(contract.document(app, EXAMPLE))


def document_alone() -> str:
    """The same, where there is no application yet. It needs no database."""
    with tempfile.TemporaryDirectory(prefix="knelpunt-contract-") as folder:
        return document(create_app(replace(EXAMPLE, data_dir=Path(folder))))
