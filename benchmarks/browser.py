"""A visitor of a running site: sends one request at a time, keeps its cookies and follows no redirect."""

import gzip
import html
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from http.cookies import SimpleCookie

NO_ANSWER = 599
_TAG = re.compile(r'<(form|input|textarea|button|/?select|option)\b((?:[^>"]|"[^"]*")*)>')
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


DEMO_CODE = re.compile(rb"data-demo-code>(\d{6})<")
"""Where a demonstration shows what a telephone would."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, with the names of its headers in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        is_packed = self.headers.get("content-encoding") == "gzip" and self.body
        return (gzip.decompress(self.body) if is_packed else self.body).decode("utf-8", errors="replace")

    @property
    def location(self) -> str:
        return self.headers.get("location", "")


@dataclass(slots=True)
class Browser:
    """Every request goes over a connection of its own."""

    port: int
    host: str = "127.0.0.1"
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes = b"") -> Answer:
        """Send one request as it is. An answer that is no HTTP, or none, counts as a 599."""
        sent = dict(headers or {})
        if self.cookies:
            sent.setdefault("Cookie", "; ".join(f"{name}={value}" for name, value in self.cookies.items()))
        if body:
            sent["Content-Length"] = str(len(body))
        connection = HTTPConnection(self.host, self.port, timeout=60)
        started = time.perf_counter()
        try:
            connection.putrequest(method, target, skip_host="Host" in sent)
            for name, value in sent.items():
                connection.putheader(name, value.encode("latin-1"))
            connection.endheaders(body or None)
            response = connection.getresponse()
            content = response.read()
        except (OSError, HTTPException) as error:
            return Answer(NO_ANSWER, {}, repr(error).encode(), time.perf_counter() - started)
        finally:
            connection.close()
        seconds = time.perf_counter() - started
        if headers is None or "Cookie" not in headers:
            for text in response.headers.get_all("Set-Cookie", []):
                self.cookies |= {name: cookie.value for name, cookie in SimpleCookie(text).items()}
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content, seconds)


def fields_in(page: bytes) -> dict[str, list[str]]:
    """Each field of the forms on a page that are posted, with the values that it offers."""
    fields: dict[str, list[str]] = {}
    is_posted, selected = False, ""
    for tag, rest in _TAG.findall(page.decode("utf-8", errors="replace")):
        attributes = {name: html.unescape(value) for name, value in _ATTRIBUTE.findall(rest)}
        name, values = attributes.get("name", ""), [attributes.get("value", "")]
        if tag == "form":
            is_posted = attributes.get("method", "").lower() == "post"
        elif tag in ("select", "/select"):
            selected, values = name, []
        elif tag == "option":
            name = selected
        if is_posted and name:
            fields.setdefault(name, []).extend(values)
    return fields
