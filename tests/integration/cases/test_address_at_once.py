"""A change of address that is confirmed at the moment in which the submitter closes the links; on real connections."""

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from knelpunt.domain.errors import NotFound
from knelpunt.domain.permissions import VISITOR
from knelpunt.extensions import db
from knelpunt.models import AddressChange, Contact
from knelpunt.services.accounts import Ticket
from knelpunt.services.core.context import Context
from knelpunt.services.submitters import addresses, links
from tests.support.desk import FILING, Desk
from tests.support.factories import Factory

ALLOWED = Ticket(True, True, "link:proef", None)


def test_closing_the_links_ends_a_change_that_is_being_confirmed(own_database):
    with db.new_session() as session:
        desk = Desk(session, Factory(session))
        case = desk.file()
        addresses.ask_change(desk.follower(case), case.reference, "vreemde@proef.example", ALLOWED)
        change = session.get_one(AddressChange, case.id)
        token = desk.links.token(addresses.PURPOSE, change.public_id, change.nonce)
        session.commit()

        def confirm():
            with db.new_session() as own:
                addresses.confirm_change(Context(own, VISITOR, desk.now, desk.links), token)
                own.commit()

        with ThreadPoolExecutor(1) as pool:
            links.revoke_link(desk.follower(case), case.reference)
            confirming = pool.submit(confirm)
            time.sleep(0.5)  # until the other waits for the case
            session.commit()
            with pytest.raises(NotFound):
                confirming.result()
        assert session.get_one(Contact, case.id, populate_existing=True).email == FILING["contact_email"]
