"""What a browser calls itself, in words that its owner knows it by. The whole line is kept nowhere."""

import re

UNKNOWN = "Onbekende browser"
_LONGEST_LINE = 1000
# In this order: most browsers also name those whose pages they want to be sent.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("HeadlessChrome", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    (r"iPhone|iPad", "iOS"),
    (r"Android", "Android"),
    (r"Windows", "Windows"),
    (r"Mac OS X|Macintosh", "macOS"),
    (r"CrOS", "ChromeOS"),
    (r"Linux|X11", "Linux"),
)


def browser_words(line: str | None) -> str:
    """Such as "Firefox op Windows", from what a browser says of itself in each request."""
    text = (line or "")[:_LONGEST_LINE]
    browser = next((words for mark, words in _BROWSERS if re.search(rf"\b{mark}\w*/", text)), None)
    system = next((words for mark, words in _SYSTEMS if re.search(mark, text)), None)
    if browser is None:
        return UNKNOWN
    return f"{browser} op {system}" if system else browser
