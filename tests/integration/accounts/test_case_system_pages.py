"""The page on which an administrator sets where cases are mirrored: tried, changed, begun again and stopped."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from knelpunt.domain.vocabulary import Result
from knelpunt.installation import sender_of
from knelpunt.models import EventSubscription, OutboxEvent
from knelpunt.services.mail import event_delivery
from tests.support.login import log_in
from tests.support.receiver import receiving
from tests.support.zgw_server import CLIENT_ID, RSIN, SECRET, ZAAKTYPE, ZgwServer

LIST = "/onze-organisatie/koppelingen"
BASE = f"{LIST}/zaaksysteem"


@pytest.fixture
def admin(make):
    return make.organisation_admin()


@pytest.fixture
def page(app, client, session, admin, monkeypatch):
    monkeypatch.setitem(app.config, "KNELPUNT", replace(app.config["KNELPUNT"], webhooks_to_loopback=True))
    log_in(app, client, session, admin)
    return client


@pytest.fixture
def try_connection(app, page, session, desk):
    """Presses the button, lets the worker do one thing, and gives the page that shows how it went."""

    def press(mirror):
        asked = page.post(f"{BASE}/{mirror.id}/proberen", follow_redirects=True).text
        assert "Wij proberen de verbinding nu" in asked
        assert "Wij geven nog niets door" in asked
        sender, context = sender_of(app.config["KNELPUNT"]), replace(desk.system, now=datetime.now(UTC))
        ready = event_delivery.claim(context, sender)
        assert ready.dossier is None
        event_delivery.mark(context, ready, event_delivery.hand_over(ready, sender))
        session.commit()
        session.expire_all()
        return page.get(f"{LIST}/abonnementen/{mirror.id}").text

    return press


def test_from_the_first_address_to_the_end(app, page, session, make, admin, try_connection):
    case = make.case(organisation_id=admin.organisation_id)
    assert "Geef zaken door aan uw zaaksysteem" in page.get(LIST).text
    with receiving(ZgwServer(lambda: datetime.now(UTC))) as server:
        server.set_up(["Nee"])
        typed = {name: server.base(name) for name in ("zaken", "documenten", "catalogi")}
        typed |= {"client_id": CLIENT_ID, "secret": SECRET, "rsin": RSIN, "zaaktype": ZAAKTYPE, "version": "0"}
        assert "Zoek op" not in page.get(BASE).text
        wrong = page.post(BASE, data={**typed, "rsin": "123456789", "catalogi": "https://10.0.0.1/"})
        assert wrong.status_code == 422
        assert "geen IP-adres" in wrong.text
        assert f'value="{typed["zaken"]}"' in wrong.text
        assert SECRET not in wrong.text
        assert page.post(BASE, data=typed).status_code == 303
        mirror = session.scalars(select(EventSubscription)).one()
        assert app.config["SEALER"].open(mirror.sealed_secret) == SECRET
        assert session.scalars(select(OutboxEvent.subject)).all() == [case.reference]
        tried = try_connection(mirror)
        assert server.asked_for
        assert "Kies bij de instellingen een type voor: " in tried
        assert "Overgedragen aan een andere instantie" in tried
        shown = page.get(BASE).text
        assert SECRET not in shown
        assert ">Stuk</option>" in shown
        types = {f"resultaat_{each.value}": "Nee" for each in Result} | {"document": "Stuk"}
        again = {**typed, **types, "secret": "", "version": str(mirror.version)}
        overtaken = page.post(BASE, data={**again, "zaaktype": "ANDERS", "version": "0"})
        assert overtaken.status_code == 409
        assert "Zo staat het nu" in overtaken.text
        assert 'value="ANDERS"' in overtaken.text
        elsewhere = page.post(BASE, data={**again, "documenten": "https://elders.voorbeeld.nl/documenten"})
        assert elsewhere.status_code == 422
        assert "Vul het geheim opnieuw in" in elsewhere.text
        assert page.post(BASE, data=again).status_code == 303
        session.expire_all()
        assert app.config["SEALER"].open(mirror.sealed_secret) == SECRET
        here = f"{LIST}/abonnementen/{mirror.id}"
        assert "Wij geven nog niets door" not in try_connection(mirror)
        assert mirror.allowed_at is not None
        assert page.post(f"{BASE}/{mirror.id}/alles").status_code == 303
    assert len(session.scalars(select(OutboxEvent)).all()) == 1
    mirror.switched_off_at = mirror.made_at
    session.commit()
    assert "Probeer de verbinding" not in page.get(here).text
    assert page.post(f"{BASE}/{mirror.id}/proberen").status_code == 422
    session.expire_all()
    mirror.switched_off_at = None
    session.commit()
    assert page.post(f"{here}/vernieuwen", data={"version": "1"}).status_code == 404
    assert page.post(f"{here}/proef").status_code == 404
    assert "Het geheim" in page.get(f"{here}/stoppen").text
    session.expire_all()
    assert page.post(f"{here}/stoppen", data={"version": mirror.version}).status_code == 303
    session.expire_all()
    assert mirror.sealed_secret == ""
    assert page.get(here).status_code == 404
    assert page.post(f"{BASE}/{mirror.id}/proberen").status_code == 404
