"""What commands do in the folder of a render, and what has to be true after any accident.

A `Program` is added to `PROGRAMS` as three small functions. Tests cut its power at every operation,
and fail every operation of the disk; whatever is left then is given to its `check`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from keyframes.prompts import Prompt
from pipeline.errors import Error
from pipeline.files.arrays import Arrays
from pipeline.files.os_errors import os_errors_as
from pipeline.files.png import decode_png, encode_png
from pipeline.files.png_chunks import without_note
from pipeline.output.delivery import SHEET, make_sheet
from pipeline.output.enlargement import Enlargement
from pipeline.output.key_sheet import make_key_sheet
from pipeline.output.turn import output_turn
from pipeline.output.whole import written_whole
from pipeline.plan.key_frames import key_plan, keys_of
from pipeline.run.directory import RunDirectory
from pipeline.run.footage import read_footage
from pipeline.run.journal import Journal
from pipeline.run.keys import keys_folder, painted_keys
from pipeline.run.resume import is_intact
from pipeline.run.run import Run
from pipeline.run.scene_copy import keep_scene
from pipeline.run.takes import read_takes, restore, whole_records
from pipeline.spec.plan import Plan
from pipeline.spec.video_formats import SUFFIXES
from tests.pipeline.plans import NETWORKS, chain_plan, painted, picture, with_frame, with_zoom
from tests.pipeline.runs import contents

Say = Callable[[str], None]
"""What a program calls when something is done and safe."""


@dataclass(frozen=True)
class Program:
    """A command, and what its user may rely on."""

    name: str
    prepare: Callable[[Path], None]
    """Makes the folder that the command finds."""
    work: Callable[[Path, Say], None]
    """The command; only an Error may end it before its end."""
    check: Callable[[Path, Collection[str]], None]
    """Given what an accident has left and what was said before, gives the same command again."""


@dataclass(frozen=True, eq=False)
class Version:
    """A scene at one time: its plan, its texts, and how its frames look."""

    plan: Plan
    texts: Mapping[str, str]
    edited: int
    """The first frame that looks otherwise than at first."""

    def seed(self, frame: int) -> int:
        """A number of its own for each picture."""
        return frame if frame < self.edited else frame + 100

    def memory(self, frame: int) -> Arrays:
        """What a frame leaves for the next."""
        return {"kept": picture(self.seed(frame) + 50)[..., 0]}


FIRST = Version(chain_plan(3), {"scene.yaml": "title: first\n", "old.yaml": "gone\n"}, edited=3)
EDITED = Version(
    with_zoom(FIRST.plan, 1, 1.5), {"scene.yaml": "title: edited\n", "new.yaml": "here\n"}, edited=1
)
STEP = 5


@cache
def expected(version: Version) -> Mapping[str, bytes]:
    """The files of the frames as an undisturbed render leaves them, by their paths."""
    with TemporaryDirectory() as folder:
        render(Path(folder), version, silent)
        return {
            path: data
            for path, data in contents(Path(folder)).items()
            if path.startswith(("frames/", "memory/", "intermediate/"))
        }


def render(out: Path, version: Version, say: Say, promised: Collection[str] = ()) -> None:
    """Render what is missing, after a look at what is there."""
    with Run.open(out, version.plan, NETWORKS, replace_stale=True) as run:
        keep_scene(RunDirectory(out), version.texts)
        missing = run.missing(version.plan)
        lost = [spec.frame for spec in missing if f"frame {spec.frame}" in promised]
        assert not lost, f"frames {lost} were saved and are gone"
        for spec in version.plan:
            if spec not in missing:
                say(f"frame {spec.frame}")
        for spec in missing:
            run.show_progress(picture(spec.frame + 10))
            run.save_intermediate(spec, STEP, picture(version.seed(spec.frame) + 20))
            memory = version.memory(spec.frame)
            run.save(spec, picture(version.seed(spec.frame)), 0.5, memory)
            say(f"frame {spec.frame}")


def silent(_: str) -> None:
    """Nobody is told."""


def check_render(out: Path, version: Version, promised: Collection[str] = ()) -> None:
    """Give the command again: nothing that was promised is gone, and all is as it should be."""
    render(out, version, silent, promised)
    found = contents(out)
    folders = ("frames/", "memory/", "intermediate/")
    made = {path: data for path, data in found.items() if path.startswith(folders)}
    assert made == expected(version)
    scene = {path: found[path].decode() for path in found if path.startswith("scene/")}
    assert scene == {f"scene/{name}": text for name, text in version.texts.items()}
    assert read_footage(out).planned == len(version.plan)


def check_pictures(out: Path, *versions: Version) -> None:
    """Every picture of these versions lies somewhere, as whole as it was."""
    found = {*contents(out).values()}
    for version in versions:
        frames = {path for path in expected(version) if path.startswith(("frames/", "memory/"))}
        assert [path for path in frames if expected(version)[path] not in found] == []


def take_of(out: Path, version: Version, frames: Collection[int]) -> int:
    """The one take that holds these frames of a version, whole, with all that belongs to them."""
    files = expected(version)
    wanted = {path for path in files if any(f"{frame:06d}" in path for frame in frames)}
    for take in read_takes(out):
        held = contents(take.folder)
        whole = {one.frame for one in whole_records(RunDirectory(take.folder))}
        texts = {f"scene/{name}": text.encode() for name, text in version.texts.items()}
        if whole >= {*frames} and all(held.get(path) == files[path] for path in wanted):
            assert {path: held.get(path) for path in texts} == texts
            return take.number
    raise AssertionError(f"no take holds the frames {frames}")


def nothing(out: Path) -> None:
    """The folder is not there yet."""


def first_render(out: Path) -> None:
    """A finished render."""
    render(out, FIRST, silent)


def two_versions(out: Path) -> None:
    """A render that was edited, with its old frames in a take."""
    render(out, FIRST, silent)
    render(out, EDITED, silent)


def save_frames(out: Path, say: Say) -> None:
    """A render from its beginning."""
    render(out, FIRST, say)


def check_saved(out: Path, promised: Collection[str]) -> None:
    """The same render goes on; there is no line without its picture and memory."""
    place = RunDirectory(out)
    if place.journal.exists():
        assert all(is_intact(place, one) for one in Journal(place.journal).records.values())
    check_render(out, FIRST, promised)


def update(out: Path, say: Say) -> None:
    """A render after an edit."""
    render(out, EDITED, say)


def check_updated(out: Path, promised: Collection[str]) -> None:
    """No old picture is lost, the new ones come, and the old ones may come back."""
    check_pictures(out, FIRST)
    check_render(out, EDITED, promised)
    restore(out, take_of(out, FIRST, (1, 2)))
    check_render(out, FIRST, ("frame 0", "frame 1", "frame 2"))
    take_of(out, EDITED, (1, 2))


def put_back(out: Path, say: Say) -> None:
    """`takes restore`."""
    restore(out, 1)
    say("restored")


def check_put_back(out: Path, promised: Collection[str]) -> None:
    """The take stays whole, its frames are back, and those in their places became a take."""
    check_pictures(out, FIRST, EDITED)
    if "restored" not in promised:
        restore(out, 1)
    check_render(out, FIRST, ("frame 0", "frame 1", "frame 2"))
    assert take_of(out, FIRST, (1, 2)) == 1
    assert take_of(out, EDITED, (1, 2)) > 1


SHOTS = replace(
    FIRST.plan, frames=tuple(replace(FIRST.plan[0], shot=shot) for shot in ("city", "sea"))
)
"""A plan of two shots of one frame each."""


def save_shots(out: Path, say: Say) -> None:
    """A render whose frames lie in folders of shots."""
    with Run.open(out, SHOTS, NETWORKS) as run:
        for spec in run.missing(SHOTS):
            number = len(spec.shot)
            run.save(spec, picture(number), 0.5, {"kept": picture(number)})
            say(spec.shot)


def check_shots(out: Path, promised: Collection[str]) -> None:
    """No shot that was saved is gone."""
    with Run.open(out, SHOTS, NETWORKS) as run:
        assert not {spec.shot for spec in run.missing(SHOTS)} & {*promised}
    save_shots(out, silent)
    found = contents(out).items()
    made = {path: without_note(data) for path, data in found if path.startswith("frames")}
    assert made == {
        f"frames/{spec.shot}/000000.png": encode_png(picture(len(spec.shot))) for spec in SHOTS
    }


ONE = Version(chain_plan(1), {"scene.yaml": "title: one\n"}, edited=1)


def other_steps(out: Path) -> None:
    """A frame that was interrupted after one of its steps, before its scene was edited."""
    with Run.open(out, ONE.plan, NETWORKS) as run:
        run.save_intermediate(ONE.plan[0], STEP, picture(7))


def save_one(out: Path, say: Say) -> None:
    """A render of one frame."""
    render(out, ONE, say)


def check_steps(out: Path, promised: Collection[str]) -> None:
    """The picture of that step is kept, and the new one takes its place."""
    assert encode_png(picture(7)) in contents(out).values()
    check_render(out, ONE, promised)
    (kept,) = [path for path, data in contents(out).items() if data == encode_png(picture(7))]
    assert kept.startswith("takes/") and kept.endswith("/intermediate/000000/step-005.png")


KEYED = with_frame(FIRST.plan, painted(FIRST.plan[2], prompts=(Prompt("a ship"),)))
"""A plan of two looks."""


def paint_keys(out: Path, say: Say) -> None:
    """`render --keys`."""
    plan, folder = key_plan(KEYED), keys_folder(out)
    with Run.open(folder, plan, NETWORKS, replace_stale=True) as run:
        for spec in run.missing(plan):
            run.save(spec, picture(spec.frame), 0.5)
            say(f"key {spec.frame}")
    looks = list(keys_of(KEYED))
    pictures = [RunDirectory(folder).frame(key.id) for key in keys_of(KEYED).values()]
    make_key_sheet(looks, pictures, folder)
    say("sheet")


def check_keys(out: Path, promised: Collection[str]) -> None:
    """No key that was saved is gone, and the render itself begins beside them."""
    folder = keys_folder(out)
    there = {path.stem for path in painted_keys(out, KEYED).values()}
    saved = {f"{key.frame:06d}" for key in key_plan(KEYED) if f"key {key.frame}" in promised}
    assert saved <= there
    if "sheet" in promised:
        decode_png((folder / SHEET).read_bytes())
    paint_keys(out, silent)
    for key in key_plan(KEYED):
        path = RunDirectory(folder).frame(key.id)
        assert without_note(path.read_bytes()) == encode_png(picture(key.frame))
    decode_png((folder / SHEET).read_bytes())
    check_render(out, FIRST)


def old_scene(out: Path) -> None:
    """A folder with the texts of a scene."""
    out.mkdir()
    keep_scene(RunDirectory(out), FIRST.texts)


def replace_scene(out: Path, say: Say) -> None:
    """What a render does with the texts of its scene."""
    keep_scene(RunDirectory(out), EDITED.texts)
    say("kept")


def check_scene(out: Path, promised: Collection[str]) -> None:
    """Each text is an old one or a new one, whole."""
    found = {path.name: path.read_text() for path in (out / "scene").iterdir()}
    for name, text in found.items():
        whole = {FIRST.texts.get(name), EDITED.texts.get(name)}
        assert text in whole or (name.startswith(".") and "kept" not in promised)
    if "kept" in promised:
        assert {name: found[name] for name in EDITED.texts} == EDITED.texts
    keep_scene(RunDirectory(out), EDITED.texts)
    kept = {path.name: path.read_text() for path in (out / "scene").iterdir()}
    assert kept == EDITED.texts


VIDEO, YESTERDAY = "pulse.mp4", b"yesterday's video"
TODAY = bytes(range(256)) * 8
LARGER = (16, 12)


def old_video(out: Path) -> None:
    """A finished render with a video of another day."""
    first_render(out)
    (out / VIDEO).write_bytes(YESTERDAY)


def enlargement(out: Path) -> Enlargement:
    """The frames at twice their size."""
    frames = read_footage(out).frames
    return Enlargement(frames, out / "upscaled", LARGER, "lanczos", out / "frames")


def assemble(out: Path, say: Say) -> None:
    """What `render` and `assemble` make of finished frames, with a stand-in for ffmpeg."""
    with output_turn(out, SUFFIXES):
        larger, footage = enlargement(out), read_footage(out)
        for frame in larger.make(larger.missing(), lambda pixels: pixels):
            say(f"upscaled/{frame.name}")
        make_sheet(footage, out)
        say(SHEET)
        with written_whole(out, VIDEO) as temporary:
            stand_in(temporary, TODAY)
        say(VIDEO)
        pictures = {path.rsplit("/")[-1]: data for path, data in expected(FIRST).items()}
        with written_whole(out, "numbered/#.png") as folder:
            for number, path in enumerate(footage.frames):
                stand_in(folder / f"{number}.png", pictures[path.name])
        say("numbered")


def stand_in(path: Path, data: bytes) -> None:
    """Write as ffmpeg does: nothing is synced, and what goes wrong is told by its caller."""
    with os_errors_as(Error, "write", path, "look at the disk"):
        path.write_bytes(data)


def check_assembled(out: Path, promised: Collection[str]) -> None:
    """The video is that of yesterday or of today; what was made is whole; the rest is made."""
    assert (out / VIDEO).read_bytes() in ((TODAY,) if VIDEO in promised else (YESTERDAY, TODAY))
    for name in promised:
        pictures = (out / name).iterdir() if name == "numbered" else [out / name]
        for path in pictures if name != VIDEO else ():
            decode_png(path.read_bytes())
    if "numbered" in promised:
        check_numbered(out)
    assemble(out, silent)
    check_numbered(out)
    assert (out / VIDEO).read_bytes() == TODAY
    assert enlargement(out).missing() == []
    decode_png((out / SHEET).read_bytes())
    assert [path.name for path in out.glob(".video*")] == []
    check_render(out, FIRST, ("frame 0", "frame 1", "frame 2"))


def check_numbered(out: Path) -> None:
    """The numbered pictures are the frames."""
    found = contents(out / "numbered")
    frames = contents(out / "frames")
    assert list(map(found.get, ("0.png", "1.png", "2.png"))) == [frames[n] for n in sorted(frames)]


PROGRAMS = (
    Program("save", nothing, save_frames, check_saved),
    Program("update", first_render, update, check_updated),
    Program("restore", two_versions, put_back, check_put_back),
    Program("shots", nothing, save_shots, check_shots),
    Program("steps", other_steps, save_one, check_steps),
    Program("keys", nothing, paint_keys, check_keys),
    Program("scene", old_scene, replace_scene, check_scene),
    Program("assemble", old_video, assemble, check_assembled),
)
