"""Tokens of a provider: only one that is signed by it, for us, of now, with our nonce, counts."""

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event
from urllib.parse import parse_qs

import msgspec
import pytest
import requests
from joserfc import jwk, jwt

from knelpunt.adapters.identity import oidc
from knelpunt.adapters.identity.oidc import LOGOUT_EVENT, OidcClient, OidcFault, Said
from knelpunt.adapters.identity.providers import ProviderError, read_providers
from tests.support.sign_on import file_of_providers, provider_at

ISSUER = "https://login.proef.example"
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
NONCE = {"essential": True, "value": "n-1"}


class Provider:
    """What our side would fetch, with a key that can be changed."""

    def __init__(self):
        self.client = OidcClient(provider_at(ISSUER))
        self.fetched = []
        self.client._fetched = self.answer
        self.renew("first")

    def renew(self, kid):
        self.key = jwk.RSAKey.generate_key(2048, {"kid": kid, "use": "sig", "alg": "RS256"})

    def answer(self, address):
        self.fetched.append(address)
        if address.endswith("/jwks"):
            return {"keys": [self.key.as_dict(private=False)]}
        return {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/jwks", "end_session_endpoint": f"{ISSUER}/uit?x=y"}

    def token(self, key=None, alg="RS256", **changes):
        claims = {
            "iss": ISSUER,
            "aud": "knelpunt",
            "sub": "s-1",
            "nonce": "n-1",
            "iat": int(NOW.timestamp()),
            "exp": int((NOW + timedelta(minutes=5)).timestamp()),
        }
        claims = {name: value for name, value in {**claims, **changes}.items() if value is not None}
        key = key or self.key
        return jwt.encode({"alg": alg, "kid": getattr(key, "kid", "first")}, claims, key, algorithms=[alg])

    def check(self, token, now=NOW):
        return self.client.checked(token, now, nonce=NONCE, exp={"essential": True})


@pytest.fixture(scope="module")
def _made():
    return Provider()


@pytest.fixture
def provider(_made):
    _made.client._asked_anew.clear()
    _made.client._failed.clear()
    _made.fetched.clear()
    return _made


def test_a_good_token_is_believed_and_the_keys_are_asked_once(provider):
    assert provider.check(provider.token(aud=["knelpunt"]))["sub"] == "s-1"
    provider.fetched.clear()
    provider.check(provider.token())
    assert provider.fetched == []


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "another"},
        {"aud": ["knelpunt", "another"]},
        {"aud": None},
        {"azp": "another"},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"nonce": "n-0"},
        {"nonce": None},
        {"exp": int(NOW.timestamp()) - 61},
        {"exp": None},
        {"exp": "tomorrow"},
        {"iat": None},
        {"iat": int(NOW.timestamp()) + 3600},
        {"nbf": int(NOW.timestamp()) + 3600},
        {"sub": None},
        {"sub": ""},
        {"sub": 5},
        {"sub": "x" * 300},
    ],
    ids=str,
)
def test_a_token_for_another_party_time_or_way_is_refused(provider, changes):
    with pytest.raises(OidcFault):
        provider.check(provider.token(**changes))


def test_clocks_may_differ_by_a_minute(provider):
    assert provider.check(provider.token(exp=int(NOW.timestamp()) - 30))
    assert provider.check(provider.token(iat=int(NOW.timestamp()) + 30))


def test_a_token_without_a_signature_or_with_another_key_is_refused(provider):
    head, body, signature = provider.token().split(".")
    none = "eyJhbGciOiJub25lIn0"  # {"alg":"none"}
    stranger = jwk.RSAKey.generate_key(2048, {"kid": "first"})
    secret = jwk.OctKey.import_key("geheim-van-de-proef-die-lang-genoeg-is", {"kid": "first"})
    bad = [
        f"{none}.{body}.",
        f"{none}.{body}.{signature}",
        f"{head}.{body}.",
        f"{head}.{body[:-2]}AA.{signature}",
        provider.token(key=stranger),
        provider.token(key=secret, alg="HS256"),
        "x",
        "",
        "a.b.c",
        "é" * 100,
        "x" * 60_000,
    ]
    for token in bad:
        with pytest.raises(OidcFault):
            provider.check(token)


def test_a_new_key_is_fetched_and_nonsense_does_not_make_us_ask_all_the_time(provider):
    provider.check(provider.token())
    provider.renew("second")
    provider.fetched.clear()
    assert provider.check(provider.token())
    assert len([each for each in provider.fetched if each.endswith("/jwks")]) == 1
    stranger = jwk.RSAKey.generate_key(2048, {"kid": "unknown"})
    for _ in range(5):
        with pytest.raises(OidcFault):
            provider.check(provider.token(key=stranger))
    assert len([each for each in provider.fetched if each.endswith("/jwks")]) == 1


