"""A plan to its animatic: what is seen, by which camera, and what the panel says.

torch is imported only where a picture is moved; the drawn test pictures need none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from keyframes.timebase import Timebase
from pipeline.camera.laps import endless, glances, reach_of_picture
from pipeline.camera.poses import Pose, poses
from pipeline.files.pictures import read_picture
from pipeline.output.animatic import NARROWEST, Animatic, draft_size
from pipeline.output.animatic_panel import Panel
from pipeline.output.animatic_strip import strip
from pipeline.output.backdrop import Backdrop, DrawnBackdrop
from pipeline.output.canvas import Colour
from pipeline.output.fit import Size
from pipeline.output.tints import tints
from pipeline.plan.looks import Look, looks
from pipeline.plan.shown_prompts import shown_prompts
from pipeline.run.keys import painted_keys
from pipeline.spec.frame import FrameId, PictureFile
from pipeline.spec.plan import Plan

if TYPE_CHECKING:
    from pipeline.render.moved_picture import MovedPicture


def make_animatic(
    plan: Plan, part: range, timebase: Timebase, render: Path, picture: Path | None = None
) -> Animatic:
    """The animatic of the frames `part` of the video of `plan`.

    The camera moves over `picture` if there is one, else over the key frames in the folder of
    `render`, else over the pictures that shots begin with, else over a drawn test picture.

    Raises:
        Error: a picture or the song cannot be read.
    """
    by_shot, where = looks(plan), poses(plan)
    frame, draft = plan[0].size, draft_size(plan[0].size)
    colours = tints(look for of_shot in by_shot.values() for look in of_shot)
    files = _files(plan, colours, picture, render)
    backdrop = _backdrop(plan, colours, where, files)
    is_drawn = isinstance(backdrop, DrawnBackdrop)
    width = max(draft[0], NARROWEST)
    return Animatic(
        plan=plan,
        poses=where,
        glances=glances(where, endless if is_drawn else reach_of_picture(frame)),
        looks=by_shot,
        backdrop=backdrop,
        panel=Panel(
            part=part,
            timebase=timebase,
            marks=plan.marks,
            looks=by_shot,
            tints=colours,
            prompts=shown_prompts(plan),
            strip=strip(plan, part, timebase, by_shot, colours, width),
        ),
        draft=draft,
    )


def _files(
    plan: Plan, wanted: Mapping[Look, Colour], picture: Path | None, render: Path
) -> dict[Look, Path]:
    """The pictures of those looks that have one."""
    if picture is not None:
        return dict.fromkeys(wanted, picture)
    begun = {
        spec.shot: Path(one.file)
        for spec in plan
        for one in spec.inputs[:1]
        if spec.frame == 0 and isinstance(one, PictureFile)
    }
    keys = painted_keys(render, plan)
    found = {look: keys.get(look) or begun.get(look.shot) for look in wanted}
    return {look: file for look, file in found.items() if file is not None}


def _backdrop(
    plan: Plan,
    colours: Mapping[Look, Colour],
    where: Mapping[FrameId, Pose],
    files: Mapping[Look, Path],
) -> Backdrop:
    frame, draft = plan[0].size, draft_size(plan[0].size)
    drawn = DrawnBackdrop(frame, draft, colours)
    cameras = (pose.camera for pose in where.values())
    # Disco's projection moves pictures, and no space: it is given one of known depth.
    box = next((one for one in cameras if (one.mode, one.projection) == ("3d", "disco")), None)
    if not files and box is None:
        return drawn
    from pipeline.output.picture_backdrop import PictureBackdrop, drawn_picture

    moved = dict(_moved(colours, files, frame, draft))
    if box is not None:
        for look in colours.keys() - moved.keys():
            moved[look] = drawn_picture(draft, colours[look], box.fov)
    return PictureBackdrop(frame, draft, moved, drawn)


def _moved(
    colours: Mapping[Look, Colour], files: Mapping[Look, Path], frame: Size, draft: Size
) -> Iterator[tuple[Look, MovedPicture]]:
    """The looks that have a picture, each with its own, in its colour where others show it too."""
    from pipeline.output.picture_backdrop import depth_in, moved_picture

    pictures = {file: read_picture(file) for file in set(files.values())}
    # Many looks may show one picture, and to find out its depth takes long.
    depths = {file: depth_in(pixels, frame, draft) for file, pixels in pictures.items()}
    for look, file in files.items():
        is_shared = sum(file == other for other in files.values()) > 1
        ink = colours[look] if is_shared else None
        yield look, moved_picture(pictures[file], draft, ink, depths[file])
