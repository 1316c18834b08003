"""The one blueprint of the public pages; its addresses stand in the modules beside this one."""

from flask import Blueprint

bp = Blueprint("public", __name__)