def test_a_logout_token_is_another_kind(provider):
    told = {"nonce": None, "exp": None, "jti": "j-1", "sid": "z-1", "events": {LOGOUT_EVENT: {}}}
    said = provider.client.logged_out(provider.token(**told), NOW)
    assert (said.subject, said.session, said.number) == ("s-1", "z-1", "j-1")
    for changes in ({"nonce": "n-1"}, {"events": {}}, {"events": None}, {"jti": None}, {"aud": "another"}):
        with pytest.raises(OidcFault):
            provider.client.logged_out(provider.token(**{**told, **changes}), NOW)
    with pytest.raises(OidcFault):
        provider.client.logged_out(provider.token(**told), NOW + timedelta(hours=1))


def test_a_logout_token_may_name_a_session_alone(provider):
    told = {"sub": None, "nonce": None, "exp": None, "jti": "j-2", "sid": "z-1", "events": {LOGOUT_EVENT: {}}}
    said = provider.client.logged_out(provider.token(**told), NOW)
    assert (said.subject, said.session) == (None, "z-1")


def test_the_way_out_keeps_what_stands_in_the_address(provider):
    address = provider.client.way_out("token", "http://localhost/uitgelogd")
    assert address.startswith(f"{ISSUER}/uit?x=y&client_id=knelpunt&")
    assert "id_token_hint=token" in address


def test_a_provider_that_calls_itself_otherwise_is_not_asked(provider):
    client = OidcClient(provider_at("https://login.anders.example"))
    client._fetched = provider.answer
    with pytest.raises(OidcFault):
        client.way_there("http://localhost/terug", state="s", nonce="n", verifier="v" * 43)


@pytest.mark.parametrize("told", [None, True, "1793610000", [], 1e300, float("nan")], ids=str)
def test_what_is_no_instant_does_not_say_when_somebody_was_asked(told):
    assert Said("s-1", {"auth_time": told}, "").authenticated_at is None
    assert Said("s-1", {}, "").authenticated_at is None


def test_the_provider_says_when_it_asked_who_somebody_is():
    assert Said("s-1", {"auth_time": int(NOW.timestamp())}, "").authenticated_at == NOW


@pytest.mark.parametrize(
    ("claims", "is_strong"),
    [
        ({"amr": ["pwd", "mfa"]}, True),
        ({"acr": "hoog"}, True),
        ({"amr": ["pwd"]}, False),
        ({"amr": ["otp"]}, False),
        ({"amr": ["hwk"]}, False),
        ({"amr": "mfa"}, False),
        ({}, False),
    ],
)
def test_a_second_factor_at_the_provider_counts_when_it_says_so(provider, claims, is_strong):
    assert provider.client.is_strong(claims) is is_strong


@pytest.mark.parametrize(
    "text",
    ["", "providers: x", "providers: [{slug: A}]", "other: []", "providers: [{slug: a, extra: 1}]", "\x00"],
)
def test_a_wrong_file_is_refused_and_says_so(tmp_path, text):
    path = tmp_path / "providers.yaml"
    path.write_text(text)
    with pytest.raises(ProviderError):
        read_providers(path)


def test_a_provider_without_tls_is_refused_but_on_this_machine(tmp_path):
    assert set(read_providers(file_of_providers(tmp_path))) == {"proef"}
    with pytest.raises(ProviderError):
        read_providers(file_of_providers(tmp_path, "http://login.proef.example"))


@pytest.mark.parametrize(
    "token",
    ["x", "a.b.c", "é.b.c", "W10.b.c", "eyJhbGciOiJub25lIn0.b.c", "eyJhbGciOiJSUzI1NiJ9..", "W1tb" * 12_000 + ".b.c"],
    ids=lambda token: token[:30],
)
def test_what_is_no_token_makes_us_ask_nobody(token):
    provider = Provider()
    with pytest.raises(OidcFault):
        provider.client.logged_out(token, NOW)
    assert provider.fetched == []


def test_a_header_nested_deep_is_no_fault_of_ours():
    head = base64.urlsafe_b64encode(b"[" * 2_900).decode().rstrip("=")
    with pytest.raises(OidcFault):
        Provider().client.logged_out(f"{head}.b.c", NOW)


def test_a_provider_that_does_not_answer_is_left_alone_for_a_while():
    provider = Provider()
    answer, token = provider.answer, provider.token()

    def hang(address):
        provider.fetched.append(address)
        raise OidcFault("the provider does not answer: ReadTimeout")

    provider.client._fetched = hang
    for _ in range(3):
        with pytest.raises(OidcFault, match="does not answer"):
            provider.check(token)
    assert len(provider.fetched) == 1
    provider.client._fetched = answer
    provider.client._failed.clear()
    assert provider.check(token)


def test_keys_that_are_kept_stay_when_the_provider_cannot_be_asked_for_new_ones():
    provider = Provider()
    token, stranger = provider.token(), jwk.RSAKey.generate_key(2048, {"kid": "unknown"})
    provider.check(token)

    def hang(_address):
        raise OidcFault("the provider does not answer: ReadTimeout")

    provider.client._fetched = hang
    with pytest.raises(OidcFault):
        provider.check(provider.token(key=stranger))
    assert provider.check(token)


