"""Small wrong changes, and whether the tests notice: the share of them that some test of behaviour fails on.

    python -m benchmarks.mutants [--rights] [--only WORD] [--check]

Each change is made in a copy of the tree, the test files that should see it run there, and the change is taken back.
Those of the list in the project's issue on tests come first; the others are spread over what the project does. A change
that nobody notices asks for a test. Where the text is no longer in its file the line says so: mend the table.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.rights_mutants import found_mutants
from config import PROJECT_DIR

LEFT_OUT = (".git", ".venv", ".test-database", ".run*", ".*_cache", "node_modules", "data-*")
SECONDS = 900
NOTICED_AT_LEAST = 0.92


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small wrong change: what it does wrong, where, and which tests should notice (``-k`` words after a blank)."""

    wrong: str
    file: str
    old: str
    new: str
    tests: str

    @property
    def where(self) -> Path:
        return Path("knelpunt") / self.file


U, I = "tests/unit/", "tests/integration/"  # noqa: E741
STEPS = f"{I}workflow/test_step_table.py"
MUTANTS = (
    # --- those that once passed unnoticed
    Mutant("a rule does not hold yet on its first day", "domain/laws/dates.py",
           "if valid_from is not None and day < valid_from:", "if valid_from is not None and day <= valid_from:",
           f"{U}laws/test_law_dates.py"),
    Mutant("a rule is gone on its last day", "domain/laws/dates.py",
           "valid_to is not None and day > valid_to:\n        return Standing.ENDED",
           "valid_to is not None and day >= valid_to:\n        return Standing.ENDED", f"{U}laws/test_law_dates.py"),
    Mutant("a case that waits for an answer cannot be withdrawn", "domain/cases/workflow.py",
           "    18,\n    OPEN_STATUSES,", "    18,\n    OPEN_STATUSES - {S.AWAITING_SUPPLEMENT},", STEPS),
    Mutant("a withdrawn case can be opened again", "domain/cases/workflow.py",
           "    17,\n    frozenset({S.CLOSED}),", "    17,\n    frozenset({S.CLOSED, S.WITHDRAWN}),", STEPS),
    Mutant("a case closes on the submitter's own last day", "domain/cases/requirements.py",
           "case.due_on < today", "case.due_on <= today", f"{I}workflow/test_main_line.py {STEPS}"),
    Mutant("a case without a handler opens again", "domain/cases/workflow.py",
           "    requires=(Requirement.HANDLER_NAMED,),\n    stops=frozenset(Clock),", "    stops=frozenset(Clock),",
           STEPS),
    Mutant("K6 runs on in a case that opened again", "domain/cases/workflow.py",
           "    requires=(Requirement.HANDLER_NAMED,),\n    stops=frozenset(Clock),",
           "    requires=(Requirement.HANDLER_NAMED,),\n    stops=frozenset(Clock) - {Clock.K6},", STEPS),
    Mutant("a case closes under a rule without a verdict", "domain/cases/workflow.py",
           "        Requirement.VERDICT_DECIDED,\n        Requirement.VERDICT_FITS,\n        Requirement.NO_OPEN_QUE",
           "        Requirement.NO_OPEN_QUE", STEPS),
    Mutant("a case closes without a public text", "domain/cases/requirements.py",
           "Requirement.PUBLIC_TEXT_WRITTEN: found.has_public_text", "Requirement.PUBLIC_TEXT_WRITTEN: True", STEPS),
    Mutant("a question is asked beside a waiting review", "domain/cases/workflow.py",
           "    requires=(Requirement.NO_OPEN_REVIEW, Requirement.NOT_OFFERED),\n    suspends=True,",
           "    requires=(Requirement.NOT_OFFERED,),\n    suspends=True,", STEPS),
    Mutant("an answer on the same day takes a day", "domain/calendar/deadlines.py",
           "max(day, self.from_day - _ONE_DAY))", "max(day, self.from_day))",
           f"{U}calendar/test_suspended_clocks.py {I}workflow/test_questions_and_timers.py"),
    Mutant("a clock runs by the terms of today", "services/core/clocks.py",
           "rules = _term_rules(context.session, sorted(clocks), case.filed_on)",
           "rules = _term_rules(context.session, sorted(clocks), context.today)", f"{I}workflow/test_terms.py"),
    Mutant("withdrawn assessments become public", "services/cases/published_record.py",
           ".where(Assessment.case_id == case.id, Assessment.withdrawn_at.is_(None))",
           ".where(Assessment.case_id == case.id)", f"{I}workflow/test_main_line.py"),
    Mutant("a text is published before its letter went", "services/cases/publication.py",
           "letters.has_unsent(context.session, case.id, MailKind.PREVIEW)", "False", f"{I}desk/test_post.py"),
    Mutant("words of a withdrawn text are still suggested", "services/cases/publication.py",
           "    touch(context.session)\n    events.record(context, EventKind.PUBLICATION_WITHDRAWN",
           "    events.record(context, EventKind.PUBLICATION_WITHDRAWN", f"{I}search/test_search.py"),
    Mutant("two acts append to the chain at once", "services/core/events.py",
           "    session.execute(_TAKE_LOCK)\n", "", f"{I}core/test_event_chain.py at_once"),
    Mutant("a late clock counts in two quarters", "queries/figures/counts.py",
           "stopped_late = and_(stopped, ClockPeriod.due_on < ClockPeriod.stopped_on)",
           "stopped_late = ClockPeriod.due_on < ClockPeriod.stopped_on", f"{I}figures/test_figures.py"),
    Mutant("a municipality counts twice under a rule", "queries/figures/counts.py",
           "func.count(Case.municipality_id.distinct())", "func.count(Case.municipality_id)",
           f"{I}figures/test_figures.py"),
    Mutant("a rule named on the last day of a quarter is missing", "queries/figures/counts.py",
           "    end = start_of_nl_day(day_after(span.until))\n    return and_(\n        Assessment.role",
           "    end = start_of_nl_day(span.until)\n    return and_(\n        Assessment.role",
           f"{I}figures/test_figures.py"),
    Mutant("what came before is offered for what ended", "queries/laws/catalogue.py",
           "links = self.before if is_early else self.after", "links = self.after if is_early else self.before",
           f"{I}laws/test_pages.py {I}laws/test_assessments.py"),
    Mutant("the search offers a ruimtewijzer that expired", "queries/guides/published.py",
           "        .where(_guides.status.in_(ANSWERING))\n        .order_by(_guides.id)\n    ).all()\n    had",
           "        .order_by(_guides.id)\n    ).all()\n    had",
           f"{I}search/test_questions.py"),
    Mutant("an ODT may bring scripts", "adapters/uploads/sniff.py",
           'startswith(("Basic/", "Scripts/"))', 'startswith("Basic/")', f"{U}adapters/test_file_sniff.py"),
    Mutant("a file of exactly the greatest size is refused", "adapters/uploads/store.py",
           "if size > limit:", "if size >= limit:", f"{U}adapters/test_file_store.py"),
    # --- others, over all areas
    Mutant("the desk works on Saturday", "domain/calendar/working_days.py",
           "if 1 <= day % 7 <= 5 and day not in holidays", "if 1 <= day % 7 <= 6 and day not in holidays",
           f"{U}calendar/test_working_days.py"),
    Mutant("the day itself counts in a term of working days", "domain/calendar/working_days.py",
           "passed = bisect_right(ordinary, start.toordinal())",
           "passed = bisect_right(ordinary, start.toordinal() - 1)",
           f"{U}calendar/test_working_days.py"),
    Mutant("a term ends on a Sunday", "domain/calendar/deadlines.py",
           "while missing > 0 or not is_ordinary_day(end):", "while missing > 0:", f"{U}calendar/test_due_dates.py"),
    Mutant("a suspension in the middle moves nothing", "domain/calendar/deadlines.py",
           "        remaining -= available\n        counted_to = last", "        counted_to = last",
           f"{U}calendar/test_suspended_clocks.py"),
    Mutant("a clock that ran out is revived", "domain/calendar/deadlines.py",
           "if available >= remaining:", "if available > remaining:", f"{U}calendar"),
    Mutant("a proposal needs no verdict that fits", "domain/cases/requirements.py",
           "why_not(case.verdict, found.grounds) is None", "True", STEPS),
    Mutant("K4 runs on beside a proposal", "domain/cases/workflow.py",
           "    stops=frozenset({Clock.K4}),\n    starts=frozenset({Clock.K5}),", "    starts=frozenset({Clock.K5}),",
           STEPS),
    Mutant("no K9 after closing", "domain/cases/workflow.py",
           "    starts=frozenset({Clock.K6, Clock.K9}),\n    asks=(\n        \"resultaat\",",
           "    starts=frozenset({Clock.K6}),\n    asks=(\n        \"resultaat\",", STEPS),
    Mutant("who asked for a step may review it", "services/cases/reviews.py",
           "if account_id is None or second_person.is_part_of_step(review.requested_by_id, handler_id, account_id):",
           "if account_id is None:", f"{I}workflow/test_step_people.py {I}workflow/test_main_line.py"),
    Mutant("who stands in for the handler may review", "services/cases/reviews.py",
           "if handler_id is not None and acting_for(reference(session).leaves, handler_id, today) == account_id:",
           "if False:", f"{I}desk/test_leave.py {I}workflow/test_step_people.py"),
    Mutant("an objection is ignored on its last day", "domain/cases/publication.py",
           "object_by is None or today <= object_by", "object_by is None or today < object_by",
           f"{U}cases/test_publication_steps.py"),
    Mutant("a letter can be marked as sent tomorrow", "services/mail/letters.py",
           "written_on <= sent_on <= context.today", "written_on <= sent_on", f"{I}desk/test_post.py"),
    Mutant("a case goes on before the question that was sent late is due", "services/mail/letters.py",
           "            case.suspended_until = question.answer_by\n", "", f"{I}desk/test_post.py"),
    Mutant("a mail with the same key goes twice", "services/mail/messages.py",
           '"once_key": once_key,\n        "case_id": case.id if', '"once_key": None,\n        "case_id": case.id if',
           f"{I}mail/test_messages.py {I}workflow/test_questions_and_timers.py"),
    Mutant("a mail that was switched off goes all the same", "services/mail/messages.py",
           "if not is_address(address) or not is_wanted(mail.kind, choice):", "if not is_address(address):",
           f"{I}cases/test_mail_choice.py"),
    Mutant("a mail that waits is sent after its contact was erased", "services/mail/messages.py",
           ".values(**gone, gave_up_at=context.now, last_error=\"contact erased\")", ".values(last_error=None)",
           f"{I}mail/test_messages.py"),
    Mutant("two workers take one mail", "services/mail/delivery.py",
           "        .limit(1)\n        .with_for_update(skip_locked=True)", "        .limit(1)",
           f"{I}mail/test_delivery.py"),
    Mutant("an old invitation still works", "services/accounts/invitations.py",
           "        or invitation.expires_at <= context.now\n", "", f"{I}accounts/test_invitations.py"),
    Mutant("one try too many of a password", "services/accounts/throttle.py",
           "(earlier or 0) >= limit.attempts", "(earlier or 0) > limit.attempts", f"{I}accounts/test_login.py"),
    Mutant("a hash leaves out who did it", "services/core/events.py",
           'if column.key != "hash")', 'if column.key not in ("hash", "actor_id"))', f"{I}core/test_event_chain.py"),
    Mutant("a stranger is told that a case exists", "domain/permissions.py",
           "if relation is Relation.NONE and self.kind is not ActorKind.SYSTEM:", "if False:",
           f"{I}core/test_rights_matrix.py test_rights"),
    Mutant("a member of an organisation may file", "domain/permissions.py",
           "Role.MEMBER: frozenset(_MEMBER)", "Role.MEMBER: frozenset(_FILER)",
           f"{I}core/test_rights_matrix.py test_rights"),
    Mutant("a load does not wait for who edits the catalogue", "services/laws/loading.py",
           "    session.execute(select(func.pg_advisory_xact_lock(LOAD_LOCK)))\n", "    session.flush()\n",
           f"{I}laws/test_load_reference.py"),
    Mutant("a page of an erased case still shows the place on the map", "services/submitters/reactions.py",
           "    context.session.execute(delete(CasePoint).where(CasePoint.case_id == case.id))", "    pass",
           f"{I}workflow/test_main_line.py"),
    Mutant("an earlier result stays when a case opens again", "services/cases/resolution.py",
           "    case.result = case.result_reason = case.next_step = case.closed_on = None\n", "",
           f"{I}bottlenecks/test_cases_under_a_rule.py"),
    Mutant("a running clock is late on its last day", "queries/figures/counts.py",
           "        ClockPeriod.due_on < span.until,", "        ClockPeriod.due_on <= span.until,",
           f"{I}figures/test_figures.py"),
    Mutant("what points at a person is published", "services/cases/publication.py",
           "    redaction.require_clear(context, case, text, beside)\n    case.publication, case.updated_at = Publi",
           "    case.publication, case.updated_at = Publi", f"{I}workflow/test_public_text.py"),
)  # fmt: skip


