"""Parts of diffusers folders: every layout of files gives the network that was saved."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import AutoencoderKL, UNet2DConditionModel
from safetensors.torch import load_file, save_file
from torch import nn
from transformers import CLIPTextModel, CLIPTextModelWithProjection, T5Config, T5EncoderModel

from pipeline.catalogue.part_files import has_part, part_files, part_shapes
from pipeline.errors import ModelError
from pipeline.networks.files.part_files import load_part
from tests.pipeline.networks.text_to_image import tiny_pipelines
from tests.pipeline.networks.tiny import CPU, change_json

Save = Callable[[nn.Module, Path], None]


def t5() -> T5EncoderModel:
    torch.manual_seed(3)
    config = T5Config(vocab_size=50, d_model=8, d_kv=4, d_ff=8, num_layers=1, num_heads=2)
    return T5EncoderModel(config).eval()


NETWORKS: dict[str, Callable[[], Any]] = {
    "vae": tiny_pipelines.vae,
    "unet": tiny_pipelines.unet,
    "text_encoder": tiny_pipelines.text_encoder,
    "text_encoder_2": tiny_pipelines.text_encoder_2,
    "text_encoder_3": t5,
}

LAYOUTS: dict[str, dict[str, Any]] = {
    "one file": {},
    "half precision": {"variant": "fp16"},
    "shards": {"max_shard_size": "8KB"},
    "shards in half precision": {"variant": "fp16", "max_shard_size": "8KB"},
}


def equal(found: nn.Module, expected: nn.Module) -> None:
    ours, theirs = found.state_dict(), expected.state_dict()
    assert ours.keys() == theirs.keys()
    for name, value in theirs.items():
        torch.testing.assert_close(ours[name], value, rtol=0, atol=0, msg=name)


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("part", NETWORKS)
def test_what_was_saved_is_loaded(tmp_path: Path, part: str, layout: str) -> None:
    saved = NETWORKS[part]()
    saved.save_pretrained(tmp_path / part, **LAYOUTS[layout])
    files = part_files(tmp_path, part)
    assert ("fp16" in files.weights.name) == ("variant" in LAYOUTS[layout])
    assert len(files.shards) == 1 or "shards" in layout
    loaded = load_part(tmp_path, part, type(saved), CPU)
    equal(loaded, saved)
    assert not any(weight.requires_grad for weight in loaded.parameters())
    shapes = part_shapes(files)
    assert shapes is not None
    assert shapes.keys() <= saved.state_dict().keys()


def as_pickle(folder: Path) -> None:
    """Turns the only safetensors file in `folder` into the pickle of earlier releases."""
    (path,) = folder.glob("*.safetensors")
    name = path.name.replace("model.safetensors", "model.bin")
    stem = name if name.startswith("diffusion") else "pytorch_model.bin"
    torch.save(load_file(path), folder / stem)
    path.unlink()


@pytest.mark.parametrize("part", NETWORKS)
def test_a_pickle_is_read_where_there_is_nothing_else(tmp_path: Path, part: str) -> None:
    saved = NETWORKS[part]()
    saved.save_pretrained(tmp_path / part)
    as_pickle(tmp_path / part)
    assert part_files(tmp_path, part).weights.suffix == ".bin"
    equal(load_part(tmp_path, part, type(saved), CPU), saved)


def test_safe_and_precise_files_come_first(tmp_path: Path) -> None:
    saved = tiny_pipelines.vae()
    saved.save_pretrained(tmp_path / "vae", variant="fp16")
    saved.save_pretrained(tmp_path / "vae")
    (tmp_path / "vae" / "diffusion_pytorch_model.bin").write_bytes(b"of no interest")
    assert part_files(tmp_path, "vae").weights.name == "diffusion_pytorch_model.safetensors"
    equal(load_part(tmp_path, "vae", AutoencoderKL, CPU), saved)


def test_a_folder_of_one_part_is_read_by_the_empty_name(tmp_path: Path) -> None:
    saved = tiny_pipelines.vae()
    saved.save_pretrained(tmp_path)
    assert has_part(tmp_path, "") and not has_part(tmp_path, "vae")
    equal(load_part(tmp_path, "", AutoencoderKL, CPU), saved)


def renamed(folder: Path, change: Callable[[str], str]) -> None:
    (path,) = folder.glob("*.safetensors")
    state = load_file(path)
    changed = {change(name): value for name, value in state.items()}
    assert changed.keys() != state.keys()
    save_file(changed, path)


def test_earlier_names_of_an_attention_are_known(tmp_path: Path) -> None:
    """Those of the first published autoencoders."""
    saved = tiny_pipelines.vae()
    saved.save_pretrained(tmp_path / "vae")
    earlier = {"to_q": "query", "to_k": "key", "to_v": "value", "to_out.0": "proj_attn"}

    def change(name: str) -> str:
        for today, then in earlier.items():
            name = name.replace(f".{today}.", f".{then}.")
        return name

    renamed(tmp_path / "vae", change)
    equal(load_part(tmp_path, "vae", AutoencoderKL, CPU), saved)


def test_text_encoders_of_every_release_of_transformers_are_known(tmp_path: Path) -> None:
    """Published ones have an outer name, and count their positions."""
    saved = tiny_pipelines.text_encoder()
    saved.save_pretrained(tmp_path / "text_encoder")
    path = tmp_path / "text_encoder" / "model.safetensors"
    inner = {name.removeprefix("text_model."): value for name, value in load_file(path).items()}
    for outer in ("", "text_model."):
        state = {f"{outer}{name}": value for name, value in inner.items()}
        state[f"{outer}embeddings.position_ids"] = torch.arange(77)[None]
        save_file(state, path)
        equal(load_part(tmp_path, "text_encoder", CLIPTextModel, CPU), saved)


def test_a_network_computes_in_the_dtype_that_is_asked(tmp_path: Path) -> None:
    saved = t5()
    saved.save_pretrained(tmp_path / "text_encoder")
    for dtype, output in ((torch.bfloat16, torch.bfloat16), (torch.float16, torch.float32)):
        loaded = load_part(tmp_path, "text_encoder", T5EncoderModel, CPU, dtype)
        assert loaded.shared.weight.dtype == dtype
        # As transformers has it: the feed-forward output overflows in float16.
        block = loaded.encoder.block[0].layer[1].DenseReluDense
        assert (block.wi.weight.dtype, block.wo.weight.dtype) == (dtype, output)
        with torch.no_grad():
            found = loaded(torch.tensor([[3, 7, 1]])).last_hidden_state.float()
            expected = saved(torch.tensor([[3, 7, 1]])).last_hidden_state
        torch.testing.assert_close(found, expected, rtol=0.05, atol=0.05)


def test_weights_in_two_places_are_one(tmp_path: Path) -> None:
    t5().save_pretrained(tmp_path / "text_encoder")
    loaded = load_part(tmp_path, "text_encoder", T5EncoderModel, CPU)
    assert loaded.encoder.embed_tokens.weight is loaded.shared.weight


def message(folder: Path, part: str = "unet", kind: Any = UNet2DConditionModel) -> str:
    with pytest.raises(ModelError) as caught:
        load_part(folder, part, kind, CPU)
    return str(caught.value)


def test_what_is_missing_is_told(tmp_path: Path) -> None:
    tiny_pipelines.unet().save_pretrained(tmp_path / "unet", max_shard_size="50KB")
    home = tmp_path / "unet"
    assert message(tmp_path, "vae") == (
        f"{tmp_path / 'vae' / 'config.json'}: there is no such file; is the model's folder whole? "
        "fetch the model again"
    )
    index = home / "diffusion_pytorch_model.safetensors.index.json"
    first, *others = sorted(home.glob("*.safetensors"))
    first.unlink()
    assert message(tmp_path) == (
        f"{index}: of {1 + len(others)} files of weights that it names 1 are not beside it: "
        f"{first.name}; fetch the model again"
    )
    change_json(index, "weight_map", **{"conv_in.bias": "../elsewhere.safetensors"})
    assert message(tmp_path) == (
        f"{index}: names ../elsewhere.safetensors, which is not beside it; fetch the model again"
    )
    index.unlink()
    for shard in others:
        shard.unlink()
    assert message(tmp_path) == (
        f"{home}: holds config.json and no weights beside it; allowed: "
        "diffusion_pytorch_model.safetensors or model.safetensors, also as .bin, in half precision "
        "(.fp16) or in shards with an index; fetch the model again"
    )


def test_settings_of_no_use_are_passed_over(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Some published configurations have them, of which diffusers writes to the screen."""
    saved = tiny_pipelines.vae()
    saved.save_pretrained(tmp_path / "vae")
    change_json(tmp_path / "vae" / "config.json", dropout=0.5, _name_or_path="somewhere")
    logger = logging.getLogger("diffusers.configuration_utils")
    logger.addHandler(caplog.handler)
    try:
        equal(load_part(tmp_path, "vae", AutoencoderKL, CPU), saved)
        assert not caplog.records
        AutoencoderKL.from_config(json.loads((tmp_path / "vae" / "config.json").read_text()))
        assert "dropout" in caplog.text, "there is something to keep quiet"
    finally:
        logger.removeHandler(caplog.handler)


