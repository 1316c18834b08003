"""How the installation is: what its workers do, what waits, what is left of the disk, and which versions run."""

from importlib.metadata import version

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from knelpunt.adapters import anchors
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.accounts import outgoing
from knelpunt.queries.core import health
from knelpunt.web.admin.blueprint import bp
from knelpunt.web.shared import installation
from knelpunt.web.shared.requests.access import requires

JOB_WORDS = {
    "anker": "Anker van het auditspoor",
    "archief": "Bewaartermijnen",
    "grootboek": "Cijfers opbouwen",
    "grootboek-controle": "Cijfers natellen",
    "kwartalen": "Openbare kwartalen bewaren",
    "opruimen": "Opruimen",
    "termijnen": "Termijnen en herinneringen",
    "zoekwoorden": "Zoekwoorden vernieuwen",
    health.BACKUP: "Reservekopie",
    health.OPEN_DATA: "Bestanden met open data",
}


@bp.route("/beheer/toestand")
@requires(Permission.READ_OUTBOX)
def state() -> ResponseReturnValue:
    """Everything at one moment; the page changes nothing."""
    config = current_app.config["KNELPUNT"]
    found, made = health.state(db.session), health.making(db.session)
    room, missed = installation.room(config.data_dir), outgoing.count_missed(db.session)
    return render_template(
        "admin/state.html",
        found=found,
        made=made,
        missed=missed,
        troubles=_troubles(found, made, room, missed),
        job_words=JOB_WORDS,
        version=version("knelpunt"),
        needed=installation.known_revisions()[-1],
        room=room,
        anchor=anchors.last(config.data_dir),
        keeps_files_elsewhere=config.s3_bucket is not None,
    )


def _troubles(found: health.State, made: health.Making, room: installation.Room, missed: int) -> list[str]:
    """What somebody should look at now, each in a sentence."""
    return [
        sentence
        for sentence, is_so in (
            ("Er werkt geen werker. Er gaat geen mail weg en er loopt geen termijn.", not found.alive),
            ("Een taak mislukt steeds. Kijk in de tabel welke dat is.", any(job.failed_at for job in found.jobs)),
            ("Mail wacht langer dan een uur. Is de mailserver bereikbaar?", found.mail.is_late),
            ("Een collega of een ministerie kreeg een mail niet. Kijk bij Post welke dat is.", missed > 0),
            ("Het postvak is niet te lezen.", found.mailbox_error is not None),
            (
                "Het maken van de bestanden met open data is blijven steken. In het logboek van de werker staat meer.",
                made.bulk.progress is not None and made.bulk.progress.is_stopped,
            ),
            ("Een bestand van een kwartaal kon niet worden gemaakt.", made.forms.failed > 0),
            ("De schijf is bijna vol. Nieuwe bestanden passen er straks niet meer op.", not room.is_enough),
        )
        if is_so
    ]
