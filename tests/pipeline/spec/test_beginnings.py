"""What a frame begins with, in the words of messages."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.spec.beginnings import other_beginning
from pipeline.spec.between import Between
from pipeline.spec.camera import CameraSpec
from pipeline.spec.changes import change
from pipeline.spec.frame import FrameSpec, PictureFile, SavedFrame
from tests.pipeline.plans import frame_spec, moved, painted

PICTURE = PictureFile("a picture")
FIRST, GROWN = frame_spec(0), frame_spec(3)
MOVED = replace(GROWN, denoise=None)
STARTED = replace(FIRST, inputs=(PICTURE,))
GIVEN = replace(STARTED, denoise=None)
CONTINUED = replace(GROWN, frame=0, shot="city", inputs=(SavedFrame(5, "sea"),))
BETWEEN = replace(MOVED, between=Between())
BLENDED = replace(MOVED, inputs=(SavedFrame(2), SavedFrame(5)), between=Between(0.3, GROWN.motions))
ENDED = replace(GROWN, inputs=(SavedFrame(2), PICTURE), shares=(0.5, 0.5))


def alone(spec: FrameSpec) -> FrameSpec:
    """The frame out of noise, as it takes all steps."""
    return painted(
        replace(spec, inputs=(), motions=(), camera=CameraSpec()),
        skip_steps=0,
    )


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (
            MOVED,
            GROWN,
            "it was only moved, and is painted now, by "
            "sampler.every, skip_steps or strength, or its place in the shot",
        ),
        (
            GROWN,
            MOVED,
            "it was painted, and is only moved now, by "
            "sampler.every, skip_steps or strength, or its place in the shot",
        ),
        (
            FIRST,
            GIVEN,
            "it was painted, and is a picture of yours now, by the start or end of its shot",
        ),
        (
            BETWEEN,
            GROWN,
            "it was only moved, and is painted now, by sampler.every, or its place in the shot",
        ),
        (
            GROWN,
            BLENDED,
            "it was painted, and is only moved now, by sampler.every, or its place in the shot",
        ),
        (
            BETWEEN,
            BLENDED,
            "what it shows of the next painted frame was nothing, is now a share of frame 5",
        ),
        (
            BLENDED,
            replace(BLENDED, inputs=(SavedFrame(2), SavedFrame(4))),
            "the frame that it grows from was 2 and 5, is now 2 and 4",
        ),
        (GROWN, alone(GROWN), "sampler.skip_steps was 10, is now 0"),
        (alone(GROWN), GROWN, "sampler.skip_steps was 0, is now 10"),
        (STARTED, alone(STARTED), "sampler.skip_steps was 10, is now 0"),
        (FIRST, STARTED, "sampler.init_image was none, is now a picture"),
        (STARTED, FIRST, "sampler.init_image was a picture, is now none"),
        (GROWN, ENDED, "the picture that its shot ends on was none, is now a picture"),
        (
            GROWN,
            replace(GROWN, inputs=(SavedFrame(1),), motions=2 * GROWN.motions),
            "the frame that it grows from was 2, is now 1",
        ),
        (
            CONTINUED,
            replace(CONTINUED, inputs=(SavedFrame(5, "bay"),)),
            "the frame that it grows from was 5 of sea, is now 5 of bay",
        ),
        (
            CONTINUED,
            alone(CONTINUED),
            "the frame that it grows from was 5 of sea, is now none",
        ),
    ],
)
def test_what_decides_the_rest_is_told_first(old: FrameSpec, new: FrameSpec, words: str) -> None:
    assert other_beginning(old, new) == words
    assert change(old, new) == words


def test_the_same_beginning_is_none() -> None:
    assert other_beginning(GROWN, moved(GROWN, zoom=1.5)) == ""
    assert other_beginning(STARTED, replace(STARTED, seed=9)) == ""
