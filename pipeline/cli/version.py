"""`discoreel --version`."""

from __future__ import annotations

from typing import Annotated

import typer

_DISTRIBUTION = "discoreel"


def _print_and_leave(asked: bool) -> None:
    if asked:
        typer.echo(f"{_DISTRIBUTION} {installed_version()}")
        raise typer.Exit


ShowVersion = Annotated[
    bool,
    typer.Option("--version", help="Print the version.", is_eager=True, callback=_print_and_leave),
]


def installed_version() -> str:
    """The version that the package was installed with; says so where it runs uninstalled."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(_DISTRIBUTION)
    except PackageNotFoundError:
        return "(not installed)"
