"""The ``knelpunt`` command: everything that is done outside the web pages."""

from importlib import import_module

import click

STAYING = {
    "metrics": "knelpunt.commands.operations.metrics",
    "serve": "knelpunt.commands.site",
    "worker": "knelpunt.commands.worker",
}
"""Commands that go on until they are stopped, with the module that each needs: none of them loads the whole site."""


class Commands(click.Group):
    """Loads what a command needs when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted({*STAYING, *_console().list_commands(ctx)})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name in STAYING:
            command: click.Command = import_module(STAYING[cmd_name]).command
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
