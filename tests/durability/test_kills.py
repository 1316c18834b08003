"""Web server, worker and database are killed while people file: nothing acknowledged is lost or doubled."""

from pathlib import Path

from benchmarks import kill_test

SUBMISSIONS = 30
KILLS = 5


def test_filings_with_attachments_survive_kills_of_every_process(server_dir: Path) -> None:
    report = kill_test.run(
        server_dir,
        submissions=SUBMISSIONS,
        kills=KILLS,
        clients=4,
        seed=20261124,
        back_within=10.0,
        say=print,
    )
    # Not asserted: how soon the site was back. Other tests share the machine; the benchmark holds it to 10 seconds.
    assert report.faults == []
    assert report.submissions == SUBMISSIONS
    assert report.mails == SUBMISSIONS
    assert sorted(report.kills) == sorted(kill_test.TARGETS)
