"""Runs on the disk for tests: rendered in no time, and looked at from outside."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pipeline.files.hashing import bytes_digest
from pipeline.files.png_chunks import without_note
from pipeline.run.run import Run
from pipeline.spec.plan import Plan
from tests.pipeline.plans import NETWORKS, picture


def render(out: Path, plan: Plan, frames: Iterable[int] | None = None, look: int = 0) -> list[int]:
    """Save pictures for what is missing (or `frames`); other `look`s are other pictures."""
    with Run.open(out, plan, NETWORKS) as run:
        missing = [spec for spec in run.missing(run.plan) if frames is None or spec.frame in frames]
        for spec in missing:
            run.save(spec, picture(spec.frame + look), seconds=0.5)
        return [spec.frame for spec in missing]


def missing(out: Path, plan: Plan, *, replace_stale: bool = False) -> list[int]:
    """The frames that a run of `plan` in `out` lacks when it is opened."""
    with Run.open(out, plan, NETWORKS, replace_stale=replace_stale) as run:
        return [spec.frame for spec in run.missing(plan)]


def contents(folder: Path) -> dict[str, bytes]:
    """The files below `folder` by their relative paths, but for the lock."""
    files = (path for path in folder.rglob("*") if path.is_file() and path.name != ".lock")
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def forget(out: Path) -> None:
    """Make the pictures of a render those of a release whose pictures carry nothing."""
    journal = (out / "journal.jsonl").read_text(encoding="utf-8")
    for path in (out / "frames").rglob("0*.png"):
        data = path.read_bytes()
        path.write_bytes(without_note(data))
        journal = journal.replace(bytes_digest(data), bytes_digest(without_note(data)))
    (out / "journal.jsonl").write_text(journal, encoding="utf-8")


def set_aside(out: Path) -> Path:
    """The one take."""
    (folder,) = (out / "takes").iterdir()
    assert folder.name == "001"
    return folder
