"""``/meldingen``: what somebody at the desk was told of, read and unread."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from knelpunt.domain.collaboration.notifications import PLACES, told
from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.collaboration import notifications as queries
from knelpunt.queries.core.reference import reference as small_tables
from knelpunt.services.collaboration import notifications as service
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.steps.page import case_address
from knelpunt.web.shared.pages.list_filters import number_in
from knelpunt.web.shared.requests.access import current_actor, current_context, requires
from knelpunt.web.shared.requests.transactions import commits


@bp.route("/meldingen")
@requires(Permission.READ_CASES)
def notifications() -> ResponseReturnValue:
    """The newest first; ``toon=alles`` with what was read as well."""
    shows_all = request.args.get("toon") == "alles"
    before = number_in(request.args.get("na", ""))
    rows, has_more = queries.page_of(
        db.session, current_actor().account_id or 0, only_unread=not shows_all, before=before
    )
    names = small_tables(db.session).staff_names
    shown = "alles" if shows_all else None
    return render_template(
        "desk/notifications.html",
        rows=[(row, told(row.kind, names[row.actor_id] if row.actor_id else None)) for row in rows],
        shows_all=shows_all,
        next_href=url_for("desk.notifications", toon=shown, na=rows[-1].id) if has_more else None,
        first_href=url_for("desk.notifications", toon=shown) if before else None,
    )


@bp.route("/meldingen/<id:notification_id>", methods=["POST"])
@requires(Permission.READ_CASES)
@commits
def open_notification(notification_id: int) -> ResponseReturnValue:
    """Mark as read, and go where it happened."""
    kind, reference = service.mark_read(current_context(), notification_id)
    return redirect(f"{case_address(reference)}{PLACES.get(kind, '')}", 303)


@bp.route("/meldingen/gelezen", methods=["POST"])
@requires(Permission.READ_CASES)
@commits
def all_notifications_read() -> ResponseReturnValue:
    service.mark_all_read(current_context())
    flash("Alle meldingen staan als gelezen.")
    return redirect(url_for("desk.notifications"), 303)
