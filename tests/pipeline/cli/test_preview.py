"""`discoreel preview`: a video of a scene before anything is painted."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.errors import Error
from pipeline.output.animatic import Animatic
from tests import child
from tests.media import look, write_tone
from tests.pipeline.cli.painted import say

SCENE = """\
video: {size: [96, 64], fps: 12, duration: 4 bars}
music: {file: song.wav, bpm: 240, sections: {verse: bar 1, chorus: bar 3}}
prompts: {0s: a lighthouse, chorus: a castle, blend: 1 beat}
camera: {mode: 3d, translate_z: 5}
"""


@pytest.fixture
def scene(tmp_path: Path) -> Path:
    write_tone(tmp_path / "song.wav", 4.0)
    path = tmp_path / "night.yaml"
    path.write_text(SCENE, encoding="utf-8")
    return path


def refusal(*arguments: str | Path) -> str:
    with pytest.raises(Error) as caught:
        CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)
    return str(caught.value)


@pytest.mark.slow
def test_it_is_a_video_of_the_whole_scene_with_its_sound(scene: Path, tmp_path: Path) -> None:
    out, told = say("preview", scene, "-o", tmp_path / "a.mp4")
    assert out == f"preview        {tmp_path / 'a.mp4'}\n"
    assert "previewing frame 1 of 48: " in told
    video = look(tmp_path / "a.mp4")
    assert video.pixels.shape == (48, 406, 448, 3)
    assert "Audio: aac" in video.words and video.duration == pytest.approx(4, abs=0.1)


@pytest.mark.slow
def test_a_part_begins_and_ends_where_it_is_asked_to(scene: Path, tmp_path: Path) -> None:
    say("preview", scene, "-o", tmp_path / "a.mp4", "--from", "chorus", "--for", "1 bar")
    assert len(look(tmp_path / "a.mp4").pixels) == 12


@pytest.mark.slow
def test_where_the_song_is_over_there_is_silence(scene: Path, tmp_path: Path) -> None:
    write_tone(tmp_path / "song.wav", 1.0)
    say("preview", scene, "-o", tmp_path / "a.mp4", "--from", "3s")
    video = look(tmp_path / "a.mp4")
    assert len(video.pixels) == 12 and "Audio" not in video.words


@pytest.mark.slow
def test_without_a_name_it_lies_beside_the_renders(
    scene: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    out, _ = say("preview", scene, "--for", "2")
    assert out == f"preview        {Path('renders/night-preview.mp4')}\n"
    assert len(look(tmp_path / "renders" / "night-preview.mp4").pixels) == 2


@pytest.mark.slow
def test_an_interruption_leaves_nothing(
    scene: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(tmp_path.iterdir())
    drawn = Animatic.pictures

    def interrupted(self: Animatic) -> object:
        yield from (picture for picture, _ in zip(drawn(self), range(3), strict=False))
        raise KeyboardInterrupt

    monkeypatch.setattr(Animatic, "pictures", interrupted)
    done = CliRunner().invoke(app, ["preview", str(scene), "-o", str(tmp_path / "a.mp4")])
    assert done.exit_code != 0
    assert set(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--from", "refrain"), "--from: "),
        (("--from", "400"), "--from 400 is frame 400, and the last one is 47"),
        (("--for", "bar 4"), "--for: a duration is"),
        (("--for", "0"), "--for 0 is less than a frame"),
        (("-o", "a.txt"), "a.txt: a preview is a video; name a file that ends in .mp4"),
        (("--picture", "gone.png"), "cannot read the picture gone.png"),
    ],
)
def test_what_cannot_be_is_told(scene: Path, arguments: tuple[str, ...], message: str) -> None:
    assert message in refusal("preview", scene, *arguments)


def test_stills_have_nothing_to_preview(tmp_path: Path) -> None:
    path = tmp_path / "stills.yaml"
    path.write_text("video: {size: [96, 64], n_batches: 3}\nprompts: a castle\n", encoding="utf-8")
    assert "nothing moves between them; render --keys paints them" in refusal("preview", path)


SCRIPT = """
import sys
from pathlib import Path
from pipeline.output.animatic_making import make_animatic
from pipeline.plan.make import make_plan
from pipeline.scene.load import load_scene
scene = load_scene(Path(sys.argv[1]))
animatic = make_animatic(make_plan(scene), range(4), scene.timebase, Path("nowhere"))
print(len(list(animatic.pictures())), sorted({"torch", "matplotlib"} & set(sys.modules)))
"""


@pytest.mark.slow
def test_the_test_pictures_need_no_torch(scene: Path) -> None:
    argv = [sys.executable, "-c", SCRIPT, str(scene)]
    done = child.run(argv, capture_output=True, text=True, check=True)
    assert done.stdout == "4 []\n"
