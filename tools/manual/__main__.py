"""Writes the tables of settings into the manual: `python -m tools.manual [docs/scene.md ...]`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from pipeline.scene.manual_tables import with_tables

MANUAL = Path(__file__).parents[2] / "docs" / "scene.md"


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Write the tables of settings into documents.")
    parser.add_argument("documents", type=Path, nargs="*", default=[MANUAL])
    for document in parser.parse_args(arguments).documents:
        before = document.read_text(encoding="utf-8")
        after = with_tables(before)
        if after != before:
            document.write_text(after, encoding="utf-8")
        print(f"{document}: {'written' if after != before else 'as it was'}")


if __name__ == "__main__":
    main()
