"""What the page for developers shows of the API: requests that anybody can send, and what each error means."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from config import PROJECT_DIR
from knelpunt.web.shared.api_version import BASE
from knelpunt.web.shared.problems import PROBLEMS
from knelpunt.web.shared.texts import lazy_gettext

CONTRACT = f"{BASE}/openapi.json"
TOKEN = f"{BASE}/token"
CHANGES = f"{BASE}/gebeurtenissen"
_DOCS = PROJECT_DIR / "docs" / "api"


@dataclass(frozen=True, slots=True)
class Example:
    """A request that answers well on every installation; with a body it is a POST."""

    words: str
    path: str
    body: str = ""

    def command(self, base_url: str) -> str:
        """The request as a line for a terminal."""
        address = f"'{base_url}{BASE}{self.path}'"
        return f"curl {address} --json '{self.body}'" if self.body else f"curl {address}"


EXAMPLES = (
    Example(lazy_gettext("De laatste antwoorden over leegstand"), "/knelpunten?thema=leegstand&limit=5"),
    Example(lazy_gettext("Ruimtewijzers bij een vraag"), "/ruimtewijzers?q=buurthuis+in+een+school"),
    Example(lazy_gettext("Regels die veel projecten tegenhouden"), "/regelknelpunten?volgorde=gewicht"),
    Example(lazy_gettext("Een wet zoals zij op een dag gold"), "/wetten/chw?op=2015-06-01"),
    Example(lazy_gettext("Alleen code en naam van een gemeente"), "/gemeenten/GM0363?fields=code,naam"),
    Example(lazy_gettext("Wat de cijfers tellen"), "/definities?limit=100"),
    Example(
        lazy_gettext("Regels die bij een tekst kunnen horen"),
        "/suggesties",
        json.dumps({"tekst": "Wij willen wonen in een leeg kantoor.", "op": "2026-06-01"}),
    ),
)


def errors() -> Iterator[tuple[int, str, str]]:
    """Each status of an error, with what it means and what to do."""
    return ((status, each.title, each.detail) for status, each in PROBLEMS.items())


@cache
def scripts() -> list[tuple[str, str]]:
    """How a system files a case, answers a question and reads the result: the examples of the documents, which run."""
    shown = re.findall(r"^```sh\n(.*?)^```", (_DOCS / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return [("Python", (_DOCS / "file_a_case.py").read_text("utf-8")), ("curl", "\n".join(shown))]
