"""The words of a mail that is HTML only, without the mail that it answers where that is marked."""

from html.parser import HTMLParser

_UNSEEN = frozenset({"script", "style", "head", "title", "template"})
_BREAKS = frozenset({"br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol", "blockquote", "hr"})
_CELLS = frozenset({"td", "th"})
_EMPTY = frozenset({"br", "hr", "img", "meta", "link", "input", "col", "area", "base", "wbr", "source"})
_QUOTES = ("gmail_quote", "yahoo_quoted", "moz-cite-prefix", "protonmail_quote")
_FROM_HERE_ON = ("divRplyFwdMsg", "appendonsend", "OLK_SRC_BODY_SECTION")
"""Outlook marks only where the older mail begins."""


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.words: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._unseen = 0
        self._is_over = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if values.get("id", "").startswith(_FROM_HERE_ON):
            self._is_over = True
        if tag in _BREAKS:
            self._say("\n- " if tag == "li" else "\n")
        if tag in _CELLS:
            self._say(" ")
        if tag in _EMPTY:
            return
        classes = values.get("class", "")
        hides = tag in _UNSEEN or any(each in classes for each in _QUOTES)
        hides = hides or (tag == "blockquote" and values.get("type") == "cite")
        self._open.append((tag, hides))
        self._unseen += hides

    def handle_endtag(self, tag: str) -> None:
        if tag in _BREAKS:
            self._say("\n")
        if all(name != tag for name, _ in self._open):
            return
        while self._open:
            name, hides = self._open.pop()
            self._unseen -= hides
            if name == tag:
                return

    def handle_data(self, data: str) -> None:
        self._say(" ".join(data.split()) if data.strip() else " ", data)

    def _say(self, words: str, as_written: str = "") -> None:
        if self._unseen or self._is_over:
            return
        before = " " if as_written[:1].isspace() else ""
        after = " " if as_written[-1:].isspace() else ""
        self.words.append(f"{before}{words}{after}" if words.strip() and as_written else words)


def text_of(html: str) -> str:
    """The words of a page, a paragraph on its own lines; all of them when all of it is marked as quoted."""
    reader = _Words()
    reader.feed(html)
    reader.close()
    text = _tidy("".join(reader.words))
    if text:
        return text
    plain = HTMLParser(convert_charrefs=True)
    found: list[str] = []
    plain.handle_data = found.append  # type: ignore[method-assign,assignment]
    plain.feed(html)
    plain.close()
    return _tidy(" ".join(found))


def _tidy(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()
