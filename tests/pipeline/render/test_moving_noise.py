"""Noise that moves with the picture: begun, carried, handed on and begun anew."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from pipeline.camera.maps import FlatMap
from pipeline.diffusion.noise import standard_normal
from pipeline.diffusion.noise_field import NoiseField
from pipeline.files.png import Pixels
from pipeline.render.frame import render_frame
from pipeline.render.loop import render
from pipeline.render.memory import NOTHING, Memory
from pipeline.render.moving_noise import moving_noise
from pipeline.render.randomness import generator_for, noise_for
from pipeline.run.run import Run
from pipeline.scene.motion import matrix_2d
from pipeline.spec.camera import CameraMotion
from pipeline.spec.frame import MAIN, FrameId, FrameSpec
from pipeline.spec.plan import Plan
from tests.pipeline.plans import painted, picture
from tests.pipeline.toy_networks import HEIGHT, WIDTH, toy_networks, toy_plan

WAY = FlatMap(matrix_2d(CameraMotion(translate_x=1.0), WIDTH, HEIGHT), WIDTH, HEIGHT)


def warped(frames: int, fresh: float = 0.2) -> Plan:
    made = toy_plan(frames)
    return replace(made, frames=tuple(painted(spec, fresh_noise=fresh) for spec in made))


FIRST, SECOND = warped(2)


def field_of(spec: FrameSpec, earlier: NoiseField | None = None) -> NoiseField:
    made = moving_noise(spec, earlier, WAY)
    assert made is not None
    return made


def test_a_frame_whose_noise_is_all_its_own_leaves_none() -> None:
    assert moving_noise(toy_plan(1)[0], None, None) is None
    assert moving_noise(toy_plan(2)[1], field_of(FIRST), WAY) is None


def test_a_field_begins_where_there_was_none_and_then_moves() -> None:
    begun = field_of(FIRST)
    moved = field_of(SECOND, begun)
    assert np.array_equal(moved.ids[:, 1:], begun.ids[:, :-1])
    assert moved.root == begun.root != field_of(replace(FIRST, seed=99)).root


def test_a_frame_that_is_only_moved_carries_it_too() -> None:
    bare = replace(SECOND, denoise=None)
    assert moving_noise(bare, None, WAY) is None
    assert np.array_equal(
        field_of(bare, field_of(FIRST)).ids, field_of(SECOND, field_of(FIRST)).ids
    )


def test_a_frame_that_forgets_its_picture_forgets_its_noise() -> None:
    forgets = painted(SECOND, from_noise=True)
    assert field_of(forgets, field_of(FIRST)).root == field_of(forgets).root


def test_without_motion_the_field_stays() -> None:
    begun = field_of(FIRST)
    assert moving_noise(SECOND, begun, None) is begun


@pytest.mark.parametrize("fresh", [0.0, 0.3, 0.9])
def test_what_is_drawn_is_carried_and_fresh_noise_of_variance_1(fresh: float) -> None:
    spec = replace(painted(FIRST, fresh_noise=fresh), size=(128, 128))
    field, shape = field_of(spec), (1, 3, 128, 128)
    mixed = standard_normal(shape, noise_for(spec, "start", field))
    own = torch.randn(shape, generator=generator_for(spec, "start"))
    assert abs(mixed.std() - 1) < 0.01
    assert abs((mixed * own).mean() - fresh) < 0.02
    alone = standard_normal(shape, noise_for(painted(spec, fresh_noise=0.0), "start", field))
    assert abs((mixed * alone).mean() - (1 - fresh**2) ** 0.5) < 0.02


def test_draws_channels_and_purposes_are_independent_and_the_same_in_the_next_frame() -> None:
    spec = replace(painted(FIRST, fresh_noise=0.0), size=(128, 128))
    field, shape = field_of(spec), (1, 3, 128, 128)

    def drawn(of: NoiseField) -> list[torch.Tensor]:
        sampler = noise_for(spec, "sampler", of)
        draws = [standard_normal(shape, sampler) for _ in range(2)]
        return [*torch.cat((*draws, standard_normal(shape, noise_for(spec, "start", of))), 1)[0]]

    planes = drawn(field)
    for i, one in enumerate(planes):
        assert all(abs((one * other).mean()) < 0.04 for other in planes[:i])
    way = FlatMap(matrix_2d(CameraMotion(translate_x=1.0), 128, 128), 128, 128)
    for now, before in zip(drawn(field.carried(way.forward)), planes, strict=True):
        assert torch.equal(now[:, 1:], before[:, :-1])


def test_a_memory_reaches_the_picture_and_is_saved_whole() -> None:
    saved = picture(0, WIDTH, HEIGHT)

    def painted_with(memory: Memory) -> Pixels:
        return render_frame(SECOND, [saved], toy_networks(), lambda step: None, memory)[0]

    memory = Memory(noise=field_of(FIRST))
    again = Memory.from_arrays(memory.to_arrays())
    assert np.array_equal(painted_with(memory), painted_with(again))
    assert not np.array_equal(painted_with(memory), painted_with(NOTHING))


@pytest.mark.slow
def test_a_render_that_was_stopped_goes_on_to_the_same_pictures(tmp_path: Path) -> None:
    """And keeps the noise of each frame beside it."""
    plan, prints, networks = warped(5), {MAIN: ()}, {MAIN: toy_networks()}
    with Run.open(tmp_path / "whole", plan, prints) as run:
        whole = [frame.pixels for frame in render(plan, run, networks)]
        kept = run.frames.memory(FrameId(4))
    for _ in range(2):
        with Run.open(tmp_path / "stopped", plan, prints) as run:
            steps = render(plan, run, networks)
            for _ in zip(range(2), steps, strict=False):
                pass
            steps.close()
    with Run.open(tmp_path / "stopped", plan, prints) as run:
        rest = [frame.pixels for frame in render(plan, run, networks)]
        again = run.frames.memory(FrameId(4))
        for frame, pixels in enumerate(whole):
            assert np.array_equal(run.frames.pixels(FrameId(frame)), pixels)
    assert 0 < len(rest) < 5
    assert kept.keys() == again.keys() and kept
    assert all(np.array_equal(kept[name], again[name]) for name in kept)


def test_frames_that_begin_noise_together_have_the_same() -> None:
    begun, apart = field_of(replace(FIRST, frame=4)), field_of(replace(FIRST, frame=5))
    joined = field_of(painted(replace(FIRST, frame=5), noise_since=4))
    assert joined.root == begun.root != apart.root
    assert torch.equal(joined.normal(1), begun.normal(1))


def test_another_seed_on_one_frame_is_other_noise_and_the_next_frame_has_the_old_one() -> None:
    """As `redo` asks, and `seed: {0: 7, 31: 8, 32: 7}`; of the field it leaves no trace."""
    still = replace(painted(FIRST, fresh_noise=0.0), size=(128, 128))
    field, other = field_of(still), replace(still, seed=still.seed + 1)

    def drawn(spec: FrameSpec, of: NoiseField = field) -> torch.Tensor:
        return standard_normal((1, 3, 128, 128), noise_for(spec, "start", of))

    assert abs((drawn(still) * drawn(other)).mean()) < 0.02
    assert moving_noise(other, field, None) is field
    # A memory of a frame that was painted before the seed was kept goes on as it did.
    assert torch.equal(drawn(other, replace(field, seed=None)), drawn(still))
