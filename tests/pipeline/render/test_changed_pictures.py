"""Pictures of the author's that change between being hashed and being decoded."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from keyframes.prompts import Prompt
from pipeline.files.picture_header import PictureError
from pipeline.files.png import Pixels, encode_png
from pipeline.files.promised import promised, read_promised
from pipeline.render.loop import render
from pipeline.spec.keeping import ColourSpec, KeepSpec
from pipeline.spec.plan import Plan
from pipeline.spec.repaint import MaskPicture, RepaintSpec
from tests.pipeline.plans import painted, picture, with_depth, with_frame, with_init_image
from tests.pipeline.render.rendered import open_run, rendered, same
from tests.pipeline.toy_networks import toy_networks, toy_plan


def init_image(plan: Plan, path: Path) -> Plan:
    return with_init_image(plan, str(path))


def depth_picture(plan: Plan, path: Path) -> Plan:
    return with_depth(plan, 2, str(path))


def prompt_picture(plan: Plan, path: Path) -> Plan:
    prompts = (Prompt(str(path), image=True),)
    return with_frame(plan, painted(plan[2], prompts=prompts))


def mask_picture(plan: Plan, path: Path) -> Plan:
    repaint = RepaintSpec(mask=MaskPicture(str(path)))
    guidance = replace(plan[2].painting.guidance, repaint=repaint)
    return with_frame(plan, painted(plan[2], guidance=guidance))


def colour_picture(plan: Plan, path: Path) -> Plan:
    keep = KeepSpec(colour=ColourSpec(0.8, file=str(path)))
    return with_frame(plan, painted(plan[2], keep=keep))


USES = {
    init_image: 0,
    depth_picture: 2,
    # All prompts are encoded before the first frame.
    prompt_picture: 0,
    mask_picture: 2,
    colour_picture: 2,
}
"""Ways to use a picture, and how many frames are made before it is read."""

Use = Callable[[Plan, Path], Plan]


def grey(seed: int) -> Pixels:
    return np.repeat(picture(seed)[..., :1], 3, axis=2)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "given.png"
    file.write_bytes(encode_png(grey(0)))
    return file


@pytest.mark.parametrize("use", USES, ids=lambda use: use.__name__)
def test_a_picture_that_changes_after_it_was_hashed_is_not_rendered_from(
    tmp_path: Path, path: Path, use: Use
) -> None:
    plan, as_it_was = use(toy_plan(3), path), path.read_bytes()
    whole = rendered(tmp_path / "whole", plan)
    made: list[Pixels] = []
    with open_run(tmp_path / "run", plan) as run:
        path.write_bytes(encode_png(grey(1)))
        with pytest.raises(PictureError) as caught:
            made += (frame.pixels for frame in render(plan, run, {"main": toy_networks()}))
        finished = run.finished
    assert str(caught.value) == (
        f"{path} changed while it was rendered from; nothing was made of what it is now: give the "
        "same command again, which says what the change costs"
    )
    assert finished == USES[use]
    path.write_bytes(as_it_was)
    assert same([*whole[:finished], *rendered(tmp_path / "run", plan)], whole)


@pytest.mark.parametrize("use", USES, ids=lambda use: use.__name__)
def test_a_picture_that_changes_and_changes_back_before_it_is_read_does_no_harm(
    tmp_path: Path, path: Path, use: Use
) -> None:
    plan, as_it_was = use(toy_plan(3), path), path.read_bytes()
    whole = rendered(tmp_path / "whole", plan)
    with open_run(tmp_path / "run", plan) as run:
        path.write_bytes(encode_png(grey(1)))
        networks = {"main": toy_networks()}
        path.write_bytes(as_it_was)
        again = [frame.pixels for frame in render(plan, run, networks)]
    assert same(again, whole)


def test_a_promise_ends_with_its_block(path: Path) -> None:
    with promised({path: "0" * 64}), pytest.raises(PictureError):
        read_promised(path)
    assert read_promised(path) == path.read_bytes()


def test_other_files_are_not_promised(tmp_path: Path, path: Path) -> None:
    with promised({tmp_path / "other.png": "0" * 64}):
        assert read_promised(path) == path.read_bytes()
