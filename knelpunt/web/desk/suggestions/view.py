"""Suggestions as the page shows them: grouped by law, with what was said of them, and the words marked in the text."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from knelpunt.adapters.files.situations import shipped_matcher
from knelpunt.adapters.words.search_terms import STOP_WORDS, THIN_STEMS, WORD
from knelpunt.adapters.words.text_words import split_words
from knelpunt.domain.history.records import COLLECTIVE_KEYS
from knelpunt.domain.laws.dates import Standing, period_in_words
from knelpunt.domain.suggestions.feedback import SuggestionDecision
from knelpunt.domain.suggestions.results import SuggestedLaw, SuggestedProvision, Sureness, enumerated, likely
from knelpunt.domain.vocabulary import AssessmentRole, Verdict
from knelpunt.queries.search.suggestions import FeedbackRow
from knelpunt.services.suggestions.desk import VERDICT_OF_ANSWER, Suggested

LAWS_SHOWN = 5
FIRST_LAWS = 2
"""So many laws stand open, whatever they fit; a weak one after them stands in a fold."""
PROVISIONS_SHOWN = 2
MORE_SHOWN = 4
OTHERS_SHOWN = 3
MARKED_LAWS = 3
CLEARLY = 1.5
"""An answer that is no law leads when its share is so many times that of the best law."""


@dataclass(frozen=True, slots=True)
class EarlierCase:
    """An earlier case that led to a suggestion; ``number`` where it stands in the register."""

    title: str
    number: str | None
    words: str


@dataclass(frozen=True, slots=True)
class ShownProvision:
    """One provision with what a triager must know of it; ``rank`` is its place, 1 for the first."""

    suggestion: SuggestedProvision
    words: tuple[str, ...]
    situation: str | None
    id: int
    law_id: int
    law_title: str
    rank: int
    period: str
    is_wording_read: bool
    instead: tuple[tuple[int, str], ...]
    said: FeedbackRow | None


@dataclass(frozen=True, slots=True)
class ShownLaw:
    """One law with its provisions: those that held then, and those that had ended or were still to come."""

    key: str
    law_id: int
    law_key: str
    title: str
    rank: int
    sureness: Sureness
    standing: Standing
    period: str
    blocks: bool
    offers_room: bool
    words: str
    cases: tuple[EarlierCase, ...]
    current: tuple[ShownProvision, ...]
    more: tuple[ShownProvision, ...]
    past_or_future: tuple[ShownProvision, ...]
    said: FeedbackRow | None

    @property
    def verdict(self) -> Verdict | None:
        """The verdict that says the same, for an answer that is no law."""
        return VERDICT_OF_ANSWER.get(self.key)


@dataclass(frozen=True, slots=True)
class ShownSituation:
    """A situation with the facts by which it was found; ``said`` where somebody chose it."""

    key: str
    title: str
    rank: int
    facts: tuple[tuple[str, tuple[str, ...]], ...]
    missing: tuple[str, ...]
    against: tuple[tuple[str, tuple[str, ...]], ...]
    obstacles: tuple[str, ...]
    guides: tuple[tuple[str, str], ...]
    said: FeedbackRow | None


@dataclass(frozen=True, slots=True)
class SuggestionPage:
    """The whole page. ``text`` is the case in pieces: the words that count most are marked.

    ``decided`` are the answers that are no law and were confirmed; ``leading`` those that fit better than any law
    does, while none was confirmed; ``answers`` the others.
    """

    situations: tuple[ShownSituation, ...]
    other_situations: tuple[tuple[str, str], ...]
    is_sure: bool
    decided: tuple[ShownLaw, ...]
    leading: tuple[ShownLaw, ...]
    laws: tuple[ShownLaw, ...]
    weak_laws: tuple[ShownLaw, ...]
    answers: tuple[ShownLaw, ...]
    asks: tuple[str, ...]
    refused: tuple[tuple[FeedbackRow, str], ...]
    confirmed: tuple[tuple[FeedbackRow, str], ...]
    text: tuple[tuple[str, bool], ...]


def page_of(
    suggested: Suggested, said: Sequence[FeedbackRow], text: str, on: date, guides: Mapping[str, str]
) -> SuggestionPage:
    """Sort the suggestions into what the page shows; what was refused goes to the end of it.

    Args:
        guides: the question of each ruimtewijzer that everybody may read, by its name in the address.
    """
    found = suggested.found
    spoken = {(row.law_id, row.provision_id): row for row in said}
    every = (*found.provisions, *found.others)
    ranks = {one.key: rank for rank, one in enumerate(every, 1)}
    titles = {law.key: law.citation_title for group in found.laws for law in group.laws}
    names = {one.key: one.entry.instrument for one in every}
    situation_titles = {one.key: one.situation.title for one in found.situations}
    known_situations = shipped_matcher().by_key

    def provision(one: SuggestedProvision) -> ShownProvision:
        law_id, id_ = suggested.law_ids[one.entry.law_key], suggested.provision_ids[one.key]
        details = one.entry.details
        return ShownProvision(
            suggestion=one,
            words=_telling(one.words),
            situation=situation_titles.get(one.situation or ""),
            id=id_,
            law_id=law_id,
            law_title=titles[one.entry.law_key],
            rank=ranks[one.key],
            period=period_in_words(
                details["valid_from"],
                details["valid_to"],
                start_is_known=one.entry.start_is_known,
                end_is_known=one.entry.end_is_known,
            ),
            is_wording_read=one.entry.wording_was_read(on),
            instead=tuple((suggested.provision_ids[key], names[key]) for key in one.instead if key in names),
            said=spoken.get((law_id, id_)),
        )

    def law(rank: int, one: SuggestedLaw) -> ShownLaw:
        first = one.laws[0]
        law_id = suggested.law_ids[first.key]
        shown = [provision(each) for each in one.provisions]
        current = [each for each in shown if each.suggestion.is_current and not _is_refused(each.said)]
        fitting = [each for each in current if not each.suggestion.is_weak][:PROVISIONS_SHOWN] or current[:1]
        others = [each for each in current if each not in fitting]
        return ShownLaw(
            key=one.key,
            law_id=law_id,
            law_key=first.key,
            title=first.citation_title,
            rank=rank,
            sureness=one.sureness,
            standing=one.standing,
            period=period_in_words(
                first.details["in_force_from"], first.details["in_force_to"], end_is_known=first.status != "onbekend"
            ),
            blocks=one.blocks or any(each.suggestion.role is AssessmentRole.BLOCKS for each in current),
            offers_room=any(each.suggestion.role is AssessmentRole.OFFERS_ROOM for each in current),
            words=enumerated([f"‘{word}’" for word in _telling(one.words)]),
            cases=_earlier_cases(suggested, one),
            current=tuple(fitting),
            more=tuple(others[:MORE_SHOWN]),
            past_or_future=tuple(
                each for each in shown if not each.suggestion.is_current and not each.suggestion.is_weak
            )[:OTHERS_SHOWN],
            said=spoken.get((law_id, None)),
        )

    ranked = [law(rank, one) for rank, one in enumerate(found.laws, 1)]
    answers = [one for one in ranked if one.key in COLLECTIVE_KEYS]
    decided = [one for one in answers if one.said is not None and one.said.decision is SuggestionDecision.CONFIRMED]
    worth_reading = {
        one.key
        for one in likely([one for one, row in zip(found.laws, ranked, strict=True) if not _is_refused(row.said)])
    }
    groups = [
        one
        for one in ranked
        if one.key in worth_reading and one not in decided and (one.key not in COLLECTIVE_KEYS or one.current)
    ]
    by_law_id = {one.law_id: one.title for one in ranked}
    by_provision_id = {suggested.provision_ids[key]: name for key, name in names.items()}

    def named(decision: SuggestionDecision) -> Iterator[tuple[FeedbackRow, str]]:
        for row in said:
            if row.decision is decision:
                yield row, _name_of(row) or "een regel die niet meer in de catalogus staat"

    def _name_of(row: FeedbackRow) -> str | None:
        if row.situation is not None:
            known = known_situations.get(row.situation)
            return f"Situatie: {known.title}" if known else "een situatie die er niet meer is"
        if row.provision_id is not None and row.provision_id in by_provision_id:
            return by_provision_id[row.provision_id]
        return by_law_id.get(row.law_id) if row.law_id is not None else None

    chosen = {row.situation: row for row in said if row.decision is SuggestionDecision.CONFIRMED}

    marked = {word.casefold() for one in found.laws[:MARKED_LAWS] for word in _telling(one.words)}
    marked |= {
        part.casefold() for one in found.situations for phrase in one.words for part in WORD.findall(phrase)
    } - STOP_WORDS
    shares = {one.key: one.share for one in found.laws}
    best_share = max((shares[one.key] for one in groups if one.key not in COLLECTIVE_KEYS), default=0.0)
    leading = [
        one
        for one in answers
        if not decided and one.sureness is not Sureness.WEAK and shares[one.key] > CLEARLY * best_share
    ]
    groups = [one for one in groups if one not in leading]
    shown = sorted(groups[:LAWS_SHOWN], key=lambda one: (not one.current, one.key in COLLECTIVE_KEYS))
    open_laws = [one for at, one in enumerate(shown) if at < FIRST_LAWS or one.sureness is not Sureness.WEAK]
    return SuggestionPage(
        situations=tuple(
            ShownSituation(
                key=one.key,
                title=one.situation.title,
                rank=rank,
                facts=tuple((each.says, each.words) for each in (*one.facts, *one.supports)),
                missing=one.missing,
                against=tuple((each.says, each.words) for each in one.against),
                obstacles=tuple(one.situation.obstacles),
                guides=tuple((slug, guides[slug]) for slug in one.situation.guides if slug in guides),
                said=chosen.get(one.key),
            )
            for rank, one in enumerate(found.situations, 1)
        ),
        other_situations=tuple(
            sorted(((key, one.title) for key, one in known_situations.items()), key=lambda each: each[1].casefold())
        ),
        is_sure=found.is_sure,
        decided=tuple(decided),
        leading=tuple(leading),
        laws=tuple(open_laws),
        weak_laws=tuple(one for one in shown if one not in open_laws),
        answers=tuple(one for one in answers if one not in leading and one not in decided),
        asks=found.asks,
        refused=tuple(named(SuggestionDecision.REFUSED)),
        confirmed=tuple(named(SuggestionDecision.CONFIRMED)),
        text=tuple(_pieces(text, marked)),
    )


def _is_refused(row: FeedbackRow | None) -> bool:
    return row is not None and row.decision is SuggestionDecision.REFUSED


def _telling(words: Sequence[str]) -> tuple[str, ...]:
    """Each word once, and those in which every case is told, such as ‘gemeente’, only where there are no others."""
    once: dict[str, str] = {}
    for word in words:
        if word.casefold() not in once or word.islower():
            once[word.casefold()] = word
    telling = tuple(word for word in once.values() if _stem(word) not in THIN_STEMS)
    return telling or tuple(once.values())


def _stem(word: str) -> str | None:
    found = split_words(word)
    return found[0].terms[0] if found and found[0].terms else None


def _pieces(text: str, marked: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """The text cut before and behind every word that is to be marked."""
    wanted, start = set(marked), 0
    for found in WORD.finditer(text):
        if found[0].casefold() in wanted:
            yield text[start : found.start()], False
            yield found[0], True
            start = found.end()
    yield text[start:], False


@dataclass(frozen=True, slots=True)
class Explained:
    """Why the system suggests a provision, in its own words: to read and to quote beside the words of a person."""

    instrument: str
    words: str
    cases: tuple[EarlierCase, ...]

    @property
    def text(self) -> str:
        """All that the page shows of it, as one text."""
        return " ".join([f"{self.instrument}. {self.words}", *(each.title for each in self.cases)])


def explanation_of(suggested: Suggested, key: str) -> Explained | None:
    """Why the provision with this key is suggested; None when it is not, or no longer."""
    for law in suggested.found.laws:
        one = next((each for each in law.provisions if each.key == key), None)
        if one is not None:
            words = enumerated([f"‘{word}’" for word in _telling(one.words)])
            return Explained(
                one.entry.instrument,
                _why(one, words, {each.key: each.situation.title for each in suggested.found.situations}),
                _earlier_cases(suggested, law),
            )
    return None


def _why(one: SuggestedProvision, words: str, titles: Mapping[str, str]) -> str:
    by_words = f"Past bij {words} in deze zaak." if words else "Geen woord van deze zaak past bij de bepaling zelf."
    title = titles.get(one.situation or "")
    return f"{by_words} Hoort bij de situatie ‘{title}’." if title else by_words


def _earlier_cases(suggested: Suggested, law: SuggestedLaw) -> tuple[EarlierCase, ...]:
    return tuple(
        EarlierCase(each.example.title, suggested.numbers.get(each.example.key), enumerated(each.shared[:4]))
        for each in law.neighbours
    )
