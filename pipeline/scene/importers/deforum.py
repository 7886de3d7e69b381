"""Deforum's settings file, of the extension of the web interface or of the notebook, as a scene."""

from __future__ import annotations

import numpy as np

from pipeline.scene.importers.deforum_camera import put_camera
from pipeline.scene.importers.deforum_groups import GROUPS
from pipeline.scene.importers.deforum_names import FILM, IDLE
from pipeline.scene.importers.deforum_painting import put_painting
from pipeline.scene.importers.deforum_prompts import put_prompts
from pipeline.scene.importers.draft import Draft
from pipeline.scene.importers.files_named import Folders, sound
from pipeline.scene.importers.films import put_deforum_film
from pipeline.scene.importers.size import put_size
from pipeline.scene.importers.source import Source
from pipeline.scene.importers.stable_diffusion import MULTIPLE, put_stable_diffusion
from pipeline.scene.importers.translation import Course

MODES = ("2d", "3d", "none", "video input", "interpolation")


def import_deforum(source: Source, draft: Draft, folders: Folders) -> None:
    """Write all that a settings file of Deforum's says into `draft`."""
    mode = _mode(source, draft)
    count = source.frame_count(default=120)
    course = Course(np.arange(count, dtype=np.float64), _seed(source, draft, mode))
    _put_network(source, draft)
    put_size(source, draft, default=(512, 512), multiple=MULTIPLE)
    _put_length(source, draft, mode, count)
    put_prompts(source, draft, course, mode)
    size = draft.value("video.size")
    assert isinstance(size, list)
    put_camera(source, draft, course, mode, (size[0], size[1]))
    put_painting(source, draft, folders, course, mode)
    _put_sound(source, draft, folders, mode)
    _tell_groups(source, draft)
    put_deforum_film(source, draft, folders, mode, FILM)
    source.known(*IDLE)


def _mode(source: Source, draft: Draft) -> str:
    mode = source.text("animation_mode", default="none").lower()
    if "animation_mode" not in source.names:
        mode = "3d" if source.has("translation_z") else "2d"
    if mode not in MODES:
        draft.differs("animation_mode", f'"{mode[:30]}" is not known: 2d')
        return "2d"
    return mode


def _seed(source: Source, draft: Draft, mode: str) -> float:
    """The seed as formulas see it: -1 where it is random."""
    seed = source.number("seed", default=-1, low=-1, high=2.0**53)
    behaviour = source.text("seed_behavior", default="iter").lower()
    source.known("seed_schedule", "seed_iter_N")
    shown = max(int(seed), 0)
    draft.put("seed", shown, "random there" if seed < 0 else "draws other noise than there")
    if behaviour == "fixed" and mode != "none":
        draft.put("sampler.noise", "slow")
        draft.put("sampler.noise_period", 10_000, "seed_behavior was fixed")
    elif behaviour not in ("iter", "random"):
        draft.slight("seed_behavior", f'"{behaviour[:30]}": each picture draws its own noise here')
    return seed


def _put_network(source: Source, draft: Draft) -> None:
    names = ("sd_model_name", "model_checkpoint", "ckpt")
    source.known("model_config", "custom_config_path", "custom_checkpoint_path", "vae", *names)
    name = next((name for name in names if source.has(name)), names[0])
    put_stable_diffusion(draft, name, source.text(name))


def _put_length(source: Source, draft: Draft, mode: str, count: int) -> None:
    fps = source.number("fps", default=15, low=0.125, high=240)
    stills = source.whole("n_batch", default=1, low=1, high=10_000)
    if mode == "none":
        draft.put("video.n_batches", stills)
        return
    draft.put("video.fps", int(fps) if fps == int(fps) else fps)
    draft.put("video.duration", count, "frames")


def _put_sound(source: Source, draft: Draft, folders: Folders, mode: str) -> None:
    which = source.text("add_soundtrack", default="None").lower()
    name, path = source.take("soundtrack_path")
    source.known("soundtrack_path")
    if which == "file" and path is not None:
        found = sound(str(path), name, folders, draft)
        if found is not None:
            draft.put("music.file", found)
    elif which not in ("none", "false", "file") and mode != "video input":
        draft.lost("add_soundtrack", "the sound of a film is not taken over: write music.file")


def _tell_groups(source: Source, draft: Draft) -> None:
    """Tell of the settings without counterpart that are on; the others are known to be off."""
    for group in GROUPS:
        present = tuple(
            name for name in source.names if name in group.names or name.startswith(group.prefix)
        )
        on = group.is_on(source)
        source.known(*present)
        if on:
            draft.note(group.severity, present[:4], group.message)
