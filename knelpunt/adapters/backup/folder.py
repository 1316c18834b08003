"""A folder with backups: parts that are there whole or not at all, sealed with age when a public key is given."""

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

import pyrage

CHUNK_BYTES = 1024 * 1024
FORMAT = 1
MANIFEST = "manifest.json"
DRAFT = ".unfinished"
FILES = "files"
OPEN = "open"
"""The folder of files that are not sealed; those that are lie in one that is named after their key."""


class BackupRefused(Exception):
    """A backup cannot be made, read or trusted; the text says why, and nothing of what is in it."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a backup as it lies there."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup is made of. It lies open: no names, no hashes of contents, no keys."""

    made_at: str
    version: str
    revision: str
    recipients: list[str]
    parts: dict[str, Part]
    files: dict[str, Part]

    @property
    def is_sealed(self) -> bool:
        return bool(self.recipients)


def recipients_in(texts: Sequence[str]) -> list[str]:
    """The public keys that were given, checked.

    Raises:
        BackupRefused: a text is no public key of age.
    """
    for text in texts:
        try:
            pyrage.x25519.Recipient.from_str(text)
        except pyrage.RecipientError:
            raise BackupRefused("A public key looks like age1…; make a pair with: knelpunt backup-key") from None
    return sorted(set(texts))


def new_pair() -> tuple[str, str]:
    """A secret key and the public key that goes with it."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def identities_in(path: Path | None) -> list[Any]:
    """The secret keys in a file, as age writes it: a key a line, lines with # are words."""
    if path is None:
        return []
    try:
        lines = [line.strip() for line in path.read_text(encoding="utf-8").splitlines()]
        return [pyrage.x25519.Identity.from_str(line) for line in lines if line and not line.startswith("#")]
    except (pyrage.IdentityError, UnicodeDecodeError):
        raise BackupRefused(f"{path} holds a line that is no secret key of age.") from None


