"""Pictures of frames in work: they are shown and kept, and change nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.files.png import Pixels, decode_png
from pipeline.run.run import Run
from tests.pipeline.render.rendered import PLAN, rendered, same, with_each
from tests.pipeline.toy_networks import toy_plan


def test_progress_pictures_come_at_their_rate_and_change_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[Pixels] = []
    monkeypatch.setattr(Run, "show_progress", lambda run, pixels: shown.append(pixels))
    plain = rendered(tmp_path / "plain", PLAN)
    assert shown == []
    rated = with_each(PLAN, lambda spec: replace(spec, display_rate=2))
    assert same(rendered(tmp_path / "rated", rated), plain)
    # Four steps a frame are left of six: a picture after the second and one after the fourth,
    # which is the frame itself.
    assert len(shown) == 2 * len(PLAN)
    assert same(shown[1::2], plain)
    assert not np.array_equal(shown[0], plain[0])


def test_the_progress_picture_lies_in_the_folder(tmp_path: Path) -> None:
    (last,) = rendered(tmp_path, with_each(toy_plan(1), lambda spec: replace(spec, display_rate=1)))
    assert np.array_equal(decode_png((tmp_path / "progress.png").read_bytes()), last)


def steps_kept(folder: Path) -> dict[str, Pixels]:
    """The pictures of steps, by their places below `intermediate/`."""
    root = folder / "intermediate"
    return {
        path.relative_to(root).as_posix(): decode_png(path.read_bytes())
        for path in sorted(root.rglob("*.png"))
    }


def test_pictures_of_steps_are_kept_beside_the_frames_and_change_nothing(tmp_path: Path) -> None:
    plain = rendered(tmp_path / "plain", PLAN)
    kept = with_each(PLAN, lambda spec: replace(spec, intermediate_saves=(1, 4)))
    assert same(rendered(tmp_path / "kept", kept), plain)
    pictures = steps_kept(tmp_path / "kept")
    assert list(pictures) == [f"{frame:06d}/step-00{s}.png" for frame in range(4) for s in (1, 4)]
    # Four steps are left of six, and the last of them is the frame.
    for frame, pixels in enumerate(plain):
        assert np.array_equal(pictures[f"{frame:06d}/step-004.png"], pixels)
        assert not np.array_equal(pictures[f"{frame:06d}/step-001.png"], pixels)
    assert steps_kept(tmp_path / "plain") == {}
    # A finished frame is not rendered for the sake of its steps.
    assert rendered(tmp_path / "plain", kept) == []
