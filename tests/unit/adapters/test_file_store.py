"""Both stores keep what they were given, whole or not at all."""

import hashlib
import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from obstore.store import MemoryStore

from knelpunt.adapters.uploads.store import FileStore, FileTooLarge, FolderStore, ObjectStore

CONTENT = os.urandom(3_000_000)
LIMIT = 5_000_000


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[FileStore]:
    yield FolderStore(tmp_path / "files") if request.param == "folder" else ObjectStore(MemoryStore())


def names(store: FileStore) -> list[str]:
    return sorted(name for name, _ in store.list_all())


def test_what_was_put_comes_back(store: FileStore) -> None:
    stored = store.put(io.BytesIO(CONTENT), LIMIT)
    assert (stored.size, stored.sha256) == (len(CONTENT), hashlib.sha256(CONTENT).hexdigest())
    with store.open(stored.name) as file:
        assert file.read() == CONTENT
    [(name, written)] = store.list_all()
    assert name == stored.name
    assert abs(datetime.now(UTC) - written) < timedelta(minutes=1)


def test_the_same_file_twice_gets_two_names(store: FileStore) -> None:
    one, two = (store.put(io.BytesIO(b"x"), LIMIT) for _ in range(2))
    assert one.name != two.name
    assert names(store) == sorted([one.name, two.name])


def test_exactly_the_limit_fits_and_one_byte_more_leaves_nothing(store: FileStore) -> None:
    store.put(io.BytesIO(b"x" * 1000), 1000)
    with pytest.raises(FileTooLarge):
        store.put(io.BytesIO(b"x" * 1001), 1000)
    assert len(names(store)) == 1


def test_a_stream_that_breaks_leaves_nothing(store: FileStore) -> None:
    class Broken(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise OSError("the browser went away")

    with pytest.raises(OSError, match="went away"):
        store.put(Broken(), LIMIT)
    assert names(store) == []


def test_deleting_is_silent_the_second_time(store: FileStore) -> None:
    stored = store.put(io.BytesIO(b"x"), LIMIT)
    store.delete(stored.name)
    store.delete(stored.name)
    with pytest.raises(FileNotFoundError):
        store.open(stored.name)


@pytest.mark.parametrize("name", ["../secret-key", "/etc/passwd", "", "a" * 33, "A" * 32, "a" * 31 + "\n"])
def test_a_name_that_was_never_given_out_is_not_found(store: FileStore, name: str) -> None:
    with pytest.raises(FileNotFoundError):
        store.open(name)
    with pytest.raises(FileNotFoundError):
        store.delete(name)


def test_a_working_store_passes_its_own_check(store: FileStore) -> None:
    store.check()
    assert names(store) == []


def test_a_half_written_file_is_listed_so_that_it_can_be_swept(tmp_path: Path) -> None:
    store = FolderStore(tmp_path)
    (tmp_path / ("a" * 32 + ".part")).write_bytes(b"half")
    (tmp_path / "README").write_bytes(b"not ours")
    assert names(store) == ["a" * 32 + ".part"]
    store.delete("a" * 32 + ".part")
    assert names(store) == []


def test_files_are_for_the_owner_only(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "files")
    stored = store.put(io.BytesIO(b"x"), LIMIT)
    assert (tmp_path / "files").stat().st_mode & 0o077 == 0
    assert (tmp_path / "files" / stored.name).stat().st_mode & 0o077 == 0
