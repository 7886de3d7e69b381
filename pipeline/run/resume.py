"""What a journal is worth under a plan: which frames hold, and why the first other one does not.

A frame holds if its digest is the plan's and its file's sum is the journal's. It is stale if the
digest differs, damaged if the file does, and beyond if the plan does not have it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from keyframes.time_words import clock_time, counted
from pipeline.files.hashing import has_sum
from pipeline.files.png_chunks import is_whole
from pipeline.run.digest import RECIPE, CountsAs, Fingerprints
from pipeline.run.directory import RunDirectory
from pipeline.run.journal import FrameRecord
from pipeline.spec.changes import change
from pipeline.spec.fingerprints import PRECISION, SHARE, FileRole, Fingerprint
from pipeline.spec.frame import FrameId, FrameSpec, without_names
from pipeline.spec.json_form import from_json_data
from pipeline.spec.plan import Plan


@dataclass(frozen=True, slots=True)
class Standing:
    """The journaled frames by what they are worth, each in the plan's order."""

    holding: tuple[FrameId, ...]
    stale: tuple[FrameId, ...]
    damaged: tuple[FrameId, ...]
    beyond: tuple[FrameId, ...]
    """Frames that the plan does not have."""


def compare(
    place: RunDirectory, records: Mapping[FrameId, FrameRecord], digests: Mapping[FrameId, str]
) -> Standing:
    """Sort the journaled frames; reads the pictures of those whose digest is the plan's."""
    planned = [frame for frame in digests if frame in records]
    stale = {frame for frame in planned if records[frame].digest != digests[frame]}
    candidates = [frame for frame in planned if frame not in stale]
    holding = {frame for frame in candidates if is_intact(place, records[frame])}
    return Standing(
        holding=tuple(frame for frame in candidates if frame in holding),
        stale=tuple(frame for frame in planned if frame in stale),
        damaged=tuple(frame for frame in candidates if frame not in holding),
        beyond=tuple(sorted(frame for frame in records if frame not in digests)),
    )


def standing_in(
    place: RunDirectory, records: Mapping[FrameId, FrameRecord], *, accepted: bool = True
) -> CountsAs:
    """Which digests count: those of journaled frames that a person keeps, if their files hold.

    A frame that was adopted or `accepted` stands in for one frame of one plan; once the plan makes
    another one there, the plan's own digest counts again.
    """

    def counts_as(frame: FrameId, digest: str) -> str:
        record = records.get(frame)
        kept = None if record is None else record.stand_in
        if record is None or kept is None or kept.instead != digest:
            return digest
        counts = (accepted or kept.painted) and is_intact(place, record)
        return record.digest if counts else digest

    return counts_as


def is_intact(place: RunDirectory, record: FrameRecord) -> bool:
    """Whether the frame's picture and memory are there and are those that were journaled."""
    return has_sum(place.frame(record.id), record.sha256) and (
        not record.memory or has_sum(place.memory(record.id), record.memory)
    )


def is_repainted(place: RunDirectory, record: FrameRecord) -> bool:
    """Whether a whole picture lies in a frame's place, and another one than was journaled.

    No accident makes such a one.
    """
    picture = place.frame(record.id)
    if not picture.is_file() or has_sum(picture, record.sha256):
        return False
    return is_whole(picture.read_bytes())


def refusal(
    place: RunDirectory, standing: Standing, records: Mapping[FrameId, FrameRecord], why: str
) -> str:
    """Which frame is the first that would change, `why`, what it costs, and what may be done."""
    journaled = len(standing.holding) + len(standing.stale) + len(standing.damaged)
    times = [records[frame].seconds for frame in standing.stale if records[frame].is_timed]
    took = f", and took {clock_time(sum(times))} to render; anew about as long" if times else ""
    return (
        f"{_first_changed(standing.stale)}: {why}; {len(standing.stale)} of {journaled} "
        f"finished frames in {place.root} no longer hold{took}. --update moves the old frames to "
        f"takes/ and renders them anew{_undone(standing, records)}; another --out keeps them where "
        "they are"
    )


def _first_changed(stale: Sequence[FrameId]) -> str:
    """The first of the frames that would change, and the painted one that it changes by, in words.

    Those between two painted frames change by the later one, which stands before them.
    """
    cause = stale[0]
    first = min(one for one in stale if one.shot == cause.shot)
    return f"frame {first} would change" + ("" if first == cause else f", by frame {cause}")


