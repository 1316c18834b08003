"""``python -m knelpunt``: the console command by another way in."""

from knelpunt.cli import cli

cli()
