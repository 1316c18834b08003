"""The frame of the site without a database: headers, static files, navigation, components."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import STATIC_DIR, TEMPLATE_DIR, Config, Environment
from knelpunt.application import create_app
from knelpunt.domain.permissions import VISITOR, Actor, Permission
from knelpunt.domain.vocabulary import ActorKind, Role
from knelpunt.web.shared.pages.assets import FRAME, fingerprint, frame_files
from knelpunt.web.shared.pages.navigation import pages_for, start_page
from knelpunt.web.shared.requests.access import by_link, public
from knelpunt.web.shared.requests.headers import content_security_policy
from tests.support import database


@by_link
def _secret(token: str) -> str:
    return token


@public
def _own_cache() -> tuple[str, dict[str, str]]:
    return "x", {"Content-Security-Policy": "sandbox", "Cache-Control": "private"}


def make_app(folder: Path, base_url: str) -> Flask:
    app = create_app(
        Config(
            Environment.TEST,
            "a key that is only for tests, 32 characters",
            base_url,
            folder,
            database_url="postgresql+psycopg://nobody@127.0.0.1:1/none",
        )
    )
    app.add_url_rule("/proef/<string:token>", "proef", _secret)
    app.add_url_rule("/proef-eigen", "proef_eigen", _own_cache)
    return app


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with database.another_engine():
        yield make_app(tmp_path_factory.mktemp("data"), "http://localhost")


@pytest.fixture(scope="module")
def tls_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    with database.another_engine():
        yield make_app(tmp_path_factory.mktemp("data"), "https://knelpunt.example.nl")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_the_policy_allows_only_this_site_and_nothing_inline() -> None:
    policy = dict(part.strip().split(" ", 1) for part in content_security_policy(is_https=False).split(";"))
    assert policy["default-src"] == "'none'"
    assert set(policy.values()) == {"'self'", "'none'"}
    assert {"form-action", "base-uri", "frame-ancestors", "script-src", "style-src"} <= policy.keys()
    assert "upgrade-insecure-requests" in content_security_policy(is_https=True)


@pytest.mark.parametrize("path", ["/bestaat-niet", "/static/css/tokens.css", "/proef/geheim"])
def test_every_answer_carries_the_headers(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    headers = answer.headers
    answer.close()
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "camera=()" in headers["Permissions-Policy"]
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Request-ID"]


def test_over_tls_browsers_are_told_to_stay_there_for_a_year_at_least(tls_app: Flask, client: FlaskClient) -> None:
    header = (
        tls_app.test_client()
        .get("/bestaat-niet", base_url="https://knelpunt.example.nl")
        .headers["Strict-Transport-Security"]
    )
    age = re.search(r"max-age=(\d+)", header)
    assert age and int(age[1]) >= 365 * 24 * 3600
    assert "Strict-Transport-Security" not in client.get("/bestaat-niet").headers


def test_a_page_behind_a_secret_link_is_not_kept_passed_on_or_found(client: FlaskClient) -> None:
    headers = client.get("/proef/geheim").headers
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Robots-Tag"] == "noindex"


def test_an_open_page_tells_other_sites_nothing_and_is_asked_for_again(client: FlaskClient) -> None:
    headers = client.get("/bestaat-niet").headers
    assert headers["Cache-Control"] == "no-cache"
    assert headers["Referrer-Policy"] == "same-origin"


def test_stricter_headers_of_a_view_stay(client: FlaskClient) -> None:
    headers = client.get("/proef-eigen").headers
    assert headers["Content-Security-Policy"] == "sandbox"
    assert headers["Cache-Control"] == "private"


def test_all_files_of_a_page_are_there_and_kept_for_a_year(client: FlaskClient) -> None:
    text = client.get("/bestaat-niet").get_data(as_text=True)
    addresses = re.findall(r'(?:href|src|srcset)="(/bestanden/[^"]+)"', text)
    assert len(addresses) > 4
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["Cache-Control"]
        answer.close()


def test_a_file_of_another_build_is_served_but_not_kept(client: FlaskClient) -> None:
    answer = client.get("/bestanden/0123456789ab/css/tokens.css")
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    answer.close()


def test_the_style_sheet_of_every_page_is_all_its_files_in_order(app: Flask, client: FlaskClient) -> None:
    folder = Path(app.static_folder or "")
    sheet = client.get(f"/bestanden/{app.config['ASSETS_BUILD']}/{FRAME}").get_data()
    at = 0
    for path in frame_files(folder):
        for part in re.split(rb"/\*(?!!).*?\*/", path.read_bytes(), flags=re.DOTALL):
            at = sheet.index(part.strip(), at) + len(part.strip())
    assert at == len(sheet.rstrip())


def test_what_is_written_for_people_does_not_travel(app: Flask, client: FlaskClient) -> None:
    sheet = client.get(f"/bestanden/{app.config['ASSETS_BUILD']}/{FRAME}").get_data()
    own = b"".join(path.read_bytes() for path in frame_files(Path(app.static_folder or "")) if "css" in path.parts)
    assert own.count(b"\n/*") > 10
    assert sheet.count(b"\n/*") == sheet.count(b"\n/*!")


def test_without_the_fetched_packages_the_site_has_its_own_styles(tmp_path: Path) -> None:
    assert frame_files(tmp_path)[0] == tmp_path / "css" / "fallback.css"
    assert not any("vendor" in path.parts for path in frame_files(tmp_path))


@pytest.mark.parametrize("name", ["css/tokens.css", FRAME])
def test_style_sheets_come_compressed_to_who_can_read_that(app: Flask, client: FlaskClient, name: str) -> None:
    address = f"/bestanden/{app.config['ASSETS_BUILD']}/{name}"
    small = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert small.headers["Content-Type"].startswith("text/css")
    plain = client.get(address)
    assert "Content-Encoding" not in plain.headers
    plain.close()


@pytest.mark.parametrize(
    "path",
    [
        "../../config.py",
        "..%2f..%2fconfig.py",
        "css/%2e%2e/%2e%2e/%2e%2e/config.py",
        "nul%00.css",
        "css",
        "a" * 5000 + ".css",
    ],
)
def test_nothing_outside_the_folder_is_served(app: Flask, client: FlaskClient, path: str) -> None:
    address = f"/bestanden/{app.config['ASSETS_BUILD']}/{path}"
    assert client.get(address).status_code == 404
    assert client.get(address, headers={"Accept-Encoding": "gzip"}).status_code == 404


def test_the_fingerprint_changes_with_a_name_and_with_a_letter(tmp_path: Path) -> None:
    (tmp_path / "a.css").write_text("a")
    first = fingerprint(tmp_path)
    (tmp_path / "a.css").write_text("b")
    second = fingerprint(tmp_path)
    (tmp_path / "a.css").rename(tmp_path / "b.css")
    assert len({first, second, fingerprint(tmp_path)}) == 3


def _actor(role: Role) -> Actor:
    return Actor(ActorKind.ACCOUNT, 1, role, 1)


@pytest.mark.parametrize("role", Role)
def test_the_menu_holds_only_what_the_role_may_open(role: Role) -> None:
    paths = {path for _text, path in pages_for(_actor(role))}
    assert ("/werkvoorraad" in paths) == _actor(role).can(Permission.READ_CASES)
    assert ("/onze-zaken" in paths) == _actor(role).can(Permission.READ_OWN_CASES)
    assert ("/kwartalen" in paths) == _actor(role).can(Permission.READ_FIGURES)
    assert ("/onze-organisatie/collegas" in paths) == _actor(role).can(Permission.MANAGE_ORGANISATION)
    assert {"/knelpunten", "/wetten"} <= paths


def test_a_visitor_sees_the_public_pages_and_filing() -> None:
    assert [path for _text, path in pages_for(VISITOR)] == [
        "/ruimtewijzers",
        "/knelpunten",
        "/regelknelpunten",
        "/wetten",
        "/zoeken",
        "/melden",
    ]


def _opens(app: Flask, path: str) -> bool:
    """Whether this fixed address answers a GET."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.rule == path]
    return any("GET" in (rule.methods or ()) for rule in rules)


