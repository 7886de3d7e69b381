"""What is kept of a shot: how it begins, goes with the camera, lets go, and what it corrects."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from pipeline.camera.maps import FlatMap
from pipeline.camera.sight import Sight, flat_sight, unmoved
from pipeline.diffusion.image import to_pixels, to_tensor
from pipeline.diffusion.palette import to_colours
from pipeline.diffusion.sharpness import sharpness
from pipeline.files.arrays import decode_arrays, encode_arrays
from pipeline.files.png import encode_png
from pipeline.render import keeping
from pipeline.render.keeping import SIDE, Kept, arrived, begun, corrected, held_form
from pipeline.render.memory import Memory
from pipeline.spec.camera import CameraSpec
from pipeline.spec.frame import FrameSpec, PictureFile, SavedFrame
from pipeline.spec.keeping import KEEPS_NOTHING, ColourSpec, KeepSpec
from tests.pipeline.plans import frame_spec, painted

ALL = KeepSpec(follow=0.0, colour=ColourSpec(1.0), sharpness=1.0)


def picture(seed: int, height: int = 12, width: int = 16) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    numbers = 0.3 * torch.randn(1, 3, height, width, generator=generator)
    return to_tensor(to_pixels(numbers))


def spec(keep: KeepSpec = ALL, **changes: object) -> FrameSpec:
    return replace(painted(frame_spec(3), keep=keep), camera=CameraSpec(), **changes)


def renewed(kept: Kept, painted: Tensor, spec: FrameSpec, anew: Tensor | None = None) -> Kept:
    """What is kept after a frame that shows nothing new, or what `anew` says."""
    nothing = torch.zeros_like(painted[:, :1])
    return keeping.renewed(kept, painted, spec, nothing if anew is None else anew)


def form(kept: Kept) -> Tensor:
    assert kept.form is not None
    return kept.form


def colours(kept: Kept) -> Tensor:
    assert kept.colours is not None
    return kept.colours


def same(one: Kept, other: Kept) -> bool:
    return (
        torch.equal(form(one), form(other))
        and torch.equal(colours(one), colours(other))
        and one.sharpness == other.sharpness
    )


def test_at_rest_all_of_it_stays_as_it_began_bit_for_bit() -> None:
    start = begun(picture(1), ALL)
    torch.testing.assert_close(form(start), picture(1), rtol=0, atol=2e-5)
    assert torch.equal(colours(start), picture(1))
    assert start.sharpness == sharpness(picture(1))
    kept = start
    for frame in range(20):
        kept = arrived(kept, unmoved(picture(2)), None, spec(frame=frame))
        kept = renewed(kept, picture(3), spec(frame=frame))
    assert same(kept, start)


def test_the_disk_gives_it_back_bit_for_bit() -> None:
    kept = arrived(begun(picture(1), ALL), unmoved(picture(2)), None, spec())
    kept = renewed(kept, picture(3), spec(KeepSpec(0.1, ColourSpec(1.0, follow=0.2), 1.0, 0.1)))
    data = encode_arrays(Memory(kept=kept).to_arrays())
    back = Memory.from_arrays(decode_arrays(data)).kept
    assert back is not None and same(back, kept)


def test_a_memory_of_nothing_is_empty_and_a_part_alone_comes_back_alone() -> None:
    assert Memory(kept=Kept()).to_arrays() == {}
    alone = Memory(kept=Kept(sharpness=0.125)).to_arrays()
    back = Memory.from_arrays(alone).kept
    assert back is not None and back.sharpness == 0.125 and back.to_arrays().keys() == {"sharpness"}


def test_what_a_frame_does_not_ask_for_ends_and_what_was_not_kept_begins() -> None:
    start = begun(picture(1), ALL)
    assert arrived(start, unmoved(picture(2)), None, spec(KEEPS_NOTHING)).to_arrays() == {}
    late = arrived(Kept(), unmoved(picture(2)), None, spec())
    assert same(late, begun(picture(2), ALL))
    assert same(arrived(None, unmoved(picture(2)), None, spec()), late)


def test_as_prompts_have_turned_it_is_the_painted_picture() -> None:
    kept = renewed(begun(picture(1), ALL), picture(2), spec(replace(ALL, let_go=1.0)))
    assert same(kept, begun(picture(2), ALL))


def test_halfway_through_a_turn_it_goes_half_of_the_way() -> None:
    kept = renewed(begun(picture(1), ALL), picture(2), spec(replace(ALL, let_go=0.5)))
    torch.testing.assert_close(form(kept), (picture(1) + picture(2)) / 2, rtol=0, atol=1e-4)
    taken = (colours(kept) == picture(2)).all(dim=1).float().mean()
    assert float(taken) == pytest.approx(0.5, abs=0.05)
    middle = (sharpness(picture(1)) * sharpness(picture(2))) ** 0.5
    assert kept.sharpness == pytest.approx(middle)


def test_where_nothing_was_seen_before_it_is_what_is_painted_there() -> None:
    keep, anew = replace(ALL, afresh=1.0), torch.zeros(1, 1, 12, 16)
    anew[..., :4], anew[..., 12:] = 1, 0.5
    kept = renewed(begun(picture(1), ALL), picture(2), spec(keep), anew)
    old, new = form(begun(picture(1), ALL)), form(begun(picture(2), ALL))
    torch.testing.assert_close(form(kept)[..., :4], new[..., :4], rtol=0, atol=2e-5)
    assert torch.equal(form(kept)[..., 4:12], old[..., 4:12])
    half = (old + new)[..., 12:] / 2
    torch.testing.assert_close(form(kept)[..., 12:], half, rtol=0, atol=2e-5)
    assert torch.equal(colours(kept)[..., :4], picture(2)[..., :4])
    assert torch.equal(colours(kept)[..., 4:12], picture(1)[..., 4:12])
    assert same(renewed(begun(picture(1), ALL), picture(2), spec(), anew), begun(picture(1), ALL))


def test_with_a_long_memory_it_follows_slowly_and_gets_there() -> None:
    """Steps far below a level of a picture are not lost."""
    keep = KeepSpec(follow=1 / 200)
    aim = torch.full((1, 3, 4, 4), 4 / 127.5)
    kept = begun(torch.zeros(1, 3, 4, 4), keep)
    for _ in range(200):
        kept = renewed(kept, aim, spec(keep))
    expected = aim * (1 - (1 - 1 / 200) ** 200)
    torch.testing.assert_close(form(kept), expected, rtol=0, atol=0.1 / 127.5)


def test_it_is_the_seen_picture_where_that_came_into_sight_and_half_where_it_grew_twofold() -> None:
    seen, known, stretch = picture(2), torch.ones(1, 1, 12, 16), torch.ones(1, 1, 12, 16)
    known[..., :4], stretch[..., 12:] = 0, 2
    kept = arrived(begun(picture(1), ALL), Sight(seen, known, stretch), None, spec())
    half = (picture(1) + seen) / 2
    old, new = form(begun(picture(1), ALL)), form(begun(seen, ALL))
    torch.testing.assert_close(form(kept)[..., :4], new[..., :4])
    torch.testing.assert_close(form(kept)[..., 4:12], old[..., 4:12])
    torch.testing.assert_close(form(kept)[..., 12:], half[..., 12:], rtol=0, atol=1e-4)
    assert torch.equal(colours(kept)[..., :4], seen[..., :4])
    assert torch.equal(colours(kept)[..., 4:12], picture(1)[..., 4:12])


def test_it_goes_to_the_picture_on_which_a_shot_ends() -> None:
    """As the picture that is seen does, by the share that is not the shot's own."""
    inputs = (SavedFrame(2), PictureFile("/end.png"))
    ending = spec(inputs=inputs, shares=(0.75, 0.25))
    kept = arrived(begun(picture(1), ALL), unmoved(picture(2)), None, ending)
    expected = 0.75 * picture(1) + 0.25 * picture(2)
    torch.testing.assert_close(form(kept), expected, rtol=0, atol=1e-4)


