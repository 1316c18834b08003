"""A provider to log in at: a real one, from a package, in a process of its own; and a file that names it."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec

from knelpunt.adapters.identity.providers import Provider
from tests.support.mail_server import free_port

SLUG = "proef"
NOBODY = "http://127.0.0.1:1"
"""Where no provider answers."""


def provider_at(issuer: str = NOBODY) -> Provider:
    return Provider(
        slug=SLUG,
        name="Gemeente Proef",
        issuer=issuer,
        client_id="knelpunt",
        client_secret="geheim-van-de-proef",
        strong_acr=("hoog",),
    )


def file_of_providers(folder: Path, issuer: str = NOBODY) -> Path:
    """The file that an operator would write."""
    path = folder / "providers.yaml"
    path.write_bytes(msgspec.yaml.encode({"providers": [msgspec.to_builtins(provider_at(issuer))]}))
    return path


class RunningProvider:
    """A provider that answers. ``issuer`` is its address."""

    def __init__(self, port: int) -> None:
        self.issuer = f"http://localhost:{port}"

    def knows(self, subject: str, **claims: Any) -> None:
        """Let it say these things of somebody from now on."""
        self._send("PUT", f"/users/{subject}", json.dumps(claims).encode(), "application/json")

    def keys(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.issuer}/jwks", timeout=5) as answer:
            return dict(json.load(answer))

    def is_up(self) -> bool:
        try:
            self.keys()
        except OSError:
            return False
        return True

    def _send(self, method: str, path: str, body: bytes, kind: str) -> None:
        asked = urllib.request.Request(f"{self.issuer}{path}", body, {"Content-Type": kind}, method=method)
        urllib.request.urlopen(asked, timeout=5).close()


@contextmanager
def running_provider(port: int | None = None) -> Iterator[RunningProvider]:
    """The provider, stopped at the end."""
    port = port or free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    provider = RunningProvider(port)
    try:
        deadline = time.monotonic() + 60
        while not provider.is_up():
            assert process.poll() is None and time.monotonic() < deadline, "the provider did not start"
            time.sleep(0.1)
        yield provider
    finally:
        process.terminate()
        process.wait(10)
