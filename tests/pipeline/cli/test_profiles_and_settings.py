"""`--profile` and `--set` of the commands, and what they say of scenes in several files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.cli.disk_room import render_folder
from pipeline.cli.problems import tell_mistakes
from pipeline.cli.profile_check import MOST_FRAMES, MOST_PROFILES, looked_at
from pipeline.errors import Error, SceneError
from pipeline.run.footage import read_footage
from pipeline.scene.composing.choice import Choice
from pipeline.scene.load import read_scene
from tests.pipeline.cli.painted import paint, say

SCENE = """\
include: base/look.yaml
video: {size: [96, 96], fps: 8, duration: 1s}
prompts: a lighthouse
profiles:
  draft: {video: {size: [96, 144], fps: 4}}
  wide: {video: {size: [144, 96]}}
"""
LOOK = "# a look\ncamera: {mode: 2d, zoom: 1.02}\noutput: {upscale: none}\n"


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The name of a scene in the working folder, which includes a file of another one."""
    monkeypatch.chdir(tmp_path)
    Path("base").mkdir()
    Path("base/look.yaml").write_text(LOOK, encoding="utf-8")
    Path("scene.yaml").write_text(SCENE, encoding="utf-8")
    return Path("scene.yaml")


def refused(*arguments: str | Path) -> Error:
    with pytest.raises(Error) as caught:
        CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)
    return caught.value


def test_check_looks_at_every_profile(scene: Path) -> None:
    out, _ = say("check", scene)
    assert out.endswith("8 frames a second; no mistakes (profiles draft, wide)\n")
    out, _ = say("check", scene, "--profile", "draft")
    assert out.endswith(
        "4 frames of 96 x 144, 0:01 at 4 frames a second; no mistakes (profile draft)\n"
    )


def test_check_looks_at_no_more_profiles_than_are_quick(scene: Path) -> None:
    names = [str(number) for number in range(20)]
    assert looked_at(names, 48) == names[:MOST_PROFILES]
    assert looked_at(names, MOST_FRAMES // 3) == names[:3]
    assert looked_at(names, 10 * MOST_FRAMES) == names[:1]
    many = "".join(f"  p{number}: {{}}\n" for number in range(MOST_PROFILES))
    scene.write_text(SCENE + many, encoding="utf-8")
    out, _ = say("check", scene)
    assert out.endswith("p4, p5, and not the others: --profile NAME looks at one)\n")


def test_mistakes_that_only_a_profile_makes_say_so(scene: Path) -> None:
    text = SCENE.replace("fps: 4", "fps: fast").replace("[144, 96]", "[144, 96], duration: 3")
    text += "shots: [{name: one, until: 5, prompts: a ship}, {name: two, prompts: a castle}]\n"
    scene.write_text(text, encoding="utf-8")
    error = refused("check", scene)
    assert isinstance(error, SceneError)
    first, second, *_ = str(error).splitlines()
    assert first.startswith("scene.yaml:5:41: profiles.draft.video.fps: ")
    assert ": with --profile wide: " in second


def test_mistakes_are_listed_with_their_files(scene: Path) -> None:
    Path("base/look.yaml").write_text(LOOK.replace("1.02", "0"), encoding="utf-8")
    done = CliRunner().invoke(app, ["check", str(scene), "--format", "json", "--set", "seed=x"])
    first, second = json.loads(done.stdout)
    place = [first[name] for name in ("file", "line", "column", "end_column")]
    assert place == ["base/look.yaml", 2, 26, 27]
    assert [second[name] for name in ("file", "line", "column", "path")] == [
        *(None, None, None),
        "seed",
    ]
    assert second["message"].startswith("--set seed: expected a whole number")
    done = CliRunner().invoke(app, ["check", str(scene), "--format", "github", "--set", "seed=x"])
    first, second = done.stdout.splitlines()
    assert first.startswith("::error file=base/look.yaml,line=2,col=26,endColumn=27::camera.zoom: ")
    assert second.startswith("::error::seed: --set seed: expected a whole number")


def test_the_line_of_the_right_text_is_shown(
    scene: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("base/look.yaml").write_text(LOOK.replace("1.02", "0"), encoding="utf-8")
    with pytest.raises(SceneError) as caught:
        read_scene(scene, choice=Choice(settings=("video.fps=x",)))
    tell_mistakes(caught.value)
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("base/look.yaml:2:26: camera.zoom: zoom is 0")
    assert lines[1:3] == [
        "  2 | camera: {mode: 2d, zoom: 0}",
        "    |                          ^",
    ]
    assert lines[3].startswith("--set video.fps: ")
    assert lines[4:] == ["  | video.fps=x", "  |           ^", "scene.yaml: 2 mistakes"]


def test_why_says_what_a_number_comes_from(scene: Path) -> None:
    out, _ = say("why", scene, "0", "camera.zoom")
    assert out.splitlines()[1].endswith("  (base/look.yaml:2:26)")
    out, _ = say("why", scene, "0", "video.fps", "--profile", "draft")
    assert out.splitlines()[1] == "  4  (scene.yaml:5:41, profile draft)"
    out, _ = say("why", scene, "0", "camera.zoom", "--set", "camera.zoom=1.5")
    assert out.splitlines()[1].endswith("  (--set camera.zoom)")


def test_plan_follows_a_profile_and_settings(scene: Path) -> None:
    out, _ = say("plan", scene, "--profile", "wide", "--set", "video.fps=2")
    assert "2 frames of 144 x 96" in out


def test_a_file_that_is_included_is_not_written_over(scene: Path) -> None:
    error = refused("plan", scene, "--json", "base/look.yaml")
    assert "base/look.yaml" in str(error)
    assert Path("base/look.yaml").read_text("utf-8") == LOOK


def test_a_profile_has_a_folder_of_its_own(scene: Path) -> None:
    assert render_folder(scene, None, "draft") == Path("renders/scene-draft")
    assert render_folder(scene, None, None) == Path("renders/scene")
    assert render_folder(scene, Path("here"), "draft") == Path("here")


def test_a_draft_leaves_the_frames_of_the_scene_standing(scene: Path) -> None:
    final, draft = render_folder(scene, None), render_folder(scene, None, "draft")
    paint(scene, final, 8)
    paint(scene, draft, 4, Choice("draft"))
    footage = read_footage(draft)
    assert (footage.size, footage.planned, footage.fps) == ((96, 144), 4, 4)
    assert (read_footage(final).size, read_footage(final).planned) == ((96, 96), 8)


def test_settings_that_change_frames_stop_the_render(scene: Path) -> None:
    paint(scene, Path("renders/scene"), 8)
    error = refused("render", scene, "--set", "seed=4")
    assert "seed was 0, is now 4" in str(error)


def test_an_unknown_profile_is_told_by_each_command(scene: Path) -> None:
    for command in (["check"], ["plan"], ["estimate"], ["preview"], ["render"]):
        error = refused(*command, scene, "--profile", "daft")
        assert 'there is no profile daft (did you mean "draft"?)' in str(error)
    assert not Path("renders").exists()
