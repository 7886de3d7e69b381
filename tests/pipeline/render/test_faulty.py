"""Frames that cannot be right: tried again in float32, told, or taken as they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from pipeline.diffusion.guidance import with_schedule
from pipeline.errors import Error, ModelError
from pipeline.files.png import Pixels
from pipeline.networks.bundle import Networks
from pipeline.protocols import Denoiser
from pipeline.render.faulty import FrameFault, lifelessness
from pipeline.render.loop import render
from pipeline.spec.denoise import SamplerSpec
from pipeline.spec.frame import FrameSpec
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.plans import painted
from tests.pipeline.render.rendered import open_run, rendered, same, saved, with_each
from tests.pipeline.toy_networks import (
    HEIGHT,
    NO_GUIDANCE,
    WIDTH,
    PaintNetwork,
    toy_networks,
    toy_plan,
)

PLAN = with_each(toy_plan(4), lambda spec: painted(spec, guidance=NO_GUIDANCE))
Spoil = Callable[[Tensor], Tensor]


@dataclass(frozen=True)
class Spoiled(PaintNetwork):
    """Goes wrong in one attempt, as a network does whose numbers are too large for fp16."""

    spoil: Spoil = torch.clone
    turn: int = 2
    """Number of the attempt, from 0, which is that of a frame until one has gone wrong."""
    bound: list[object] = field(default_factory=list)

    def bind(self, *conditions: Tensor | None) -> Denoiser:  # type: ignore[override]
        """The exact denoiser, but in that attempt."""
        exact = super().bind(*conditions)
        self.bound.append(exact)
        if len(self.bound) - 1 != self.turn:
            return exact
        return with_schedule(exact.schedule, lambda x, t: self.spoil(exact(x, t)))


def overflown(picture: Tensor) -> Tensor:
    return picture / 0


def black(picture: Tensor) -> Tensor:
    return torch.full_like(picture, -1.0)


def halves(spoil: Spoil, turn: int = 2, **others: object) -> Networks:
    """Networks in low precision that go wrong, beside others in float32 that do not."""
    network = Spoiled(spoil=spoil, turn=turn, variance=0.3)
    return toy_networks(denoiser=network, in_fp32=lambda: toy_networks(**others))


def journal(folder: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (folder / "journal.jsonl").read_text().splitlines()]


@pytest.mark.parametrize("spoil", [overflown, black])
def test_a_frame_that_went_wrong_in_low_precision_is_rendered_again_in_fp32(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, spoil: Spoil
) -> None:
    pictures = rendered(tmp_path, PLAN, halves(spoil))
    (told,) = caplog.messages
    assert told.startswith("frame 2: ") and told.endswith(
        "; it is rendered again, in fp32 with the same seed"
    )
    assert [one.get("precision") for one in journal(tmp_path)] == [None, None, "fp32", None]
    with open_run(tmp_path, PLAN) as run:
        assert run.finished == 4 and not run.missing(PLAN)
    exact = rendered(tmp_path / "whole", PLAN, toy_networks(denoiser=PaintNetwork(variance=0.3)))
    assert same(pictures[:2], exact[:2]) and not same(pictures[2:3], exact[2:3])


def test_the_same_fault_gives_the_same_bytes(tmp_path: Path) -> None:
    first = rendered(tmp_path / "a", PLAN, halves(overflown))
    assert same(first, rendered(tmp_path / "b", PLAN, halves(overflown)))
    # Also if the render was interrupted before it, and goes on with new networks.
    with open_run(tmp_path / "c", PLAN) as run:
        frames = render(PLAN, run, {"main": halves(overflown)})
        assert [next(frames).spec.frame for _ in range(2)] == [0, 1]
        frames.close()
    rendered(tmp_path / "c", PLAN, halves(overflown, turn=0))
    assert same(first, saved(tmp_path / "c"))


def test_networks_in_fp32_are_asked_for_no_more_than_they_are_needed(tmp_path: Path) -> None:
    sound = toy_networks(in_fp32=pytest.fail)
    assert len(rendered(tmp_path, PLAN, sound)) == 4


def test_a_machine_that_errs_once_costs_a_frame_its_time_and_no_byte(tmp_path: Path) -> None:
    once = toy_networks(denoiser=Spoiled(spoil=overflown))
    pictures = rendered(tmp_path / "a", PLAN, once)
    assert same(pictures, rendered(tmp_path / "b", PLAN))
    assert not any("precision" in one for one in journal(tmp_path / "a"))


def test_a_number_that_is_none_stops_the_render_whatever_is_accepted(tmp_path: Path) -> None:
    broken = Spoiled(spoil=overflown, turn=0)
    networks = halves(overflown, denoiser=broken)
    with open_run(tmp_path, PLAN) as run, pytest.raises(FrameFault, match="came out like that ag"):
        list(render(PLAN, run, {"main": networks}, accept_lifeless=True))
    assert len(saved(tmp_path)) == 2
    assert len(rendered(tmp_path, PLAN)) == 2, "the same command goes on"


def black_twice() -> Networks:
    return halves(black, denoiser=Spoiled(spoil=black, turn=0))


def test_a_frame_that_is_black_again_stops_the_render_with_a_way_on(tmp_path: Path) -> None:
    with pytest.raises(Error) as caught:
        rendered(tmp_path, PLAN, black_twice())
    assert str(caught.value) == (
        "frame 2: every pixel has the same colour, red 0, green 0, blue 0; rendered again in fp32, "
        "with the same seed, it came out like that again. If that is meant, --accept-lifeless goes "
        "on with it; if not, look at prompts, guidance and steps there, or change the seed; "
        "finished frames are safe, and the same command goes on with this one"
    )
    assert len(saved(tmp_path)) == 2


def test_a_black_frame_that_is_meant_is_taken_as_it_came_out_first(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with open_run(tmp_path, PLAN) as run:
        frames = list(render(PLAN, run, {"main": black_twice()}, accept_lifeless=True))
    assert not frames[2].pixels.any() and len(frames) == 4
    assert caplog.messages[-1].endswith("it is taken as it is")
    assert not any("precision" in one for one in journal(tmp_path))


def test_networks_that_cannot_be_loaded_in_fp32_are_told_with_the_fault(tmp_path: Path) -> None:
    def gone() -> Networks:
        raise ModelError("unet.safetensors: no such file; put it back")

    networks = replace(halves(overflown), in_fp32=gone)
    with pytest.raises(FrameFault) as caught:
        rendered(tmp_path, PLAN, networks)
    assert str(caught.value).startswith("frame 2: the denoiser's estimate at timestep ")
    assert str(caught.value).endswith(
        "; it cannot be rendered again in fp32: unet.safetensors: no such file; put it back"
    )


def test_a_depth_that_is_none_is_a_fault_of_the_frame(tmp_path: Path) -> None:
    def without(picture: Tensor) -> Tensor:
        return torch.full_like(picture[:, :1], torch.nan)

    networks = toy_networks(depth=without, in_fp32=toy_networks)
    assert same(rendered(tmp_path / "a", PLAN, networks), rendered(tmp_path / "b", PLAN))
    assert [one.get("precision") for one in journal(tmp_path / "a")] == [None, *3 * ["fp32"]]


SPEC = PLAN[1]
GREY = np.full((HEIGHT, WIDTH, 3), 128, dtype=np.uint8)
BUSY = np.arange(HEIGHT * WIDTH * 3, dtype=np.uint8).reshape(HEIGHT, WIDTH, 3)
NEARLY = GREY + (BUSY % 9)
ONE = StepSchedule.constant(1.0)


@pytest.mark.parametrize(
    ("spec", "before", "after", "words"),
    [
        (SPEC, BUSY, GREY, "every pixel has the same colour, red 128, green 128, blue 128"),
        (SPEC, NEARLY, GREY, ""),
        (replace(SPEC, denoise=None), BUSY, GREY, ""),
        (SPEC, BUSY, NEARLY, ""),
        (SPEC, BUSY, BUSY, "after 4 steps every pixel is that of the picture which it was painted"),
        (SPEC, NEARLY, NEARLY, ""),
        (replace(SPEC, denoise=None), BUSY, BUSY, ""),
        (painted(SPEC, init_hold=ONE, detail_hold=ONE), BUSY, BUSY, ""),
        (painted(SPEC, init_hold=ONE), BUSY, BUSY, "after 4 steps every pixel is that of the pict"),
        (painted(SPEC, sampler=SamplerSpec("ddim", 100, skip_steps=91)), BUSY, BUSY, ""),
    ],
    ids=[
        *("flat", "over what is nearly flat", "only moved", "nearly flat"),
        *("frozen", "frozen and nearly flat", "only moved and frozen"),
        *("wholly held", "held in its form", "in few steps"),
    ],
)
def test_what_hardly_any_scene_means(
    spec: FrameSpec, before: Pixels, after: Pixels, words: str
) -> None:
    found = lifelessness(spec, [before], after)
    assert found.startswith(words) and bool(found) == bool(words)


def test_a_frame_out_of_noise_has_no_picture_to_be_frozen_to() -> None:
    assert lifelessness(PLAN[0], [], BUSY) == ""
    assert lifelessness(PLAN[0], [], GREY).startswith("every pixel has the same colour")
