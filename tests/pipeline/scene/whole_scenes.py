"""Scenes as a validator of JSON Schema sees them, and each setting's example in a whole scene."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.scene.json_schema import SECTIONS
from pipeline.scene.reading.yaml_source import read_yaml
from pipeline.scene.schema import Scene
from pipeline.scene.told import Told, told

ROOT = Path(__file__).parents[3]

VIDEO = "video:\n  size: [96, 64]\n  duration: 4 bars\n"
MUSIC = "music:\n  bpm: 120\n"
SOUND = "music:\n  bpm: 120\n  file: pulse.wav\n"
PROMPTS = "prompts: a lighthouse\n"

CLIP = "video: {size: [96, 64], duration: 8s, input: {file: dance.mkv, start: 2s}}\n"
OWN_BASES: Mapping[str, str] = {
    "video.n_batches": "video:\n  size: [96, 64]\n",
    "video.size": "video:\n  duration: 4 bars\n",
    "video.duration": "video:\n  size: [96, 64]\n",
    "music.bpm": "music:\n",
    "music.tempo": "music:\n",
    "music.beats": "music:\n",
    "music.lyrics": SOUND,
    "music.stems": SOUND,
}
"""What stands above the example in its section, where that is not the usual."""

PAINTERS: Mapping[str, str] = {
    "loras": "sd15",
    "controls": "sd15",
    "models.embeddings": "sd15",
    "models.image_prompts": "sd15",
    "models.guidance_decoder": "sd15",
    "models.refiner": "sdxl",
    "models.second_stage": "deepfloyd-if",
    "guidance.distilled_cfg_scale": "flux-dev",
}
"""Denoisers of examples that the starter takes no part in."""


def as_json(text: str) -> Any:
    """What a text of YAML says, as JSON has it: keys are texts."""
    document = read_yaml(text)
    assert not document.problems, document.problems
    return _keys_as_texts(document.data)


def _keys_as_texts(data: object) -> object:
    if isinstance(data, Mapping):
        return {str(key): _keys_as_texts(value) for key, value in data.items()}
    return [_keys_as_texts(item) for item in data] if isinstance(data, list) else data


def settings() -> Iterator[tuple[str, Told]]:
    """Every setting that has an example, with the name of its section, "" for the scene's own."""
    for section, model in {"": Scene, **SECTIONS}.items():
        yield from ((section, one) for one in told(model, section) if one.shown is not None)


def example_of(section: str, setting: Told) -> str:
    """A whole scene in which a setting has its example."""
    assert setting.shown is not None
    line = f"{setting.name}: {setting.shown.example}\n"
    if section == "shot":
        return (
            (CLIP if setting.name == "clip" else VIDEO)
            + MUSIC
            + PROMPTS
            + (
                f"models: {{denoiser: {PAINTERS[setting.name]}}}\n"
                if setting.name in PAINTERS
                else ""
            )
            + _shots(setting.name, line.strip())
        )
    bases = {"video": VIDEO, "music": MUSIC, "": ""}
    if section == "offset":
        own = f"camera:\n  offset: {{{line.strip()}}}\n"
    elif section == "video_file":
        own = f"outputs: [{{{line.strip()}}}]\n"
    elif section:
        place = f"{section}.{setting.name}"
        base = OWN_BASES.get(place, bases.get(section, f"{section}:\n"))
        if section == "models" and place in PAINTERS:
            base += f"  denoiser: {PAINTERS[place]}\n"
        own = f"{base}  {line}"
    else:
        own = line
    over_clip = section == "clip"
    others = {"video": CLIP if over_clip else VIDEO, "music": MUSIC, "prompts": PROMPTS}
    written = section or setting.name
    if section != "models":
        others["models"] = _painter(f"{section}.{setting.name}".lstrip("."))
    return own + "".join(text for name, text in others.items() if name != written)


def _painter(place: str) -> str:
    return f"models: {{denoiser: {PAINTERS[place]}}}\n" if place in PAINTERS else ""


def _shots(name: str, line: str) -> str:
    if name == "name":
        return f"shots: [{{{line}}}]\n"
    if name == "until":
        return "shots: [{name: first, until: bar 3}, {name: second, until: bar 5}]\n"
    first = "" if name == "from" else ", until: bar 3"
    own = ", from: bar 3" if name == "from" else f", {line}"
    return f"shots: [{{name: first{first}}}, {{name: second{own}}}]\n"
