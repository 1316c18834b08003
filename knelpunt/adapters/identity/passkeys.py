"""Passkeys (WebAuthn): what a page asks a browser, and whether the answer holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

_FAULTS = (WebAuthnException, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)
"""What an answer can be wrong by; the last ones where it is no answer of a browser at all."""
ANSWER_MAX = 16_000
"""Longer than any answer of a browser, in characters."""


@dataclass(frozen=True, slots=True)
class Party:
    """Our side: passkeys belong to a host name, and answer to pages from one origin."""

    host: str
    origin: str

    @classmethod
    def of(cls, base_url: str) -> "Party":
        """The side of the site with this address."""
        return cls(urlsplit(base_url).hostname or "", base_url)


@dataclass(frozen=True, slots=True)
class NewKey:
    """What is kept of a new passkey."""

    credential_id: bytes
    public_key: bytes
    sign_count: int


def question_for_new(party: Party, challenge: bytes, account_id: int, name: str, known: Iterable[bytes]) -> str:
    """What a browser is asked for a new passkey, as JSON. One that is known already is not made again."""
    options = webauthn.generate_registration_options(
        rp_id=party.host,
        rp_name="Knelpunt",
        user_id=f"account-{account_id}".encode(),
        user_name=name,
        challenge=challenge,
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
        ),
    )
    return webauthn.options_to_json(options)


def new_key(party: Party, challenge: bytes, answer: str) -> NewKey | None:
    """The passkey that a browser made; None when the answer does not hold."""
    if len(answer) > ANSWER_MAX:
        return None
    try:
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    except _FAULTS:
        return None
    return NewKey(made.credential_id, made.credential_public_key, made.sign_count)


def question(party: Party, challenge: bytes, known: Iterable[bytes] = ()) -> str:
    """What a browser is asked to sign, as JSON: with one of these keys, or with any that it has for this site."""
    options = webauthn.generate_authentication_options(
        rp_id=party.host,
        challenge=challenge,
        allow_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def key_named_in(answer: str) -> bytes | None:
    """Which passkey an answer says that it is from; None when it is no answer."""
    if len(answer) > ANSWER_MAX:
        return None
    try:
        return parse_authentication_credential_json(answer).raw_id
    except _FAULTS:
        return None


def next_count(party: Party, challenge: bytes, answer: str, public_key: bytes, sign_count: int) -> int | None:
    """The counter after a signature that holds; None for any other. A counter that went back is a copied key."""
    if len(answer) > ANSWER_MAX:
        return None
    try:
        verified = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.host,
            expected_origin=party.origin,
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
            require_user_verification=True,
        )
    except _FAULTS:
        return None
    return verified.new_sign_count
