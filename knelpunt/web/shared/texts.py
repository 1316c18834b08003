"""The texts of the site in the language of the request: gettext by way of Flask-Babel, with Dutch as the source.

``_("…")`` translates at once, ``lazy_gettext`` where a text is made before any request, such as the label of a field.
What lies below the site gives ``Text``s, which ``said`` translates. What a person wrote passes through none of these.
"""

import re
from collections.abc import Callable
from typing import Any

from babel.support import NullTranslations
from flask import Flask
from flask_babel import Babel, Domain
from jinja2 import nodes
from jinja2.ext import InternationalizationExtension
from markupsafe import Markup, escape

from knelpunt.domain.texts import with_article
from knelpunt.web.shared.requests.request_language import current_translator, is_dutch

_PLACE = re.compile(r"%\((\w+)\)s")


class SiteTexts(Domain):
    """The catalogue of the language in which this request is answered; for Dutch one that holds nothing."""

    def get_translations(self) -> NullTranslations:
        return current_translator().texts


_texts = SiteTexts()
gettext: Callable[..., str] = _texts.gettext
ngettext: Callable[..., str] = _texts.ngettext
lazy_gettext: Callable[..., str] = _texts.lazy_gettext
_ = gettext


def said(text: str) -> str:
    """A text of the layers below in the language of the request."""
    return current_translator().say(text)


class MarkedTexts(InternationalizationExtension):
    """``{% trans %}``, with the Dutch text compiled into the template, so that a Dutch page looks nothing up."""

    def _make_node(  # type: ignore[override]  # an If may stand where an Output may
        self, singular: str, plural: str | None, context: str | None, variables: dict[str, nodes.Expr], *rest: Any
    ) -> nodes.Node:
        translated: nodes.Output = super()._make_node(singular, plural, context, variables, *rest)
        if plural is not None:
            return translated
        pieces: list[nodes.Expr] = [
            variables[piece] if at % 2 else nodes.TemplateData(piece.replace("%%", "%"))
            for at, piece in enumerate(_PLACE.split(singular))
            if piece
        ]
        return nodes.If(nodes.Name("is_dutch", "load"), [nodes.Output(pieces)], [], [translated])


def _markup(message: str, /, **values: object) -> Markup:
    """The text of a ``{% trans %}``: markup of ours, in which only what fills its places is escaped."""
    return Markup(gettext(message) % {name: escape(value) for name, value in values.items()})  # noqa: S704 - a text of ours


def _counted_markup(one: str, many: str, num: int, /, **values: object) -> Markup:
    values = {"num": current_translator().number(num), **values}
    found = current_translator().texts.ngettext(one, many, num)
    return Markup(found % {name: escape(value) for name, value in values.items()})  # noqa: S704 - a text of ours


def init_app(app: Flask) -> None:
    babel = Babel(
        app,
        configure_jinja=False,
        default_locale="nl_NL",
        default_timezone="Europe/Amsterdam",
        locale_selector=lambda: current_translator().language.locale,
    )
    babel.domain_instance = _texts
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    app.jinja_env.add_extension(MarkedTexts)
    app.jinja_env.newstyle_gettext = True  # type: ignore[attr-defined]  # of the extension
    app.jinja_env.globals.update(gettext=_markup, ngettext=_counted_markup, _=gettext, is_dutch=is_dutch)
    app.jinja_env.filters["vertaald"] = said
    app.jinja_env.filters["met_lidwoord"] = with_article
