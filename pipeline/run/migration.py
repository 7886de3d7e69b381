"""Run files of earlier releases in today's form.

Format 1 (recipe 3) wrote every field of a frame's spec, motions as vectors, and the fingerprints of
all networks of a render under one text each. A record whose digest was right by its own recipe
gets today's digest, so that its frame still holds; any other keeps the one it has, and is stale.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import Any

from pipeline.run.digest import RECIPE, frame_digest, pixel_json
from pipeline.spec.fingerprints import PICTURES, PRECISION, Fingerprint, asked
from pipeline.spec.frame import A_PICTURE, FrameSpec
from pipeline.spec.json_form import from_json_data, to_json_data

Data = dict[str, Any]

FORMAT = 2
"""Format of `run.json`, the journal and the lay-out; a release that changes them counts it up."""


def manifest_of_today(data: Data) -> Data:
    """What `run.json` says, in today's form; data of an unknown format stays as it is."""
    return {**data, "format": FORMAT} if data.get("format") == 1 else data


class Migration:
    """The records of one journal in today's form, given one after the other."""

    def __init__(self) -> None:
        self._digests: dict[int, tuple[str, str]] = {}
        """The digest in a frame's line and today's, by the frame's number."""

    def of_record(self, data: Data) -> Data:
        """The data of one line in today's form; ValueError if it is of no form that is known."""
        if "recipe" in data:
            return data
        try:
            return self._of_format_1(data)
        except (KeyError, TypeError, IndexError) as error:
            raise ValueError(f"no record of a frame: {error}") from error

    def _of_format_1(self, data: Data) -> Data:
        spec = from_json_data(FrameSpec, _spec(data["spec"], data["fingerprints"]))
        prints, digest = _kept(spec, data["fingerprints"]), data["digest"]
        links = [self._digests.get(one.frame, ("", "")) for one in spec.earlier]
        is_right = digest == _digest_by_recipe_3(data, [then for then, _ in links])
        # Disco's projection went through another depth then: such a frame would not come again.
        if is_right and not (spec.motions and spec.camera.projection == "disco"):
            digest = frame_digest(pixel_json(spec), prints, [now for _, now in links])
        self._digests[data["frame"]] = data["digest"], digest
        return {
            **{name: data[name] for name in ("frame", "sha256", "seconds")},
            "recipe": RECIPE,
            "digest": digest,
            "spec": pixel_json(spec),
            "fingerprints": [to_json_data(one) for one in prints],
        }


def _digest_by_recipe_3(data: Data, grown_from: list[str]) -> str:
    parts = {
        "recipe": "discoreel-frame-3",
        "spec": data["spec"],
        "fingerprints": data["fingerprints"],
        "previous": next(iter(grown_from), None),
    }
    text = json.dumps(parts, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _kept(spec: FrameSpec, old: Mapping[str, str]) -> tuple[Fingerprint, ...]:
    """The fingerprints of format 1 of the networks that the frame asks, and of its pictures."""
    prints = tuple(_fingerprints(spec, old))
    return asked(spec, prints) + tuple(one for one in prints if one.role in PICTURES)


_MOTIONS = (
    *(("translation", 0, "translate_x"), ("translation", 1, "translate_y")),
    *(("translation", 2, "translate_z"), ("rotation", 0, "rotate_x")),
    *(("rotation", 1, "rotate_y"), ("rotation", 2, "roll")),
)


def _spec(old: Mapping[str, Any], fingerprints: Mapping[str, str]) -> Data:
    """The data of a `FrameSpec` from that of format 1."""
    size = old["picture"]
    common = {name: old[name] for name in ("frame", "shot", "seed")}
    inputs: list[Data] = [] if old["previous"] is None else [{"frame": old["previous"]}]
    if "init_image" in fingerprints:
        inputs.append({"file": A_PICTURE})
    return {
        **common,
        "size": [size["width"], size["height"]],
        "inputs": inputs,
        **_camera(old["camera"]),
        "denoise": {
            "prompts": [{"text": A_PICTURE, **prompt} for prompt in old["prompts"]],
            "sampler": old["sampler"],
            "guidance": {name: _steps(value) for name, value in old["guidance"].items()},
            "encoders": old["encoders"],
        },
    }


def _camera(old: Mapping[str, Any]) -> Data:
    if old["mode"] == "still":
        return {}
    motion = {name: old[vector][place] for vector, place, name in _MOTIONS}
    lens = {name: old[name] for name in ("mode", "fov", "projection", "padding", "sampling")}
    depth = {"file": A_PICTURE, **old["depth"]} if "depth" in old else None
    return {
        "motions": [{**motion, "zoom": old["zoom"]}],
        "camera": {**lens, "depth": depth},
    }


def _steps(value: Any) -> Any:
    """A schedule of one step as its number."""
    is_constant = isinstance(value, list) and len(value) == 1
    return value[0][1] if is_constant else value


_ALONE: Mapping[str, tuple[str, str, str]] = {
    "init_image": ("init picture", "0", ""),
    "depth picture": ("depth picture", "0", ""),
    "lpips network": ("perceptual", "vgg16", ""),
    "lpips heads": ("perceptual", "lpips_vgg", ""),
    "precision": ("denoiser", "", PRECISION),
}


def _fingerprints(spec: FrameSpec, old: Mapping[str, str]) -> Iterator[Fingerprint]:
    """The fingerprints of format 1, each of which stood under one text."""
    blended = [text[len("depth ") : -len("/share")] for text in old if text.endswith("/share")]
    networks = [
        *(("prompt encoder", "prompt encoder", ""), ("denoiser", "denoiser", "")),
        *(("secondary", "secondary", ""), ("depth", "depth", "")),
        *((f"encoder {one.name}", "encoder", one.name) for one in spec.painting.encoders),
        *((f"depth {name}", "depth", name) for name in blended),
    ]
    for text, value in {**_text_side(old), **old}.items():
        if text in _ALONE:
            yield _fingerprint(*_ALONE[text], value)
        elif text.startswith("prompts["):
            yield _fingerprint("prompt picture", text[len("prompts[") : -1], "", value)
        for start, role, name in networks:
            if text == start or text.startswith(f"{start}/"):
                yield _fingerprint(role, name, text[len(start) + 1 :], value)


def _text_side(old: Mapping[str, str]) -> dict[str, str]:
    """What the denoiser was told by, which stood under the encoder's name where it guided too."""
    is_told = "denoiser/discoreel.json" in old
    if not is_told or any(text.startswith("prompt encoder") for text in old):
        return {}
    guided = {text: value for text, value in old.items() if text.startswith("encoder starter")}
    return {text.replace("encoder starter", "prompt encoder"): v for text, v in guided.items()}


def _fingerprint(role: str, name: str, what: str, value: str) -> Fingerprint:
    data = {"role": role, "name": name, "what": what, "value": value}
    return from_json_data(Fingerprint, data)
