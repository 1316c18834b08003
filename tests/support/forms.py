"""Fills in a form as a browser does: every field as the page shows it, then what the test types."""

from typing import Any
from xml.etree.ElementTree import Element

from werkzeug.test import TestResponse

from tests.support import markup


def forms_on(response: TestResponse) -> list[Element]:
    tree = markup.parse(response.get_data(as_text=True))
    return [form for form in tree.iter("form") if form.get("method", "get").lower() == "post"]


def values_of(form: Element) -> dict[str, Any]:
    """What a browser would send for a form without a change, but for buttons and files."""
    values: dict[str, Any] = {}
    for element in form.iter():
        name = element.get("name")
        if not name:
            continue
        if element.tag == "textarea":
            values[name] = "".join(element.itertext()).removeprefix("\n")
        elif element.tag == "select":
            options = list(element.iter("option"))
            chosen = [option for option in options if option.get("selected") is not None] or options[:1]
            values[name] = chosen[0].get("value", "")
        elif element.tag == "input":
            kind = element.get("type", "text")
            if kind in {"checkbox", "radio"} and element.get("checked") is None:
                continue
            if kind == "checkbox" and name in values:
                values[name] = [*_as_list(values[name]), element.get("value", "on")]
            elif kind not in {"submit", "button", "file"}:
                values[name] = element.get("value", "")
    return values


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def fill(response: TestResponse, holding: str, **typed: Any) -> dict[str, Any]:
    """The values of the one form on a page that has this field (or whose address ends so), with what was typed."""
    for form in forms_on(response):
        values = values_of(form)
        if holding in values or f"{holding}-dag" in values or form.get("action", "").endswith(holding):
            return {**values, **typed}
    raise AssertionError(f"no form with {holding!r} on {response.request.path}")
