"""Collects the Dutch texts that people who do not read Dutch may meet: out of templates, and out of Python modules.

Texts need no marks. In a module each string with words counts, but for docstrings, and a filled-in string counts with
its places: ``f"Zoek op {words}"`` is the message ``Zoek op {words}``.
"""

import ast
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from babel.messages.catalog import Catalog

from config import PROJECT_DIR, STATIC_DIR, TEMPLATE_DIR
from knelpunt.adapters.files.catalogue import read_catalogue_file
from knelpunt.web.shared.pages.script_texts import SCRIPTS, texts_in
from knelpunt.web.shared.pages.template_texts import has_words, texts_of

TEMPLATES = (
    "base.html",
    "public/**/*.html",
    "laws/*.html",
    "guides/*.html",
    "search/*.html",
    "bottlenecks/*.html",
    "intake/*.html",
    "cases/*.html",
    "components/*.html",
    "errors/*.html",
)
DUTCH_TEMPLATES = frozenset(
    {
        "cases/own_list.html",
        "cases/overview.html",
        *(f"bottlenecks/{name}.html" for name in ("check", "decide", "form", "own", "signal", "step")),
        *(f"guides/{name}.html" for name in ("claim", "from_case", "outcome", "own_claims")),
        *(f"guides/desk_{name}.html" for name in ("form", "guide", "list", "review", "step")),
    }
)
"""Pages of the site that are for accounts only, and stay Dutch."""
MODULES = (
    "knelpunt/web/public/*.py",
    "knelpunt/web/laws/*.py",
    "knelpunt/web/intake/*.py",
    "knelpunt/web/cases/*.py",
    "knelpunt/web/guides/*.py",
    "knelpunt/web/search/*.py",
    "knelpunt/web/bottlenecks/asked.py",
    "knelpunt/web/bottlenecks/routes.py",
    "knelpunt/web/bottlenecks/routes_follow.py",
    "knelpunt/web/bottlenecks/routes_waiting.py",
    "knelpunt/web/shared/**/*.py",
    "knelpunt/domain/accounts.py",
    "knelpunt/domain/bottlenecks.py",
    "knelpunt/domain/calendar/clocks.py",
    "knelpunt/domain/calendar/dutch_dates.py",
    "knelpunt/domain/errors.py",
    "knelpunt/domain/filing/rules.py",
    "knelpunt/domain/following.py",
    "knelpunt/domain/laws/dates.py",
    "knelpunt/domain/personal_data.py",
    "knelpunt/domain/cases/replies.py",
    "knelpunt/adapters/uploads/sniff.py",
    "knelpunt/adapters/uploads/virus_scanner.py",
    "knelpunt/queries/filing/drafts.py",
    "knelpunt/queries/laws/catalogue.py",
    "knelpunt/queries/laws/rows.py",
    "knelpunt/queries/cases/submitter_page.py",
    "knelpunt/services/submitters/addresses.py",
    "knelpunt/services/cases/attachments.py",
    "knelpunt/services/bottlenecks/follow.py",
    "knelpunt/services/filing/intake.py",
    "knelpunt/services/submitters/links.py",
    "knelpunt/services/mail/texts/accounts.py",
    "knelpunt/services/mail/texts/bottlenecks.py",
    "knelpunt/services/mail/texts/contact.py",
    "knelpunt/services/mail/texts/guides.py",
    "knelpunt/services/mail/texts/letter.py",
    "knelpunt/services/mail/texts/signing.py",
    "knelpunt/services/mail/texts/submitter.py",
    "knelpunt/services/core/submissions.py",
    "knelpunt/services/submitters/reactions.py",
    "knelpunt/services/accounts/throttle.py",
)
WORDS_IN_SENTENCES = frozenset(
    {"knelpunt/domain/calendar/dutch_dates.py", "knelpunt/domain/laws/dates.py", "knelpunt/domain/cases/replies.py"}
)
"""Modules whose words are parts of sentences: there each string counts."""
DUTCH_MODULES = frozenset(
    f"knelpunt/web/{name}.py"
    for name in (
        "cases/own_list", "cases/routes_overview", "guides/routes_claims", "guides/routes_desk",
        "guides/routes_steps", "guides/rows", "guides/steps", "public/routes_machines", "public/security_txt",
        "public/share_card", "public/xml_text", "shared/requests/access", "shared/pages/assets",
        "shared/requests/converters", "shared/pages/csv_files", "shared/requests/headers", "shared/pages/languages",
        "shared/requests/logs", "shared/requests/request_language", "shared/pages/script_texts",
        "shared/pages/xml_text", "shared/requests/own_paths", "shared/labels/reply_labels",
        "shared/pages/template_texts", "shared/pages/templates", "shared/requests/transactions",
    )
)  # fmt: skip
"""Modules that hold no text for people, or only for machines and for accounts."""
NOT_READ = re.compile(
    r"(?:[A-Z][\w!]*-)+[A-Z]\w*$|public, max-age|attachment[; ]|[^\W_]+=|(?:None|CSRFTokenField)$|Location$"
    r"|M\{x\}|Basic/|Scripts/|application/"
    r"|a term must|Asked$|a stretch of|unknown fields|\[\^|\{found\} terms|Term$"
)
"""Strings that look like words and are headers or settings."""


