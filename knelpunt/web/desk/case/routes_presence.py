"""Who has a case open now, for the script that asks again while the page stands open."""

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from knelpunt.domain.permissions import Permission
from knelpunt.extensions import db
from knelpunt.queries.collaboration.presence import seen_in
from knelpunt.web.desk.blueprint import bp
from knelpunt.web.desk.case.presence import note_and_say
from knelpunt.web.shared.requests.access import current_actor, requires


@bp.route("/zaken/<string:reference>/aanwezig")
@requires(Permission.READ_CASES)
def present(reference: str) -> ResponseReturnValue:
    """The words for the page, with a mark by which the same answer need not be sent again."""
    case_id, seen = seen_in(db.session, current_actor(), reference)
    answer = jsonify(words=note_and_say(case_id, seen))
    answer.add_etag()
    return answer.make_conditional(request)
