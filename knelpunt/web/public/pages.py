"""The pages about the desk: their addresses and names, for the footer, the map of the site and each other."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Page:
    path: str
    title: str


WHAT = Page("/over/wat-is-een-knelpunt", "Wat is een knelpunt?")
HOW = Page("/over/werkwijze", "Hoe wij werken")
WHO = Page("/over/wie-beslist", "Wie beslist waarover?")
OPEN_DATA = Page("/open-data", "Open data")
CONTACT = Page("/contact", "Contact")
PRIVACY = Page("/privacy", "Privacy")
COOKIES = Page("/cookies", "Cookies")
ACCESSIBILITY = Page("/toegankelijkheid", "Toegankelijkheid")

PAGES = (WHAT, HOW, WHO, OPEN_DATA, CONTACT, PRIVACY, COOKIES, ACCESSIBILITY)
