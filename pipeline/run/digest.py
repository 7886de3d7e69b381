"""What a frame depends on, as one hash.

Conventions:
    A digest is the lower-case hex text of a SHA-256 sum. A frame's digest covers its own values
    that are not defaults, the fingerprints of the files that it asks itself, and the digests of the
    frames that it grows from: equal digests mean equal pictures, and an edit of frame 31 changes
    the digest of frame 31 and of all that grow from it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache
from json.encoder import encode_basestring
from pathlib import Path
from typing import Any

from pipeline.errors import Error
from pipeline.files.hashing import file_digest
from pipeline.spec.fingerprints import Fingerprint, asked_by
from pipeline.spec.frame import FrameId, FrameSpec, picture_files, without_names
from pipeline.spec.json_form import to_json_data
from pipeline.spec.plan import Plan

RECIPE = 4
"""Goes into every digest; another number for a release that draws other pictures from a spec."""

Fingerprints = tuple[Fingerprint, ...]

CountsAs = Callable[[FrameId, str], str]
"""The digest by which a frame counts whose own is given; another one if a person keeps another."""


def as_planned(frame: FrameId, digest: str) -> str:
    """A frame's own digest, whatever anybody keeps in its place."""
    return digest


def frame_digest(
    spec: Mapping[str, Any], fingerprints: Fingerprints, grown_from: Sequence[str] = ()
) -> str:
    """The digest of one frame, from what `pixel_json` says of it.

    `fingerprints` are those that the frame asks, `grown_from` the digests of its input frames.
    """
    links = ",".join(map(encode_basestring, grown_from))
    # The text that `_canonical` would make of all of it, of which many frames share a part.
    return _sum_of(
        f'{{"fingerprints":{_fingerprint_text(fingerprints)},"grown from":[{links}],'
        f'"recipe":{RECIPE},"spec":{_canonical(spec)}}}'
    )


def pixel_json(spec: FrameSpec) -> dict[str, Any]:
    """The part of a spec that its picture depends on, as JSON data without defaults."""
    return to_json_data(without_names(spec))


def frame_fingerprints(
    plan: Plan, networks: Mapping[str, Fingerprints]
) -> dict[FrameId, Fingerprints]:
    """For each frame, the fingerprints that it asks of its set of `networks`, and of its pictures.

    Raises Error if a picture cannot be read.
    """
    of_picture = cache(_picture_digest)
    of_networks = {name: asked_by(prints) for name, prints in networks.items()}
    pictures = [
        tuple(Fingerprint(what, which, "", of_picture(what, path)) for what, which, path in files)
        for files in map(picture_files, plan)
    ]
    return {
        spec.id: of_networks[spec.networks](spec) + own
        for spec, own in zip(plan, pictures, strict=True)
    }


def chain(
    plan: Plan,
    fingerprints: Mapping[FrameId, Fingerprints],
    counts_as: CountsAs = as_planned,
) -> dict[FrameId, str]:
    """The digests of all frames as they grow, each linked to those that it grows from.

    A frame that `counts_as` gives another digest has that one, also for those that grow from it.

    Raises ValueError unless each frame stands once in the plan, with those that it grows from.
    """
    digests: dict[FrameId, str] = {}
    for spec in plan.as_they_grow:
        frame, grown_from = spec.id, []
        if frame in digests:
            raise ValueError(f"frame {frame} stands twice in the plan")
        for earlier in spec.earlier:
            if earlier not in digests:
                raise ValueError(f"frame {frame} grows from frame {earlier}, not one that is made")
            grown_from.append(digests[earlier])
        own = frame_digest(pixel_json(spec), fingerprints[frame], grown_from)
        digests[frame] = counts_as(frame, own)
    return digests


def plan_digest(plan: Plan, digests: Iterable[str]) -> str:
    """The digest of a whole video: its frames, in order, how they are shown, and their rate."""
    video = {"recipe": RECIPE, "fps": str(plan.fps), "frames": list(digests)}
    shots = [to_json_data(shot) for shot in plan.shots]
    return _digest({**video, "shots": shots} if shots else video)


def _picture_digest(what: str, path: str) -> str:
    try:
        return file_digest(Path(path))
    except OSError as error:
        thing = "clip" if what == "clip" else "picture"
        raise Error(
            f"cannot read the {what} {path}: {error.strerror}; "
            f"put the {thing} there, or name another one in the scene"
        ) from error


def _digest(data: Mapping[str, Any]) -> str:
    return _sum_of(_canonical(data))


def _sum_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


@lru_cache(maxsize=256)
def _fingerprint_text(fingerprints: Fingerprints) -> str:
    """Part of the text of a frame, which most frames of a render share."""
    return _canonical([[*one.key, one.value] for one in sorted(fingerprints)])


def _canonical(data: object) -> str:
    """Canonical JSON: sorted keys, no blanks, floats by their shortest exact text."""
    return _ENCODER.encode(data)


_ENCODER = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False
)
