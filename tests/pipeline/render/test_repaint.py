"""Where a frame is painted afresh: by what happened to its picture, and by the author's word."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from torch import Tensor

from pipeline.camera.sight import Sight, unmoved
from pipeline.render.frame import render_frame
from pipeline.render.repaint import afresh, asks
from pipeline.spec.camera import CameraMotion, CameraSpec
from pipeline.spec.denoise import GuidanceSpec
from pipeline.spec.frame import FrameSpec
from pipeline.spec.repaint import MaskFormula, MaskPicture, RepaintSpec
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.plans import painted, picture
from tests.pipeline.toy_networks import (
    ALL_GUIDANCE,
    HEIGHT,
    NO_GUIDANCE,
    WIDTH,
    noise,
    toy_networks,
    toy_plan,
)

SAVED = picture(0, WIDTH, HEIGHT)


def sight(stretch: float = 1.0, depth: Tensor | None = None) -> Sight:
    return replace(
        unmoved(noise()), stretch=torch.full((1, 1, HEIGHT, WIDTH), stretch), depth=depth
    )


def repaint(spec: RepaintSpec, seen: Sight, discover: float = 0.0) -> Tensor:
    return afresh(GuidanceSpec(repaint=spec, discover=discover), seen).repaint


def test_by_default_nothing_is_asked() -> None:
    assert not asks(GuidanceSpec())
    assert asks(GuidanceSpec(discover=0.1)) and asks(GuidanceSpec(repaint=RepaintSpec(holes=0.1)))


def test_holes_are_painted_afresh_with_a_soft_edge() -> None:
    seen = sight()
    known = seen.known.clone()
    known[..., 8:] = 0
    r = repaint(RepaintSpec(holes=1.0), replace(seen, known=known))
    assert r[..., 8:].min() == 1 and r[..., :5].max() == 0
    assert 0 < r[..., 6].max() < r[..., 7].max() <= 1
    assert afresh(GuidanceSpec(repaint=RepaintSpec(holes=1.0)), seen).kept.min() == 1


def test_what_grew_is_painted_by_how_much_it_grew() -> None:
    spec = RepaintSpec(stretch=0.5)
    values = [repaint(spec, sight(stretch)).max().item() for stretch in (0.9, 1.0, 1.03, 1.1, 2.0)]
    assert values[:2] == [0.0, 0.0]
    assert values == sorted(values) and 0 < values[2] < values[-1] <= 0.5


@pytest.mark.parametrize("sides", [(4, 16), (5, 4)])
def test_pictures_that_are_smaller_than_the_blur_are_painted_too(sides: tuple[int, int]) -> None:
    small = unmoved(torch.rand(1, 3, *sides))
    seen = replace(small, stretch=torch.full((1, 1, *sides), 1.1))
    of_large = repaint(RepaintSpec(stretch=0.5), sight(1.1)).max()
    assert torch.allclose(repaint(RepaintSpec(stretch=0.5), seen), of_large)


def test_shares_add_up_as_chances_do() -> None:
    spec = RepaintSpec(everywhere=0.5, mask=MaskFormula("0.5"))
    assert repaint(spec, sight()).unique().tolist() == [0.75]


def test_a_formula_knows_places_and_the_clock() -> None:
    mask = MaskFormula("x < progress and y > 0.5", (("progress", 0.5),))
    r = repaint(RepaintSpec(mask=mask), sight())[0, 0]
    expected = torch.zeros(HEIGHT, WIDTH)
    expected[HEIGHT // 2 :, : WIDTH // 2] = 1
    assert torch.equal(r, expected)


def test_depth_goes_from_the_nearest_plane_to_the_farthest() -> None:
    depth = torch.full((1, 1, HEIGHT, WIDTH), 0.8)
    depth[..., 6:] = 2.6
    r = repaint(RepaintSpec(mask=MaskFormula("depth")), sight(depth=depth))[0, 0]
    assert r[:, :6].max() < 1e-6 and r[:, 6:].min() > 1 - 1e-6


def test_a_picture_is_a_mask(tmp_path: Path) -> None:
    levels = np.zeros((HEIGHT, WIDTH), np.uint8)
    levels[:, 6:] = 255
    cv2.imwrite(str(tmp_path / "mask.png"), levels)
    r = repaint(RepaintSpec(mask=MaskPicture(str(tmp_path / "mask.png"))), sight())[0, 0]
    assert torch.equal(r, torch.from_numpy(levels / 255).float())


def test_where_a_picture_grows_discovery_paints_more_and_holds_less() -> None:
    none, some, all_of_it = (
        afresh(GuidanceSpec(discover=share), sight(1.03)) for share in (0.0, 0.5, 1.0)
    )
    assert none.repaint.max() == 0 and none.kept.min() == 1
    assert 0 < some.repaint.mean() < all_of_it.repaint.mean()
    assert 1 > some.kept.mean() > all_of_it.kept.mean()


def test_what_grew_lacks_its_finest_detail() -> None:
    held = GuidanceSpec(detail_hold=StepSchedule.constant(0.5))
    lacking = [afresh(held, sight(stretch)).grown.mean().item() for stretch in (0.9, 1, 1.01, 1.1)]
    assert lacking == pytest.approx([0, 0, 0.4, 1])


def test_discovery_finds_most_where_nothing_is() -> None:
    seen = sight(1.05)
    blank = replace(seen, picture=torch.zeros_like(seen.picture))
    assert repaint(RepaintSpec(), blank, 1.0).mean() > 2 * repaint(RepaintSpec(), seen, 1.0).mean()


def test_a_picture_in_which_all_is_blank_makes_room_sooner() -> None:
    """A slow growth, of which a picture with something to see is hardly painted afresh."""
    slow = sight(1.005)
    nothing = replace(slow, picture=torch.zeros_like(slow.picture))
    half = replace(slow, picture=slow.picture * torch.linspace(0, 1, WIDTH))
    some, empty = (afresh(GuidanceSpec(discover=1.0), one) for one in (half, nothing))
    assert some.repaint.max() < 0.1 < 0.6 < empty.repaint.min()
    torch.testing.assert_close(empty.kept, 1 - empty.repaint)
    at_rest = replace(nothing, stretch=torch.ones_like(nothing.stretch))
    assert not afresh(GuidanceSpec(discover=1.0), at_rest).repaint.any()


def test_discovery_leaves_a_picture_at_rest_alone_and_keeps_one_that_shrinks() -> None:
    at_rest = afresh(GuidanceSpec(discover=1.0), sight(1.0))
    assert not at_rest.repaint.any() and at_rest.kept.min() == 1
    shrunk = afresh(GuidanceSpec(discover=1.0), sight(0.97))
    assert shrunk.repaint.max() < 0 and shrunk.kept.min() == 1


def spec_with(**guidance: object) -> FrameSpec:
    return painted(toy_plan(2)[1], **guidance)


def render(spec: FrameSpec) -> np.ndarray:
    return render_frame(spec, [SAVED], toy_networks(), lambda step: None)[0]


@pytest.mark.parametrize("mode", ["2d", "3d"])
def test_a_mask_of_0_gives_the_same_pixels_where_nothing_is_hidden(mode: str) -> None:
    """A camera at rest sees all there is, and the sampler is asked as without a map."""
    still = replace(
        toy_plan(2)[1], motions=(CameraMotion(),), camera=CameraSpec(mode=mode, padding="border")
    )
    asked = painted(still, repaint=RepaintSpec(holes=1.0, stretch=1.0), discover=1.0)
    plain = painted(still)
    assert np.array_equal(render(plain), render(asked))


def test_what_is_masked_changes_and_what_is_not_hardly_does() -> None:
    """The toy painter sees each pixel by itself; what is coarse is found from what is kept."""
    held = replace(NO_GUIDANCE, init_hold=ALL_GUIDANCE.init_hold)
    still = replace(spec_with(guidance=held), motions=(CameraMotion(),))
    masked = painted(still, repaint=RepaintSpec(mask=MaskFormula("x > 0.5")))
    moved = np.abs(render(still).astype(int) - render(masked)).mean((0, 2))
    assert moved[WIDTH // 2 + 1 :].min() > 8 * moved[: WIDTH // 2 - 3].max()


def test_what_starts_from_noise_alone_is_kept_to_no_picture() -> None:
    """Discovery keeps what shrinks for longer, and here that would be to mid-grey."""
    held = replace(NO_GUIDANCE, init_hold=ALL_GUIDANCE.init_hold)
    spec = painted(spec_with(guidance=held), from_noise=True, skip_steps=0)
    spec = replace(spec, motions=(CameraMotion(zoom=0.97),), camera=CameraSpec(mode="2d"))
    kept = afresh(GuidanceSpec(discover=1.0), sight(0.97)).kept
    assert kept.min() == 1
    plain = painted(spec, repaint=RepaintSpec(everywhere=1e-9))
    assert np.array_equal(render(plain), render(painted(plain, discover=1.0)))


def test_a_frame_that_repaints_is_the_same_every_time() -> None:
    spec = spec_with(repaint=RepaintSpec(1.0, 0.5, 0.1, MaskFormula("y")), discover=0.7)
    assert np.array_equal(render(spec), render(spec))
    assert not np.array_equal(render(spec), render(spec_with()))
