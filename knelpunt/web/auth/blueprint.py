"""The blueprint that all addresses of logging in and the own account hang on."""

from flask import Blueprint

from knelpunt.web.auth import devices, step_up
from knelpunt.web.auth import signed_in as person

bp = Blueprint("auth", __name__)
bp.record_once(lambda _state: person.bind())
bp.before_app_request(person.note_use)
bp.before_app_request(step_up.ask)
bp.after_app_request(person.forget_ended_session)
bp.after_app_request(devices.give_mark)
