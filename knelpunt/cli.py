"""The ``knelpunt`` command: everything that is done outside the web pages."""

from importlib import import_module

import click

LIGHT = {
    "metrics": ("knelpunt.commands.operations.metrics", "command"),
    "serve": ("knelpunt.commands.site", "command"),
    "worker": ("knelpunt.commands.worker", "command"),
    "worker-alive": ("knelpunt.commands.operations.metrics", "worker_alive"),
}
"""Commands that stay, or are called each minute, with where each stands: none of them loads the whole site."""


class Commands(click.Group):
    """Loads what a command needs when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*LIGHT, *_console().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in LIGHT:
            module, name = LIGHT[cmd_name]
            command: click.Command = getattr(import_module(module), name)
            return command
        return _console().get_command(ctx, cmd_name)


def _console() -> click.Group:
    group: click.Group = import_module("knelpunt.console").cli
    return group


@click.group(cls=Commands)
def cli() -> None:
    """Knelpunt: the register of rules that block a liveability project.

    Every command reads its settings from the environment; without DATABASE_URL it uses the embedded database in
    KNELPUNT_DATA_DIR, which it starts or joins.
    """
