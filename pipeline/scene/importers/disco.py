"""Disco Diffusion's settings file, `<batch>(<run>)_settings.txt`, as a scene."""

from __future__ import annotations

from pipeline.scene.importers.disco_camera import put_camera
from pipeline.scene.importers.disco_guidance import put_guidance, put_models, put_sampler
from pipeline.scene.importers.disco_names import IDLE, VIDEO_INPUT
from pipeline.scene.importers.disco_prompts import put_prompts
from pipeline.scene.importers.draft import Draft
from pipeline.scene.importers.files_named import Folders
from pipeline.scene.importers.films import put_disco_film
from pipeline.scene.importers.size import put_size
from pipeline.scene.importers.source import Source

FPS = 12
"""Frames a second of Disco's videos, which its settings file does not hold."""


def import_disco(source: Source, draft: Draft, folders: Folders) -> None:
    """Write all that a settings file of Disco's says into `draft`."""
    mode = _mode(source)
    stills = mode == "none"
    count = source.frame_count(default=10_000)
    put_models(source, draft)
    put_size(source, draft, default=(1280, 768), multiple=64)
    if stills:
        count = 1
        draft.put("video.n_batches", 1, "Disco does not save how many; 50 unless changed")
    else:
        draft.put("video.fps", _fps(source), "" if source.has("fps") else "Disco's, unless changed")
        draft.put("video.duration", count, "frames")
    _put_seed(source, draft)
    put_prompts(source, draft, folders, count)
    put_camera(source, draft, mode, count)
    put_sampler(source, draft, folders, moves=not stills, is_3d=mode == "3d")
    put_guidance(source, draft, moves=not stills)
    put_disco_film(source, draft, folders, mode, VIDEO_INPUT)
    source.known(*IDLE)


def _mode(source: Source) -> str:
    """`2d`, `3d`, `none` or `video input`; by its settings where a file does not say it."""
    said = source.has("animation_mode")
    mode = source.text("animation_mode").lower()
    if mode in ("2d", "3d", "none", "video input"):
        return mode
    if said or "animation_mode" in source.names:
        return "none"
    return "3d" if source.has("translation_z") or source.has("rotation_3d_x") else "2d"


def _fps(source: Source) -> float:
    fps = source.number("fps", default=FPS, low=0.125, high=240)
    return int(fps) if fps == int(fps) else fps


def _put_seed(source: Source, draft: Draft) -> None:
    name, written = source.take("seed", "set_seed")
    try:
        seed = int(float(str(written))) if isinstance(written, float) else int(str(written))
    except (ValueError, OverflowError):
        seed = 0
        if written is not None and str(written) != "random_seed":
            draft.slight(name, "no number: 0 in its place")
    is_random = written is None or str(written) == "random_seed"
    comment = "random there" if is_random else "draws other noise than this seed does in Disco"
    draft.put("seed", seed % 2**63, comment)
