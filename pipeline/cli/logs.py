"""What the package logs, for a person at the command line."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from keyframes.quoting import visible
from pipeline.cli.terminal import LINES

if TYPE_CHECKING:
    from rich.console import Console


def logging_console(verbose: bool = False) -> Console:
    """Standard error, with the package's log on it."""
    from rich.console import Console

    console = Console(stderr=True)
    log_to(console, logging.DEBUG if verbose else logging.INFO)
    return console


def log_to(console: Console, level: int = logging.INFO, *, show_time: bool = True) -> None:
    """Show what the package logs from `level` up, above the progress bar of the same console.

    Of other libraries only warnings are shown.
    """
    from rich.logging import RichHandler

    handler = RichHandler(console=console, show_path=False, show_level=False, show_time=show_time)
    handler.addFilter(_shown)
    logging.basicConfig(format="%(message)s", level=logging.WARNING, handlers=[handler])
    logging.getLogger("pipeline").setLevel(level)


def _shown(record: logging.LogRecord) -> bool:
    """Escape in a record what a terminal would obey, such as in a file's name; always True."""
    record.msg, record.args = visible(record.getMessage(), keep=LINES), None
    return True
