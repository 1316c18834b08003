"""The people of the browser journeys: each in a browser of their own, every page they come to checked."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import Locator, Page
from sqlalchemy import select

from knelpunt.adapters.passwords import hash_password
from knelpunt.domain.identity.factors import must_have_factor
from knelpunt.domain.vocabulary import Role
from knelpunt.models import Account, Organisation, OutboxMail
from tests.support.site import Site

PASSWORD = "een lang wachtwoord voor de proef"
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LINK = re.compile(r"http://localhost:\d+(/volgen/\w+)")


class Person:
    """Somebody with a browser. ``go`` and ``send`` check the page they arrive at with axe, on two widths."""

    def __init__(self, page: Page, check: Callable[[Page], None]) -> None:
        self.page, self._check = page, check

    def go(self, path: str) -> "Person":
        self.page.goto(path)
        self._check(self.page)
        return self

    def follow(self, name: str | re.Pattern[str]) -> "Person":
        """Follow the link with this name."""
        self.page.get_by_role("link", name=name).first.click()
        self.page.wait_for_load_state()
        self._check(self.page)
        return self

    def press(self, name: str | re.Pattern[str]) -> "Person":
        """Press the button with this name, and wait for the page that comes."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=isinstance(name, str)).click()
        self._check(self.page)
        return self

    def upload(self, name: str) -> "Person":
        """Press the button that sends files. The script moves to a place on the page, and then loads it anew."""
        with self.page.expect_event("load"):
            self.page.get_by_role("button", name=name, exact=True).click()
        self._check(self.page)
        return self

    def fill(self, **texts: str) -> "Person":
        """Fill fields by the first words of their label; an underscore stands for a blank. A day is given as in
        2026-12-04, and typed in its three boxes."""
        for words, text in texts.items():
            name = words.replace("_", " ")
            group = self.page.get_by_role("group", name=re.compile(f"^{re.escape(name)}", re.IGNORECASE))
            if ISO_DAY.fullmatch(text) and group.count():
                for part, number in zip(("Jaar", "Maand", "Dag"), text.split("-"), strict=True):
                    group.first.get_by_label(part).fill(str(int(number)))
            else:
                self.field(name).fill(text)
        return self

    def field(self, words: str) -> Locator:
        return self.page.get_by_label(re.compile(f"^{re.escape(words)}", re.IGNORECASE)).first

    def tick(self, words: str) -> "Person":
        self.field(words).check()
        return self

    def choose(self, words: str, option: str) -> "Person":
        self.field(words).select_option(label=option)
        return self

    def reads(self, *texts: str) -> "Person":
        main = self.page.locator("main").inner_text()
        for text in texts:
            assert text in main, f"{self.page.url} does not say {text!r}: {main[:1500]}"
        return self


def account_of(site: Site, role: Role, organisation: str | None = None) -> dict[str, Any]:
    """A new account with a password; in the organisation of this name, else as the factory sees fit."""
    with site.factory() as make:
        found = (
            make.session.scalars(select(Organisation).where(Organisation.name == organisation)).one()
            if organisation
            else None
        )
        account: Account = make.account(role, found, password_hash=hash_password(PASSWORD.encode()))
        if must_have_factor(role):
            site.give_phone(make, account)
        return {"id": account.id, "email": account.email, "name": account.name}


def log_in(person: Person, account: dict[str, Any]) -> Person:
    person.go("/inloggen").field("E-mailadres").fill(account["email"])
    person.field("Wachtwoord").fill(PASSWORD)
    person.press("Log in")
    show_code(person.page)
    return person


def show_code(page: Page) -> None:
    """Fill in the code that the demonstration shows in place of a telephone, where it is asked; or set that up."""
    for path, button in (("/inloggen/code", "Verder"), ("/inloggen/instellen", "Zet de tweede stap aan")):
        if path in page.url:
            page.locator("input[name=code]").fill(page.locator("[data-demo-code]").inner_text())
            with page.expect_navigation():
                page.get_by_role("button", name=button).click()


def mail_link(site: Site, address: str) -> str:
    """The path of the follow link in the last mail to this address."""
    with site.session() as session:
        body = session.scalar(
            select(OutboxMail.body).where(OutboxMail.to_address == address).order_by(OutboxMail.id.desc()).limit(1)
        )
    found = LINK.search(body or "")
    assert found, f"no link in the last mail to {address}: {body}"
    return found.group(1)


def day_from_now(site_today: Any, days: int) -> str:
    return (site_today + timedelta(days=days)).isoformat()
