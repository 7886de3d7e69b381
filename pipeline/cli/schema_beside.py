"""The schema for editors, which lies beside the scenes that a command writes."""

from __future__ import annotations

from pathlib import Path

from keyframes.quoting import quoted_path
from pipeline.errors import Error


def schema_beside(scene: Path) -> Path:
    """Where the schema of a scene file lies; an older one may lie there, and is written over.

    Raises Error if a file of that name is there which is none of ours.
    """
    from pipeline.scene.schema_file import FILE, is_schema

    schema = scene.with_name(FILE)
    if schema.exists() and not is_schema(schema):
        raise Error(f"{quoted_path(schema)}: this is no schema of discoreel; move it away first")
    return schema


def write_schema(schema: Path) -> None:
    """Write the schema of this release; raises Error for a place that cannot be written to."""
    from pipeline.cli.writing import writing
    from pipeline.files.atomic import write_atomically
    from pipeline.scene.schema_file import schema_text

    with writing(schema):
        write_atomically(schema, schema_text().encode())
