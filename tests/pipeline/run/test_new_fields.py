"""A release that adds a field, off by default, loses nobody a frame.

Each section of the spec, the output, the manifest and the records get one more field in turn, and
a run that was written without it is opened, read and continued; so is one that was written with it
at its default.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests import child

SECTIONS = (
    *("pipeline.spec.frame:FrameSpec", "pipeline.spec.frame:SavedFrame"),
    *("pipeline.spec.frame:PictureFile", "pipeline.spec.camera:DepthPictureSpec"),
    "pipeline.spec.between:Between",
    *("pipeline.spec.camera:CameraMotion", "pipeline.spec.camera:CameraSpec"),
    *("pipeline.spec.denoise:Denoise", "pipeline.spec.denoise:SamplerSpec"),
    *("pipeline.spec.denoise:GuidanceSpec", "pipeline.spec.denoise:EncoderSpec"),
    *("pipeline.spec.adapters:LoraSpec", "pipeline.spec.adapters:ControlSpec"),
    *("pipeline.spec.keeping:KeepSpec", "pipeline.spec.keeping:ColourSpec"),
    *("pipeline.spec.denoise:Crossing", "pipeline.spec.clip:ClipFrame"),
    *("pipeline.spec.clip:CarrySpec", "pipeline.spec.clip:ClipPose"),
    *("pipeline.spec.denoise:SymmetrySpec", "keyframes.prompts:Prompt"),
    *("pipeline.spec.repaint:RepaintSpec", "pipeline.spec.repaint:MaskPicture"),
    "pipeline.spec.repaint:MaskFormula",
    *("pipeline.spec.plan:OutputSpec", "pipeline.spec.fingerprints:Fingerprint"),
    *("pipeline.spec.timeline:ShotSpan", "pipeline.spec.timeline:Offset"),
    *("pipeline.spec.timeline:Fade", "pipeline.spec.timeline:Mark"),
    "pipeline.spec.timeline:Marks",
    *("pipeline.spec.stereo:StereoSpec", "pipeline.spec.relief:Relief"),
    *("pipeline.spec.sources:DepthSource", "pipeline.spec.sources:NamedSource"),
    *("pipeline.spec.sources:FolderSource", "pipeline.spec.sources:CheckpointSource"),
    *("pipeline.spec.platform:Platform", "pipeline.run.stand_in:StandIn"),
    *("pipeline.run.manifest:Manifest", "pipeline.run.journal:FrameRecord"),
)
"""Every dataclass that stands in a run's files."""

ADD_A_FIELD = """
import dataclasses, importlib, sys
module, name = sys.argv[1].split(":")
dataclass = dataclasses.dataclass

def with_one_more(cls=None, **options):
    if cls is None:
        return lambda cls: with_one_more(cls, **options)
    if (cls.__module__, cls.__name__) == (module, name):
        cls.__annotations__["later"] = "bool"
        cls.later = False
    return dataclass(cls, **options)

dataclasses.dataclass = with_one_more
assert any(field.name == "later" for field in
           dataclasses.fields(getattr(importlib.import_module(module), name)))
"""
"""Before anything is imported: the class named by the first argument gets `later: bool = False`."""

CONTINUE = """
from pathlib import Path
from pipeline.run.footage import read_footage
from tests.pipeline.plans import chain_plan
from tests.pipeline.runs import missing, render
out = Path(sys.argv[2])
assert len(read_footage(out).frames) == 3
assert missing(out, chain_plan(5)) == [3, 4], missing(out, chain_plan(5))
render(out, chain_plan(4))
assert len(read_footage(out).frames) == 4
"""

WRITE = """
from pathlib import Path
from tests.pipeline.plans import chain_plan
from tests.pipeline.runs import render
render(Path(sys.argv[2]), chain_plan(5), frames=range(3))
"""

PLAIN = "import sys\n"


def python(code: str, section: str, out: Path) -> subprocess.CompletedProcess[str]:
    return child.run(
        [sys.executable, "-c", code, section, str(out)], capture_output=True, text=True
    )


def test_the_list_names_every_class_in_the_files_of_a_run(tmp_path: Path) -> None:
    """By the annotations of what is written: the manifest, a record, and a frame's spec."""
    code = """
import dataclasses, json, typing
from pipeline.run.manifest import Manifest
from pipeline.run.journal import FrameRecord
from pipeline.spec.frame import FrameSpec
found = set()

def visit(kind):
    for argument in typing.get_args(kind):
        visit(argument)
    if dataclasses.is_dataclass(kind) and kind not in found:
        found.add(kind)
        for annotation in typing.get_type_hints(kind).values():
            visit(annotation)

for kind in (Manifest, FrameRecord, FrameSpec):
    visit(kind)
print(json.dumps([f"{kind.__module__}:{kind.__name__}" for kind in found]))
"""
    written = set(json.loads(python(code, "", tmp_path).stdout))
    # A schedule is a number or a list in JSON, and has no fields there.
    assert written - {"pipeline.spec.step_schedule:StepSchedule"} == set(SECTIONS)


@pytest.fixture(scope="module")
def three_of_five(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that this release has begun."""
    out = tmp_path_factory.mktemp("run") / "out"
    done = python(PLAIN + WRITE, "", out)
    assert done.returncode == 0, done.stderr
    return out


@pytest.mark.slow
@pytest.mark.parametrize("section", SECTIONS)
def test_a_run_from_before_a_field_is_read_and_goes_on(
    tmp_path: Path, three_of_five: Path, section: str
) -> None:
    out = Path(shutil.copytree(three_of_five, tmp_path / "out"))
    done = python(ADD_A_FIELD + CONTINUE, section, out)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("section", SECTIONS)
def test_a_field_at_its_default_is_not_written(
    tmp_path: Path, three_of_five: Path, section: str
) -> None:
    out = tmp_path / "out"
    done = python(ADD_A_FIELD + WRITE, section, out)
    assert done.returncode == 0, done.stderr
    for name in ("journal.jsonl", "run.json"):
        assert (out / name).read_bytes() == (three_of_five / name).read_bytes()
    done = python(PLAIN + CONTINUE, "", out)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_a_field_that_is_set_is_refused_by_a_release_that_does_not_know_it(
    tmp_path: Path, three_of_five: Path
) -> None:
    out = Path(shutil.copytree(three_of_five, tmp_path / "out"))
    manifest = json.loads((out / "run.json").read_text())
    manifest["output"]["later"] = True
    (out / "run.json").write_text(json.dumps(manifest))
    done = python(PLAIN + CONTINUE, "", out)
    assert "output.later was True, is gone" in done.stderr
