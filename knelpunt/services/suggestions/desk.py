"""Suggestions for a case of the register, from the catalogue and the judged cases that the database has."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock

from sqlalchemy.orm import Session

from knelpunt.adapters.files.situations import shipped_matcher
from knelpunt.adapters.words.search_terms import THIN_STEMS, word_query, words_of
from knelpunt.adapters.words.text_words import split_words
from knelpunt.domain.history.records import EU_RULE, LOCAL_RULE
from knelpunt.domain.laws.catalogue import NO_RULE, assembled
from knelpunt.domain.situations.matching import FoundSituation
from knelpunt.domain.suggestions.asked import Question
from knelpunt.domain.suggestions.engine import Engine, situations_of
from knelpunt.domain.suggestions.examples import Example
from knelpunt.domain.suggestions.feedback import TEACHES
from knelpunt.domain.suggestions.results import Suggestions
from knelpunt.domain.vocabulary import Verdict
from knelpunt.queries.cases.page_rows import CaseFile
from knelpunt.queries.core.reference import reference
from knelpunt.queries.search import suggestions
from knelpunt.queries.search.suggestions import JudgedCase
from knelpunt.services.suggestions.shipped import shipped_examples

ANSWER_OF_VERDICT = {Verdict.NOT_A_RULE: NO_RULE, Verdict.LOCAL_RULE: LOCAL_RULE, Verdict.EU_OR_TREATY: EU_RULE}
"""What a case turned on, where its verdict says so and no rule was linked."""
VERDICT_OF_ANSWER = {answer: verdict for verdict, answer in ANSWER_OF_VERDICT.items()}


@dataclass(frozen=True, slots=True)
class _Known:
    """An engine on the catalogue of the database, and the ids behind its keys."""

    version: int
    engine: Engine
    law_ids: dict[str, int]
    provision_ids: dict[str, int]
    case_key_by_law: dict[int, str]
    key_by_provision: dict[int, str]


@dataclass(frozen=True, slots=True)
class Suggested:
    """Suggestions with the ids by which rules are linked and the numbers under which earlier cases stand here."""

    found: Suggestions
    law_ids: dict[str, int]
    provision_ids: dict[str, int]
    numbers: dict[str, str]


_latest: _Known | None = None
_reading = Lock()


def known(session: Session) -> _Known:
    """The engine on the catalogue as it is now; asked for again only when the small tables changed."""
    global _latest  # noqa: PLW0603 - the one thing that a process keeps; the version guards it
    version = reference(session).version
    if (latest := _latest) is not None and latest.version == version:
        return latest
    with _reading:  # one thread builds, and the others wait for what it built
        latest = _latest
        if latest is None or latest.version != version:
            latest = _latest = _read(session, version, latest.engine if latest else None)
        return latest


def _read(session: Session, version: int, made: Engine | None) -> _Known:
    """What the database tells now. An engine is kept where nothing in its catalogue changed: making one is
    most of the work, and the small tables are those of municipalities and ministries too."""
    catalogue = assembled(*suggestions.catalogue_fields(session), date.max)
    law_ids, provision_ids = suggestions.ids_by_key(session)
    case_keys = {law.key: law.case_key for law in catalogue.laws}
    if made is None or made.catalogue != catalogue:
        made = Engine(catalogue, split_words, shipped_examples(), situations=shipped_matcher(), thin=THIN_STEMS)
    return _Known(
        version=version,
        engine=made,
        law_ids=law_ids,
        provision_ids=provision_ids,
        case_key_by_law={law_ids[key]: case_key for key, case_key in case_keys.items()},
        key_by_provision={id_: key for key, id_ in provision_ids.items()},
    )


def for_case(session: Session, file: CaseFile) -> Suggested:
    """What the desk may weigh for a case, learning from every judged case. The caller may read the case."""
    return for_question(session, _question(session, file), case_id=file.case.id)


def for_days(session: Session, file: CaseFile, days: Sequence[date]) -> list[Suggestions]:
    """The same by the rules of other days than that of the case's own law; in as many statements as for one."""
    base, question = known(session), _read_as_told(_question(session, file))
    judged = _judged_like(session, base, question, file.case.id)
    return [base.engine.suggest(replace(question, first=day, last=day), judged) for day in days]


def situations_for_case(session: Session, file: CaseFile) -> tuple[FoundSituation, ...]:
    """The situations that a case may be, or the one that somebody chose; without laws and earlier cases."""
    return situations_of(_question(session, file), shipped_matcher())


def _question(session: Session, file: CaseFile) -> Question:
    case = file.case
    chosen, refused = suggestions.situations_said(session, case.id)
    return Question(
        title=case.title,
        description="\n".join(text for text in (case.description, case.goal, case.rule_words) if text),
        first=case.law_date,
        last=case.law_date,
        submitter_kind=case.submitter_kind,
        key=suggestions.key_of_case(session, case.id) or case.reference,
        situation=chosen if chosen in shipped_matcher().by_key else None,
        refused_situations=refused,
        names_rule=bool(case.rule_words),
    )


def for_question(session: Session, question: Question, *, case_id: int = 0) -> Suggested:
    """The same for any text, for somebody who may read every case."""
    base, question = known(session), _read_as_told(question)
    more = _judged_like(session, base, question, case_id)
    found = base.engine.suggest(question, more)
    shown = {one.example.key for law in found.laws for one in law.neighbours}
    numbers = {example.key: example.number for example in more if example.number is not None}
    return Suggested(
        found, base.law_ids, base.provision_ids, numbers | suggestions.numbers_of_real_cases(session, sorted(shown))
    )


def for_anybody(session: Session, question: Question) -> Suggestions:
    """The same for somebody who may read what is public only: nothing is learned from the cases of the register."""
    return known(session).engine.suggest(_read_as_told(question))


def _read_as_told(question: Question) -> Question:
    """A text of nothing but words in which every case is told fits no law, as it finds none in a search.

    What stays is which laws cases of its time turned on.
    """
    is_telling = any(word.terms and word.terms[0] not in THIN_STEMS for word in split_words(question.text))
    return question if is_telling else replace(question, title="", description="")


def _judged_like(session: Session, base: _Known, question: Question, case_id: int) -> list[Example]:
    telling = base.engine.telling_words(question)
    words = [word_query(word) for text in telling for word in words_of(text)]
    judged = suggestions.judged_like(session, words, case_id=case_id)
    return [_example(base, one) for one in judged]


def _example(base: _Known, case: JudgedCase) -> Example:
    """A judged case as an example; what it turned on is the room, else the answer, else what blocked."""
    blocking = _keys(base, case.blocking)
    room = _keys(base, case.room) or _keys(base, case.answers)
    if not room:
        answer = ANSWER_OF_VERDICT.get(case.verdict)
        room = (answer,) if answer is not None else blocking
    return Example(
        key=case.reference,
        terms=case.terms,
        room=room,
        blocking=blocking,
        provisions=tuple(base.key_by_provision[id_] for id_ in case.provisions if id_ in base.key_by_provision),
        refused=_keys(base, (law_id for law_id, reason in case.refused if reason in TEACHES)),
        year=case.law_date.year,
        submitter_kind=case.submitter_kind,
        title=case.title,
        number=case.reference,
    )


def _keys(base: _Known, law_ids: Iterable[int]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(base.case_key_by_law[id_] for id_ in law_ids if id_ in base.case_key_by_law))