def copied(folder: Path) -> Path:
    """The tree as it is on disk, with the environment and the database of tests shared."""
    tree = folder / "tree"
    shutil.copytree(PROJECT_DIR, tree, ignore=shutil.ignore_patterns(*LEFT_OUT), symlinks=True)
    (PROJECT_DIR / ".test-database").mkdir(exist_ok=True)
    for shared in (".venv", ".test-database"):
        (tree / shared).symlink_to(PROJECT_DIR / shared)
    return tree


def likely_first(tree: Path, parts: Iterable[str], changed: str) -> list[str]:
    """The test files in these folders, those that speak of the changed module before all others: the first one that
    fails ends it."""
    found = [
        each.relative_to(tree).as_posix()
        for part in parts
        for each in (sorted((tree / part).rglob("test_*.py")) if (tree / part).is_dir() else [tree / part])
    ]
    named = re.compile(rf"\b{re.escape(Path(changed).stem)}\b")
    said = {each: len(named.findall((tree / each).read_text(encoding="utf-8"))) for each in found}
    return sorted(said, key=lambda each: -said[each])


def run_tests(tree: Path, tests: str, changed: str) -> subprocess.CompletedProcess[str]:
    """The test files, and the word that chooses among their tests, where the last part is no path."""
    parts = tests.split()
    files = likely_first(tree, (part for part in parts if part.startswith("tests/")), changed)
    chosen = [option for word in parts if not word.startswith("tests/") for option in ("-k", word)]
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-n", "0", "-p", "no:cacheprovider", *files, *chosen]
    environ = {**os.environ, "PYTHONPATH": str(tree)}
    return subprocess.run(command, cwd=tree, env=environ, capture_output=True, text=True, timeout=SECONDS, check=False)


