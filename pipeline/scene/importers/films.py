"""The mode `Video Input` of Disco Diffusion and Deforum: a film that each frame starts from."""

from __future__ import annotations

from pipeline.scene.importers.draft import Draft
from pipeline.scene.importers.files_named import Folders, clip
from pipeline.scene.importers.moving import plain
from pipeline.scene.importers.source import Source

_WITHOUT = (
    *("sampler.init_image", "sampler.perlin_init", "sampler.every", "sampler.inbetween"),
    *("camera.depth", "camera.memory"),
)
"""What is said of frames that start from something else."""


def tell_film(source: Source, draft: Draft, mode: str, names: tuple[str, ...]) -> None:
    """Tell that a film is not painted over, where that is the `mode`; `names` are its settings."""
    present = tuple(name for name in names if name in source.names)
    source.known(*names)
    if mode == "video input":
        draft.lost(
            ("animation_mode", *present),
            "the film that frames start from is not there: the scene has its prompts alone",
        )


def _film_of(
    source: Source, draft: Draft, folders: Folders, mode: str, names: tuple[str, ...]
) -> str | None:
    """The film's file as a scene names it; None where there is none, which is told."""
    film = _film(source, folders, draft) if mode == "video input" else None
    if film is None:
        tell_film(source, draft, mode, names)
    else:
        source.known(*names)
    return film


def put_disco_film(
    source: Source, draft: Draft, folders: Folders, mode: str, names: tuple[str, ...]
) -> None:
    """Write the film of Disco's mode, and what it says in the place of other settings."""
    film = _film_of(source, draft, folders, mode, names)
    if film is None:
        return
    _put_film(draft, {"file": film, "extract_nth": _nth(source)})
    warps = source.flag("video_init_flow_warp", default=True)
    blend = source.number("video_init_flow_blend", default=0.999, low=0, high=1)
    draft.put("clip.flow_blend", plain(blend) if warps else 0)
    if warps:
        draft.differs(
            "video_init_flow_warp",
            "where the flow cannot be trusted, and over cuts, the film stands in: Disco smears",
        )
    before = draft.value("sampler.steps")
    steps = source.whole("video_init_steps", default=100, low=2, high=1000)
    draft.put("sampler.steps", steps)
    draft.put("sampler.skip_steps", _skips(source, draft, before, steps, warps=warps))
    scale = source.number("video_init_frames_scale", default=15000, low=0, high=1e9)
    if scale:
        draft.put("guidance.init_scale", plain(scale), "video_init_frames_scale")
        draft.put("guidance.perceptual", "lpips", "discoreel models pull vgg16 lpips_vgg")
    blended = source.text("video_init_blend_mode", default="optical flow").lower()
    if warps and blended not in ("none", ""):
        draft.slight("video_init_blend_mode", "frames are not mixed once more in the video")


def put_deforum_film(
    source: Source, draft: Draft, folders: Folders, mode: str, names: tuple[str, ...]
) -> None:
    """Write the film of Deforum's mode, of whose frames each is painted over by itself."""
    film = _film_of(source, draft, folders, mode, names)
    if film is None:
        return
    if source.has("extract_from_frame") or source.has("extract_to_frame"):
        first, last = (source.peek(f"extract_{end}_frame") for end in ("from", "to"))
        if first not in (0, None) or last not in (-1, None):
            draft.differs(
                ("extract_from_frame", "extract_to_frame"),
                "the whole film is used: write start and end, in seconds, in video.input",
            )
    _put_film(draft, {"file": film, "extract_nth": _nth(source)})
    draft.put("clip.flow_blend", 0, "Deforum paints each frame over the film alone")
    if source.text("add_soundtrack", default="None").lower() == "init video":
        draft.put("music.file", film)


def _nth(source: Source) -> int:
    return source.whole("extract_nth_frame", default=1, low=1, high=10_000)


def _film(source: Source, folders: Folders, draft: Draft) -> str | None:
    """How the scene names the film; None, told as lost, if there is none."""
    name, path = source.take("video_init_path")
    return None if path is None else clip(str(path), name, folders, draft)


def _put_film(draft: Draft, film: dict[str, object]) -> None:
    for path in _WITHOUT:
        draft.drop(path)
    draft.put("video.input", film)
    draft.put("video.duration", "clip")


def _skips(
    source: Source, draft: Draft, before: object, steps: int, *, warps: bool
) -> dict[str, object]:
    """The skipped steps of `steps`, where a share was made into a number of the steps `before`."""
    written = draft.value("sampler.skip_steps")
    then = written.get("then", 0) if isinstance(written, dict) else 0
    if isinstance(then, int) and isinstance(before, int):
        then = min(round(then / before * steps), steps - 1)
    first = source.whole("video_init_skip_steps", default=50, low=0, high=steps - 1)
    return {"first": first if warps else then, "then": then}