def test_many_who_come_at_once_do_not_all_wait_for_a_provider_that_hangs(monkeypatch):
    provider, hangs, began = Provider(), Event(), Event()
    monkeypatch.setattr(oidc, "TOGETHER_SECONDS", 0.05)

    def hang(address):
        provider.fetched.append(address)
        began.set()
        assert hangs.wait(20)
        return provider.answer(address)

    provider.client._fetched = hang
    with ThreadPoolExecutor(1) as first:
        waits = first.submit(provider.check, provider.token())
        assert began.wait(20)
        for _ in range(5):
            with pytest.raises(OidcFault, match="does not answer yet"):
                provider.check(provider.token())
        hangs.set()
        assert waits.result(20)["sub"] == "s-1"
    assert provider.check(provider.token())


def test_who_comes_second_gets_what_the_first_was_told(monkeypatch):
    provider, answers, began = Provider(), Event(), Event()
    monkeypatch.setattr(oidc, "TOGETHER_SECONDS", 20)

    def slow(address):
        began.set()
        assert answers.wait(20)
        return provider.answer(address)

    provider.client._fetched = slow
    with ThreadPoolExecutor(2) as both:
        one = both.submit(provider.check, provider.token())
        assert began.wait(20)
        other = both.submit(provider.check, provider.token())
        answers.set()
        assert (one.result(20)["sub"], other.result(20)["sub"]) == ("s-1", "s-1")
    assert len(provider.fetched) == 2, "what the provider tells of itself, and its keys"


def test_a_provider_that_takes_no_code_is_left_alone_for_a_while(monkeypatch):
    provider = Provider()
    provider.client._kept["about"] = {"token_endpoint": f"{ISSUER}/token"}
    tries = []

    def hang(*_given, **_more):
        tries.append(1)
        raise requests.ReadTimeout

    monkeypatch.setattr(oidc.OAuth2Session, "fetch_token", hang)
    for _ in range(3):
        with pytest.raises(OidcFault):
            provider.client.redeem("https://x.example/terug", "code", nonce="n", verifier="v", now=NOW)
    assert len(tries) == 1


def private_key(folder, kind="RSA"):
    """A key of ours in a file beside that of the providers."""
    key = jwk.RSAKey.generate_key(2048) if kind == "RSA" else jwk.ECKey.generate_key("P-256")
    (folder / "ours.pem").write_bytes(key.as_pem(private=True))
    return key


def with_key(folder, **changes):
    path = folder / "providers.yaml"
    values = msgspec.to_builtins(provider_at(ISSUER)) | {"client_secret": "", "client_key": "ours.pem", **changes}
    path.write_bytes(msgspec.yaml.encode({"providers": [values]}))
    return path


@pytest.mark.parametrize(("kind", "alg"), [("RSA", "PS256"), ("EC", "ES256")])
def test_with_a_key_of_our_own_no_secret_goes_over_the_line(tmp_path, monkeypatch, kind, alg):
    ours = private_key(tmp_path, kind)
    client = OidcClient(read_providers(with_key(tmp_path, client_key_id="k-7"))["proef"])
    client._kept["about"] = {"token_endpoint": f"{ISSUER}/token"}
    sent = []

    def answer(_self, request, **_more):
        sent.append(request)
        made = requests.Response()
        made.status_code, made._content = 400, b'{"error": "invalid_grant"}'
        made.headers["Content-Type"], made.request = "application/json", request
        return made

    monkeypatch.setattr(requests.Session, "send", answer)
    for _ in range(2):
        with pytest.raises(OidcFault):
            client.redeem("https://x.example/terug", "code", nonce="n", verifier="v", now=NOW)
    bodies = [parse_qs(each.body if isinstance(each.body, str) else each.body.decode()) for each in sent]
    assert {body["client_assertion_type"][0] for body in bodies} == {
        "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    }
    assert all("client_secret" not in body for body in bodies)
    assert all("Authorization" not in each.headers for each in sent)
    shown = [jwt.decode(body["client_assertion"][0], ours, algorithms=[alg]) for body in bodies]
    assert {each.header["kid"] for each in shown} == {"k-7"}
    assert {(each.claims["iss"], each.claims["sub"], each.claims["aud"]) for each in shown} == {
        ("knelpunt", "knelpunt", f"{ISSUER}/token")
    }
    assert shown[0].claims["jti"] != shown[1].claims["jti"]
    assert shown[0].claims["exp"] - shown[0].claims["iat"] <= 300


def test_a_provider_has_a_secret_or_a_readable_key_and_the_key_is_never_named(tmp_path):
    key = private_key(tmp_path)
    assert read_providers(with_key(tmp_path))["proef"].client_key.startswith("-----BEGIN")
    for wrong in ({"client_secret": "x"}, {"client_key": ""}, {"client_key": "elsewhere.pem"}):
        with pytest.raises(ProviderError):
            read_providers(with_key(tmp_path, **wrong))
    (tmp_path / "ours.pem").write_bytes(key.as_pem(private=False))
    with pytest.raises(ProviderError, match="cannot be read"):
        read_providers(with_key(tmp_path))
    (tmp_path / "ours.pem").write_text("-----BEGIN PRIVATE KEY-----\ngeheim\n")
    with pytest.raises(ProviderError) as refused:
        read_providers(with_key(tmp_path))
    assert "geheim" not in str(refused.value)
