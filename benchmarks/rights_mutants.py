"""Small wrong changes of the rights, made from the code: wherever somebody is compared with a row, no longer compared.

A comparison such as ``row.organisation_id != actor.organisation_id`` becomes one of the row with itself. Where it lets
through who is equal, everybody is; where it refuses who is equal (two persons), nobody is. The permissions of roles and
the guards of routes are changed in ``tests/integration/core/test_rights_mutants.py``, without files.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

from config import PROJECT_DIR

WHO = frozenset({"account_id", "organisation_id", "case_id", "joined_case_ids", "rule_case_ids"})
SIDES = {ast.Eq: ("== {0}", "!= {0}"), ast.NotEq: ("!= {0}", "== {0}"), ast.In: ("in [{0}]", "not in [{0}]")}
"""What is made of a comparison, with the row itself for somebody."""
ROOTS = ("services", "queries", "domain")
TESTS = {
    "accounts": "accounts desk/test_leave.py",
    "bottlenecks": "bottlenecks desk/test_bulk.py",
    "cases": "cases workflow desk/test_leave.py attachments/test_downloads.py",
    "core": "core/test_rights_matrix.py core/test_side_doors.py collaboration desk history",
    "domain": "core/test_rights_matrix.py core/test_side_doors.py",
    "filing": "filing api/test_uploads.py",
    "history": "history",
    "identity": "accounts",
    "mail": "desk mail accounts/test_subscription_pages.py",
    "post": "post",
    "quarters": "figures",
    "referrals": "referrals",
    "search": "search",
    "submitters": "cases workflow",
    "worklist": "desk",
}
"""Which tests should see a change in a folder, where they do not stand in one of the same name."""

Found = tuple[str, str, str, str, str]
"""What is wrong, the file, the text of then and of now, and the tests."""


def found_mutants() -> Iterator[Found]:
    """Every comparison with somebody, changed in both ways: always equal, and never."""
    for root in ROOTS:
        for path in sorted((PROJECT_DIR / "knelpunt" / root).rglob("*.py")):
            text = path.read_text(encoding="utf-8")
            for node in ast.walk(ast.parse(text)):
                if (
                    isinstance(node, ast.Compare)
                    and type(node.ops[0]) in SIDES
                    and _is_about_actor(node, self_too=path.name == "permissions.py")
                ):
                    yield from _changed(path, text, node)


def _is_about_actor(node: ast.Compare, *, self_too: bool) -> bool:
    return any(
        isinstance(each, ast.Attribute)
        and each.attr in WHO
        and (ast.unparse(each.value).split(".")[-1] == "actor" or (self_too and ast.unparse(each.value) == "self"))
        for each in (node.left, *node.comparators)
    )


def _changed(path: Path, text: str, node: ast.Compare) -> Iterator[Found]:
    name = path.relative_to(PROJECT_DIR / "knelpunt").as_posix()
    folder = name.split("/")[1] if name.count("/") > 1 else "domain"
    tests = " ".join(f"tests/integration/{each}" for each in TESTS.get(folder, folder).split())
    sides = [ast.get_source_segment(text, each) or "" for each in (node.left, node.comparators[0])]
    row = sides[1] if "actor." in sides[0] or sides[0].startswith("self.") else sides[0]
    whole = ast.get_source_segment(text, node) or ""
    first, last = node.lineno - 1, node.end_lineno or node.lineno
    lines = text.splitlines(keepends=True)
    while text.count("".join(lines[first:last])) > 1 and first > 0:
        first -= 1
    old = "".join(lines[first:last])
    for made in SIDES[type(node.ops[0])]:
        is_equal = not made.startswith(("!", "not"))
        wrong = f"line {node.lineno}: {whole} as if it were {'' if is_equal else 'never '}equal"
        head, _, tail = old.rpartition(whole)
        yield " ".join(wrong.split()), name, old, f"{head}{row} {made.format(row)}{tail}", tests