def texts() -> Iterator[tuple[str, int, str]]:
    """Every message, with the file and the line where it stands."""
    for pattern in TEMPLATES:
        for path in sorted(TEMPLATE_DIR.glob(pattern)):
            if path.relative_to(TEMPLATE_DIR).as_posix() not in DUTCH_TEMPLATES:
                yield from ((_name(path), line, text) for line, text in texts_of(path.read_text(encoding="utf-8")))
    for name in SCRIPTS:
        path = STATIC_DIR / "js" / name
        yield from ((_name(path), line, text) for line, text in texts_in(path.read_text(encoding="utf-8")))
    yield from _subjects_of_laws()
    for pattern in MODULES:
        for path in sorted(PROJECT_DIR.glob(pattern)):
            name = _name(path)
            if name in DUTCH_MODULES:
                continue
            for line, text in module_texts(path.read_text(encoding="utf-8")):
                if "/web/" in name or name in WORDS_IN_SENTENCES or _is_sentence(text):
                    yield name, line, text


def _subjects_of_laws() -> Iterator[tuple[str, int, str]]:
    """The subjects in the law catalogue; the rest of it is legal text, which stays Dutch."""
    catalogue = read_catalogue_file()
    for at, law in enumerate(catalogue.data["laws"]):
        file, _, line = catalogue.place_of(("laws", at, "domain")).rpartition(" regel ")
        yield f"knelpunt/data/law/{file}", int(line), law["domain"]


def collected() -> Catalog:
    """All messages as an empty catalogue."""
    catalogue = Catalog(project="knelpunt", charset="utf-8", fuzzy=False)
    for file, line, text in texts():
        catalogue.add(text, locations=[(file, line)])
    return catalogue


def module_texts(source: str) -> Iterator[tuple[int, str]]:
    """The strings with words in a module."""
    tree = ast.parse(source)
    constants = dict(_constants(tree))
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        skipped.update(_not_shown(node))
        if isinstance(node, ast.JoinedStr):
            skipped.update(value for value in node.values if isinstance(value, ast.Constant))
            skipped.update(
                chain.from_iterable(
                    ast.walk(value.format_spec)
                    for value in node.values
                    if isinstance(value, ast.FormattedValue) and value.format_spec is not None
                )
            )
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Tuple) and (pair := _one_and_many(node)):
            yield from ((node.lineno, word) for word in pair)
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        elif isinstance(node, ast.JoinedStr):
            text = _with_places(node, constants)
        else:
            continue
        if _is_read(text, node) and not NOT_READ.match(text):
            yield node.lineno, text.strip(" ,\n")


