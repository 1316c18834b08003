"""OpenID Connect with a provider: the way there, the code back, and whether what it says holds.

Code flow with PKCE. Only signatures by public keys count; a token for another audience or time, with another nonce or
without a signature, is refused.
"""

import base64
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from cachetools import TTLCache
from joserfc import jwk, jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from knelpunt.adapters.identity.providers import Provider, signing_key

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
LEEWAY_SECONDS = 60
"""How much the clocks of two machines may differ."""
PATIENCE_SECONDS = 5
ASSERTION_SECONDS = 300
"""How long what we sign to show who we are can be used."""
KEPT_SECONDS = 3600
REFETCH_SECONDS = 30
"""So long no unknown key makes us ask for the keys again: who sends nonsense must not make us ask all the time."""
TOGETHER_SECONDS = 1.0
"""So long one who comes while another asks the same waits for that answer."""
FAILURE_SECONDS = 30
"""So long a provider that did not answer is not asked again: each who asks would hold a thread until it gives up."""
LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout"
LONGEST_TOKEN = 50_000
LONGEST_HEADER = 4_000


class OidcFault(Exception):
    """The provider cannot be asked, or what came back does not hold; the message is for the log."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a provider says of somebody who logged in there."""

    subject: str
    claims: Mapping[str, Any]
    id_token: str

    @property
    def session(self) -> str | None:
        """How the provider calls the session there, by which it may end it later."""
        sid = self.claims.get("sid")
        return sid if isinstance(sid, str) else None

    @property
    def authenticated_at(self) -> datetime | None:
        """When the provider asked who somebody is; None where it does not tell, or tells no instant."""
        told = self.claims.get("auth_time")
        if isinstance(told, bool) or not isinstance(told, int | float):
            return None
        try:
            return datetime.fromtimestamp(told, UTC)
        except (ValueError, OverflowError, OSError):
            return None


@dataclass(frozen=True, slots=True)
class LoggedOut:
    """A message of a provider that somebody is logged out there. ``number`` is used once."""

    subject: str | None
    session: str | None
    number: str