@pytest.mark.parametrize(("padding", "entering"), [("wrap", "itself"), ("border", "seen")])
def test_it_goes_with_the_camera(padding: str, entering: str) -> None:
    matrix = np.eye(3)
    matrix[0, 2] = 3.0
    way = FlatMap(matrix, 16, 12)
    sight = flat_sight(picture(2), way, padding=padding, sampling="bilinear")
    camera = CameraSpec(mode="2d", padding=padding)
    kept = arrived(begun(picture(1), ALL), sight, way, replace(spec(), camera=camera))
    torch.testing.assert_close(form(kept)[..., 4:], picture(1)[..., 1:-3], rtol=0, atol=3e-5)
    assert torch.equal(colours(kept)[..., 4:], picture(1)[..., 1:-3])
    comes = picture(1)[..., -3:-1] if entering == "itself" else sight.picture[..., :2]
    torch.testing.assert_close(form(kept)[..., :2], comes, rtol=0, atol=3e-5)


def test_of_a_large_frame_a_small_picture_is_kept() -> None:
    large = picture(1, 3 * SIDE, 4 * SIDE)
    kept = begun(large, ALL)
    torch.testing.assert_close(form(kept), avg_pool2d(large, 3)[..., :85], rtol=0, atol=0.5)
    assert form(kept).shape == colours(kept).shape == (1, 3, SIDE, 85)
    assert held_form(kept, large).shape == large.shape
    assert {*map(tuple, to_pixels(colours(kept)).reshape(-1, 3).tolist())} <= {
        *map(tuple, to_pixels(large).reshape(-1, 3).tolist())
    }


