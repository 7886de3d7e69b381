"""Too little memory, and numbers that are none, in the frame loop."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor

from pipeline.errors import Error
from pipeline.networks.bundle import Networks
from pipeline.networks.memory.chunked_encoder import ChunkedEncoder, CutLimit
from tests.pipeline.plans import painted
from tests.pipeline.render.rendered import PLAN, rendered, same, saved, with_each
from tests.pipeline.toy_networks import (
    HEIGHT,
    NO_GUIDANCE,
    WIDTH,
    PaintNetwork,
    QuartersEncoder,
    toy_networks,
    toy_plan,
)


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
        "frame 2: the guidance gradient at timestep [50] is not finite; rendered again in fp32, "
        "with the same seed, it came out like that again. Lower the guidance scales there, or "
        "change prompts, steps or seed; the networks may be at fault, which discoreel models "
        "verify finds out; finished frames are safe, and the same command goes on with this one"
    )
    assert len(saved(tmp_path)) == 2


def test_an_estimate_that_is_not_finite_names_the_frame(tmp_path: Path) -> None:
    plan = with_each(toy_plan(1), lambda spec: painted(spec, guidance=NO_GUIDANCE))
    models = toy_networks(denoiser=PaintNetwork(variance=torch.nan))
    with pytest.raises(Error) as caught:
        rendered(tmp_path, plan, models)
    numbers = 3 * WIDTH * HEIGHT
    assert str(caught.value).startswith(
        f"frame 0: the denoiser's estimate at timestep 50 holds {numbers} of {numbers} numbers "
        "that are infinite or not a number; rendered again in fp32"
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


@pytest.mark.slow
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


@pytest.mark.parametrize("kind", [torch.AcceleratorError, RuntimeError])
def test_a_device_that_is_lost_names_the_frame_and_the_same_command_goes_on(
    tmp_path: Path, kind: type[Exception]
) -> None:
    class Lost(QuartersEncoder):
        """Is asked once in the third frame, and never answers."""

        def encode_pictures(self, pictures: Tensor) -> Tensor:
            if self.seen >= 2 * 4 * 6:
                raise kind("CUDA error: unspecified launch failure\nSearch for `cudaError...'")
            return super().encode_pictures(pictures)

    with pytest.raises(Error) as caught:
        rendered(tmp_path, PLAN, toy_networks(encoder=Lost()))
    assert str(caught.value).startswith(
        "frame 2: the device does not answer any more (CUDA error: unspecified launch failure): "
    )
    assert len(saved(tmp_path)) == 2
    assert len(rendered(tmp_path, PLAN)) == len(PLAN) - 2
    assert same(saved(tmp_path), rendered(tmp_path / "whole", PLAN))


def test_a_processor_needs_no_word_to_be_exact(tmp_path: Path) -> None:
    """Torch knows a deterministic way for all that a render asks there, and takes it anyway."""
    plain = rendered(tmp_path / "a", PLAN)
    torch.use_deterministic_algorithms(True)
    try:
        exact = rendered(tmp_path / "b", PLAN)
    finally:
        torch.use_deterministic_algorithms(False)
    assert all(map(np.array_equal, plain, exact)) and len(plain) == 4
