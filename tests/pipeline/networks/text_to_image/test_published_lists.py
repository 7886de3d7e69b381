"""What is fetched of each published pipeline is all that its loader asks for.

Tiny pipelines lie in a store under the published names, half precision and shards included, and
nothing else lies there.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from keyframes.prompts import Prompt
from pipeline.catalogue.family import family_of
from pipeline.catalogue.locate import locate
from pipeline.catalogue.publication import Published, Role
from pipeline.catalogue.published import PUBLISHED
from pipeline.catalogue.store import ModelStore
from pipeline.networks.text_to_image.load import load_text_to_image
from pipeline.networks.text_to_image.network import TextToImage
from pipeline.networks.text_to_image.place import Place
from pipeline.spec.sources import NamedSource, NetworkSet
from tests.pipeline.networks.text_to_image.tiny_cascade import save_first, save_second
from tests.pipeline.networks.text_to_image.tiny_karlo import karlo
from tests.pipeline.networks.text_to_image.tiny_pipelines import (
    lcm_pipeline,
    refiner_pipeline,
    save_pipeline,
    sd_pipeline,
    tiny_vae,
    xl_pipeline,
)
from tests.pipeline.networks.text_to_image.tiny_transformers import (
    flux,
    pixart_alpha,
    pixart_sigma,
    stable_diffusion_3,
)
from tests.pipeline.networks.text_to_image.tiny_unclip import kandinsky

CPU = torch.device("cpu")
WEIGHTS = ("diffusion_pytorch_model.safetensors", "model.safetensors")


def saved(build: Callable[[Path], Any]) -> Callable[[Path], object]:
    return lambda folder: save_pipeline(folder, build(folder))


def with_own_tokenizers(build: Callable[[Path], Any]) -> Callable[[Path], object]:
    return lambda folder: build(folder).save_pretrained(folder)


def with_byte_pairs(build: Callable[[], Any]) -> Callable[[Path], object]:
    """As published, with vocabulary and merges, where diffusers writes one file today."""

    def save(folder: Path) -> None:
        pipeline = build()
        pipeline.save_pretrained(folder)
        for part in ("tokenizer", "prior_tokenizer"):
            if hasattr(pipeline, part):
                getattr(pipeline, part).backend_tokenizer.model.save(str(folder / part))

    return save


def second_stage(folder: Path) -> None:
    save_second(folder)
    index = {"_class_name": "IFSuperResolutionPipeline"}
    (folder / "model_index.json").write_text(json.dumps(index), encoding="utf-8")


TINY: dict[str, Callable[[Path], object]] = {
    "sd15": saved(sd_pipeline),
    "sd21": saved(sd_pipeline),
    "sd-turbo": saved(sd_pipeline),
    "lcm-dreamshaper": saved(lcm_pipeline),
    "sdxl": saved(xl_pipeline),
    "sdxl-turbo": saved(xl_pipeline),
    "sdxl-lightning": saved(xl_pipeline),
    "kandinsky22": with_byte_pairs(kandinsky),
    "karlo": with_byte_pairs(karlo),
    "deepfloyd-if": save_first,
    "pixart-alpha": with_own_tokenizers(pixart_alpha),
    "pixart-sigma": with_own_tokenizers(pixart_sigma),
    "sd3": with_own_tokenizers(stable_diffusion_3),
    "flux-schnell": with_own_tokenizers(lambda folder: flux(folder, dev=False)),
    "flux-dev": with_own_tokenizers(lambda folder: flux(folder, dev=True)),
    "sdxl-refiner": saved(refiner_pipeline),
    "deepfloyd-if-ii": second_stage,
    "taesd": lambda folder: tiny_vae().save_pretrained(folder),
}


def put_as_published(tiny: Path, entry: Published, store: ModelStore) -> None:
    """The files of `entry` in the store, with the contents of a folder that diffusers wrote."""
    for part in entry.parts:
        name = part.file.removeprefix(f"{entry.file}/")
        target = store.path(part)
        target.parent.mkdir(parents=True, exist_ok=True)
        if ".index." in name:
            _write_shards(tiny / name, target, [p.file for p in entry.parts])
        elif "-of-" not in name:
            target.write_bytes(_content(tiny / name))
    for part in entry.parts:
        store.remember(part, part.sha256 or "0" * 64)


def _content(path: Path) -> bytes:
    if path.name == "special_tokens_map.json" and not path.is_file():
        return b"{}"
    return path.with_name(path.name.replace(".fp16.", ".")).read_bytes()


def _write_shards(tiny_index: Path, index: Path, files: list[str]) -> None:
    """The weights of a part in as many files as are published, and their index."""
    (whole,) = (
        tiny_index.parent / name for name in WEIGHTS if (tiny_index.parent / name).is_file()
    )
    shards = [Path(file).name for file in files if Path(file).match(f"{index.parent.name}/*-of-*")]
    state = load_file(whole)
    of = {name: shards[number % len(shards)] for number, name in enumerate(sorted(state))}
    for shard in shards:
        save_file({n: state[n] for n, its in of.items() if its == shard}, index.parent / shard)
    index.write_text(json.dumps({"weight_map": of}), encoding="utf-8")


def put(store: ModelStore, tmp_path: Path, *names: str) -> None:
    for name in names:
        TINY[name](tmp_path / name)
        put_as_published(tmp_path / name, PUBLISHED[name], store)


def loaded(models: NetworkSet, store: ModelStore) -> TextToImage:
    located = locate(replace(models, encoders={}, depth=()), store)
    family = family_of(located.denoiser)
    assert family is not None
    return load_text_to_image(family, located, Place(CPU, CPU))


@pytest.mark.parametrize("name", [name for name in TINY if PUBLISHED[name].role is Role.DENOISER])
def test_what_is_fetched_is_all_that_is_asked(tmp_path: Path, name: str) -> None:
    store = ModelStore(tmp_path / "store")
    put(store, tmp_path, name)
    network = loaded(NetworkSet(denoiser=NamedSource(name)), store)
    assert network.condition([Prompt("a", 1.0)]) is not None


def test_so_it_is_of_what_works_beside_them(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "store")
    put(store, tmp_path, "sdxl", "sdxl-refiner", "taesd", "deepfloyd-if", "deepfloyd-if-ii")
    refined = NetworkSet(
        denoiser=NamedSource("sdxl"),
        refiner=NamedSource("sdxl-refiner"),
        guidance_decoder=NamedSource("taesd"),
    )
    assert loaded(refined, store).condition([Prompt("a", 1.0)]) is not None
    cascade = NetworkSet(
        denoiser=NamedSource("deepfloyd-if"), second_stage=NamedSource("deepfloyd-if-ii")
    )
    assert loaded(cascade, store).condition([Prompt("a", 1.0)]) is not None
