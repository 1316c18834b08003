"""What a web server starts: ``gunicorn knelpunt.wsgi:app``."""

import os

from config import Config
from knelpunt.application import create_app
from knelpunt.commands.site import COMPILED_TEMPLATES
from knelpunt.commands.web_worker import load_before_fork

app = create_app(Config.from_environment())
load_before_fork(app, os.environ.get(COMPILED_TEMPLATES))
