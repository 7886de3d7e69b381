"""Files that are no paths: one message each, with the line or the pose, and what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline.scene.paths.faults import check_count
from pipeline.scene.paths.formats import PathFormat, Told, read_path
from pipeline.scene.paths.poses import MOST_POSES

ONE = '{"position": [0, 0, 0], "rotation": [1, 0, 0, 0]}'
UP = "[[1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]]"


def ours(*poses: str, more: str = "") -> str:
    return f'{{"discoreel": "camera path", {more}"poses": [{", ".join(poses)}]}}'


def blender(*frames: str) -> str:
    return f'{{"frames": [{", ".join(frames)}]}}'


def at(frame: int, matrix: str = UP, more: str = "") -> str:
    return f'{{"frame": {frame}, "matrix_world": {matrix}{more}}}'


def row(frame: float, x: float | str = 0, *more: float) -> str:
    """A camera of `.chan` that looks ahead, and its field of view if one is told."""
    return " ".join(map(str, (frame, x, 0, 0, 0, 0, 0, *more))) + "\n"


def tum(time: float, *turn: float) -> str:
    return " ".join(map(str, (time, 0, 0, 0, *(turn or (0, 0, 0, 1))))) + "\n"


def image(number: int, camera: int = 1, name: str = "") -> str:
    """An image of COLMAP and its empty line of points."""
    return f"{number} 1 0 0 0 0 0 0 {camera} {name or f'a{number}.png'}\n\n"


BROKEN: list[tuple[str, str, str]] = [
    ("a.chan", "", " is empty, 0 bytes; export it again"),
    ("a.chan", "# nothing\n\n", ": found no pose; a path has two or more: a line with frame tx"),
    ("a.chan", row(1), ": found one pose; a path has two or more"),
    ("a.chan", "1 0 0 0 0 0\n", " line 1: expected frame tx ty tz rx ry rz, and a field of view"),
    ("a.chan", row(1) + row(2, "0,5"), ' line 2: expected a number, found "0,5"'),
    ("a.chan", row(1) + "\n" + row(2, "nan"), " line 3: found nan, which is no place"),
    ("a.chan", row(1) + row(2, "1e400"), " line 2: found 1e400, which is no place"),
    ("a.chan", row(1) + row(2, "2e9"), " line 2: the camera is farther than 1e+09"),
    ("a.chan", row(1) + row(2.5), " line 2: the frame 2.5 is no whole number"),
    (
        "a.chan",
        row(1) + row(2) + row(5),
        " line 3: frame 5 comes after frame 2: 2 frames between them missing; export every frame",
    ),
    ("a.chan", row(2) + row(1), " line 2: frame 1 comes after frame 2; frames"),
    ("a.chan", row(1, 0, 40) + row(2), " line 2: found 7 columns, and 8 before"),
    ("a.chan", row(1, 0, 40) + row(2, 0, 180), " line 2: the field of view is 180; it"),
    ("a.chan", "\0\0\0", " is not a text; export it as a text file in UTF-8"),
    ("a.txt", tum(-1e308) + tum(1e308), " line 1: found -1e+308, which is no place for a camera"),
    ("a.txt", tum(0) + tum(0), " line 2: the time 0 comes after 0; times"),
    ("a.txt", tum(0) + tum(1, 0, 0, 1), " line 2: expected 8 numbers, timestamp tx ty"),
    ("a.txt", tum(0, 1, 0, 0, 1) + tum(1), " line 1: the quaternion's length is 1.414,"),
    ("a.txt", tum(0, 0, 0, 0, 0) + tum(1), " line 1: the quaternion's length is 0, and"),
    ("a.txt", "\n", ": the file is empty: it holds no pose; export the path again"),
    ("a.txt", "# time x y z\n\n", ": the file is empty: it holds no pose; export the path again"),
    ("a.txt", "one two three\n", ": this is none of the formats that are read; say which one it"),
    ("images.txt", image(1) + "2 1 0 0 0 0 0 1 a2\n", " line 3: expected IMAGE_ID"),
    (
        "images.txt",
        image(1, 1, "left/1.png") + image(2, 2, "right/1.png"),
        " line 3: left/1.png and right/1.png are both frame 1; keep the images of one camera",
    ),
    ("a.json", "{", ": this is no JSON: "),
    ("a.json", "[1]", ": expected a camera path, found a list"),
    ("a.json", "{}", ': expected "discoreel": "camera path" with poses, or frames with a matrix'),
    ("a.json", '{"pose": 1, "fps": 2}', "as Blender has it; found pose, fps"),
    ("a.json", ours(), ": found no pose; a path has two or more"),
    ("a.json", ours(ONE, "3"), ": poses, number 1 (of 0 and up): expected {position, rotation}"),
    ("a.json", ours(ONE, "{}"), ", number 1 (of 0 and up), position: expected 3 numbers, found n"),
    (
        "a.json",
        ours(ONE, ONE.replace("position", "positon")),
        'unknown key "positon" (did you mean "position"?) in poses, number 1',
    ),
    ("a.json", ours(ONE, ONE.replace("[0, 0", "[0, NaN")), "position: found nan, which is no"),
    ("a.json", ours(ONE, ONE.replace("[0, 0", f"[{10**30}, 0")), "pose 1 (of 0 and up): the cam"),
    ("a.json", ours(ONE, ONE.replace("[0, 0", f"[{-(10**400)}, 0")), "position: found -inf, which"),
    ("a.json", blender(at(1), at(10**400)), "frames, number 1 (of 0 and up), frame: found inf, wh"),
    ("a.json", ours(ONE, ONE, more=f'"fps": {10**400}, '), '/a.json": fps: found inf, which is'),
    ("a.json", ours(ONE, ONE.replace("[0, 0", '["0,5", 0')), 'expected a number, found "0,5"'),
    ("a.json", ours(ONE, ONE.replace("[1", "[1e200")), "rotation: found 1e+200, which is no num"),
    ("a.json", ours(ONE, ONE, more='"fps": 1e-308, '), ": fps: found 1e-308; allowed: 1e-06 to"),
    ("a.json", ours(ONE, ONE.replace("[1", "[2")), "pose 1 (of 0 and up): the quaternion's length"),
    ("a.json", ours(ONE, ONE[:-1] + ', "fov": 40}'), ": 1 of 2 poses have a field of view; gi"),
    ("a.json", ours(ONE, ONE, more='"fps": 0, '), ": fps: found 0; allowed: 1e-06 to 100000"),
    ("a.json", ours(ONE, ONE, more='"fps": "24,5", '), ": fps: "),
    ("a.json", '{"discoreel": "camera", "poses": []}', ': expected "discoreel": "camera path"'),
    ("a.json", '{"frames": 3}', ": expected a list under frames, found 3"),
    ("a.json", blender(at(1), at(3), at(4)), ": frame 3 comes after frame 1: 1 frame between"),
    ("a.json", blender(at(1), at(1)), "number 1 (of 0 and up): frame 1 comes after frame 1; fra"),
    ("a.json", blender(at(1), at(2, "[[1]]")), "matrix_world: expected 4 rows of 4 numbers, foun"),
    (
        "a.json",
        blender(at(1), at(2, "[[2,0,0,0],[0,2,0,0],[0,0,2,0],[0,0,0,1]]")),
        "number 1 (of 0 and up): the camera is scaled: apply its scale and that of its parents "
        "(its axes are 2, 2, 2 long), and export the path again",
    ),
    (
        "a.json",
        blender(at(1), at(2, "[[-1,0,0,0],[0,1,0,0],[0,0,1,0],[0,0,0,1]]")),
        "number 1 (of 0 and up): the matrix mirrors, and a camera cannot",
    ),
    (
        "a.json",
        blender(at(1), at(2, "[[1,0.6,0,0],[0,0.8,0,0],[0,0,1,0],[0,0,0,1]]")),
        "number 1 (of 0 and up): the axes are not at right angles: apply the scale",
    ),
    (
        "a.json",
        blender(at(1), at(2, "[[1,0,0,0],[0,1,0,0],[0,0,1,0],[1,2,3,1]]")),
        "expected [0, 0, 0, 1] as the last row, found [1.0, 2.0, 3.0, 1.0]; write the matrix in",
    ),
    (
        "a.json",
        blender(at(1, more=', "lens": 50'), at(2, more=', "lens": 50')),
        "number 0 (of 0 and up): a lens needs the picture's size; write it, or fov for lens",
    ),
    ("a.json", blender(at(1, more=', "fov": 40'), at(2)), ": 1 of 2 poses have a field of view; g"),
]


@pytest.mark.parametrize(("name", "text", "told"), BROKEN, ids=lambda text: text[:40])
def test_what_is_wrong_is_told(tmp_path: Path, name: str, text: str, told: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError) as caught:
        read_path(path, Told(24.0))
    message = str(caught.value)
    assert message.startswith(f'"{path}"')
    assert message.count(str(path)) == 1
    assert told in message
    assert "\n" not in message


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("1 THIN 4 3 2 2 1.5", 'line 1: found the camera model "THIN"; known: SIMPLE_PINHOLE'),
        ("1 PINHOLE 4 3 2", "line 1: expected CAMERA_ID MODEL WIDTH HEIGHT PARAMS[], a height"),
        ("1 PINHOLE 4 3 2 x 2 2", 'line 1: expected a number, found "x"'),
        ("2 PINHOLE 4 3 2 2 2 2", ": there is no camera 1, which a1.png has"),
    ],
)
def test_cameras_beside_the_images(tmp_path: Path, line: str, told: str) -> None:
    path = tmp_path / "images.txt"
    path.write_text(image(1) + image(2), encoding="utf-8")
    (tmp_path / "cameras.txt").write_text(f"{line}\n")
    with pytest.raises(ValueError, match=r"cameras\.txt") as caught:
        read_path(path, Told(24.0))
    assert told in str(caught.value)


def test_a_format_can_be_said_where_the_file_does_not(tmp_path: Path) -> None:
    path = tmp_path / "track.dat"
    path.write_text(row(1) + row(2), encoding="utf-8")
    with pytest.raises(ValueError, match="none of the formats"):
        read_path(path, Told(24.0))
    kind: PathFormat = "chan"
    assert len(read_path(path, Told(24.0), kind).times) == 2


def test_a_path_has_at_most_a_hundred_thousand_poses(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    check_count(MOST_POSES, path, "")
    with pytest.raises(ValueError, match="found more than 100,000 poses; fly the path in parts"):
        check_count(MOST_POSES + 1, path, "")


@pytest.mark.parametrize(("name", "line"), [("a.chan", row), ("a.txt", tum), ("images.txt", image)])
def test_lines_beyond_the_most_poses_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, line: Callable[[int], str]
) -> None:
    monkeypatch.setattr("pipeline.scene.paths.faults.MOST_POSES", 3)
    path = tmp_path / name
    path.write_text("".join(map(line, range(4))) + "and no numbers\n", encoding="utf-8")
    with pytest.raises(ValueError, match="found more than 3 poses"):
        read_path(path, Told(24.0))


def test_json_that_is_too_long_is_not_parsed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.json"
    path.write_text(ours(ONE, ONE), encoding="utf-8")
    monkeypatch.setattr("pipeline.scene.paths.formats.MOST_OF_JSON", len(ours(ONE, ONE)))
    assert len(read_path(path, Told(24.0)).times) == 2
    path.write_text(ours(ONE, ONE) + "}", encoding="utf-8")
    with pytest.raises(ValueError, match=r'a\.json": found JSON of more than \d+ characters; is'):
        read_path(path, Told(24.0))


def test_a_file_that_is_too_large_is_not_read_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.scene.paths.formats.MOST_BYTES", 20)
    path = tmp_path / "a.chan"
    path.write_text(row(1) * 9, encoding="utf-8")
    with pytest.raises(ValueError, match=r'a\.chan" is larger than 20 bytes; is it the right fil'):
        read_path(path, Told(24.0))
