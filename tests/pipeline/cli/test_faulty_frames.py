"""`discoreel render`, with networks in closed form that go wrong: what is said, and the way on."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
import torch
from torch import Tensor

from pipeline.cli.app import app
from pipeline.cli.error_handler import error_handler
from pipeline.diffusion.guidance import with_schedule
from pipeline.files.png import decode_png
from pipeline.networks import load
from pipeline.protocols import Denoiser
from pipeline.render.faulty import FrameFault
from tests.pipeline.cli.painted import say, write_scene
from tests.pipeline.toy_networks import PaintNetwork, toy_networks


@dataclass(frozen=True)
class Black(PaintNetwork):
    """Paints nothing."""

    def bind(self, *conditions: Tensor | None) -> Denoiser:  # type: ignore[override]
        """A denoiser whose pictures are black."""
        exact = super().bind(*conditions)
        return with_schedule(exact.schedule, lambda x, t: exact(x, t) * 0 - 1)


def test_a_black_frame_stops_a_render_unless_it_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    dark = toy_networks(denoiser=Black())
    monkeypatch.setattr(load, "load_networks", lambda *_, **__: dark)
    scene, out = write_scene(tmp_path), tmp_path / "out"
    off = "guidance: {clip_guidance_scale: 0}\n"
    scene.write_text(scene.read_text().replace("a lighthouse", "red") + off)
    command = ("render", scene, "--out", out, "--frames", "0:1")
    with pytest.raises(FrameFault, match=r"^frame 0: every pixel has the same .*--accept-lifeless"):
        app(list(map(str, command)), standalone_mode=False)
    assert not list((out / "frames").iterdir())
    say(*command, "--accept-lifeless")
    assert caplog.messages[-1].endswith("; it is taken as it is")
    assert not decode_png((out / "frames" / "000000.png").read_bytes()).any()


@dataclass(frozen=True)
class Lost(PaintNetwork):
    """Does not answer any more after its first frame."""

    asked: list[None] = field(default_factory=list)

    def bind(self, *conditions: Tensor | None) -> Denoiser:
        """The exact denoiser, once."""
        self.asked.append(None)
        if len(self.asked) > 1:
            raise torch.AcceleratorError("CUDA error: unspecified launch failure\nSearch for ...")
        return super().bind(*conditions)


def test_a_device_that_is_lost_ends_with_1_and_without_a_traceback(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    scene, out = write_scene(tmp_path), tmp_path / "out"
    scene.write_text(scene.read_text().replace("a lighthouse", "red"))
    command = ["render", str(scene), "--out", str(out), "--frames", "0:2"]
    monkeypatch.setattr(load, "load_networks", lambda *_, **__: toy_networks(denoiser=Lost()))
    with pytest.raises(SystemExit) as left, error_handler():
        app(command, standalone_mode=False)
    told = capsys.readouterr().err
    assert left.value.code == 1 and "Traceback" not in told
    assert "\nframe 1: the device does not answer any more (CUDA error: unspecified launch " in told
    assert [one.name for one in (out / "frames").iterdir()] == ["000000.png"]
    monkeypatch.setattr(load, "load_networks", lambda *_, **__: toy_networks())
    assert app(command, standalone_mode=False) in (0, None)
    assert len(list((out / "frames").iterdir())) == 2
