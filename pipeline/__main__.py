"""The program `discoreel`, also `python -m pipeline`."""

from __future__ import annotations

import gc
import os

from pipeline.cli.error_handler import error_handler
from pipeline.cli.terminal import steady_streams


def main() -> None:
    """Run the command line; leaves through `SystemExit`."""
    # Reading a scene makes tens of thousands of objects that all stay; walking over them again and
    # again took a fifth of the time of `discoreel check`. `render` turns the collector on again.
    gc.disable()
    # Pydantic would look for plugins in the metadata of every package that is installed.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    with steady_streams(), error_handler():
        from pipeline.cli.app import PROGRAM, app

        app(prog_name=PROGRAM)


if __name__ == "__main__":
    main()
