"""A backup holds one moment of a site in use, gives it back whole, and says so when it is not whole any more."""

import fcntl
import io
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519
from obstore.store import MemoryStore
from sqlalchemy import NullPool, create_engine, text
from sqlalchemy.orm import Session

from config import MIGRATIONS_DIR, Config, Environment
from knelpunt.adapters import anchors
from knelpunt.adapters.backup.folder import BackupFolder, BackupRefused, identities_in, new_pair
from knelpunt.adapters.database import embedded_database, schema
from knelpunt.adapters.database.embedded_database import Server
from knelpunt.adapters.identity.sealer import Sealer
from knelpunt.adapters.uploads.store import FolderStore, ObjectStore
from knelpunt.cli import cli
from knelpunt.commands.operations import backing_up, restoring
from knelpunt.commands.operations.prepared import Prepared
from knelpunt.commands.operations.restoring import drill, restore
from knelpunt.domain.vocabulary import Role
from knelpunt.models import TotpFactor
from tests.support import database
from tests.support.backups import MARKER, NOW, Place, silent
from tests.support.factories import Factory


@pytest.fixture
def place(database_server: Server, tmp_path: Path) -> Iterator[Place]:
    with database.copy_of_template(database_server) as urls, database.another_engine():
        data_dir = tmp_path / "site"
        data_dir.mkdir()
        config = Config(
            environment=Environment.TEST,
            secret_key="the secret key of the site in this test",
            base_url="http://localhost",
            data_dir=data_dir,
            database_url=urls.app,
            database_owner_url=urls.owner,
            link_key="the link key of the site in this test, long",
            factor_key="the factor key of the site in this test",
        )
        yield Place(config, FolderStore(config.attachments_dir))


@pytest.fixture
def empty(database_server: Server, tmp_path: Path) -> Iterator[Prepared]:
    """An empty machine."""
    with database.copy_of_template(database_server, migrated=False) as urls:
        yield Prepared(
            Config(
                environment=Environment.TEST,
                secret_key="another secret key, of the new machine",
                base_url="http://localhost",
                data_dir=tmp_path / "new",
                database_url=urls.app,
                database_owner_url=urls.owner,
            ),
            None,
        )


def count(url: str, table: str) -> int:
    engine = create_engine(url, poolclass=NullPool)
    with engine.connect() as connection:
        return connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0


