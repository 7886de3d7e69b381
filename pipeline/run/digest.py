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
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.errors import Error
from pipeline.files.hashing import file_digest
from pipeline.spec.fingerprints import Fingerprint, asked
from pipeline.spec.frame import FrameSpec, picture_files, without_names
from pipeline.spec.json_form import to_json_data
from pipeline.spec.plan import Plan

RECIPE = 4
"""Goes into every digest; another number for a release that draws other pictures from a spec."""

Fingerprints = tuple[Fingerprint, ...]


def frame_digest(
    spec: Mapping[str, Any], fingerprints: Fingerprints, grown_from: Sequence[str] = ()
) -> str:
    """The digest of one frame, from what `pixel_json` says of it.

    `fingerprints` are those that the frame asks, `grown_from` the digests of its input frames.
    """
    return _digest(
        {
            "recipe": RECIPE,
            "spec": spec,
            "fingerprints": [[*one.key, one.value] for one in sorted(fingerprints)],
            "grown from": list(grown_from),
        }
    )


def pixel_json(spec: FrameSpec) -> dict[str, Any]:
    """The part of a spec that its picture depends on, as JSON data without defaults."""
    return to_json_data(without_names(spec))


def frame_fingerprints(plan: Plan, networks: Mapping[str, Fingerprints]) -> list[Fingerprints]:
    """For each frame, the fingerprints that it asks of its set of `networks`, and of its pictures.

    Raises Error if a picture cannot be read.
    """
    of_picture = cache(_picture_digest)
    pictures = [
        tuple(Fingerprint(what, which, "", of_picture(what, path)) for what, which, path in files)
        for files in map(picture_files, plan)
    ]
    return [
        asked(spec, networks[spec.networks]) + own for spec, own in zip(plan, pictures, strict=True)
    ]


def chain(plan: Plan, fingerprints: Iterable[Fingerprints]) -> list[str]:
    """The digests of all frames, each linked to those of the frames it grows from.

    `fingerprints` holds one entry a frame. Raises ValueError unless the frames are numbered
    0, 1, ... and each one grows from earlier frames.
    """
    digests: list[str] = []
    for index, (spec, used) in enumerate(zip(plan, fingerprints, strict=True)):
        if spec.frame != index:
            raise ValueError(f"frame {spec.frame} stands at place {index} of the plan")
        for earlier in spec.earlier:
            if not 0 <= earlier < index:
                raise ValueError(f"frame {index} grows from frame {earlier}, not an earlier one")
        digests.append(frame_digest(pixel_json(spec), used, [digests[n] for n in spec.earlier]))
    return digests


def plan_digest(plan: Plan, digests: Sequence[str]) -> str:
    """The digest of a whole video: its frames, in order, and their rate."""
    return _digest({"recipe": RECIPE, "fps": str(plan.fps), "frames": list(digests)})


def _picture_digest(what: str, path: str) -> str:
    try:
        return file_digest(Path(path))
    except OSError as error:
        raise Error(
            f"cannot read the {what} {path}: {error.strerror}; "
            "put the picture there, or name another one in the scene"
        ) from error


def _digest(data: Mapping[str, Any]) -> str:
    """SHA-256 over canonical JSON: sorted keys, no blanks, floats by their shortest exact text."""
    text = json.dumps(
        data, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False
    )
    return hashlib.sha256(text.encode()).hexdigest()
