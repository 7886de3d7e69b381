"""Frames enlarged for the video, and kept beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pipeline.errors import Error, RunError
from pipeline.files.png import Pixels, decode_png, encode_png
from pipeline.output.enlargement import Enlargement, UpscaleFn


def picture(level: int) -> Pixels:
    return np.full((4, 6, 3), level, dtype=np.uint8)


@pytest.fixture
def frames(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "frames"
    folder.mkdir()
    paths = [folder / f"{frame:06d}.png" for frame in range(3)]
    for level, path in enumerate(paths):
        path.write_bytes(encode_png(picture(10 * level)))
    return paths


def eightfold(pixels: Pixels) -> Pixels:
    return np.asarray(pixels.repeat(8, axis=0).repeat(8, axis=1) + 1, dtype=np.uint8)


def larger(frames: list[Path], **others: object) -> Enlargement:
    folder = frames[0].parent.parent / "upscaled"
    settings: dict[str, object] = {"size": (48, 32), "fingerprint": "net", **others}
    settings["root"] = frames[0].parent
    return Enlargement(frames, folder, **settings)  # type: ignore[arg-type]


def test_every_frame_gets_a_larger_one_of_the_same_name(frames: list[Path]) -> None:
    enlargement = larger(frames)
    made = list(enlargement.make(enlargement.missing(), eightfold))
    assert made == list(enlargement.files)
    assert [file.name for file in made] == [frame.name for frame in frames]
    for level, file in enumerate(made):
        np.testing.assert_array_equal(decode_png(file.read_bytes()), eightfold(picture(10 * level)))
    assert enlargement.missing() == []


def test_only_what_is_missing_is_made_and_an_interruption_keeps_the_rest(
    frames: list[Path],
) -> None:
    enlargement = larger(frames)
    work = enlargement.make(frames, eightfold)
    next(work)
    work.close()
    assert enlargement.missing() == frames[1:]


@pytest.mark.parametrize("others", [{"size": (24, 16)}, {"fingerprint": "another net"}])
def test_another_size_or_network_makes_them_anew(
    frames: list[Path], others: dict[str, object]
) -> None:
    list(larger(frames).make(frames, eightfold))
    assert larger(frames, **others).missing() == frames


def test_a_changed_frame_and_a_damaged_enlargement_are_made_anew(frames: list[Path]) -> None:
    enlargement = larger(frames)
    list(enlargement.make(frames, eightfold))
    frames[1].write_bytes(encode_png(picture(99)))
    enlargement.files[2].write_bytes(enlargement.files[2].read_bytes()[:-9])
    assert enlargement.missing() == frames[1:]


@pytest.mark.parametrize("size", [(24, 16), (96, 64)])
def test_what_the_network_leaves_a_filter_does(frames: list[Path], size: tuple[int, int]) -> None:
    rng = np.random.default_rng(0)
    painted = rng.integers(0, 256, (32, 48, 3), dtype=np.uint8)
    (file,) = larger(frames, size=size).make(frames[:1], lambda pixels: painted)
    expected = Image.fromarray(painted).resize(size, Image.Resampling.LANCZOS)
    np.testing.assert_array_equal(decode_png(file.read_bytes()), expected)


def test_a_file_in_the_way_is_told(frames: list[Path]) -> None:
    (frames[0].parent.parent / "upscaled").write_text("not a folder")
    with pytest.raises(RunError, match=r"cannot write .*upscaled"):
        list(larger(frames).make(frames, eightfold))


def failing(times: int) -> UpscaleFn:
    """Enlarges, after it has come out with numbers that are none so many times."""
    left = [None] * times

    def enlarge(pixels: Pixels) -> Pixels:
        if left:
            left.pop()
            raise FloatingPointError("the picture holds 2 of 12 numbers that are infinite")
        return eightfold(pixels)

    return enlarge


def test_numbers_that_are_none_are_tried_again_once_and_then_told(frames: list[Path]) -> None:
    enlargement = larger(frames)
    assert len(list(enlargement.make(frames[:1], failing(1)))) == 1
    with pytest.raises(Error) as caught:
        list(enlargement.make(frames[1:], failing(2)))
    assert str(caught.value).startswith(
        f"{frames[1]} cannot be enlarged: the picture holds 2 of 12 numbers that are infinite, "
        "twice; the device or its driver may be at fault: --device cpu"
    )
    assert enlargement.missing() == frames[1:]


def test_edges_that_meet_still_meet_when_they_are_larger(tmp_path: Path) -> None:
    """Enlarged as it is, or turned by half of its width before and back after: the same."""
    grey = np.random.default_rng(5).integers(0, 256, (6, 12, 3), dtype=np.uint8)
    made = {}
    for name, by in (("as it is", 0), ("turned", 6)):
        frame = tmp_path / name / "frames" / "000000.png"
        frame.parent.mkdir(parents=True)
        frame.write_bytes(encode_png(np.roll(grey, by, axis=1)))
        larger = Enlargement(
            frames=(frame,),
            folder=tmp_path / name / "upscaled",
            size=(32, 16),
            fingerprint="lanczos",
            root=frame.parent,
            goes_around=True,
        )
        (file,) = larger.make(larger.missing(), lambda pixels: pixels)
        assert not larger.missing()
        assert replace(larger, goes_around=False).missing()
        made[name] = np.roll(decode_png(file.read_bytes()), -by * 32 // 12, axis=1)
    np.testing.assert_array_equal(made["as it is"], made["turned"])
