"""Keys and tokens of systems as rows, for tests that ask the API."""

import hashlib
import secrets
from datetime import timedelta

from knelpunt.domain.vocabulary import ParticipantStatus
from knelpunt.models import ApiClient, ApiToken, CaseParticipant, Organisation
from tests.support.rights import Relation
from tests.support.world import World


class KeyMaker:
    """Makes rows of keys and tokens."""

    def __init__(self, world: World) -> None:
        self.world, self.make = world, world.make

    def partner_in(self, relation: Relation) -> Organisation:
        """An organisation that files along in the case of the world with this relation."""
        partner = self.make.organisation()
        case = self.world.cases[relation]
        self.make.add(
            CaseParticipant(
                case_id=case.id,
                municipality_id=partner.municipality_id,
                organisation_id=partner.id,
                status=ParticipantStatus.JOINED,
                email="collega@gemeente.example",
                asked_at=self.make.now,
                answered_at=self.make.now,
                ends_on=self.make.today + timedelta(days=90),
            )
        )
        return partner

    def token(self, scopes: tuple[str, ...], organisation_id: int | None = None, days: int = 30, **more: object) -> str:
        expired = bool(more.pop("is_over", False))
        client = self.make.add(
            ApiClient(
                organisation_id=organisation_id or self.world.organisation.id,
                name=secrets.token_hex(4),
                client_id=f"knelpunt-{secrets.token_hex(8)}",
                secret_hash="x",
                scopes=list(scopes),
                ends_on=self.make.today + timedelta(days=days),
                made_at=self.make.now,
                **more,
            )
        )
        token = secrets.token_urlsafe(32)
        self.make.add(
            ApiToken(
                token_hash=hashlib.sha256(token.encode()).hexdigest(),
                client_id=client.id,
                scopes=list(scopes),
                created_at=self.make.now,
                expires_at=self.make.now + timedelta(hours=-1 if expired else 3),
            )
        )
        return token
