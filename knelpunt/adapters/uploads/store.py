"""Where attachments lie: a folder, or a bucket of an S3-compatible store, behind the same five functions."""

import errno
import hashlib
import importlib
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, Protocol

CHUNK_BYTES = 1024 * 1024
SPOOL_BYTES = 4 * CHUNK_BYTES
PART = ".part"
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
AWAY_SECONDS = 3
"""How long a bucket may take to be reached; a file on its way may take longer."""
_NAME = re.compile(r"[0-9a-f]{32}(\.part)?")


class FileTooLarge(Exception):
    """More bytes came than the limit allows; nothing is kept."""


class StoreError(Exception):
    """A file cannot be kept or read now. ``errno`` is the number of the system's error, where there is one."""

    def __init__(self, cause: BaseException) -> None:
        super().__init__(type(cause).__name__)
        self.errno: int | None = getattr(cause, "errno", None)
        self.cause = type(cause).__name__


class StoreFull(StoreError):
    """There is no room left."""


class StoreAway(StoreError):
    """The disk or the bucket does not answer as it should."""


@contextmanager
def _disk_errors() -> Iterator[None]:
    """Let what a disk says come out as one of the errors above; a missing file stays one."""
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        if error.errno is None:  # whoever sends the file broke off
            raise
        raise (StoreFull if error.errno in NO_ROOM else StoreAway)(error) from error


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What was written: the random name, how much, and the SHA-256 of it."""

    name: str
    size: int
    sha256: str


class FileStore(Protocol):
    """Names are random and given out by ``put``; a name of another shape is a FileNotFoundError."""

    def put(self, stream: IO[bytes], limit: int, name: str | None = None) -> StoredFile:
        """Write a stream so that it survives a power cut once this returns.

        Args:
            name: the one that a file had already, when it comes back from a backup.
        Raises:
            FileTooLarge: it has more than ``limit`` bytes.
            StoreFull, StoreAway: it cannot be kept now; nothing of it is.
        """

    def open(self, name: str) -> IO[bytes]:
        """The bytes, to be closed by the caller; FileNotFoundError when there are none, StoreAway when that is not
        known."""

    def delete(self, name: str) -> None:
        """Remove a file; silent when it is gone already."""

    def list_all(self) -> Iterator[tuple[str, datetime]]:
        """Every file, half-written ones too, with the instant (UTC) at which it was last written."""

    def check(self) -> None:
        """Write, read and remove a small file; whatever goes wrong is raised."""


def _copy(source: IO[bytes], target: IO[bytes], limit: int) -> tuple[int, str]:
    digest = hashlib.sha256()
    size = 0
    while chunk := source.read(CHUNK_BYTES):
        size += len(chunk)
        if size > limit:
            raise FileTooLarge
        digest.update(chunk)
        target.write(chunk)
    return size, digest.hexdigest()


def sha256_of(file: IO[bytes]) -> str:
    """The hash of what is in a file from here on."""
    digest = hashlib.sha256()
    while chunk := file.read(CHUNK_BYTES):
        digest.update(chunk)
    return digest.hexdigest()


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise FileNotFoundError(name)
    return name


def _check(store: FileStore) -> None:
    with tempfile.SpooledTemporaryFile(SPOOL_BYTES) as probe:
        probe.write(b"knelpunt")
        probe.seek(0)
        stored = store.put(probe, CHUNK_BYTES)
    try:
        with store.open(stored.name) as file:
            if file.read() != b"knelpunt":
                raise OSError("the file store gave back other bytes than it got")
    finally:
        store.delete(stored.name)


class FolderStore:
    """Attachments as files in one folder. A reader never sees half a file: it gets its name when it is whole."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, stream: IO[bytes], limit: int, name: str | None = None) -> StoredFile:
        try:
            with _disk_errors():
                return self._put(stream, limit, _checked(name or secrets.token_hex(16)))
        except FileNotFoundError as error:  # the folder itself is gone
            raise StoreAway(error) from error

    def _put(self, stream: IO[bytes], limit: int, name: str) -> StoredFile:
        part = self._folder / (name + PART)
        try:
            with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                size, sha256 = _copy(stream, file, limit)
                file.flush()
                os.fsync(file.fileno())
            part.rename(self._folder / name)
        except BaseException:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        self._flush_folder()
        return StoredFile(name, size, sha256)

    def open(self, name: str) -> IO[bytes]:
        with _disk_errors():
            return (self._folder / _checked(name)).open("rb")

    def delete(self, name: str) -> None:
        with _disk_errors():
            (self._folder / _checked(name)).unlink(missing_ok=True)

    def list_all(self) -> Iterator[tuple[str, datetime]]:
        for entry in os.scandir(self._folder):
            if _NAME.fullmatch(entry.name):
                try:
                    yield entry.name, datetime.fromtimestamp(entry.stat().st_mtime, UTC)
                except FileNotFoundError:  # removed, or renamed from .part, since the folder was read
                    continue

    def check(self) -> None:
        _check(self)

    def _flush_folder(self) -> None:
        handle = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


