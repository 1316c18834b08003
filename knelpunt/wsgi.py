"""What a web server starts: ``gunicorn knelpunt.wsgi:app``."""

from config import Config
from knelpunt import create_app

app = create_app(Config.from_environment())