def _not_shown(node: ast.AST) -> Iterator[ast.AST]:
    """Docstrings, stray strings, type notes, what is compared, and what a log or a header is called by."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        yield node.value
    elif isinstance(node, ast.Compare):
        yield from chain.from_iterable(
            ast.walk(part)
            for part in (node.left, *node.comparators)
            if isinstance(part, ast.Constant | ast.Tuple | ast.Set)
        )
    elif isinstance(node, ast.Dict):
        yield from (
            key
            for key, value in zip(node.keys, node.values, strict=True)
            if isinstance(key, ast.Constant) and isinstance(value, ast.Constant)
        )
    elif isinstance(node, ast.Call) and _name_of(node.func) in _SETTERS:
        yield from ast.walk(node)
    elif isinstance(node, ast.Subscript):
        yield from ast.walk(node.slice)
    elif isinstance(node, ast.Assign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        if any(isinstance(target, ast.Name) and target.id in _SETTINGS for target in targets) and node.value:
            yield from ast.walk(node.value)
    if isinstance(node, ast.AnnAssign):
        yield from ast.walk(node.annotation)
    elif isinstance(node, ast.FunctionDef):
        yield from chain.from_iterable(
            ast.walk(each.annotation) for each in (*node.args.args, *node.args.kwonlyargs) if each.annotation
        )


_SETTERS = frozenset({"typevar", "log_fault", "error", "warning", "get_logger"})
_SETTINGS = frozenset({"_CLASSES", "CONTENT_SECURITY_POLICY", "__all__"})


def _is_sentence(text: str) -> bool:
    """Below the site most strings are names; a text for people begins with a capital or is filled in, and has no log's
    tone."""
    return text[0].isupper() or text[0] == "{" or "{" in text or text[-1] in ".?"


def _is_read(text: str, node: ast.AST) -> bool:
    """Whether it has words: a filled-in string may be shorter than others, such as ``f"nog {counted}"``."""
    words = re.sub(r"\{\w+\}", "", text)
    return has_words(words) or (
        isinstance(node, ast.JoinedStr) and re.fullmatch(r",? ?[a-z]{3,} *\.?", words.strip()) is not None
    )


def _one_and_many(node: ast.Tuple) -> list[str]:
    """The two words of a unit, such as ("werkdag", "werkdagen"); nothing for another tuple."""
    words = [each.value for each in node.elts if isinstance(each, ast.Constant) and isinstance(each.value, str)]
    is_unit = len(words) == len(node.elts) == 2 and words[1].startswith(words[0][:2]) and all(map(str.isalpha, words))
    return words if is_unit else []


def _constants(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The texts that a module gives a name; in a sentence they are part of the message."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
            yield from ((target.id, node.value.value) for target in node.targets if isinstance(target, ast.Name))


def _with_places(node: ast.JoinedStr, constants: dict[str, str]) -> str:
    """A filled-in string as a message: its places named after what fills them."""
    names: dict[str, int] = {}
    parts = []
    for value in node.values:
        if isinstance(value, ast.Constant):
            parts.append(str(value.value))
        elif (
            isinstance(value, ast.FormattedValue) and isinstance(value.value, ast.Name) and value.value.id in constants
        ):
            parts.append(constants[value.value.id])
        elif isinstance(value, ast.FormattedValue):
            name = _name_of(value.value)
            names[name] = names.get(name, 0) + 1
            parts.append(f"{{{name}{names[name] if names[name] > 1 else ''}}}")
    return "".join(parts)


def _name_of(value: ast.expr) -> str:
    if isinstance(value, ast.Name):
        return value.id.strip("_").lower()
    if isinstance(value, ast.Attribute):
        return value.attr.lower()
    if isinstance(value, ast.Call):
        named = value.args[0] if value.args and isinstance(value.args[0], ast.Name | ast.Attribute) else value.func
        return _name_of(named)
    return "value"


def _name(path: Path) -> str:
    return path.relative_to(PROJECT_DIR).as_posix()