class ObjectStore:
    """Attachments as objects in a bucket. An object appears whole or not at all."""

    def __init__(self, bucket: Any) -> None:
        # Optional: only installations with a bucket install the extra "s3".
        self._obstore = importlib.import_module("obstore")
        self._bucket = bucket
        self._errors = importlib.import_module("obstore.exceptions").BaseError

    @classmethod
    def s3(
        cls,
        bucket: str,
        *,
        endpoint: str | None,
        region: str | None,
        access_key_id: str | None,
        secret_access_key: str | None,
    ) -> "ObjectStore":
        """A bucket of an S3-compatible store; without keys the machine's own credentials are used."""
        given = {
            "endpoint": endpoint,
            "region": region,
            "access_key_id": access_key_id,
            "secret_access_key": secret_access_key,
        }
        options: dict[str, Any] = {name: value for name, value in given.items() if value}
        away = timedelta(seconds=AWAY_SECONDS)
        options["client_options"] = {"connect_timeout": away}
        # Without this it tries for three minutes.
        options["retry_config"] = {"max_retries": 2, "retry_timeout": away}
        if endpoint and endpoint.startswith("http://"):
            options["client_options"]["allow_http"] = True
        return cls(importlib.import_module("obstore.store").S3Store(bucket, **options))

    @contextmanager
    def _bucket_errors(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            raise
        except self._errors as error:
            raise StoreAway(error) from error

    def put(self, stream: IO[bytes], limit: int, name: str | None = None) -> StoredFile:
        name = _checked(name or secrets.token_hex(16))
        with _disk_errors(), self._bucket_errors(), tempfile.SpooledTemporaryFile(SPOOL_BYTES) as spool:
            size, sha256 = _copy(stream, spool, limit)
            spool.seek(0)
            self._obstore.put(self._bucket, name, spool)
        return StoredFile(name, size, sha256)

    def open(self, name: str) -> IO[bytes]:
        with _disk_errors(), self._bucket_errors():
            found = self._obstore.get(self._bucket, _checked(name))
            spool = tempfile.SpooledTemporaryFile(SPOOL_BYTES)  # noqa: SIM115 - handed to the caller, who closes it
            for chunk in found.stream(min_chunk_size=CHUNK_BYTES):
                spool.write(bytes(chunk))
            spool.seek(0)
            return spool

    def delete(self, name: str) -> None:
        checked = _checked(name)
        with suppress(FileNotFoundError), self._bucket_errors():  # some stores say so, others are silent
            self._obstore.delete(self._bucket, checked)

    def list_all(self) -> Iterator[tuple[str, datetime]]:
        for batch in self._obstore.list(self._bucket):
            for item in batch:
                if _NAME.fullmatch(item["path"]):
                    yield item["path"], item["last_modified"]

    def check(self) -> None:
        _check(self)
