"""What prompts ask for, the table, and the command."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest

from pipeline.spec.camera import CameraMotion
from tests.tools.stays.takes import carried, hanging, painting
from tools.judge.network import load_judge
from tools.stays.__main__ import main, sheet
from tools.stays.asked import asked, kept
from tools.stays.report import figures, table
from tools.stays.take import read_take
from tools.world.attributes import Attributes


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("a castle in the snow at dawn", {"subject": "castle", "ground": "snow", "time": "dawn"}),
        ("a tree in a meadow at noon", {"subject": "tree", "ground": "meadow", "time": "day"}),
        ("a ship with an orange sail", {"subject": "ship"}),
        # Two grounds: which of them the picture shows, the prompt does not say.
        ("a forest in the snow, day", {"time": "day"}),
        ("a lighthouse", {"subject": "lighthouse"}),
    ],
)
def test_what_a_prompt_names(text: str, wish: dict[str, str]) -> None:
    assert asked(text) == wish


def test_a_take_that_stays_and_one_that_does_not() -> None:
    # Without prompts, all of it has to stay what the first frame shows.
    night, day = Attributes("castle", "desert", "night"), Attributes("castle", "desert", "day")
    take = hanging(painting(7, night), 20, CameraMotion())
    judge = load_judge()
    assert set(kept(take, judge).values()) == {1.0}
    turned = hanging(painting(7, night), 20, CameraMotion())
    frames = [*turned.frames[:16], *[painting(7, day)] * 4]
    later = kept(type(take)(frames, take.specs), judge)
    assert later["time"] == 0.5 and later["subject"] == 1


def test_figures_of_a_picture_that_does_not_change() -> None:
    still = figures(hanging(painting(1), 10, CameraMotion()), load_judge())
    assert still["frames"] == 10 and still["flicker beyond motion (levels)"] == 0
    assert still["sharpness, last 8 / first 8"] == still["edges, last 8 / first frame"] == 1
    assert still["colour drift (Lab)"] == still["  coarse picture, at worst"] == 0
    assert still["pyramid distance, last to first"] == 0
    assert not {"zoom measured", "subject's factor seen"} & still.keys()


def test_figures_of_a_zoom() -> None:
    found = figures(carried(painting(1), 10, CameraMotion(zoom=1.06)), load_judge())
    assert found["zoom measured"] == pytest.approx(1.06, abs=0.001)
    assert found["  seen / meant"] == pytest.approx(1, abs=0.05)
    assert found["pyramid distance, last to first"] > 0.1


def test_the_table_has_a_column_for_each_take() -> None:
    lines = table({"one": {"frames": 3.0, "edges": 0.25}, "other take": {"frames": 4.0}}).split(
        "\n"
    )
    assert [line.split() for line in lines] == [
        ["one", "other", "take"],
        ["frames", "3", "4"],
        ["edges", "0.250", "-"],
    ]
    assert len({len(line) for line in lines}) == 1


def test_the_command_measures_what_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scene = tmp_path / "scene.yaml"
    scene.write_text(
        "video: {size: [96, 64], duration: 9, fps: 12}\nprompts: a castle\n"
        "camera: {mode: 2d, zoom: 1.02}\n"
    )
    for name, take in (
        ("old", hanging(painting(1), 4, CameraMotion(zoom=1.02))),
        ("new", carried(painting(1), 6, CameraMotion(zoom=1.02))),
    ):
        folder = tmp_path / name / "frames"
        folder.mkdir(parents=True)
        for frame, pixels in enumerate(take.frames):
            cv2.imwrite(str(folder / f"{frame:06d}.png"), pixels[..., ::-1])
    folders = [str(tmp_path / name / "frames") for name in ("old", "new")]
    files = {"--table": "table.txt", "--sheet": "sheet.png"}
    written = [part for flag, file in files.items() for part in (flag, str(tmp_path / file))]
    main(["--scene", str(scene), *written, "--names", "old", "new", "--frames", *folders])
    text = capsys.readouterr().out
    assert (tmp_path / "table.txt").read_text() == text.removesuffix("\n")
    rows = {line.split("  ")[0]: line.split()[-2:] for line in text.splitlines() if line}
    assert rows["frames"] == ["4", "6"]
    assert float(rows["zoom measured"][0]) == pytest.approx(1, abs=0.002)
    assert float(rows["zoom measured"][1]) == pytest.approx(1.02, abs=0.002)
    drawn = cv2.imread(str(tmp_path / "sheet.png"))
    assert drawn is not None and drawn.shape == (4 * 64 * 3, 6 * 96 * 3, 3)


def test_a_folder_without_frames_is_told(tmp_path: Path) -> None:
    scene = tmp_path / "scene.yaml"
    scene.write_text("video: {size: [96, 64], duration: 2, fps: 12}\nprompts: a castle\n")
    with pytest.raises(FileNotFoundError, match=r"there is no .*000000\.png; --frames is"):
        read_take(scene, tmp_path, None)


def test_a_sheet_goes_from_the_first_frame_to_the_last() -> None:
    frames = [np.full((64, 96, 3), 10 * k, np.uint8) for k in range(24)]
    drawn = sheet(frames)
    assert drawn.shape == (2 * 64 * 3, 6 * 96 * 3, 3)
    assert (drawn[0, 0, 0], drawn[-1, -1, 0]) == (0, 230)