def _undone(standing: Standing, records: Mapping[FrameId, FrameRecord]) -> str:
    """What of a person's work `--update` undoes, in words; "" if nothing."""
    stale, holding = (
        [kept for frame in frames if (kept := records[frame].stand_in) is not None]
        for frames in (standing.stale, standing.holding)
    )
    painted = sum(one.painted for one in stale)
    accepted = sum(not one.painted for one in holding)
    among = f", among them {counted(painted, 'frame')} that you painted" if painted else ""
    also = f", also with {counted(accepted, 'frame')} that had been accepted" if accepted else ""
    return among + also


def reason_aside(
    plan: Plan,
    standing: Standing,
    records: Mapping[FrameId, FrameRecord],
    fingerprints: Mapping[FrameId, Fingerprints],
) -> str:
    """Why frames would leave the render, in words: what the first stale one changed, or what else.

    Asked of a render that no frame leaves, it gives the words on accidents.
    """
    if not standing.stale:
        return "files were damaged or unknown to the journal" if not standing.beyond else _BEYOND
    first = standing.stale[0]
    spec = next(one for one in plan if one.id == first)
    own = _other_own(records[first], spec, fingerprints[first])
    # The values of one that was kept differed already.
    kept = records[first].stand_in is not None and _of_earlier(spec, records)
    return kept or own or _kept_by_hand(spec, records) or _UNSEEN


_BEYOND = "the scene is shorter now, or files were damaged"


def reason(record: FrameRecord, spec: FrameSpec, fingerprints: Fingerprints) -> str:
    """Why a journaled frame would look different now, in words.

    For the first stale frame: its own values, or the files that it asks, or the frame that it grows
    from and that is no longer journaled, or how this release draws.
    """
    return _other_own(record, spec, fingerprints) or _UNSEEN


_UNSEEN = f"something in the frames before it changed, or discoreel did (recipe {RECIPE} now)"


def _other_own(record: FrameRecord, spec: FrameSpec, fingerprints: Fingerprints) -> str:
    """What differs of the frame itself, in words; "" if nothing does.

    Another denoiser comes first: with it change the values that a preset has for it alone.
    """
    files = partial(_other_file, record.fingerprints, fingerprints)
    return files(of="denoiser") or _other_value(record, spec) or files()


def _kept_by_hand(spec: FrameSpec, records: Mapping[FrameId, FrameRecord]) -> str:
    """What a person did to the frame or one that it grows from, in words; "" if nothing."""
    if (own := records[spec.id].stand_in) is not None:
        return (
            f"it was {own.words} in the place of another picture than the scene makes "
            "now, or was damaged since"
        )
    return _of_earlier(spec, records)


def _of_earlier(spec: FrameSpec, records: Mapping[FrameId, FrameRecord]) -> str:
    """What a person did to a frame from which one grows, in words; "" if nothing."""
    for earlier in spec.earlier:
        if (record := records.get(earlier)) and record.stand_in is not None:
            return f"frame {earlier}, from which it grows, was {record.stand_in.words}"
    return ""


def _other_value(record: FrameRecord, spec: FrameSpec) -> str:
    try:
        before = from_json_data(FrameSpec, record.spec)
    except ValueError as error:
        return f"another release of discoreel wrote it ({error})"
    return change(before, without_names(spec))


def _other_file(
    old: Iterable[Fingerprint], new: Iterable[Fingerprint], of: FileRole | None = None
) -> str:
    """The first file of which a frame is made that is another one now, in words; "" if none is.

    `of` asks for the files of one role alone.
    """
    before, now = ({one.key: one for one in side} for side in (old, new))
    changed = (key for key in {**now, **before} if before.get(key) != now.get(key))
    keys = (key for key in changed if of in (None, key[0]))
    key = next(keys, None)
    if key is None:
        return ""
    role, name, what = key
    if what in _SETTINGS:
        words, unwritten = _SETTINGS[what]
        was, is_now = (side[key].value if key in side else unwritten for side in (before, now))
        return f"{words.format(name=name)} was {was}, is now {is_now}"
    return _PICTURES.get(role) or f"the networks in models changed ({' '.join(filter(None, key))})"


_SETTINGS: Mapping[str, tuple[str, str]] = {
    PRECISION: ("models.precision", "auto"),
    SHARE: ("the share of depth {name}", "none"),
}
"""What else than a file a fingerprint is of: its words, and its value where nobody wrote it."""

_PICTURES: Mapping[str, str] = {
    "init picture": "the picture of sampler.init_image changed",
    "depth picture": "the picture of camera.depth changed",
    "mask picture": "the picture of guidance.repaint.mask changed",
    "prompt picture": "a picture of the prompts changed",
    "colour picture": "the picture of guidance.keep_colour changed",
    "clip": "the clip of video.input changed",
}
