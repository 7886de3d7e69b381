"""What the first frame starts from: a picture of the author, or clouds."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.diffusion.image import to_pixels
from pipeline.diffusion.perlin import perlin_init
from pipeline.files.png import encode_png
from pipeline.render.randomness import generator_for
from pipeline.spec.frame import FrameSpec
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.plans import painted, with_init_image
from tests.pipeline.render.rendered import PLAN, rendered, with_each
from tests.pipeline.toy_networks import HEIGHT, NO_GUIDANCE, WIDTH, flat, toy_plan


def test_an_init_image_is_fitted_and_the_sampler_starts_from_it(tmp_path: Path) -> None:
    """The sides of a wider picture are cut: its red middle is all that can be seen."""
    path = tmp_path / "init.png"
    wide = np.concatenate([to_pixels(flat(colour)) for colour in ("blue", "red", "blue")], axis=1)
    path.write_bytes(encode_png(wide))
    nearly_kept = with_each(
        toy_plan(1),
        lambda spec: painted(spec, steps=100, skip_steps=98),
    )
    (pixels,) = rendered(tmp_path / "run", with_init_image(nearly_kept, str(path)))
    assert np.abs(pixels.astype(int) - to_pixels(flat("red")).astype(int)).mean() < 20


@pytest.mark.parametrize("mode", ["color", "gray"])
def test_a_frame_of_clouds_starts_from_its_own(tmp_path: Path, mode: str) -> None:
    (nearly_kept,) = with_each(
        toy_plan(1),
        lambda spec: painted(
            spec, guidance=NO_GUIDANCE, steps=100, skip_steps=98, perlin_init=mode
        ),
    )
    plan = replace(toy_plan(1), frames=(nearly_kept,))
    (pixels,) = rendered(tmp_path / "run", plan)
    clouds = perlin_init(WIDTH, HEIGHT, mode, generator_for(nearly_kept, "perlin"))
    assert np.abs(pixels.astype(int) - to_pixels(clouds).astype(int)).mean() < 20
    # Other seeds have other clouds.
    (other,) = rendered(tmp_path / "other", with_each(plan, lambda spec: replace(spec, seed=8)))
    assert np.abs(pixels.astype(int) - other.astype(int)).mean() > 30


def test_init_scale_keeps_a_frame_to_its_clouds(tmp_path: Path) -> None:
    """From so much noise nothing of the clouds would be left."""
    sampler = replace(PLAN[0].painting.sampler, steps=20, skip_steps=2, eta=0.0, perlin_init="gray")

    def kept(scale: float) -> FrameSpec:
        held = replace(
            NO_GUIDANCE,
            init_scale=StepSchedule.constant(scale),
            clamp_max=StepSchedule.constant(10.0),
        )
        return painted(toy_plan(1)[0], sampler=sampler, guidance=held)

    clouds = to_pixels(
        perlin_init(WIDTH, HEIGHT, "gray", generator_for(kept(0.0), "perlin"))
    ).astype(int)
    apart = [
        np.abs(
            rendered(tmp_path / f"{scale}", replace(toy_plan(1), frames=(kept(scale),)))[0].astype(
                int
            )
            - clouds
        ).mean()
        for scale in (0.0, 3000.0)
    ]
    assert apart[1] < 0.8 * apart[0]
