"""The palette meets WCAG 2.2 AA in light and in dark: 4.5 to 1 for text, 3 to 1 for shapes and the edges of fields."""

import re

import pytest

from config import STATIC_DIR

TEXT, SHAPE = 4.5, 3.0
DARK = "@media screen and (prefers-color-scheme: dark)"
SURFACES = ("paper", "sunken", "raised")
TONES = ("ok", "danger", "info", "plum")

PAIRS: list[tuple[str, str, float]] = [
    *[(text, surface, TEXT) for surface in SURFACES for text in ("ink", "ink-soft", "action", "action-hover")],
    *[(tone, surface, TEXT) for surface in SURFACES for tone in ("danger", "ok", "wait-ink", "plum")],
    *[("ink", f"{tone}-soft", TEXT) for tone in (*TONES, "wait", "action", "muted")],
    *[("ink-soft", f"{tone}-soft", TEXT) for tone in (*TONES, "wait", "action", "muted")],
    *[("action", f"{tone}-soft", TEXT) for tone in (*TONES, "wait", "action", "muted")],
    *[(tone, f"{tone}-soft", TEXT) for tone in TONES],
    ("wait-ink", "wait-soft", TEXT),
    ("danger", "wait-soft", TEXT),  # a late term in what waits on you
    ("wait-ink", "muted-soft", TEXT),  # the word at the term in a plot of durations
    *[(front, "muted-soft", SHAPE) for front in ("wait-line", "danger", "action")],  # its line and dots
    *[(line, surface, SHAPE) for line in ("action", "plum", "wait-ink", "info") for surface in SURFACES],  # lines
    ("on-action", "action", TEXT),
    ("paper", "info", TEXT),
    ("paper", "count", TEXT),  # the numbers in the tiles of the map and the cells of the matrix
    ("paper", "action-hover", TEXT),
    ("on-action", "action-hover", TEXT),
    ("paper", "danger", TEXT),
    ("paper", "ink", TEXT),
    ("on-deep", "deep", TEXT),
    ("on-deep-soft", "deep", TEXT),
    *[("line-strong", surface, SHAPE) for surface in SURFACES],
    *[("wait-line", surface, SHAPE) for surface in SURFACES],
    ("focus", "paper", SHAPE),
    ("focus", "sunken", SHAPE),
    ("focus", "focus-halo", SHAPE),
]


def _palettes() -> dict[str, dict[str, str]]:
    """The colours of tokens.css by name: as they are in light, and what dark makes of them."""
    text = (STATIC_DIR / "css" / "tokens.css").read_text("utf-8")
    light_part, dark_part = text.split(DARK)
    dark_part = dark_part.split(".kn-work")[0]
    found = [dict(re.findall(r"--kn-([a-z0-9-]+):\s*(#[0-9a-f]{6})\b", part)) for part in (light_part, dark_part)]
    return {"light": found[0], "dark": found[0] | found[1]}


PALETTES = _palettes()


def _luminance(colour: str) -> float:
    """Relative luminance as WCAG defines it."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_gives_the_known_extremes() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#777777", "#777777") == pytest.approx(1)


@pytest.mark.parametrize("scheme", PALETTES)
@pytest.mark.parametrize(("front", "back", "least"), PAIRS, ids=str)
def test_what_is_used_together_can_be_told_apart(scheme: str, front: str, back: str, least: float) -> None:
    palette = PALETTES[scheme]
    assert _contrast(palette[front], palette[back]) >= least


def test_dark_gives_every_colour_of_its_own() -> None:
    text = (STATIC_DIR / "css" / "tokens.css").read_text("utf-8")
    dark = text.split(DARK)[1].split(".kn-work")[0]
    named = set(re.findall(r"--kn-([a-z0-9-]+):\s*#", dark))
    assert named == PALETTES["light"].keys()


def test_no_style_sheet_names_a_colour_outside_the_palette() -> None:
    for sheet in (STATIC_DIR / "css").glob("*.css"):
        if sheet.name in ("tokens.css", "print.css"):
            continue
        assert re.findall(r"#[0-9a-fA-F]{3,8}\b", sheet.read_text("utf-8")) == [], sheet.name
