"""The schema as a file that lies beside scenes, and the line by which a scene names it."""

from __future__ import annotations

import json
from pathlib import Path

from pipeline.scene.json_schema import TITLE, scene_schema

FILE = "discoreel.schema.json"
"""Name of the file beside scenes."""

LINE = f"# yaml-language-server: $schema={FILE}"
"""First line of a scene whose editor is to know the schema."""


def schema_text() -> str:
    """The schema as JSON, with a last line break."""
    return json.dumps(scene_schema(), indent=1, ensure_ascii=False) + "\n"


def is_schema(path: Path) -> bool:
    """Whether a file holds a schema of ours, of this or of another version."""
    try:
        written = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(written, dict) and written.get("title") == TITLE
