"""The key frames of a render: a run of its own in the folder `keys` of the render's."""

from __future__ import annotations

from pathlib import Path

from pipeline.errors import RunError
from pipeline.plan.key_frames import keys_of
from pipeline.plan.looks import Look
from pipeline.run.carried import known_frames
from pipeline.run.directory import KEYS, RunDirectory, disk_errors
from pipeline.run.resume import is_intact
from pipeline.run.seeds import as_redone
from pipeline.run.unchanged import has_values_of
from pipeline.spec.plan import Plan


def keys_folder(render: Path) -> Path:
    """The folder of the key frames of the render in a folder."""
    return render / KEYS


def painted_keys(render: Path, plan: Plan) -> dict[Look, Path]:
    """The key frames of `plan` that are there and were painted as it says, by their looks.

    Frames that were redone have their own seeds. The render need not be there. What networks
    painted them is not asked: a preview may show what there is. A journal that cannot be understood
    counts as none.
    """
    place = RunDirectory(keys_folder(render))
    with disk_errors("read", place.root):
        if not place.root.is_dir():
            return {}
        try:
            records = known_frames(place).records
        except RunError:
            return {}
        return {
            look: place.frame(key.id)
            for look, key in keys_of(as_redone(plan, render)).items()
            if (record := records.get(key.id)) is not None
            and has_values_of(record, key)
            and is_intact(place, record)
        }
