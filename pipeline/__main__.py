"""The program `discoreel`, also `python -m pipeline`."""

from __future__ import annotations

from pipeline.error_handler import error_handler


def main() -> None:
    """Run the command line; leaves through `SystemExit`."""
    with error_handler():
        from pipeline.cli import app

        app()


if __name__ == "__main__":
    main()
