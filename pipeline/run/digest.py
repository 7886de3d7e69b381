"""What a frame depends on, as one hash.

Conventions:
    A digest is the lower-case hex text of a SHA-256 sum. A frame's digest covers its spec, the
    fingerprints of the models and of the input picture that it uses, and the digest of the frame
    that it grows from: equal digests mean equal pictures, and an edit of frame 31 changes the
    digest of frame 31 and of all that grow from it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.errors import Error
from pipeline.files.hashing import file_digest
from pipeline.spec.fingerprints import DEPTH_PICTURE, INIT_IMAGE
from pipeline.spec.frame import FrameSpec, Plan

RECIPE = "discoreel-frame-3"
"""Goes into every digest; another number for a release that draws other pictures from a spec."""


def frame_digest(
    spec: FrameSpec, fingerprints: Mapping[str, str], previous: str | None = None
) -> str:
    """The digest of one frame that grows from the frame with the digest `previous`.

    `fingerprints` are those that this frame uses, by the model's role or `init_image`.
    """
    return _digest(
        {
            "recipe": RECIPE,
            "spec": pixel_json(spec),
            "fingerprints": dict(fingerprints),
            "previous": previous,
        }
    )


def pixel_json(spec: FrameSpec) -> dict[str, Any]:
    """The part of a spec that its picture depends on, as JSON data.

    Without `display_rate` and `intermediate_saves`, and without the paths of pictures: their
    content counts. A camera without a depth picture says nothing of one, as before there were any.
    """
    data = spec.to_json()
    if depth := data["camera"].pop("depth"):
        data["camera"]["depth"] = {"white": depth["white"]}
    del data["display_rate"], data["intermediate_saves"]
    del data["sampler"]["init_image"]
    for prompt in data["prompts"]:
        if prompt["image"]:
            del prompt["text"]
    return data


def frame_fingerprints(plan: Plan, models: Mapping[str, str]) -> list[dict[str, str]]:
    """For each frame, the fingerprints of `models` and of its pictures, which are read.

    Raises Error if a picture cannot be read.
    """
    digest = cache(_input_digest)
    used = [tuple(_pictures(spec)) for spec in plan]
    # Frames that use the same pictures share one mapping.
    shared = {
        pictures: {**models, **{name: digest(name, path) for name, path in pictures}}
        for pictures in dict.fromkeys(used)
    }
    return [shared[pictures] for pictures in used]


def _pictures(spec: FrameSpec) -> Iterator[tuple[str, str]]:
    """The names of the fingerprints of a frame's pictures, and their paths."""
    if spec.sampler.init_image is not None:
        yield INIT_IMAGE, spec.sampler.init_image
    if spec.camera.depth is not None:
        yield DEPTH_PICTURE, spec.camera.depth.file
    for place, prompt in enumerate(spec.prompts):
        if prompt.image:
            yield f"prompts[{place}]", prompt.text


def chain(plan: Plan, fingerprints: Iterable[Mapping[str, str]]) -> list[str]:
    """The digests of all frames, each linked to that of the frame it grows from.

    `fingerprints` holds one mapping a frame. Raises ValueError unless the frames are numbered
    0, 1, ... and each one grows from an earlier frame.
    """
    digests: list[str] = []
    for index, (spec, used) in enumerate(zip(plan, fingerprints, strict=True)):
        if spec.frame != index:
            raise ValueError(f"frame {spec.frame} stands at place {index} of the plan")
        if spec.previous is not None and not 0 <= spec.previous < index:
            raise ValueError(f"frame {index} grows from frame {spec.previous}, not an earlier one")
        previous = None if spec.previous is None else digests[spec.previous]
        digests.append(frame_digest(spec, used, previous))
    return digests


def plan_digest(plan: Plan, digests: Sequence[str]) -> str:
    """The digest of a whole video: its frames, in order, and their rate."""
    return _digest({"recipe": RECIPE, "fps": str(plan.fps), "frames": list(digests)})


def _input_digest(name: str, path: str) -> str:
    noun = _NOUNS.get(name, "picture of a prompt")
    try:
        return file_digest(Path(path))
    except OSError as error:
        raise Error(
            f"cannot read the {noun} {path}: {error.strerror}; "
            "put the picture there, or name another one in the scene"
        ) from error


_NOUNS: Mapping[str, str] = {INIT_IMAGE: "init picture", DEPTH_PICTURE: "depth picture"}


def _digest(data: Mapping[str, Any]) -> str:
    """Over canonical JSON: sorted keys, no blanks, floats by their shortest exact text."""
    text = json.dumps(
        data, sort_keys=True, separators=(",", ":"), allow_nan=False, ensure_ascii=False
    )
    return hashlib.sha256(text.encode()).hexdigest()