def everything_under(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_sealed_backup_of_a_site_in_use_passes_the_drill(place: Place, tmp_path: Path) -> None:
    secret, public = new_pair()
    key = tmp_path / "key"
    key.write_text(f"# words\n{secret}\n")
    folder = BackupFolder(tmp_path / "backups", [public], identities_in(key))
    content = os.urandom(1_300_000)
    place.file_case(content)
    removed = place.file_case(b"%PDF-1.4 removed while the backup ran")

    def meanwhile(what: str) -> None:
        """Whoever files or removes while the database is read: it may be in or out, but nothing may be half in."""
        if what == "the database":
            place.file_case(b"%PDF-1.4 in the snapshot")
        if what == "files that came in meanwhile":
            place.file_case(b"%PDF-1.4 after the snapshot")
            place.remove_file(removed)

    made = place.back_up(folder, meanwhile)
    assert made.files == 3
    kept = everything_under(folder.root)
    for told in (MARKER, "vertrouwelijk@proef", place.config.secret_key, place.config.link_key or ""):
        assert told.encode() not in kept
    report = drill(folder, None, silent)
    assert report.faults == []
    assert (report.files, report.rows) == (3, made.rows)
    assert any("3 events are chained; anchors vouch up to event 2" in note for note in report.notes)
    assert {"the database", "the chain of events", "the figures of every quarter"} <= {*report.seconds}


def test_what_comes_back_is_the_site_with_its_keys_and_never_goes_over_another(
    place: Place, empty: Prepared, tmp_path: Path
) -> None:
    bucket = ObjectStore(MemoryStore())
    place.files = bucket
    name = place.file_case(b"%PDF-1.4 plan")
    with create_engine(place.config.database_owner_url or "", poolclass=NullPool).begin() as connection:
        connection.execute(
            text(
                "INSERT INTO open_data_files (name, data_set, form, made_on, made_at, public_version, lines, size,"
                " sha256, stored_name) VALUES ('x', 'knelpunten', 'csv', now(), now(), '1', 1, 1, '', 'in-no-backup')"
            )
        )
    folder = BackupFolder(tmp_path / "backups")
    place.back_up(folder)
    new_bucket = ObjectStore(MemoryStore())
    report = restore(empty, new_bucket, folder, None, silent)
    assert report.faults == []
    with new_bucket.open(name) as file:
        assert file.read() == b"%PDF-1.4 plan"
    assert count(empty.owner_url, "cases") == 1
    assert count(empty.owner_url, "open_data_files") == 0, "they are made again; a backup leaves them out"
    assert count(empty.app_url, "cases") == 1, "the application may read what came back"
    schema.check(MIGRATIONS_DIR, empty.owner_url)
    data_dir = empty.config.data_dir
    assert (data_dir / "link-key").read_text() == place.config.link_key
    assert f"SECRET_KEY={place.config.secret_key}" in (data_dir / "restored-keys.env").read_text()
    assert (data_dir / "restored-keys.env").stat().st_mode & 0o077 == 0
    assert any("SECRET_KEY is another one" in note for note in report.notes)
    assert place.config.secret_key not in "".join(report.notes)
    assert (data_dir / anchors.FILE_NAME).read_bytes() == (place.config.data_dir / anchors.FILE_NAME).read_bytes()
    with pytest.raises(BackupRefused, match="not empty"):
        restore(empty, ObjectStore(MemoryStore()), folder, None, silent)


def test_a_backup_holds_every_key_that_the_site_works_with(place: Place, empty: Prepared, tmp_path: Path) -> None:
    """An older key still opens what it sealed: one of the settings, and one in the folder since before the settings."""
    older, in_folder = "an older factor key of the settings", "the first factor key made in the folder"
    pem = ed25519.Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (tmp_path / "sso.pem").write_bytes(pem)
    providers = tmp_path / "providers.yaml"
    providers.write_text(
        "providers: [{slug: proef, name: x, issuer: 'https://sso.proef.example', client_id: x, client_key: sso.pem}]"
    )
    place.config = replace(place.config, old_factor_keys=(older,), oidc_file=providers)
    (place.config.data_dir / "factor-key").write_text(in_folder)
    place.file_case(b"%PDF-1.4 plan")
    with Session(create_engine(place.config.database_url or "", poolclass=NullPool)) as session:
        make = Factory(session)
        for key in (older, in_folder):
            sealed = Sealer(key).seal("SECRET", make.now)
            make.add(TotpFactor(account_id=make.account(Role.TRIAGER).id, sealed_secret=sealed, created_at=make.now))
        session.commit()
    (place.config.data_dir / anchors.FILE_NAME).unlink()
    folder = BackupFolder(tmp_path / "backups")
    [warning] = place.back_up(folder).warnings
    assert "No anchors" in warning
    report = drill(folder, None, silent)
    assert report.faults == []
    assert "the keys of this backup open 2 of 2 second factors" in report.notes
    assert any(note.startswith("LET OP: this backup holds no anchors") for note in report.notes)
    restore(empty, FolderStore(empty.config.attachments_dir), folder, None, silent)
    kept = (empty.config.data_dir / "restored-keys.env").read_text()
    assert f"KNELPUNT_FACTOR_KEY_FALLBACKS={older},{in_folder}\n" in kept
    assert (empty.config.data_dir / "factor-key").read_text() == place.config.factor_key
    assert (empty.config.data_dir / "restored-client-key-proef.pem").read_bytes() == pem
    assert (empty.config.data_dir / "restored-client-key-proef.pem").stat().st_mode & 0o077 == 0


def test_a_key_that_is_nowhere_is_not_made_up(place: Place, tmp_path: Path) -> None:
    place.config = replace(place.config, factor_key=None)
    with pytest.raises(BackupRefused, match="KNELPUNT_FACTOR_KEY is not set"):
        place.back_up(BackupFolder(tmp_path / "backups"))
    assert not (place.config.data_dir / "factor-key").exists()
    assert not (tmp_path / "backups").exists()


def test_damage_in_older_backups_is_told_and_stops_no_new_one(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backing_up, "SHARES", 2)
    name = place.file_case(b"%PDF-1.4 plan")
    folder = BackupFolder(tmp_path / "backups")
    first, second = (place.back_up(folder, now=NOW + timedelta(days=day)).name for day in (0, 1))
    manifest = folder.root / first / "manifest.json"
    manifest.write_text(manifest.read_text()[:-9])
    [attachment] = [path for path in (folder.root / "files").rglob("*") if path.is_file()]
    attachment.write_bytes(b"%PDF-1.4 pl4n")
    (left := attachment.with_name("of-the-first-alone")).write_bytes(b"x")
    warnings = [place.back_up(folder, keep=1, now=NOW + timedelta(days=2 + day)).warnings for day in range(2)]
    assert all(f"The manifest of {first} cannot be read" in each[-1] for each in warnings)
    assert [each[0] for each in warnings if len(each) > 1] == [
        f"File {name} in the backups was damaged, and was copied again."
    ]
    assert attachment.read_bytes() == b"%PDF-1.4 plan"
    assert first in folder.names()
    assert second not in folder.names()
    assert left.exists(), "what an unreadable backup holds is not known"


def test_what_a_killed_drill_left_is_removed_unless_it_is_in_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    left, used = (tmp_path / f"{restoring.DRILL}{name}" for name in ("left", "used"))
    for each in (left, used):
        (each / "site" / "database").mkdir(parents=True)
    with (used / "site" / "database" / "users.lock").open("a+b") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        with pytest.raises(BackupRefused, match="There is no backup"):
            drill(BackupFolder(tmp_path / "nothing"), None, silent)
    assert not left.exists()
    assert used.exists()


def test_only_new_files_are_copied_and_old_backups_go_with_what_only_they_had(place: Place, tmp_path: Path) -> None:
    folder = BackupFolder(tmp_path / "backups")
    first = place.file_case(b"%PDF-1.4 first")
    made = [place.back_up(folder)]
    second = place.file_case(b"%PDF-1.4 second")
    place.remove_file(first)
    made.append(place.back_up(folder, keep=1, now=NOW + timedelta(days=1)))
    assert [each.new_files for each in made] == [1, 1]
    assert made[1].removed_backups == 1
    assert folder.names() == [made[1].name]
    assert sorted(path.name for path in (folder.root / "files").rglob("*") if path.is_file()) == [second]


def test_a_damaged_backup_is_refused_and_a_damaged_file_named(place: Place, empty: Prepared, tmp_path: Path) -> None:
    place.file_case(b"%PDF-1.4 plan")
    folder = BackupFolder(tmp_path / "backups")
    name = place.back_up(folder).name
    files = FolderStore(empty.config.attachments_dir)
    for part in ("database.dump", "contents.json"):
        path = folder.root / name / part
        whole = path.read_bytes()
        path.write_bytes(whole[:-1] + b"!")
        with pytest.raises(BackupRefused, match=f"{part} is not what was written"):
            restore(empty, files, folder, name, silent)
        path.write_bytes(whole)
    [attachment] = [path for path in (folder.root / "files").rglob("*") if path.is_file()]
    attachment.write_bytes(b"%PDF-1.4 pl4n")
    [fault] = restore(empty, files, folder, name, silent).faults
    assert attachment.name in fault
    assert "damaged" in fault


def test_a_row_that_was_changed_on_the_way_is_noticed(place: Place, empty: Prepared, tmp_path: Path) -> None:
    place.file_case(b"%PDF-1.4 plan")
    folder = BackupFolder(tmp_path / "backups")
    name = place.back_up(folder).name
    contents = json.loads((folder.root / name / "contents.json").read_text())
    contents["tables"]["cases"]["digest"] = "0" * 64
    contents["tables"]["laws"]["rows"] += 1
    manifest = folder.manifest(name)
    part = folder.write(f"{name}/contents.json", io.BytesIO(json.dumps(contents).encode()))
    (folder.root / name / "manifest.json").unlink()
    (folder.root / name).rename(folder.root / f"{name}.unfinished")
    folder.finish(name, replace(manifest, parts={**manifest.parts, "contents.json": part}))
    faults = restore(empty, FolderStore(empty.config.attachments_dir), folder, name, silent).faults
    assert [fault.split(" has ")[0] for fault in faults] == ["table cases", "table laws"]


def test_a_backup_counts_although_the_site_cannot_be_told(
    place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.file_case(b"%PDF-1.4 plan")
    folder = BackupFolder(tmp_path / "backups")
    first = place.back_up(folder)
    monkeypatch.setattr(backing_up, "BACKUP", None)  # a run without a name, which the database refuses
    second = place.back_up(folder, keep=1, now=NOW + timedelta(days=1))
    assert (first.warnings, second.removed_backups, folder.names()) == ([], 1, [second.name])
    [warning] = second.warnings
    assert "the site was not told (NotNullViolation)" in warning
    assert drill(folder, None, silent).faults == []


def test_a_backup_that_breaks_off_leaves_none_and_a_wrong_key_opens_none(place: Place, tmp_path: Path) -> None:
    _, public = new_pair()
    folder = BackupFolder(tmp_path / "backups", [public])

    def stop(what: str) -> None:
        if what == "files that came in meanwhile":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        place.back_up(folder, stop)
    assert folder.names() == []
    place.back_up(folder)
    with pytest.raises(BackupRefused, match="--identity"):
        drill(BackupFolder(folder.root), None, silent)
    other = tmp_path / "other"
    other.write_text(new_pair()[0])
    with pytest.raises(BackupRefused, match="does not open"):
        drill(BackupFolder(folder.root, identities=identities_in(other)), None, silent)


def test_the_commands_say_in_a_line_what_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KNELPUNT_ENV", "test")
    monkeypatch.setenv("KNELPUNT_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody:hidden@127.0.0.1:1/none")
    monkeypatch.setenv("KNELPUNT_LINK_KEY", "x" * 32)
    monkeypatch.setenv("KNELPUNT_FACTOR_KEY", "x" * 32)
    runner = CliRunner()
    made = runner.invoke(cli, ["backup-key", str(tmp_path / "key")])
    assert made.exit_code == 0
    assert made.output.startswith("age1")
    assert (tmp_path / "key").stat().st_mode & 0o077 == 0
    for command, told in (
        (["backup", str(tmp_path / "b"), "--recipient", "age1wrong"], "A public key looks like age1"),
        (["backup", str(tmp_path / "b"), "--recipient", made.output.strip()], "The database cannot be asked"),
        (["backup", str(tmp_path / "key" / "b"), "--recipient", made.output.strip()], "Not a directory"),
        (["backup-key", str(tmp_path / "none" / "key")], "No such file"),
        (["drill", str(tmp_path / "nothing")], "There is no backup in"),
        (["backup-key", str(tmp_path / "key")], "is there already"),
    ):
        result = runner.invoke(cli, command)
        assert result.exit_code == 1
        assert told in result.output
        assert "hidden" not in result.output


def test_a_dump_that_the_server_refuses_leaves_an_empty_database(
    place: Place, empty: Prepared, tmp_path: Path, database_server: Server
) -> None:
    place.file_case(b"%PDF-1.4 plan")
    folder = BackupFolder(tmp_path / "backups")
    place.back_up(folder)
    name = empty.owner_url.partition("@/")[2].partition("?")[0]
    with database_server.connect_as_superuser(name) as connection:
        connection.execute(f"GRANT CREATE ON SCHEMA public TO {embedded_database.OWNER_ROLE}")
        connection.execute("CREATE TYPE cases AS ENUM ('in the way')")  # takes the name that the table needs
    with pytest.raises(Exception, match="psql ended"):
        restore(empty, FolderStore(empty.config.attachments_dir), folder, None, silent)
    with pytest.raises(Exception, match="does not exist"):
        count(empty.owner_url, "accounts")
