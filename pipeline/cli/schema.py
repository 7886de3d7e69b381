"""`discoreel schema`: the JSON Schema of a scene file, for editors."""

from __future__ import annotations

from pipeline.cli.terminal import say


def schema() -> None:
    """Print the JSON Schema of a scene, for editors."""
    from pipeline.scene.schema_file import schema_text

    say(schema_text().rstrip("\n"))
