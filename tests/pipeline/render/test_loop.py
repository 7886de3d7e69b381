"""The frame loop, in a real run directory with models in closed form."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.diffusion.perlin import perlin_init
from pipeline.diffusion.steps import Step
from pipeline.errors import Error, RunError
from pipeline.files.png import Pixels, decode_png, encode_png
from pipeline.networks.bundle import Networks
from pipeline.networks.memory.chunked_encoder import ChunkedEncoder, CutLimit
from pipeline.render.camera_step import move
from pipeline.render.frame import render_frame
from pipeline.render.guided_denoiser import guided_denoiser
from pipeline.render.loop import render
from pipeline.render.randomness import generator_for
from pipeline.render.sampling import sample
from pipeline.run import run as run_module
from pipeline.run.run import Run
from pipeline.spec.camera import CameraSpec
from pipeline.spec.frame import FrameSpec
from pipeline.spec.plan import Plan
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.plans import NETWORKS, painted, picture, with_depth, with_init_image
from tests.pipeline.toy_networks import (
    CPU,
    HEIGHT,
    NO_GUIDANCE,
    WIDTH,
    PaintNetwork,
    QuartersEncoder,
    RampDepth,
    flat,
    toy_networks,
    toy_plan,
)

PLAN = toy_plan(4)
TOYS = {"main": toy_networks()}


def open_run(folder: Path, plan: Plan) -> Run:
    return Run.open(folder, plan, NETWORKS)


def rendered(folder: Path, plan: Plan, models: Networks | None = None) -> list[Pixels]:
    """The pixels of what was missing, in one go."""
    with open_run(folder, plan) as run:
        return [frame.pixels for frame in render(plan, run, {"main": models or toy_networks()})]


def unwatched(step: Step) -> None:
    """Shows nobody how a frame comes about."""


def saved(folder: Path) -> list[Pixels]:
    return [decode_png(path.read_bytes()) for path in sorted((folder / "frames").glob("*.png"))]


def with_each(plan: Plan, change: Callable[[FrameSpec], FrameSpec]) -> Plan:
    return replace(plan, frames=tuple(map(change, plan)))


def same(some: Sequence[Pixels], others: Sequence[Pixels]) -> bool:
    return len(some) == len(others) and all(map(np.array_equal, some, others))


def test_frames_come_in_order_and_are_on_the_disk_before_they_are_seen(tmp_path: Path) -> None:
    with open_run(tmp_path, PLAN) as run:
        for number, frame in enumerate(render(PLAN, run, TOYS)):
            assert frame.spec is PLAN[number] and frame.seconds > 0
            assert frame.pixels.shape == (HEIGHT, WIDTH, 3) and frame.pixels.dtype == np.uint8
            assert run.finished == number + 1
            assert np.array_equal(saved(tmp_path)[number], frame.pixels)
    assert number == 3


def test_a_frame_is_the_saved_one_before_it_moved_and_sampled(tmp_path: Path) -> None:
    rendered(tmp_path, PLAN)
    frames, models = saved(tmp_path), toy_networks()
    for spec in PLAN.frames[1:]:
        earlier = to_tensor(frames[spec.frame - 1])
        init = move(earlier, spec.motions, spec.camera, models.depth)
        *_, last = sample(init, spec, guided_denoiser(models, spec, init), CPU)
        assert np.array_equal(frames[spec.frame], to_pixels(last.x))


def test_what_is_on_the_disk_is_what_the_next_frame_grows_from(tmp_path: Path) -> None:
    """Another picture put in its place is taken over: nothing else is remembered."""
    with open_run(tmp_path, PLAN) as run:
        frames = render(PLAN, run, TOYS)
        next(frames)
        path = tmp_path / "frames" / "000000.png"
        path.write_bytes(encode_png(to_pixels(flat("blue"))))
        grown = next(frames).pixels
        frames.close()
        expected = render_frame(PLAN[1], [run.saved(0)], toy_networks(), unwatched)
    assert np.array_equal(grown, expected)
    assert not np.array_equal(grown, rendered(tmp_path / "other", toy_plan(2))[1])


def in_3d(folder: Path) -> Plan:
    return PLAN


def in_2d(folder: Path) -> Plan:
    return with_each(PLAN, lambda spec: replace(spec, camera=replace(spec.camera, mode="2d")))


def as_stills(folder: Path) -> Plan:
    return with_each(PLAN, lambda spec: replace(spec, inputs=(), motions=(), camera=CameraSpec()))


def from_a_picture(folder: Path) -> Plan:
    """Of another size than the frames."""
    path = folder / "init.png"
    path.write_bytes(encode_png(picture(5, 30, 20)))
    return with_init_image(PLAN, str(path))


def through_a_picture(folder: Path) -> Plan:
    """The camera goes to each frame through a depth of its own."""
    plan = PLAN
    for spec in PLAN.frames[1:]:
        path = folder / f"{spec.frame - 1}.png"
        path.write_bytes(encode_png(np.repeat(picture(spec.frame)[..., :1], 3, axis=2)))
        plan = with_depth(plan, spec.frame, str(path))
    return plan


@pytest.mark.parametrize("kind", [in_3d, in_2d, as_stills, from_a_picture, through_a_picture])
@pytest.mark.parametrize("stop", [1, 3])
def test_stopping_and_starting_again_changes_no_pixel(
    tmp_path: Path, kind: Callable[[Path], Plan], stop: int
) -> None:
    plan = kind(tmp_path)
    whole = rendered(tmp_path / "whole", plan)
    with open_run(tmp_path / "parts", plan) as run:
        frames = render(plan, run, TOYS)
        for _ in range(stop):
            next(frames)
        frames.close()
    rest = rendered(tmp_path / "parts", plan)
    assert same(rest, whole[stop:])
    assert same(saved(tmp_path / "parts"), whole)
    assert len({frame.tobytes() for frame in whole}) == len(plan)


def test_a_finished_render_has_nothing_to_do(tmp_path: Path) -> None:
    rendered(tmp_path, PLAN)
    encoder = QuartersEncoder()
    assert rendered(tmp_path, PLAN, toy_networks(encoder=encoder)) == []
    assert encoder.asked == []


def test_a_disk_that_is_full_loses_only_the_frame_in_work(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, folder = rendered(tmp_path / "whole", PLAN), tmp_path / "full"
    write = run_module.write_atomically

    def full(target: Path, data: bytes, *, durable: bool = True) -> None:
        if target.name == "000002.png":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        write(target, data, durable=durable)

    with monkeypatch.context() as patched, open_run(folder, PLAN) as run:
        patched.setattr(run_module, "write_atomically", full)
        frames = render(PLAN, run, TOYS)
        assert [next(frames).spec.frame, next(frames).spec.frame] == [0, 1]
        with pytest.raises(RunError, match="No space left on device; make room on the disk"):
            next(frames)
        assert run.finished == 2
    assert same(saved(folder), whole[:2])
    assert same(rendered(folder, PLAN), whole[2:])


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


def test_texts_are_encoded_once_a_plan(tmp_path: Path) -> None:
    encoder = QuartersEncoder()
    rendered(tmp_path, PLAN, toy_networks(encoder=encoder))
    assert encoder.asked == [["red"], ["green"]]


def test_depth_is_asked_once_for_each_frame_that_grows(tmp_path: Path) -> None:
    depth = RampDepth()
    rendered(tmp_path, PLAN, toy_networks(depth=depth))
    assert depth.asked == len(PLAN) - 1


def test_given_depth_takes_the_place_of_the_network(tmp_path: Path) -> None:
    depth = RampDepth()
    given = rendered(tmp_path / "a", through_a_picture(tmp_path), toy_networks(depth=depth))
    assert depth.asked == 0
    estimated = rendered(tmp_path / "b", PLAN)
    assert np.array_equal(given[0], estimated[0])
    assert not any(map(np.array_equal, given[1:], estimated[1:]))


class BrokenFromTheThirdFrame(QuartersEncoder):
    """Sees no number in a picture once the third frame is at its first step."""

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        steps_a_frame = 4
        broken = self.seen >= 2 * steps_a_frame * 6
        return super().encode_pictures(pictures) * (torch.nan if broken else 1.0)


def test_a_gradient_that_is_not_finite_names_the_frame(tmp_path: Path) -> None:
    models = toy_networks(encoder=BrokenFromTheThirdFrame())
    with pytest.raises(Error) as caught:
        rendered(tmp_path, PLAN, models)
    assert str(caught.value) == (
        "frame 2: the guidance gradient at timestep [50] is not finite; "
        "lower the guidance scales, or run the networks in float32"
    )
    assert len(saved(tmp_path)) == 2


def test_a_picture_that_is_not_finite_names_the_frame(tmp_path: Path) -> None:
    plan = with_each(toy_plan(1), lambda spec: painted(spec, guidance=NO_GUIDANCE))
    models = toy_networks(denoiser=PaintNetwork(variance=torch.nan))
    with pytest.raises(Error) as caught:
        rendered(tmp_path, plan, models)
    numbers = 3 * WIDTH * HEIGHT
    assert str(caught.value) == (
        f"frame 0: the picture holds {numbers} of {numbers} numbers that are infinite or not a "
        "number; lower the guidance scales, or render in float32"
    )
    assert saved(tmp_path) == []


class SmallMemory(QuartersEncoder):
    """Has room for some pictures at a time, and refuses more as `refusal` does."""

    def __init__(self, refusal: Exception, room: int = 3) -> None:
        super().__init__()
        self._refusal = refusal
        self._room = room

    def encode_pictures(self, pictures: Tensor) -> Tensor:
        if len(pictures) > self._room:
            raise self._refusal
        return super().encode_pictures(pictures)


OF_A_CARD = torch.cuda.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
OF_A_CPU = RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes")
REFUSALS = (OF_A_CARD, OF_A_CPU, MemoryError())


def limited(encoder: QuartersEncoder) -> Networks:
    """Models whose one encoder looks at cutouts in chunks where it has to."""
    limit = CutLimit()
    return toy_networks(encoders={"starter": ChunkedEncoder(encoder, limit)}, cuts=limit)


@pytest.mark.parametrize("refusal", REFUSALS)
def test_too_little_memory_halves_the_cutouts_at_once_and_changes_no_picture(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, refusal: Exception
) -> None:
    with_room = rendered(tmp_path / "a", PLAN, limited(QuartersEncoder()))
    without = rendered(tmp_path / "b", PLAN, limited(SmallMemory(refusal)))
    apart = np.abs(np.stack(with_room).astype(int) - np.stack(without).astype(int))
    assert apart.max() <= 1
    assert caplog.messages == [
        "frame 0 needs more memory than there is: from here on the encoders look at 3 cutouts "
        "at once"
    ]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_much_too_little_memory_is_told_with_what_needs_less(
    tmp_path: Path, refusal: Exception
) -> None:
    with pytest.raises(Error) as caught:
        rendered(tmp_path, PLAN, limited(SmallMemory(refusal, room=2)))
    words = str(caught.value)
    assert words.startswith("frame 0: there is not enough memory on the device. ")
    for remedy in ("--memory low", "video.size", "cut_overview", "cutn_batches", "precision"):
        assert remedy in words
    assert saved(tmp_path) == []


def test_what_is_no_lack_of_memory_stays_what_it_is(tmp_path: Path) -> None:
    bug = RuntimeError("mat1 and mat2 shapes cannot be multiplied")
    with pytest.raises(RuntimeError) as caught:
        rendered(tmp_path, PLAN, limited(SmallMemory(bug)))
    assert caught.value is bug


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