@pytest.mark.parametrize("actor", [VISITOR, *(_actor(role) for role in Role)], ids=str)
def test_every_page_in_the_menu_exists(app: Flask, actor: Actor) -> None:
    assert [path for _text, path in pages_for(actor) if not _opens(app, path)] == []


def test_every_fixed_link_in_the_frame_exists(app: Flask, client: FlaskClient) -> None:
    text = client.get("/bestaat-niet").get_data(as_text=True)
    links = set(re.findall(r'<a [^>]*href="(/[^"#?]*)"', text))
    assert {"/", "/inloggen", "/melden"} <= links
    assert [path for path in links if not _opens(app, path)] == []


def test_every_component_says_how_it_is_used() -> None:
    files = sorted((TEMPLATE_DIR / "components").glob("*.html"))
    assert len(files) > 20
    for file in files:
        text = file.read_text("utf-8")
        comment, rest = text.split("#}", 1)
        assert comment.startswith("{#"), file.name
        for name in re.findall(r"{% macro (\w+)\(", rest):
            assert name in text.split("{% macro")[0] or f"{{# {name}(" in text, f"{file.name}: {name}"


def test_every_part_of_a_component_is_styled() -> None:
    sheets = "".join(sheet.read_text("utf-8") for sheet in (STATIC_DIR / "css").glob("*.css"))
    styled = set(re.findall(r"\.(kn-[a-z0-9_-]+)", sheets))
    plain = {"kn-mark__name", "kn-card__text", "kn-confirmation__title", "kn-empty__title", "kn-provision__meta"}
    for file in (TEMPLATE_DIR / "components").glob("*.html"):
        used = set(re.findall(r"\bkn-[a-z0-9-]+__[a-z0-9]+\b(?!-)", file.read_text("utf-8")))
        assert used - styled - plain == set(), file.name


@pytest.mark.parametrize(
    ("role", "path"),
    [
        (Role.FILER, "/onze-zaken"),
        (Role.TRIAGER, "/vandaag"),
        (Role.HEAD_OF_DESK, "/bureau"),
        (Role.BOTTLENECK_OWNER, "/mijn-regelknelpunten"),
        (Role.REPORT_AUTHOR, "/kwartalen"),
        (Role.ADMINISTRATOR, "/beheer"),
        (Role.AUDITOR, "/beheer"),
    ],
)
def test_a_role_begins_with_its_own_work(role: Role, path: str) -> None:
    assert start_page(Actor(ActorKind.ACCOUNT, role=role)) == path
