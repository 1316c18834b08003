"""The pages about the desk: their addresses and names, for the footer, the map of the site and each other."""

from dataclasses import dataclass

from knelpunt.web.shared.texts import lazy_gettext


@dataclass(frozen=True, slots=True)
class Page:
    path: str
    title: str


WHAT = Page("/over/wat-is-een-knelpunt", lazy_gettext("Wat is een knelpunt?"))
HOW = Page("/over/werkwijze", lazy_gettext("Hoe wij werken"))
WHO = Page("/over/wie-beslist", lazy_gettext("Wie beslist waarover?"))
PROMISES = Page("/over/wat-wij-beloven", lazy_gettext("Wat wij beloven"))
DEFINITIONS = Page("/kwartalen/definities", lazy_gettext("Wat de cijfers betekenen"))
MINISTRIES = Page("/kwartalen/ministeries", lazy_gettext("Ministeries"))
OPEN_DATA = Page("/open-data", lazy_gettext("Open data"))
DEVELOPERS = Page("/ontwikkelaars", lazy_gettext("Voor ontwikkelaars"))
ALGORITHM = Page("/over/suggesties", lazy_gettext("Suggesties van de computer"))
CONTACT = Page("/contact", lazy_gettext("Contact"))
PRIVACY = Page("/privacy", lazy_gettext("Privacy"))
COOKIES = Page("/cookies", lazy_gettext("Cookies"))
SECURITY = Page("/beveiliging", lazy_gettext("Beveiliging"))
ACCESSIBILITY = Page("/toegankelijkheid", lazy_gettext("Toegankelijkheid"))

PAGES = (
    WHAT,
    HOW,
    WHO,
    PROMISES,
    DEFINITIONS,
    MINISTRIES,
    ALGORITHM,
    OPEN_DATA,
    DEVELOPERS,
    CONTACT,
    PRIVACY,
    COOKIES,
    SECURITY,
    ACCESSIBILITY,
)
