"""The browser for tests and pictures: the one on this machine, started without talking to anybody."""

import os
import shutil

# The headless shell first: it has no window, tabs and menus to draw, and needs a good fifth less of the processor.
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--js-flags=--always-sparkplug --no-flush-bytecode",  # axe starts anew on each page: compiled at once it is quicker
]


def find_chromium() -> str | None:
    """The browser that KNELPUNT_CHROMIUM names, else the first known one on the PATH."""
    return os.environ.get("KNELPUNT_CHROMIUM") or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
