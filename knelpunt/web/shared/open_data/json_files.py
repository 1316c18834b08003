"""Data for other programs as JSON: one object on each line, or one graph of linked data, sent while it is read."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping

from flask import Response
from sqlalchemy.orm import Session

from knelpunt.extensions import db
from knelpunt.web.shared.requests.headers import Answer, read_anywhere

LINES_A_PIECE = 200
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
JSON_LD = "application/ld+json; charset=utf-8"
Rows = Callable[[Session], Iterable[Mapping[str, object]]]


def licensed(response: Answer) -> Answer:
    """The response, which says under which licence anybody may use what is in it, also scripts of other sites."""
    response.headers["Link"] = f'<{CC0}>; rel="license"'
    return read_anywhere(response)


def json_lines(rows: Rows, filename: str) -> Response:
    """A download of one object on each line, in a session of its own."""
    return Response(
        _pieces(rows, "\n"),
        content_type="application/jsonl; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


def json_graph(context: object, rows: Rows, filename: str) -> Response:
    """A download of linked data: every object in one graph with one context, in a session of its own."""

    def pieces() -> Iterator[bytes]:
        yield f'{{"@context": {json.dumps(context)}, "@graph": [\n'.encode()
        yield from _pieces(rows, ",\n", last="\n")
        yield b"]}\n"

    return licensed(
        Response(
            pieces(),
            content_type=JSON_LD,
            headers={"Content-Disposition": f'attachment; filename="{filename}"'},
        )
    )


def _pieces(rows: Rows, between: str, *, last: str | None = None) -> Iterator[bytes]:
    """The objects as text: each with ``between`` after it, the last one with ``last`` where that is given."""
    end = between if last is None else last
    with db.new_session() as session:
        texts: list[str] = []
        waiting: str | None = None
        for row in rows(session):
            if waiting is not None:
                texts.append(waiting + between)
            waiting = json.dumps(row, ensure_ascii=False)
            if len(texts) == LINES_A_PIECE:
                yield "".join(texts).encode()
                texts.clear()
        if waiting is not None:
            texts.append(waiting + end)
        yield "".join(texts).encode()
