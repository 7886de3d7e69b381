"""What a scene says of repainting, and what is said of mistakes in it."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.plan.make import make_plan
from pipeline.scene.load import load_scene
from pipeline.spec.frame import FrameSpec, picture_files, without_names
from pipeline.spec.json_form import from_json_data, to_json_data
from pipeline.spec.repaint import NOTHING_AFRESH, MaskFormula, MaskPicture, RepaintSpec
from tests.pipeline.scene_files import complaints, write

SCENE = "video: {size: [96, 64], duration: 4}\nprompts: a castle\n"


def planned(folder: Path, repaint: str, rest: str = "") -> tuple[FrameSpec, ...]:
    text = f"{SCENE}{rest}guidance: {{repaint: {repaint}}}\n"
    return make_plan(load_scene(write(folder, text))).frames


def asked(folder: Path, repaint: str, rest: str = "") -> list[RepaintSpec]:
    return [spec.painting.guidance.repaint for spec in planned(folder, repaint, rest)]


def told(folder: Path, repaint: str, rest: str = "") -> list[str]:
    """What is wrong, as `column: path: message`."""
    lines = complaints(folder, f"{SCENE}{rest}guidance: {{repaint: {repaint}}}\n")
    return [line.partition(":")[2].replace(str(folder.resolve()), "HERE") for line in lines]


def save(path: Path, channels: int = 1) -> None:
    path.parent.mkdir(exist_ok=True)
    levels = np.zeros((4, 4, channels), np.uint8)
    levels[..., -1] = 200
    cv2.imwrite(str(path), levels)


def test_off_it_leaves_no_trace_in_a_frame(tmp_path: Path) -> None:
    assert asked(tmp_path, "off") == [NOTHING_AFRESH] * 4
    assert "repaint" not in to_json_data(planned(tmp_path, "off")[1])["denoise"]["guidance"]


def test_the_first_frame_has_nothing_to_paint_over(tmp_path: Path) -> None:
    shares = RepaintSpec(holes=1.0, stretch=0.5)
    assert asked(tmp_path, "auto") == [NOTHING_AFRESH, shares, shares, shares]


def test_shares_move(tmp_path: Path) -> None:
    specs = asked(tmp_path, '{holes: 0.7, stretch: "0.1 * frame"}')
    assert [spec.holes for spec in specs[1:]] == [0.7] * 3
    assert [spec.stretch for spec in specs[1:]] == pytest.approx([0.1, 0.2, 0.3])


def test_prompts_count_while_they_change(tmp_path: Path) -> None:
    scene = "video: {size: [96, 64], duration: 12}\nprompts: {0: a castle, 4: a ship, blend: 4}\n"
    scene += "sampler: {cross_fade: open}\n"
    text = f"{scene}guidance: {{repaint: {{prompts: 0.5}}}}\n"
    frames = make_plan(load_scene(write(tmp_path, text))).frames
    everywhere = [spec.painting.guidance.repaint.everywhere for spec in frames]
    assert everywhere[1] == 0 == everywhere[-1] and 0 < max(everywhere) < 0.5
    # From the middle of the fade to its end there is no picture to paint over.
    assert [bool(spec.inputs) for spec in frames[1:10]] == [True] * 5 + [False] * 3 + [True]


def test_a_formula_takes_along_what_it_hears(tmp_path: Path) -> None:
    specs = asked(tmp_path, '{mask: "depth > 0.6 and x < progress"}')
    text = "depth > 0.6 and x < progress"
    assert [spec.mask for spec in specs[1:]] == [
        MaskFormula(text, (("progress", frame / 3),)) for frame in (1, 2, 3)
    ]
    frame = planned(tmp_path, '{mask: "depth > 0.6 and x < progress"}')[1]
    assert from_json_data(FrameSpec, to_json_data(frame)) == frame


def test_masks_are_pictures_whose_content_counts(tmp_path: Path) -> None:
    for frame in range(4):
        save(tmp_path / "masks" / f"{frame:04d}.png")
    here = tmp_path.resolve() / "masks"
    specs = planned(tmp_path, "{mask: masks}")
    masks = [spec.painting.guidance.repaint.mask for spec in specs[1:]]
    assert masks == [MaskPicture(str(here / f"000{frame}.png")) for frame in (1, 2, 3)]
    assert list(picture_files(specs[2])) == [("mask picture", "0", str(here / "0002.png"))]
    assert without_names(specs[1]).painting.guidance == without_names(specs[2]).painting.guidance
    single = planned(tmp_path, "{mask: masks/0003.png}")
    assert single[1].painting.guidance.repaint.mask == MaskPicture(str(here / "0003.png"))


@pytest.mark.parametrize(
    ("repaint", "message"),
    [
        (
            "on",
            "21: guidance.repaint: expected off, auto, or what is painted afresh, such as "
            '{holes: 1, stretch: 0.5}; found "on"',
        ),
        (
            "{hole: 1}",
            '22: guidance.repaint.hole: unknown key (did you mean "holes"?); allowed: holes, '
            "stretch, prompts, mask",
        ),
        ("{stretch: 2}", "31: guidance.repaint.stretch: stretch is 2; allowed: from 0 to 1"),
        (
            "{mask: none.png}",
            '28: guidance.repaint.mask: "HERE/none.png" does not exist; names are relative to the '
            "scene file",
        ),
        (
            "{mask: 3}",
            "28: guidance.repaint.mask: expected a grey picture, a folder with one for each frame, "
            'or a formula such as "depth > 0.6"; found 3',
        ),
        (
            '{mask: "x + accumulate(depth)"}',
            '44: guidance.repaint.mask: "depth" has a value at each place of the picture, and what '
            "is called here has one for each frame",
        ),
        (
            '{mask: "1 / (x - 0.5)"}',
            '28: guidance.repaint.mask: "1 / (x - 0.5)" is not a finite number everywhere at frame '
            "0 (0:00); keep what it divides by, or takes a root or logarithm of, above 0, as "
            "max(x, 0.01) does",
        ),
        (
            "Auto",
            "21: guidance.repaint: expected off, auto, or what is painted afresh, such as "
            '{holes: 1, stretch: 0.5}; found "Auto" (did you mean "auto"?)',
        ),
    ],
)
def test_mistakes(tmp_path: Path, repaint: str, message: str) -> None:
    assert told(tmp_path, repaint) == [message]


def test_an_unknown_name_is_told_with_its_column(tmp_path: Path) -> None:
    (message,) = told(tmp_path, '{mask: "x + deph"}')
    assert message.startswith('33: guidance.repaint.mask: unknown name "deph"')
    assert "depth" in message


@pytest.mark.parametrize("name", ["masks", "masks.gif", "masks/land.svg"])
def test_a_name_that_is_no_formula_may_be_meant_as_a_file(tmp_path: Path, name: str) -> None:
    (message,) = told(tmp_path, f"{{mask: {name}}}")
    assert message.endswith("; nor is there a picture or a folder of this name beside the scene")


def test_a_formula_has_as_many_lines_as_it_likes(tmp_path: Path) -> None:
    repaint = "\n  repaint:\n    mask: |\n      0.6 * (depth > 0.7)\n      * (y > 0.5)\n"
    text = f"{SCENE}guidance:{repaint}"
    mask = make_plan(load_scene(write(tmp_path, text))).frames[1].painting.guidance.repaint.mask
    assert isinstance(mask, MaskFormula) and "depth" in mask.text and "y" in mask.text


def test_a_flat_camera_knows_no_depth(tmp_path: Path) -> None:
    assert told(tmp_path, '{mask: "x * depth"}', "camera: {mode: 2d}\n") == [
        '33: guidance.repaint.mask: a 2d camera knows no "depth"; write camera: {mode: 3d}, or a '
        "mask of x and y"
    ]


def test_a_coloured_mask_and_a_folder_with_gaps(tmp_path: Path) -> None:
    save(tmp_path / "colour.png", channels=3)
    (message,) = told(tmp_path, "{mask: colour.png}")
    assert message.endswith(
        "HERE/colour.png has colour or transparency, and a mask has neither; "
        "export it as a grey PNG"
    )
    save(tmp_path / "masks" / "0.png")
    (message,) = told(tmp_path, "{mask: masks}")
    assert message.startswith(
        "28: guidance.repaint.mask: HERE/masks: no mask picture for frame 1 (3 of 4 missing)"
    )


@pytest.mark.parametrize(
    ("repaint", "camera", "padding"),
    [
        ("off", "{mode: 2d, zoom: 1.01}", "wrap"),
        ("auto", "{mode: 2d, zoom: 1.01}", "border"),
        ("auto", "{mode: 2d, zoom: 1.01, padding: wrap}", "wrap"),
        ("auto", "{mode: 3d, padding: reflection}", "reflection"),
    ],
)
def test_what_wraps_around_is_a_hole_unless_it_is_written(
    tmp_path: Path, repaint: str, camera: str, padding: str
) -> None:
    spec = planned(tmp_path, repaint, f"camera: {camera}\n")[1]
    assert spec.camera.padding == padding


def test_discovery_moves_and_is_nothing_for_the_first_frame(tmp_path: Path) -> None:
    text = f'{SCENE}guidance: {{discover: "0.1 + 0.1 * frame"}}\n'
    frames = make_plan(load_scene(write(tmp_path, text))).frames
    shares = [spec.painting.guidance.discover for spec in frames]
    assert shares == pytest.approx([0.0, 0.2, 0.3, 0.4])
