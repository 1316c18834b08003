"""Parts of addresses that the database can hold; anything else is no address of this site."""

from flask import Flask
from werkzeug.routing import BaseConverter


class IdConverter(BaseConverter):
    """The number of a row: ``<id:account_id>``. Eighteen digits always fit the column, and never overflow it."""

    regex = "[1-9][0-9]{0,17}"

    def to_python(self, value: str) -> int:
        return int(value)

    def to_url(self, value: int) -> str:
        return str(value)


def init_app(app: Flask) -> None:
    # Werkzeug's redirect that mends // goes to the host that the request names, and a request can name any.
    app.url_map.merge_slashes = False
    app.url_map.converters["id"] = IdConverter