def test_a_part_of_another_kind_is_told(tmp_path: Path) -> None:
    tiny_pipelines.vae().save_pretrained(tmp_path / "unet")
    config = tmp_path / "unet" / "config.json"
    assert message(tmp_path) == (
        f"{config}: describes a AutoencoderKL; allowed here: UNet2DConditionModel; "
        "is this the right part, and the right model?"
    )
    change_json(config, _class_name="Earlier")
    loaded = load_part(tmp_path, "unet", AutoencoderKL, CPU, also=["Earlier"])
    equal(loaded, tiny_pipelines.vae())


def test_weights_of_another_network_are_told(tmp_path: Path) -> None:
    tiny_pipelines.unet().save_pretrained(tmp_path / "unet")
    change_json(tmp_path / "unet" / "config.json", cross_attention_dim=24)
    weights = tmp_path / "unet" / "diffusion_pytorch_model.safetensors"
    said = message(tmp_path)
    assert said.startswith(f"{weights}: does not fit the UNet2DConditionModel that")
    assert "attn2.to_k.weight has shape (8, 16), expected (8, 24)" in said
    change_json(tmp_path / "unet" / "config.json", down_block_types=["Nothing", "DownBlock2D"])
    assert message(tmp_path).startswith(
        f"{tmp_path / 'unet' / 'config.json'}: no network can be built from this configuration"
    )


def test_a_missing_weight_of_a_text_encoder_is_told(tmp_path: Path) -> None:
    tiny_pipelines.text_encoder_2().save_pretrained(tmp_path / "text_encoder_2")
    path = tmp_path / "text_encoder_2" / "model.safetensors"
    state = load_file(path)
    del state["text_projection.weight"]
    save_file(state, path)
    said = message(tmp_path, "text_encoder_2", CLIPTextModelWithProjection)
    assert "  text_projection.weight is missing\n" in said


def test_an_index_that_is_no_index_is_told(tmp_path: Path) -> None:
    tiny_pipelines.unet().save_pretrained(tmp_path / "unet", max_shard_size="50KB")
    index = tmp_path / "unet" / "diffusion_pytorch_model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {}}), encoding="utf-8")
    assert message(tmp_path).startswith(f"{index}: this configuration cannot be used:\n")