class _Counting:
    """A file that knows how much went through it, and what the hash of that is."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self._digest, self._size = file, hashlib.sha256(), 0

    def _count(self, piece: bytes) -> None:
        self._digest.update(piece)
        self._size += len(piece)

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self._count(piece)
        return piece

    def write(self, piece: bytes) -> int:
        self._count(piece)
        return self._file.write(piece)

    def flush(self) -> None:
        self._file.flush()

    def part(self) -> Part:
        return Part(self._size, self._digest.hexdigest())


class BackupFolder:
    """Backups side by side, each in a folder that is named after its instant, with the attachments of all of them."""

    def __init__(self, root: Path, recipients: Sequence[str] = (), identities: Sequence[Any] = ()) -> None:
        self.root, self.recipients, self._identities = root, list(recipients), list(identities)
        self._keys = [pyrage.x25519.Recipient.from_str(text) for text in recipients]

    # --- which backups there are

    def names(self) -> list[str]:
        """The backups that are whole, oldest first."""
        return sorted(path.parent.name for path in self.root.glob(f"*/{MANIFEST}") if path.parent.suffix != DRAFT)

    def manifest(self, name: str) -> Manifest:
        """What a backup is made of; refused when it is of another kind than this code knows."""
        try:
            read = json.loads((self.root / name / MANIFEST).read_text(encoding="utf-8"))
            if read.pop("format") != FORMAT:
                raise BackupRefused(f"{name} was made by a version of Knelpunt that writes another kind of backup.")
            parts, files = ({key: Part(**part) for key, part in read.pop(each).items()} for each in ("parts", "files"))
            return Manifest(**read, parts=parts, files=files)
        except FileNotFoundError:
            raise BackupRefused(f"There is no backup {name} in {self.root}.") from None
        except (ValueError, KeyError, TypeError, AttributeError):
            raise BackupRefused(f"The manifest of {name} cannot be read.") from None

    def _readable(self, names: Iterable[str]) -> Iterator[tuple[str, Manifest]]:
        """Those whose manifest is whole and of a kind that this code knows, one by one."""
        for name in names:
            try:
                manifest = self.manifest(name)
            except (BackupRefused, OSError):
                continue
            yield name, manifest

    # --- making one

    @contextmanager
    def alone(self) -> Iterator[None]:
        """One backup at a time; what an earlier one left unfinished is cleared away."""
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (self.root / ".lock").open("a") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise BackupRefused(f"Another backup to {self.root} is at work.") from None
            for left in self.root.glob(f"*{DRAFT}"):
                shutil.rmtree(left)
            yield

    def write(self, name: str, source: IO[bytes]) -> Part:
        """Write one part, and read back from the disk what was written.

        Raises:
            BackupRefused: the disk gives back something else.
        """
        target = self.root / name
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = target.with_name(f"{target.name}.part")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
                counting = _Counting(file)
                if self._keys:
                    pyrage.encrypt_io(source, counting, self._keys)
                else:
                    shutil.copyfileobj(source, counting, CHUNK_BYTES)
                file.flush()
                os.fsync(file.fileno())
                if hasattr(os, "posix_fadvise"):  # so that reading it back asks the disk; a Mac has no such call
                    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            draft.rename(target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        self.check(name, counting.part())
        return counting.part()

    def finish(self, name: str, manifest: Manifest) -> None:
        """Let an unfinished backup become a whole one, in one step."""
        folder = self.root / f"{name}{DRAFT}"
        text = json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1)
        with os.fdopen(os.open(folder / MANIFEST, os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        folder.rename(self.root / name)
        for each in (self.root / name, self.root):
            handle = os.open(each, os.O_RDONLY)
            os.fsync(handle)
            os.close(handle)

    def known_files(self) -> dict[str, Part]:
        """The attachments that the last backup for the same keys holds, and that are still there."""
        for _name, manifest in self._readable(reversed(self.names())):
            if manifest.recipients == self.recipients:
                files = manifest.files.items()
                return {name: part for name, part in files if self._size(self.file_name(name)) == part.size}
        return {}

    def _size(self, name: str) -> int | None:
        try:
            return (self.root / name).stat().st_size
        except FileNotFoundError:
            return None

    def file_name(self, name: str, recipients: Sequence[str] | None = None) -> str:
        """Where an attachment lies, for these keys or for those of this folder."""
        keys = self.recipients if recipients is None else recipients
        group = hashlib.sha256("\n".join(keys).encode()).hexdigest()[:12] if keys else OPEN
        return f"{FILES}/{group}/{name[:2]}/{name}"

    def prune(self, keep: int | None) -> tuple[int, list[str]]:
        """Remove all but the newest backups, and the attachments that none of those names; None removes nothing.

        One that cannot be read does not count and stays: while it lies there, no attachment goes.

        Gives how many backups went, and those that cannot be read.
        """
        names = self.names()
        manifests = dict(self._readable(names))
        unreadable = [name for name in names if name not in manifests]
        over = [] if keep is None else list(manifests)[:-keep]
        if not over:
            return 0, unreadable
        kept = {
            self.file_name(name, each.recipients)
            for backup, each in manifests.items()
            for name in each.files
            if backup not in over
        }
        for name in over:
            draft = self.root / f"{name}{DRAFT}"  # so that a half of it never looks like a whole one
            (self.root / name).rename(draft)
            shutil.rmtree(draft)
        for path in (self.root / FILES).rglob("*"):
            if not unreadable and path.is_file() and str(path.relative_to(self.root)) not in kept:
                path.unlink()
        return len(over), unreadable

    # --- reading one

    def check(self, name: str, part: Part) -> None:
        """Read a part and compare it with what the manifest says of it.

        Raises:
            BackupRefused: it is another one, or not there.
        """
        try:
            with (self.root / name).open("rb") as file:
                counting = _Counting(file)
                while counting.read(CHUNK_BYTES):
                    pass
        except FileNotFoundError:
            raise BackupRefused(f"{name} is missing from the backup.") from None
        if counting.part() != part:
            raise BackupRefused(f"{name} is not what was written: the backup is damaged.")

    def read(self, name: str, part: Part, target: IO[bytes], *, is_sealed: bool) -> None:
        """Write what a part holds to another file, after it was compared with the manifest.

        Raises:
            BackupRefused: it is damaged, or sealed with a key that was not given.
        """
        self.check(name, part)
        with (self.root / name).open("rb") as file:
            if not is_sealed:
                shutil.copyfileobj(file, target, CHUNK_BYTES)
                return
            if not self._identities:
                raise BackupRefused("This backup is sealed: give the file with the secret key by --identity.")
            try:
                pyrage.decrypt_io(file, target, self._identities)
            except BrokenPipeError:
                raise
            except (OSError, pyrage.DecryptError) as error:
                raise BackupRefused(f"{name} does not open with the secret key that was given.") from error
