"""How it goes with the mailbox, in numbers."""

from flask import current_app, render_template
from flask.typing import ResponseReturnValue

from knelpunt.domain.permissions import Permission
from knelpunt.domain.post.incoming import IncomingStatus
from knelpunt.extensions import db
from knelpunt.queries.post import incoming
from knelpunt.web.admin.blueprint import bp
from knelpunt.web.shared.requests.access import current_context, requires

STATUS_WORDS = {
    IncomingStatus.LANDED: "Kwam in een zaak",
    IncomingStatus.WAITING: "Wacht op een medewerker",
    IncomingStatus.DISMISSED: "Niet voor ons",
    IncomingStatus.IGNORED: "Genegeerd",
    IncomingStatus.BOUNCE: "Een mail van ons kwam niet aan",
}


@bp.route("/beheer/binnenkomende-post")
@requires(Permission.READ_OUTBOX)
def incoming_mail() -> ResponseReturnValue:
    """Whether mail is read, when that last worked, and what became of the mails of the last 30 days."""
    return render_template(
        "admin/incoming.html",
        mailbox=current_app.config["LINKS"].mailbox,
        facts=incoming.mailbox(db.session, current_context().now),
        status_words=STATUS_WORDS,
    )
