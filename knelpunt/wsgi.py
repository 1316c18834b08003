"""What a web server starts: ``gunicorn knelpunt.wsgi:app``."""

from config import Config
from knelpunt.adapters.words.spelling import dictionary
from knelpunt.application import create_app

app = create_app(Config.from_environment())
dictionary()  # before the server makes its processes, so that they have it together
