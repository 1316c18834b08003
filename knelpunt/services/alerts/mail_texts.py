"""Mails about topics that somebody follows: to confirm it, and with what became public."""

from collections.abc import Callable, Sequence

from knelpunt.domain.bottlenecks import STATUS_WORDS, BottleneckStatus
from knelpunt.domain.languages import DUTCH
from knelpunt.domain.laws.changes import CHANGE_WORDS, LawChangeKind
from knelpunt.domain.texts import Text
from knelpunt.queries.public.news import News, NewsKind
from knelpunt.services.mail.texts import MailText, to_reader

MOST_LINES = 40
"""So many new things stand in one mail."""
_HEADINGS = {
    NewsKind.CASE: Text("Antwoorden"),
    NewsKind.GUIDE: Text("Ruimtewijzers"),
    NewsKind.BOTTLENECK: Text("Regels waaraan iets veranderde"),
    NewsKind.LAW: Text("Wat er anders staat in de wet"),
    NewsKind.QUARTER: Text("Kwartalen, aangeboden aan de Tweede Kamer"),
}


def topic_confirm(*, url: str, days: int) -> MailText:
    """Somebody typed this address to hear of news; nothing is sent until its owner confirms.

    Args:
        days: how long the link works.
    """
    return to_reader(
        Text("Bevestig dat u op de hoogte wilt blijven"),
        Text("Iemand vulde dit adres in om mail over nieuws te krijgen."),
        Text("Wilt u dat? Kijk waarover het gaat en bevestig het met deze link:\n%(url)s", url=url),
        Text("De link werkt één keer, en hooguit %(days)s dagen. Daarna wissen wij wat u vroeg.", days=days),
        Text("Hebt u dit niet gevraagd? Dan hoeft u niets te doen."),
    )


def topic_news(
    *,
    news: Sequence[News],
    page: Callable[[str], str],
    manage_url: str,
    is_cut: bool = False,
    language: str = DUTCH.code,
) -> MailText:
    """What became public since the last mail about what somebody follows.

    Args:
        page: the whole address of a page, in the language of the mail.
        is_cut: there is more that was not looked for.
        language: the code of that language.
    """
    told: list[str] = []
    shown = news[:MOST_LINES]
    for kind, heading in _HEADINGS.items():
        lines = [each for each in shown if each.kind is kind]
        if lines:
            told += [heading, *(_line(each, page) for each in lines)]
    left = len(news) - len(shown)
    rest = (
        Text("En nog %(left)s of meer. U vindt ze op onze site.", left=left)
        if is_cut
        else Text("En nog %(left)s. U vindt ze op onze site.", left=left)
    )
    return to_reader(
        Text("Nieuws over wat u volgt"),
        Text("Dit is nieuw bij Knelpunt."),
        "" if language == DUTCH.code else Text("De titels staan hier in het Nederlands."),
        *told,
        rest if left else "",
        Text("Kies wat u volgt, of stop met één klik:\n%(manage_url)s", manage_url=manage_url),
    )


def _line(each: News, page: Callable[[str], str]) -> str:
    if each.kind is NewsKind.QUARTER:
        return Text("Kwartaal %(period)s\n%(url)s", period=each.title, url=page(each.path))
    if each.kind is NewsKind.BOTTLENECK:
        status = STATUS_WORDS[BottleneckStatus(each.detail)]
        return Text("%(title)s: %(status)s\n%(url)s", title=each.title, status=status, url=page(each.path))
    if each.kind is NewsKind.LAW:
        change = CHANGE_WORDS[LawChangeKind(each.detail)]
        return Text("%(title)s: %(change)s\n%(url)s", title=each.title, change=change, url=page(each.path))
    return f"{each.title}\n{page(each.path)}"