class OidcClient:
    """Our side of one provider. What it tells of itself, and its keys, are kept for an hour."""

    def __init__(self, provider: Provider) -> None:
        self.provider = provider
        self._kept: TTLCache[str, Any] = TTLCache(maxsize=4, ttl=KEPT_SECONDS)
        self._failed: TTLCache[str, str] = TTLCache(maxsize=4, ttl=FAILURE_SECONDS)
        self._asked_anew: TTLCache[str, bool] = TTLCache(maxsize=1, ttl=REFETCH_SECONDS)
        self._lock = threading.Lock()
        self._asking: dict[str, threading.Event] = {}

    def way_there(self, redirect_uri: str, *, state: str, nonce: str, verifier: str, is_again: bool = False) -> str:
        """The address to send a browser to.

        Args:
            is_again: the provider asks even who is logged in there, and tells when it did.
        """
        extra = {"nonce": nonce, **({"prompt": "login", "max_age": "0"} if is_again else {})}
        with self._session(redirect_uri) as session:
            address, _ = session.create_authorization_url(
                self._endpoint("authorization_endpoint"), state=state, code_verifier=verifier, **extra
            )
        return str(address)

    def redeem(self, redirect_uri: str, code: str, *, nonce: str, verifier: str, now: datetime) -> Said:
        """What the provider says for a code that a browser brought back.

        Raises:
            OidcFault: the code or what it stands for does not hold.
        """
        with self._lock:
            if "token" in self._failed:
                raise OidcFault(self._failed["token"])
        try:
            with self._session(redirect_uri) as session:
                given = session.fetch_token(
                    self._endpoint("token_endpoint"),
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=verifier,
                    timeout=PATIENCE_SECONDS,
                )
        except (requests.ConnectionError, requests.Timeout) as error:
            with self._lock:
                self._failed["token"] = f"the provider takes no code: {type(error).__name__}"
            raise OidcFault(f"the code was not taken: {type(error).__name__}") from error
        except (AuthlibBaseError, requests.RequestException, JoseError, ValueError, KeyError) as error:
            raise OidcFault(f"the code was not taken: {type(error).__name__}") from error
        token = given.get("id_token")
        if not isinstance(token, str):
            raise OidcFault("there is no ID token")
        claims = self.checked(token, now, nonce={"essential": True, "value": nonce}, exp={"essential": True})
        return Said(str(claims["sub"]), claims, token)

    def logged_out(self, token: str, now: datetime) -> LoggedOut:
        """What a logout token says.

        Raises:
            OidcFault: it does not hold, or is another kind of token.
        """
        claims = self.checked(token, now, jti={"essential": True}, sub={"essential": False})
        events = claims.get("events")
        if "nonce" in claims or not isinstance(events, Mapping) or LOGOUT_EVENT not in events:
            raise OidcFault("this is no logout token")
        subject, session, number = claims.get("sub"), claims.get("sid"), claims.get("jti")
        if not isinstance(number, str) or not (isinstance(subject, str) or isinstance(session, str)):
            raise OidcFault("a logout token names nobody")
        age = now.timestamp() - float(claims["iat"])
        if age > 10 * LEEWAY_SECONDS:
            raise OidcFault("a logout token is too old")
        return LoggedOut(
            subject if isinstance(subject, str) else None, session if isinstance(session, str) else None, number
        )

    def way_out(self, id_token: str | None, back: str) -> str | None:
        """The address at which the provider ends its own session too; None when it offers none."""
        try:
            endpoint = self._about().get("end_session_endpoint")
        except OidcFault:
            return None
        if not isinstance(endpoint, str) or not self._is_safe(endpoint):
            return None
        asked = {"client_id": self.provider.client_id, "post_logout_redirect_uri": back}
        if id_token:
            asked["id_token_hint"] = id_token
        return f"{endpoint}{'&' if urlsplit(endpoint).query else '?'}{urlencode(asked)}"

    def is_strong(self, claims: Mapping[str, Any]) -> bool:
        """Whether the provider says that it asked for a second factor."""
        methods = claims.get("amr")
        listed = methods if isinstance(methods, list) else []
        return claims.get("acr") in self.provider.strong_acr or any(each in self.provider.strong_amr for each in listed)

    def checked(self, token: str, now: datetime, **more: Any) -> dict[str, Any]:
        """The claims of a token that is signed by the provider, for us, and of now.

        Raises:
            OidcFault: anything else.
        """
        if len(token) > LONGEST_TOKEN:
            raise OidcFault("a token is too long")
        if not _has_likely_header(token):
            raise OidcFault("this is no token")
        try:
            try:
                decoded = jwt.decode(token, self._keys(), algorithms=list(ALGORITHMS))
            except (InvalidKeyIdError, JoseError) as error:
                if not self._may_ask_anew(error):
                    raise
                decoded = jwt.decode(token, self._keys(anew=True), algorithms=list(ALGORITHMS))
            claims = decoded.claims
            wanted: dict[str, Any] = {
                "iss": {"essential": True, "value": self.provider.issuer},
                "aud": {"essential": True, "value": self.provider.client_id},
                "iat": {"essential": True},
                "sub": {"essential": True},
            }
            moment = int(now.timestamp())
            jwt.JWTClaimsRegistry(now=moment, leeway=LEEWAY_SECONDS, **{**wanted, **more}).validate(claims)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise OidcFault(f"a token does not hold: {type(error).__name__}") from error
        self._check_party(claims)
        if not isinstance(claims["iat"], int | float) or isinstance(claims["iat"], bool):
            raise OidcFault("a token has no time")
        if "sub" in claims and not (isinstance(claims["sub"], str) and 0 < len(claims["sub"]) <= 255):
            raise OidcFault("a token names nobody")
        return dict(claims)

    def _check_party(self, claims: Mapping[str, Any]) -> None:
        audience, party = claims.get("aud"), claims.get("azp")
        is_shared = isinstance(audience, list) and len(audience) > 1
        if (is_shared and party is None) or (party is not None and party != self.provider.client_id):
            raise OidcFault("a token is for another party")

    def _may_ask_anew(self, error: JoseError) -> bool:
        """Whether a key that we do not know, or one that changed, may be a new one: asked at most twice a minute."""
        with self._lock:
            if "asked" in self._asked_anew:
                return False
            if not isinstance(error, InvalidKeyIdError) and type(error).__name__ != "BadSignatureError":
                return False
            self._asked_anew["asked"] = True
            return True

    def _session(self, redirect_uri: str) -> OAuth2Session:
        """What asks in our name: shown by a secret, or by what we signed with our own key (RFC 7523)."""
        provider = self.provider
        key, algorithm = signing_key(provider.client_key) if provider.client_key else (None, "")
        session = OAuth2Session(
            provider.client_id,
            key or provider.client_secret,
            scope=provider.scope,
            redirect_uri=redirect_uri,
            code_challenge_method="S256",
            token_endpoint_auth_method=PrivateKeyJWT.name if key else None,
        )
        if key:
            named = {"kid": provider.client_key_id} if provider.client_key_id else {}
            until = {"exp": int(time.time()) + ASSERTION_SECONDS}
            session.register_client_auth_method(PrivateKeyJWT(claims=until, headers=named, alg=algorithm))
        return session

    def _about(self) -> dict[str, Any]:
        def ask() -> dict[str, Any]:
            about = self._fetched(f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration")
            if about.get("issuer") != self.provider.issuer:
                raise OidcFault("the provider calls itself otherwise")
            return about

        return self._remembered("about", ask)

    def _endpoint(self, name: str) -> str:
        address = self._about().get(name)
        if not isinstance(address, str) or not self._is_safe(address):
            raise OidcFault(f"the provider has no {name}")
        return address

    def _keys(self, *, anew: bool = False) -> KeySet:
        def ask() -> KeySet:
            try:
                return jwk.KeySet.import_key_set(self._fetched(self._endpoint("jwks_uri")))  # type: ignore[arg-type]
            except (JoseError, ValueError, TypeError, KeyError) as error:
                raise OidcFault("the keys of the provider cannot be read") from error

        return self._remembered("keys", ask, anew=anew)

    def _remembered(self, name: str, ask: Callable[[], Any], *, anew: bool = False) -> Any:
        """What was asked before, a failure too.

        Args:
            anew: ask in any case; what is kept stays when no answer comes.
        """
        with self._lock:
            if not anew and name in self._kept:
                return self._kept[name]
            if name in self._failed:
                raise OidcFault(self._failed[name])
            asked = self._asking.get(name)
            if asked is None:
                self._asking[name] = threading.Event()
        if asked is not None:
            return self._waited_for(name, asked)
        try:
            found = ask()
        except OidcFault as fault:
            with self._lock:
                self._failed[name] = str(fault)
            raise
        else:
            with self._lock:
                self._kept[name] = found
            return found
        finally:
            with self._lock:
                self._asking.pop(name).set()

    def _waited_for(self, name: str, asked: threading.Event) -> Any:
        """What another request is asking for at this moment. Not for as long as that one waits: many who come at once
        would hold all threads for a provider that hangs."""
        asked.wait(TOGETHER_SECONDS)
        with self._lock:
            if name in self._kept:
                return self._kept[name]
            raise OidcFault(self._failed.get(name, "the provider does not answer yet"))

    def _fetched(self, address: str) -> dict[str, Any]:
        try:
            answer = requests.get(address, timeout=PATIENCE_SECONDS, allow_redirects=False)
            answer.raise_for_status()
            found = answer.json()
        except (requests.RequestException, ValueError, RecursionError) as error:
            raise OidcFault(f"the provider does not answer: {type(error).__name__}") from error
        if not isinstance(found, dict):
            raise OidcFault("the provider answers with something else")
        return found

    def _is_safe(self, address: str) -> bool:
        """An address as safe as that of the provider itself."""
        return urlsplit(address).scheme in {"https", urlsplit(self.provider.issuer).scheme}


def _has_likely_header(token: str) -> bool:
    """Whether a token looks like one, before anybody is asked for the keys: three parts, and a header that names a
    signature that counts."""
    head, *others = token.split(".")
    if len(others) != 2 or not all(others) or len(head) > LONGEST_HEADER:
        return False
    try:
        header = json.loads(base64.urlsafe_b64decode(head + "=" * (-len(head) % 4)))
    except (ValueError, RecursionError):
        return False
    return isinstance(header, dict) and header.get("alg") in ALGORITHMS