def test_without_a_form_a_frame_holds_to_what_it_starts_from() -> None:
    one = picture(1)
    assert held_form(Kept(), one) is one


def test_what_is_fed_back_gets_the_colours_that_are_kept() -> None:
    kept = begun(picture(1) * 0.5 + 0.2, ALL)
    fixed = to_colours(corrected(picture(2), kept, KeepSpec(colour=ColourSpec(1.0))))
    wanted = to_colours(colours(kept))
    torch.testing.assert_close(fixed.mean(dim=0), wanted.mean(dim=0), rtol=0, atol=0.2)
    torch.testing.assert_close(torch.cov(fixed.T), torch.cov(wanted.T), rtol=0.05, atol=2.0)


def test_or_those_of_a_picture(tmp_path: Path) -> None:
    file = tmp_path / "sunset.png"
    file.write_bytes(encode_png(to_pixels(picture(1) * 0.5 + 0.2)))
    keep = KeepSpec(colour=ColourSpec(1.0, "mean", file=str(file)))
    kept = begun(picture(3), keep)
    assert kept.to_arrays() == {}
    fixed = to_colours(corrected(picture(2), kept, keep))
    wanted = to_colours(picture(1) * 0.5 + 0.2)
    torch.testing.assert_close(fixed.mean(dim=0), wanted.mean(dim=0), rtol=0, atol=0.5)


def test_what_is_fed_back_gets_the_sharpness_that_is_kept() -> None:
    keep = KeepSpec(sharpness=1.0)
    kept = begun(picture(1), keep)
    soft = 0.6 * picture(1)
    assert sharpness(corrected(soft, kept, keep)) == pytest.approx(sharpness(picture(1)), rel=1e-4)
    assert corrected(soft, kept, KeepSpec(sharpness=0.0)) is soft


def test_a_frame_that_keeps_nothing_is_not_corrected() -> None:
    one = picture(1)
    assert corrected(one, begun(one, KEEPS_NOTHING), KEEPS_NOTHING) is one


def test_a_frame_that_stands_for_four_follows_as_far_as_four_do() -> None:
    keep = replace(ALL, follow=0.3)
    one_by_one = start = begun(picture(1), keep)
    for _ in range(4):
        one_by_one = renewed(one_by_one, picture(2), spec(keep))
    at_once = renewed(start, picture(2), spec(replace(keep, frames=4)))
    gone = (form(at_once).float() - form(start).float()).abs().max()
    off = (form(at_once).float() - form(one_by_one).float()).abs().max()
    assert gone > 0 and off < 0.01 * gone
