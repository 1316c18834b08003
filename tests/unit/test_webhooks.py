"""Where events may not go, by whatever name or number it is called."""

import base64
import hashlib
import hmac
import threading

import pytest

from knelpunt.adapters.webhooks import Poster, is_on_the_internet
from knelpunt.domain.errors import DomainError
from knelpunt.domain.identity.subscriptions import Target, TryOutcome, new_secret, signature
from tests.support.desk import FILED_AT
from tests.support.receiver import Receiver, receiving


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1",
        "169.254.169.254", "168.63.129.16", "192.0.0.192", "192.0.2.1", "192.88.99.1", "198.18.0.1", "224.0.0.1",
        "239.1.1.1", "240.0.0.1", "255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1",
        "::ffff:169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::",
        "2002:808:808::", "2001:0:1::1", "2001:db8::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd00:ec2::254",
        "fec0::1", "ff02::1", "ff0e::1", "geen adres", "",
    ],
)  # fmt: skip
def test_an_address_that_is_not_on_the_internet(address):
    assert not is_on_the_internet(address)


@pytest.mark.parametrize("address", ["93.184.215.14", "2a04:9a04:18a5::1", "::ffff:93.184.215.14", "172.32.0.1"])
def test_an_address_on_the_internet(address):
    assert is_on_the_internet(address)


@pytest.mark.parametrize(
    "url",
    [
        "", "zaken.voorbeeld.nl", "http://zaken.voorbeeld.nl", "ftp://zaken.voorbeeld.nl", "https://", "https:///pad",
        "https://zaken.voorbeeld.nl:22", "https://zaken.voorbeeld.nl:0", "https://zaken.voorbeeld.nl:99999",
        "https://naam:geheim@zaken.voorbeeld.nl", "https://zaken.voorbeeld.nl/#deel", "https://localhost/",
        "https://127.0.0.1/", "https://2130706433/", "https://0x7f.1/", "https://[::1]/", "https://[fe80::1%25eth0]/",
        "https://zaken.voorbeeld.nl\\@127.0.0.1/", "https://zaken.voorbeeld.nl/een pad", "https://zaken..nl/",
        "https://zaken.voorbeeld.nl/\r\nX: y", "https://zaken.voorbeeld.nl/é", "https://[", "file:///etc/passwd",
        "http://127.0.0.1:8000/", "https://intranet/", "https://voorbeeld.nl/" + "a" * 500,
    ],
)  # fmt: skip
def test_an_address_that_is_refused_before_anything_is_sent(url):
    with pytest.raises(DomainError) as refused:
        Target().checked(url)
    assert refused.value.field == "url"
    assert Poster().send("POST", url, {}).outcome is TryOutcome.FORBIDDEN


@pytest.mark.parametrize(
    "url", ["https://zaken.voorbeeld.nl", "https://zaken.voorbeeld.nl:8443/a?b=c", "https://A.nl./"]
)
def test_an_address_that_is_kept(url):
    assert Target().checked(f" {url} ") == url


def test_a_setting_opens_this_machine_alone():
    here = Target(has_loopback=True)
    assert here.checked("http://127.0.0.1:8123/x") == "http://127.0.0.1:8123/x"
    for url in ("http://10.0.0.1/", "http://127.0.0.1.voorbeeld.nl/", "http://127.0.0.2/", "https://127.0.0.1/"):
        with pytest.raises(DomainError):
            here.checked(url)


@pytest.mark.parametrize(
    ("found", "outcome"),
    [
        ([], TryOutcome.NO_ANSWER),
        (["127.0.0.1"], TryOutcome.FORBIDDEN),
        (["93.184.215.14", "::1"], TryOutcome.FORBIDDEN),
    ],
)
def test_a_name_is_judged_by_every_address_that_it_has(found, outcome):
    sent = Poster(look_up=lambda _name, _port: found).send("POST", "https://zaken.voorbeeld.nl", {})
    assert sent.outcome is outcome


def test_the_name_is_looked_up_once_so_that_it_cannot_lead_elsewhere_afterwards(monkeypatch):
    asked, connected = [], []

    def look_up(_name, _port):
        asked.append(1)
        return ["93.184.215.14"] if len(asked) == 1 else ["127.0.0.1"]

    def connect(address, _timeout):
        connected.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr("knelpunt.adapters.webhooks.socket.create_connection", connect)
    sent = Poster(look_up=look_up).send("POST", "https://zaken.voorbeeld.nl:8443", {})
    assert sent.outcome is TryOutcome.NO_ANSWER
    assert (len(asked), connected) == (1, [("93.184.215.14", 8443)])


def test_whatever_goes_wrong_here_is_an_answer_too(monkeypatch):
    def no_more(*_args, **_more):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("knelpunt.adapters.webhooks.threading.Thread", no_more)
    assert Poster().send("POST", "https://zaken.voorbeeld.nl", {}).outcome is TryOutcome.FAULT


def test_a_connection_that_was_cut_before_it_began_to_speak_tls_ends(monkeypatch):
    """The clock may run out between connecting and the first word, when there is nothing to cut yet."""
    spoken = []

    class Wrapped:
        def do_handshake(self):
            spoken.append(1)

        def close(self):
            return

    class Trusted:
        def wrap_socket(self, _sock, **_more):
            return Wrapped()

    def connect(_address, _timeout):
        threading.Event().wait(0.2)

    monkeypatch.setattr("knelpunt.adapters.webhooks.socket.create_connection", connect)
    monkeypatch.setattr("knelpunt.adapters.webhooks.socket.socket.shutdown", lambda *_args: None)
    poster = Poster(seconds=0.1, look_up=lambda _name, _port: ["93.184.215.14"], trusted=Trusted())
    assert poster.send("POST", "https://zaken.voorbeeld.nl", {}).outcome is TryOutcome.TOO_SLOW
    assert spoken == []


def test_one_clock_runs_over_the_whole_try():
    with receiving(Receiver(lambda _try: "late", late=0.6)) as receiver:
        sent = Poster(Target(has_loopback=True), seconds=0.2).send("POST", receiver.url, {}, b"{}")
    assert sent.outcome is TryOutcome.TOO_SLOW
    assert 150 <= sent.milliseconds < 550


def test_a_signature_is_made_as_standard_webhooks_prescribes():
    secret = new_secret()
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = b"123." + str(int(FILED_AT.timestamp())).encode() + b".{}"
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert signature(secret, "123", FILED_AT, b"{}") == f"v1,{expected}"
    assert len(key) == 32
