"""Backups while people file: some file cases with attachments, one removes attachments, and each backup is drilled.

    python -m benchmarks.backups --seconds 30 --writers 3 --backups 3

Ends with 1 when a drill finds a difference, or when somebody could not file.
"""

import argparse
import os
import random
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

from config import Config, Environment
from knelpunt.adapters.backup.folder import BackupFolder, identities_in, new_pair
from knelpunt.adapters.uploads.store import FolderStore
from knelpunt.commands.operations.restoring import drill
from tests.support import database
from tests.support.backups import NOW, Place, silent

REMOVE_EVERY_SECONDS = 0.3


class Crowd:
    """Who files and removes until told to stop."""

    def __init__(self, place: Place, writers: int) -> None:
        self._place, self._stop, self._lock = place, threading.Event(), threading.Lock()
        self._names: list[str] = []
        self.filed, self.removed, self.faults = 0, 0, list[str]()
        self._threads = [threading.Thread(target=self._file) for _ in range(writers)]
        self._threads.append(threading.Thread(target=self._remove))
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def _file(self) -> None:
        while not self._stop.is_set():
            try:
                name = self._place.file_case(os.urandom(random.randint(1_000, 200_000)))
            except Exception as error:
                self.faults.append(f"filing: {type(error).__name__}")
                continue
            with self._lock:
                self._names.append(name)
                self.filed += 1

    def _remove(self) -> None:
        while not self._stop.wait(REMOVE_EVERY_SECONDS):
            with self._lock:
                name = self._names.pop(random.randrange(len(self._names))) if self._names else None
            if name is not None:
                self._place.remove_file(name)
                self.removed += 1


def main() -> int:
    """Run once and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=30, help="how long people file in all")
    parser.add_argument("--writers", type=int, default=3)
    parser.add_argument("--backups", type=int, default=3)
    asked = parser.parse_args()
    faults: list[str] = []
    with (
        database.running_server() as server,
        database.copy_of_template(server) as urls,
        tempfile.TemporaryDirectory(prefix="knelpunt-backups-") as name,
    ):
        home = Path(name)
        (home / "site").mkdir()
        config = Config(
            Environment.TEST, "only for this measurement, 32 letters", "http://localhost", home / "site",
            database_url=urls.app, database_owner_url=urls.owner, link_key="l" * 32, factor_key="f" * 32,
        )  # fmt: skip
        place = Place(config, FolderStore(config.attachments_dir))
        secret, public = new_pair()
        (home / "key").write_text(secret, encoding="ascii")
        folder = BackupFolder(home / "backups", [public], identities_in(home / "key"))
        crowd = Crowd(place, asked.writers)
        for number in range(asked.backups):
            time.sleep(asked.seconds / asked.backups)
            begun = time.monotonic()
            made = place.back_up(folder, now=NOW + timedelta(days=number))
            print(
                f"backup {number + 1}: {time.monotonic() - begun:.1f} s, {made.rows} rows, {made.files} files, "
                f"{made.new_files} new, {len(made.gone)} removed meanwhile; {crowd.filed} filed by then", flush=True,
            )  # fmt: skip
        crowd.stop()
        faults.extend(crowd.faults)
        for each in folder.names():
            report = drill(folder, each, silent)
            faults.extend(report.faults)
            print(
                f"drill of {each}: {sum(report.seconds.values()):.1f} s, {report.rows} rows, {report.files} files, "
                f"{len(report.faults)} differences", flush=True,
            )  # fmt: skip
    print(f"{crowd.filed} cases filed, {crowd.removed} files removed, {len(faults)} faults")
    for fault in sorted(set(faults)):
        print(f"NOT IN ORDER: {fault}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
