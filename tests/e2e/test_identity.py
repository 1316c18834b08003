"""Who somebody is: the second step on a telephone, a recovery code without a script, and a passkey."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from knelpunt.adapters.passwords import hash_password
from knelpunt.domain.identity.claims import SignOnRuleStatus
from knelpunt.domain.vocabulary import Role
from knelpunt.models import LoginSession, SignOnRule
from tests.e2e.people import PASSWORD, Person, account_of, log_in
from tests.support.sign_on import SLUG, running_provider


@pytest.fixture
def person(new_page, check_page):
    return Person(new_page(), check_page)


def with_password_only(site, role):
    """Somebody at the ministry who logs in for the first time since a second step is asked."""
    with site.factory() as make:
        account = make.account(role, password_hash=hash_password(PASSWORD.encode()))
        return {"id": account.id, "email": account.email, "name": account.name}


def first_step(person, account):
    person.go("/inloggen").field("E-mailadres").fill(account["email"])
    person.field("Wachtwoord").fill(PASSWORD)
    return person.press("Log in")


def test_a_second_step_is_set_up_first_and_a_recovery_code_works_without_a_script(site, new_page, check_page, person):
    account = with_password_only(site, Role.ADMINISTRATOR)
    first_step(person, account).reads("Stel uw tweede stap in", "Dit is een demonstratie")
    person.go("/beheer").reads("Inloggen")
    person.go("/inloggen/instellen")
    person.field("Code van uw telefoon").fill("000000")
    person.press("Zet de tweede stap aan").reads("Deze code klopt niet")
    person.field("Code van uw telefoon").fill(person.page.locator("[data-demo-code]").inner_text())
    person.press("Zet de tweede stap aan").reads("Bewaar uw herstelcodes")
    codes = person.page.locator(".kn-recovery-codes code").all_inner_texts()
    assert len(codes) == 10
    person.follow("Ik heb de codes bewaard").reads("Beheer")

    plain = Person(new_page(390, java_script_enabled=False), lambda _page: None)
    first_step(plain, account).reads("Vul uw code in")
    plain.field("Code").fill(codes[0])
    plain.press("Verder").reads("Beheer")
    plain.go("/mijn-account").reads("9 herstelcodes")
    person.go("/mijn-account/sessies").reads("Chrome op Linux", "nieuw apparaat")


def test_a_passkey_is_added_logs_in_and_opens_a_grave_act(site, new_page, check_page):
    page = new_page()
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    person = Person(page, check_page)
    account = account_of(site, Role.ADMINISTRATOR)
    log_in(person, account)
    person.go("/mijn-account").follow("Bekijk uw toegangssleutels").reads("U hebt er nog geen")
    person.press("Maak een toegangssleutel").reads("Geef de sleutel een naam")
    person.field("Hoe noemt u deze sleutel?").fill("Laptop van het werk")
    person.press("Maak een toegangssleutel").reads("De toegangssleutel is toegevoegd", "Laptop van het werk")

    person.go("/mijn-account/sessies").press("Log overal uit")
    person.go("/inloggen").follow("Log in met een toegangssleutel")
    person.press("Gebruik uw toegangssleutel").reads("Beheer")
    person.go("/mijn-account/sessies").reads("Toegangssleutel")

    with site.session() as session:
        earlier = datetime.now(UTC) - timedelta(minutes=20)
        session.execute(
            update(LoginSession).where(LoginSession.account_id == account["id"]).values(second_factor_at=earlier)
        )
    person.go("/beheer/organisaties/toevoegen").tick("Woningcorporatie").fill(Naam="Woonstichting De Sleutel")
    person.press(re.compile("^(Bewaar|Voeg)")).reads("Bevestig dat u het bent")
    person.press("Gebruik uw toegangssleutel").reads("Woonstichting De Sleutel")

    with site.session() as session:
        session.execute(
            update(LoginSession).where(LoginSession.account_id == account["id"]).values(second_factor_at=earlier)
        )
    person.go("/mijn-account/toegangssleutels").reads("Bevestig dat u het bent")
    person.field("Code").fill(page.locator("[data-demo-code]").inner_text())
    person.press("Ga verder").reads("Laptop van het werk")
    person.press("Haal weg: Laptop van het werk").reads("U hebt er nog geen")


def test_somebody_comes_in_by_the_provider_of_the_own_organisation(site, browser, check_page):
    with site.factory() as make:
        one, two = make.administrator(), make.administrator()
        organisation = make.organisation(name="Gemeente van de proef")
        make.add(
            SignOnRule(
                provider=SLUG,
                claim="groups",
                value="knelpunt",
                organisation_id=organisation.id,
                role=Role.FILER,
                reason="Afspraak met de gemeente.",
                status=SignOnRuleStatus.HOLDS,
                proposed_by_id=one.id,
                proposed_at=make.now,
                decided_by_id=two.id,
                decided_at=make.now,
            )
        )
    with running_provider(site.provider_port) as provider:
        provider.knows("eva", email="indiener@proef.example", email_verified=True, groups=["knelpunt"], name="Indiener")
        context = browser.new_context(base_url=site.url, locale="nl-NL", viewport={"width": 390, "height": 900})
        person = Person(context.new_page(), check_page)
        person.go("/inloggen").page.get_by_role("link", name="Log in via Gemeente Proef").click()
        person.page.wait_for_url(f"{provider.issuer}/**")
        person.page.locator("input[name=sub]").first.fill("eva")
        person.page.get_by_role("button", name=re.compile("Authorize", re.IGNORECASE)).first.click()
        person.page.wait_for_url(f"{site.url}/**")
        person.go("/mijn-account").reads("Gemeente van de proef", "indiener@proef.example")
        person.go("/mijn-account/sessies").reads("Via uw organisatie")

        with person.page.expect_navigation(url=f"{provider.issuer}/**"):
            person.page.evaluate("document.querySelector('form[action$=\"/uitloggen\"]').requestSubmit()")
        assert "end_session" in person.page.url
        person.go("/mijn-account")
        assert "/inloggen" in person.page.url
        context.close()
