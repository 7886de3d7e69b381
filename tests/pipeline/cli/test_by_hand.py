"""`discoreel redo`, `adopt` and `accept`, on renders whose frames were painted, not computed."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipeline.cli.app import app
from pipeline.errors import Error, RunError
from pipeline.files.png import encode_png
from pipeline.render.loop import RenderedFrame
from pipeline.run.run import Run
from pipeline.scene.composing.choice import Choice
from pipeline.spec.frame import FrameId
from pipeline.spec.plan import Plan
from tests.pipeline.cli.painted import paint, say, write_scene
from tests.pipeline.plans import picture
from tests.pipeline.runs import contents

SCENE = """\
video: {size: [96, 96], fps: 8, duration: 4}
camera: {mode: 2d, zoom: 1.1}
sampler: {steps: 2, skip_steps: {first: 0, then: 50%}}
guidance: {clip_guidance_scale: 0}
prompts: a lighthouse
output: {upscale: none}
"""


def refused(*arguments: str | Path) -> str:
    with pytest.raises(Error) as caught:
        CliRunner().invoke(app, list(map(str, arguments)), catch_exceptions=False)
    return str(caught.value)


@pytest.mark.slow
def test_a_frame_is_redone_and_the_render_goes_on_from_it(tmp_path: Path) -> None:
    scene, out = tmp_path / "night.yaml", tmp_path / "out"
    scene.write_text(SCENE, encoding="utf-8")
    say("render", scene, "--out", out)
    before = contents(out / "frames")
    said, told = say("redo", scene, "2", "--out", out)
    assert said == f"frame 2 is painted with seed 1: {out / 'frames' / '000002.png'}\n"
    assert f"2 old frames moved to {out / 'takes' / '001'}" in told
    assert "redo again tries another seed, takes restore 1 goes back" in told
    assert sorted(contents(out / "frames")) == ["000000.png", "000001.png", "000002.png"]
    assert contents(out / "frames")["000002.png"] != before["000002.png"]
    assert "  by hand  2: redone with seed 1" in say("status", out)[0]
    say("render", scene, "--out", out)
    say("takes", "restore", out, "1")
    say("render", scene, "--out", out)
    assert contents(out / "frames") == before


@pytest.mark.parametrize("before", [True, False])
def test_redo_that_is_interrupted_says_whether_its_frame_is_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    """Ctrl-C comes while a missing frame is painted from which it grows, or the frame itself."""
    scene, out = write_scene(tmp_path), tmp_path / "out"
    paint(scene, out, count=6)
    if before:
        (out / "frames" / "000002.png").write_bytes(b"torn")
    monkeypatch.setattr("pipeline.cli.missing_frames._ready", lambda *_: {})
    monkeypatch.setattr("pipeline.render.loop.render", interrupted)
    done = CliRunner().invoke(app, ["redo", str(scene), "3", "--out", str(out)])
    told = " ".join(done.stderr.split())
    assert done.exit_code != 0
    assert ("damaged frames are rendered again: 2" in told) is before
    if before:
        assert "3 of 6 frames; the same command continues" in told and done.stdout == ""
    else:
        assert "4 of 6 frames; the one that was asked for is there" in told
        assert "render goes on with what grows from it; redo again tries another seed" in told
        assert done.stdout == f"frame 3 is painted with seed 1: {out / 'frames' / '000003.png'}\n"


def interrupted(
    plan: Plan,
    run: Run,
    _networks: object,
    _shots: object,
    only: Collection[FrameId],
    begin: Callable[[FrameId], None],
    _lifeless: bool,
) -> Iterator[RenderedFrame]:
    """Renders frames, in each of which somebody gives Ctrl-C."""
    for spec in run.missing(plan):
        if spec.id in only:
            begin(spec.id)
            signal.raise_signal(signal.SIGINT)
            run.save(spec, picture(spec.frame, 96, 96), seconds=1.0)
            yield RenderedFrame(spec, picture(spec.frame, 96, 96), 1.0)


def test_redo_names_what_it_cannot_find(tmp_path: Path) -> None:
    scene, out = write_scene(tmp_path), tmp_path / "out"
    assert "holds no finished frame yet; render its scene first" in refused(
        "redo", scene, "2", "--out", out
    )
    assert "frame 6 is none of the video's, 0 to 5" in refused("redo", scene, "6", "--out", out)
    assert not out.exists()


def test_accepted_frames_are_told_by_status(tmp_path: Path) -> None:
    scene, out = write_scene(tmp_path), tmp_path / "out"
    paint(scene, out, count=4)
    other = ("--set", "seed=3")
    assert "frame 0 would change: seed was 0, is now 3; 4 of 4" in refused(
        "render", scene, "--out", out, *other
    )
    said, _ = say("accept", scene, "0:9", "--reason", " as good ", "--out", out, *other)
    assert said == "4 frames accepted, 0 to 3; status lists them\n"
    said, _ = say("accept", scene, "0:9", "--reason", "as good", "--out", out, *other)
    assert said == "nothing to accept: the scene makes these frames as they are\n"
    assert '  by hand  0 to 3: accepted ("as good")\n' in say("status", out)[0]
    kept = json.loads(say("status", out, "--json")[0])["kept"]
    assert kept[3] == {"shot": "main", "frame": 3, "painted": False, "reason": "as good"}
    assert refused("accept", scene, "0", "--reason", " ", "--out", out).startswith(
        "--reason is empty; say why"
    )


def test_a_painted_picture_is_adopted(tmp_path: Path) -> None:
    scene, out = write_scene(tmp_path), tmp_path / "out"
    paint(scene, out, count=4)
    (out / "frames" / "000001.png").write_bytes(encode_png(picture(9, 96, 96)))
    assert "frame 1: its picture is whole, but another one" in refused("verify", out)
    said, told = say("adopt", scene, "1", "--out", out)
    assert said == "frame 1 is your picture now\n"
    assert f"what lay there is kept in {out / 'takes' / '001'}; render --update renders" in told
    assert "  by hand  1: adopted\n" in say("status", out)[0]
    assert "4 of 6 whole, 0 at fault" in say("verify", out)[0]


def test_a_picture_that_render_put_aside_is_told_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene, out = write_scene(tmp_path), tmp_path / "out"
    paint(scene, out, count=4)
    painted = encode_png(picture(9, 96, 96))
    (out / "frames" / "000003.png").write_bytes(painted)
    (out / "frames" / "000002.png").write_bytes(b"torn")
    monkeypatch.setattr("pipeline.cli.missing_frames.render_missing", lambda *_: None)
    _, told = say("render", scene, "--out", out)
    aside = out / "takes" / "001" / "frames" / "000003.png"
    assert "damaged frames are rendered again: 2, 3" in told
    assert (
        f"of frame 3 is whole and another one: if you painted over it, adopt it from {aside}"
        in (" ".join(told.split()))
    )
    assert "frame 2 is whole" not in told
    assert aside.read_bytes() == painted


def test_profiles_have_renders_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    scene = write_scene(tmp_path)
    text = scene.read_text() + "profiles: {draft: {seed: 5}}\n"
    scene.write_text(text)
    paint(scene, Path("renders/sea-draft"), count=2, choice=Choice("draft", ()))
    said, _ = say("accept", scene, ":", "--reason", "x", "--profile", "draft")
    assert said.startswith("nothing to accept")
    with pytest.raises(RunError, match="renders/sea holds no finished frame yet"):
        say("accept", scene, ":", "--reason", "x")
