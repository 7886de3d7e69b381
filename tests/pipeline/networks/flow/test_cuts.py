"""Cuts of made clips are found, each on its frame, and nothing else is taken for one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import pairwise

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from pipeline.diffusion.image import to_tensor
from pipeline.files.png import Pixels
from pipeline.networks.flow.cuts import is_cut, likenesses
from tools.bench.moving_pictures import Layer, disc, moving_pictures, shifted, turned
from tools.world.editions import FIRST
from tools.world.paint import paint

W, H = 192, 108
SEEDS = range(3)


@cache
def scene(seed: int) -> Pixels:
    """A painting of twice the frame's sides."""
    return paint(4000 + seed, 2 * W, 2 * H, edition=FIRST).picture


def frame(seed: int, x: int = 0, y: int = 0) -> Pixels:
    """What a camera sees of the painting, its middle moved by pixels."""
    left, top = W // 2 + x, H // 2 + y
    return scene(seed)[top : top + H, left : left + W]


def zoomed(seed: int, zoom: float, degrees: float = 0.0) -> Pixels:
    matrix = cv2.getRotationMatrix2D((W - 0.5, H - 0.5), degrees, zoom)
    seen = cv2.warpAffine(scene(seed), matrix, (2 * W, 2 * H), flags=cv2.INTER_CUBIC)
    return np.asarray(seen[H // 2 : H // 2 + H, W // 2 : W // 2 + W], dtype=np.uint8)


def lit(pixels: Pixels, gain: float = 1.0, more: float = 0.0) -> Pixels:
    return np.clip(gain * pixels + more, 0, 255).astype(np.uint8)


def mixed(one: Pixels, other: Pixels, share: float) -> Pixels:
    return ((1 - share) * one + share * other).astype(np.uint8)


def compressed(pixels: Pixels, quality: int) -> Pixels:
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), dtype=np.uint8)


def tensor(pixels: Pixels) -> Tensor:
    return to_tensor(np.ascontiguousarray(pixels))


def cut(old: Pixels, new: Pixels) -> bool:
    return is_cut(tensor(old), tensor(new))


@pytest.mark.parametrize("seed", SEEDS)
def test_another_scene_is_a_cut(seed: int) -> None:
    here, there = frame(seed), frame(seed + 1)
    assert cut(here, there)
    assert cut(compressed(here, 40), compressed(there, 40))
    assert cut(lit(here, 0.3), lit(there, 0.3)), "both dark"
    assert cut(here, lit(there, 0.6, 100)), "into the light"
    assert cut(*(np.repeat(one[..., :1], 3, axis=2) for one in (here, there))), "both grey"


@pytest.mark.parametrize("seed", SEEDS)
def test_motion_is_no_cut(seed: int) -> None:
    here = frame(seed)
    assert not cut(here, here)
    assert not cut(here, frame(seed, x=4, y=1))
    assert not cut(here, frame(seed, x=W // 5)), "a pan by a fifth of the picture"
    assert not cut(here, frame(seed, y=-H // 5))
    assert not cut(here, zoomed(seed, 1.15))
    assert not cut(here, zoomed(seed, 1.0, degrees=8))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_flash_is_no_cut_on_either_side(seed: int) -> None:
    here = frame(seed)
    for flash in (lit(here, more=60), lit(here, more=110), lit(here, 1.6), lit(here, 0.4)):
        assert not cut(here, flash)
        assert not cut(flash, frame(seed, x=3))
    coloured = np.clip(here * np.array([1.5, 0.5, 0.7]), 0, 255).astype(np.uint8)
    assert not cut(here, coloured)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("ground", [0, 255])
def test_no_step_of_a_fade_is_a_cut(seed: int, ground: int) -> None:
    plain = np.full_like(frame(seed), ground)
    steps = [mixed(frame(seed, x=2 * i), plain, i / 8) for i in range(9)]
    # Out to black, and in from white.
    assert not any(cut(old, new) for old, new in pairwise(steps if ground == 0 else steps[::-1]))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_step_of_a_dissolve_is_a_cut(seed: int) -> None:
    steps = [mixed(frame(seed, x=i), frame(seed + 1, y=i), i / 8) for i in range(9)]
    assert not any(cut(old, new) for old, new in pairwise(steps))


def test_things_that_move_or_appear_are_no_cuts() -> None:
    far, thing = Layer(1, shifted(2, 0)), Layer(2, turned(4, 1.1, H, W), disc(80, 50, 30))
    moving = moving_pictures(H, W, far, thing)
    assert not is_cut(moving.old, moving.new)
    without = moving_pictures(H, W, far).old
    assert not is_cut(without, moving.new)


@pytest.mark.parametrize("ground", [0, 255])
def test_to_and_from_a_plain_picture_is_a_cut(ground: int) -> None:
    plain = np.full_like(frame(0), ground)
    assert cut(frame(0), plain)
    assert cut(plain, frame(1))
    assert not cut(plain, plain)
    assert not cut(plain, np.full_like(plain, 128))


def clip() -> Iterator[Pixels]:
    """24 frames: a pan with a flash on 5; from 9 a zoom that dissolves; from 18 a fast pan."""
    for i in range(9):
        yield lit(frame(0, x=5 * i), more=90 if i == 5 else 0)
    for i in range(9):
        yield mixed(zoomed(1, 1 + 0.03 * i), frame(2), max(0, i - 3) / 6)
    for i in range(6):
        yield frame(3, x=20 * i - 60)


def test_each_cut_of_a_clip_is_found_on_its_frame() -> None:
    frames = [compressed(one, 70) for one in clip()]
    cuts = [i for i in range(1, len(frames)) if cut(frames[i - 1], frames[i])]
    assert cuts == [9, 18]


@pytest.mark.parametrize(
    ("size", "cuts"),
    [
        ((1, 1), False),
        ((3, 400), True),
        ((400, 3), True),
        ((16, 16), True),
        ((720, 1280), True),
    ],
)
def test_pictures_of_any_size_are_compared(size: tuple[int, int], cuts: bool) -> None:
    """Noise has nothing in common with other noise; a single pixel is plain."""
    one, other = (
        torch.rand(1, 3, *size, generator=torch.Generator().manual_seed(seed)) * 2 - 1
        for seed in (0, 1)
    )
    assert not is_cut(one, one)
    assert is_cut(one, other) is cuts


def test_the_number_of_threads_changes_nothing() -> None:
    threads = cv2.getNumThreads()
    try:
        answers = []
        for count in (1, 2, 7):
            cv2.setNumThreads(count)
            answers.append([likenesses(tensor(frame(i)), tensor(frame(i, x=50))) for i in SEEDS])
    finally:
        cv2.setNumThreads(threads)
    assert len(set(answers[0])) == len(SEEDS)
    assert answers[0] == answers[1] == answers[2]