def verdict_of(tree: Path, mutant: Mutant) -> str:
    """Noticed, UNNOTICED, or why it could not be tried."""
    path = tree / mutant.where
    text = path.read_text(encoding="utf-8")
    if text.count(mutant.old) != 1:
        return f"STALE: its text stands {text.count(mutant.old)} times in {mutant.where}"
    path.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    try:
        result = run_tests(tree, mutant.tests, mutant.file)
    except subprocess.TimeoutExpired:
        return "noticed (the tests never end)"
    finally:
        path.write_text(text, encoding="utf-8")
    if result.returncode == 0:
        return "UNNOTICED"
    if result.returncode != 1:
        return f"BROKEN: pytest ended with {result.returncode}: {result.stdout[-300:]}"
    failed = [line for line in result.stdout.splitlines() if line.startswith(("FAILED", "ERROR"))]
    return f"noticed by {failed[0].split(' ')[1]}" if failed else "noticed"


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", default="", help="only changes whose description, file or tests hold this")
    parser.add_argument("--rights", action="store_true", help="those that benchmarks.rights_mutants makes of the code")
    parser.add_argument("--check", action="store_true", help="only say which texts are no longer in their file")
    options = parser.parse_args(arguments)
    known = [Mutant(*each) for each in found_mutants()] if options.rights else MUTANTS
    chosen = [each for each in known if options.only in f"{each.wrong} {each.where} {each.tests}"]
    if options.check:
        stale = [each for each in chosen if (PROJECT_DIR / each.where).read_text("utf-8").count(each.old) != 1]
        print(
            *[f"{each.where}: {each.wrong}" for each in stale], f"{len(chosen)} changes, {len(stale)} stale", sep="\n"
        )
        return bool(stale)
    noticed = tried = 0
    with tempfile.TemporaryDirectory(prefix="knelpunt-mutants-") as folder:
        tree = copied(Path(folder))
        for mutant in chosen:
            began = time.monotonic()
            verdict = verdict_of(tree, mutant)
            print(f"{time.monotonic() - began:5.0f} s  {mutant.wrong} ({mutant.where}): {verdict}", flush=True)
            tried += 1
            noticed += verdict.startswith("noticed")
    print(f"{noticed} of {tried} noticed: {noticed / max(tried, 1):.2f}, wanted {NOTICED_AT_LEAST}")
    return noticed < NOTICED_AT_LEAST * tried


if __name__ == "__main__":
    raise SystemExit(main())
