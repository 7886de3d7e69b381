"""Depth for compositing: the numbers in the files are the depth of what the video shows."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.errors import Error, RunError
from pipeline.files.exr import encode_exr
from pipeline.files.inverse_depth import encode_depth
from pipeline.output.depth_export import DepthFormat, depths, export_depth
from pipeline.output.depth_maps import DepthMaps
from pipeline.run.footage import Footage, Layer
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import OutputSpec
from pipeline.spec.relief import STRAIGHT, Relief
from pipeline.spec.timeline import Offset

WIDTH, HEIGHT = 12, 8


def depth(frame: int) -> np.ndarray:
    """Near at the left, far at the right; farther with each frame."""
    row = np.linspace(0.8, 2.0, WIDTH) + 0.1 * frame
    return np.repeat(row[None].astype(np.float32), HEIGHT, axis=0)


def maps(folder: Path, count: int = 3) -> DepthMaps:
    frames = {FrameId(frame): folder / f"{frame}.png" for frame in range(count)}
    made = DepthMaps(frames, folder / "run", {"main": Relief()}, {"main": "one"}, {})
    for frame in frames:
        made.file(frame).parent.mkdir(parents=True, exist_ok=True)
        made.file(frame).write_bytes(encode_depth(depth(frame.frame)))
    return made


def layer(frame: int, weight: float = 1.0, offset: Offset | None = None) -> Layer:
    return Layer(Path(f"{frame}.png"), FrameId(frame), weight, offset or Offset())


def footage(*shown: tuple[Layer, ...], relief: Relief | None = None) -> Footage:
    return Footage(
        shown=shown,
        fps=Fraction(30000, 1001),
        size=(WIDTH, HEIGHT),
        title="deep",
        digest="0" * 64,
        planned=len(shown),
        output=OutputSpec(),
        reliefs=(relief or Relief(),),
    )


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


def test_png_levels_are_inverse_depth(tmp_path: Path) -> None:
    """As the JSON file beside says: level times depth is one number."""
    done = export_depth(footage((layer(0),), (layer(2),)), maps(tmp_path), tmp_path / "z", "png")
    assert (done.folder, done.frames) == (tmp_path / "z", 2)
    said = json.loads(done.meaning.read_text())
    assert done.meaning == tmp_path / "z" / "depth.json"
    assert (said["frames"], said["fps"], said["width"]) == (2, "30000/1001", WIDTH)
    assert said["vertical_fov_degrees"] == [40.0, 40.0]
    assert said["projection"] == ["pinhole"]
    assert not said["shown_with_offset"]
    assert names(done.folder) == ["000000.png", "000001.png", "depth.json"]
    for place, frame in enumerate((0, 2)):
        levels = cv2.imread(str(done.folder / f"{place:06d}.png"), cv2.IMREAD_UNCHANGED)
        assert levels.dtype == np.uint16
        np.testing.assert_allclose(said["level_times_depth"] / levels, depth(frame), atol=2e-4)


def test_exr_numbers_are_depth(tmp_path: Path) -> None:
    made = maps(tmp_path)
    film = footage((layer(1),))
    done = export_depth(film, made, tmp_path / "z", "exr")
    (found,) = depths(film, made)
    np.testing.assert_allclose(found, depth(1), atol=2e-4)
    assert (done.folder / "000000.exr").read_bytes() == encode_exr(found)
    assert json.loads(done.meaning.read_text())["format"] == "OpenEXR, float, channel Z: depth"


def test_a_fade_has_the_depth_of_what_counts_more(tmp_path: Path) -> None:
    made = maps(tmp_path)
    shown = [
        (layer(0, 0.75), layer(1, 0.25)),
        (layer(0, 0.5), layer(1, 0.5)),
        (layer(0, 0.25), layer(2, 0.75)),
    ]
    found = [float(one[0, 0]) for one in depths(footage(*shown), made)]
    assert found == pytest.approx([0.8, 0.9, 1.0], abs=2e-4)


def test_a_pose_is_that_of_the_depth(tmp_path: Path) -> None:
    """Moved by two pixels, and nothing between two depths is made up."""
    made = maps(tmp_path)
    (still,) = depths(footage((layer(0),)), made)
    moved_film = footage((layer(0, offset=Offset(x=2.0)),))
    (moved,) = depths(moved_film, made)
    np.testing.assert_array_equal(moved[:, 2:], still[:, :-2])
    (turned,) = depths(footage((layer(0, offset=Offset(roll=7.0, zoom=1.3)),)), made)
    assert set(np.unique(turned)) <= set(np.unique(still))
    done = export_depth(moved_film, made, tmp_path / "z", "png")
    assert json.loads(done.meaning.read_text())["shown_with_offset"]


def test_the_lens_of_each_frame_is_told(tmp_path: Path) -> None:
    relief = Relief(lenses=tuple(replace(STRAIGHT, fov=float(fov)) for fov in (30, 40, 50)))
    film = footage((layer(2),), (layer(0),), relief=relief)
    done = export_depth(film, maps(tmp_path), tmp_path / "z", "png")
    assert json.loads(done.meaning.read_text())["vertical_fov_degrees"] == [50.0, 30.0]


def test_it_takes_the_place_of_an_older_one_as_a_whole(tmp_path: Path) -> None:
    made = maps(tmp_path)
    export_depth(footage((layer(0),), (layer(1),)), made, tmp_path / "z", "png")
    told: list[int] = []
    done = export_depth(footage((layer(2),)), made, tmp_path / "z", "png", told.append)
    assert names(done.folder) == ["000000.png", "depth.json"]
    assert told == [1]


@pytest.mark.parametrize("forms", [("png", "exr"), ("exr", "png")])
def test_it_takes_the_place_of_one_of_the_other_format(
    tmp_path: Path, forms: tuple[DepthFormat, DepthFormat]
) -> None:
    before, after = forms
    made = maps(tmp_path)
    export_depth(footage((layer(0),), (layer(1),)), made, tmp_path / "z", before)
    export_depth(footage((layer(2),)), made, tmp_path / "z", after)
    assert names(tmp_path / "z") == [f"000000.{after}", "depth.json"]


@pytest.mark.parametrize("name", ["holiday.jpg", "000000.png"])
def test_a_folder_of_something_else_is_left_alone(tmp_path: Path, name: str) -> None:
    """Frames of a render have such names as well."""
    (tmp_path / "z").mkdir()
    (tmp_path / "z" / name).write_bytes(b"sea")
    with pytest.raises(Error) as caught:
        export_depth(footage((layer(0),)), maps(tmp_path), tmp_path / "z", "png")
    assert str(caught.value) == (
        f"{tmp_path / 'z'} holds what no export of depth has written; name another folder"
    )
    assert (tmp_path / "z" / name).read_bytes() == b"sea"
    assert names(tmp_path / "z") == [name]


def test_pictures_of_the_other_format_without_their_word_are_left_alone(tmp_path: Path) -> None:
    made = maps(tmp_path)
    export_depth(footage((layer(0),)), made, tmp_path / "z", "exr")
    (tmp_path / "z" / "depth.json").unlink()
    with pytest.raises(Error, match="holds what no export of depth has written"):
        export_depth(footage((layer(0),)), made, tmp_path / "z", "png")
    assert names(tmp_path / "z") == ["000000.exr"]


@pytest.mark.parametrize("text", ["[1, 2]", '{"unit": "metres"}', "{"])
def test_a_json_file_of_something_else_makes_no_export(tmp_path: Path, text: str) -> None:
    (tmp_path / "z").mkdir()
    (tmp_path / "z" / "depth.json").write_text(text)
    with pytest.raises(Error, match="holds what no export of depth has written"):
        export_depth(footage((layer(0),)), maps(tmp_path), tmp_path / "z", "png")
    assert (tmp_path / "z" / "depth.json").read_text() == text


def test_what_lies_beside_the_folder_stays(tmp_path: Path) -> None:
    """A camera's path may have the folder's name."""
    (tmp_path / "castle.json").write_text("a path")
    export_depth(footage((layer(0),)), maps(tmp_path), tmp_path / "castle", "png")
    assert (tmp_path / "castle.json").read_text() == "a path"


@pytest.mark.parametrize("within", ["", "frames", "new", "../run/frames"])
def test_a_place_within_the_render_is_refused(tmp_path: Path, within: str) -> None:
    """Also an empty one, and one that is not there."""
    made = maps(tmp_path)
    (made.folder / "frames").mkdir()
    with pytest.raises(Error) as caught:
        export_depth(footage((layer(0),)), made, made.folder / within, "png")
    assert str(caught.value) == (
        f"{made.folder / within} lies in the render {made.folder} itself; name a folder outside it"
    )
    assert names(made.folder) == ["depth", "frames"]


def test_what_was_added_to_an_export_is_left_alone(tmp_path: Path) -> None:
    made = maps(tmp_path)
    export_depth(footage((layer(0),)), made, tmp_path / "z", "png")
    (tmp_path / "z" / "notes.txt").write_text("fog from here on")
    with pytest.raises(Error, match=r"holds notes\.txt, which is none of the pictures"):
        export_depth(footage((layer(0),)), made, tmp_path / "z", "png")


def test_a_damaged_depth_leaves_the_old_export(tmp_path: Path) -> None:
    made = maps(tmp_path)
    film = footage((layer(0),), (layer(1),))
    export_depth(film, made, tmp_path / "z", "png")
    said = (tmp_path / "z" / "depth.json").read_bytes()
    made.file(FrameId(1)).write_bytes(b"")
    with pytest.raises(RunError, match="the same command makes it again"):
        export_depth(film, made, tmp_path / "z", "png")
    assert names(tmp_path / "z") == ["000000.png", "000001.png", "depth.json"]
    assert (tmp_path / "z" / "depth.json").read_bytes() == said
    assert not list(tmp_path.glob(".*"))
