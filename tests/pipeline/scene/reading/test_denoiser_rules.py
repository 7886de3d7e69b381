"""What only some denoisers know is refused for the others, once and where it stands."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from pipeline.scene.schema import Scene
from tests.pipeline.networks.text_to_image import tiny_pipelines
from tests.pipeline.networks.tiny import change_json, write_json
from tests.pipeline.scene.lora_files import write_lora
from tests.pipeline.scene_files import BASE, complaints, load

STABLE = "Stable Diffusion 1, 2 and XL, and this denoiser is another; remove"
WITH_LORAS = "Stable Diffusion, PixArt and Flux, and this denoiser is another; remove"
NAME = "or name such a denoiser"

REFUSED = {
    "LoRAs": (
        "loras: {ink.safetensors: 1}",
        f"3:8: loras: LoRAs are for {WITH_LORAS} loras, {NAME}",
    ),
    "ControlNets": (
        "controls: {network: controlnet-depth-sd15, hint: depth}",
        f"3:11: controls: ControlNets are for {STABLE} controls, {NAME}",
    ),
    "learned words": (
        "models: {embeddings: {ink: ink.safetensors}}",
        f"3:22: models.embeddings: learned words are for {STABLE} embeddings, {NAME}",
    ),
    "a refiner": (
        "models: {refiner: sdxl-refiner}",
        "3:19: models.refiner: a refiner is for SDXL, and this denoiser is another; remove"
        f" refiner, {NAME}",
    ),
    "a second stage": (
        "models: {second_stage: deepfloyd-if-ii}",
        "3:24: models.second_stage: a second stage is for DeepFloyd IF, and this denoiser is"
        f" another; remove second_stage, {NAME}",
    ),
    "a decoder": (
        "models: {guidance_decoder: linear}",
        "3:28: models.guidance_decoder: a decoder for guidance is for networks of latents, and"
        f" this denoiser is another; remove guidance_decoder, {NAME}",
    ),
    "a told guidance scale": (
        "guidance: {distilled_cfg_scale: 3}",
        "3:33: guidance.distilled_cfg_scale: this denoiser is no text-to-image network that was"
        " taught guidance; remove distilled_cfg_scale",
    ),
    "a refiner for another family": (
        "models: {denoiser: sd15, refiner: sdxl-refiner}",
        "3:35: models.refiner: a refiner is for SDXL, and this denoiser is another; remove"
        f" refiner, {NAME}",
    ),
    "LoRAs for another family": (
        "models: {denoiser: kandinsky22}\nloras: {ink.safetensors: 1}",
        f"4:8: loras: LoRAs are for {WITH_LORAS} loras, {NAME}",
    ),
    "ControlNets of pictures that go round": (
        "models: {denoiser: sd15}\nsampler: {seamless: true}\n"
        "controls: {network: controlnet-depth-sd15, hint: depth}",
        "5:11: controls: sampler.seamless turns the picture round, and a ControlNet sees it"
        " unturned; remove controls, or remove sampler.seamless",
    ),
    "clamping latents": (
        "models: {denoiser: sd15}\nsampler: {clip_denoised: true}",
        "4:26: sampler.clip_denoised: this denoiser works on latents, not on pixels, whose range"
        " it would clamp; remove clip_denoised",
    ),
    "scaling latents": (
        "models: {denoiser: sd15}\nsampler: {dynamic_threshold: 0.9}",
        "4:30: sampler.dynamic_threshold: this denoiser works on latents, not on pixels, whose"
        " range it would clamp; remove dynamic_threshold",
    ),
    "a secondary model of pixels": (
        "models: {denoiser: sd15, secondary: secondary}\nguidance: {gradient: secondary}",
        "4:22: guidance.gradient: this denoiser works on latents, not on pixels, which the"
        " secondary model sees; write gradient: denoiser or none",
    ),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED.keys())
def test_what_a_denoiser_cannot_take_is_told_once(tmp_path: Path, case: tuple[str, str]) -> None:
    write_lora(tmp_path / "ink.safetensors", width=768)
    added, problem = case
    base = BASE.replace("[96, 96]", "[64, 64]")
    assert complaints(tmp_path, f"{base}{added}\n") == [problem]


def test_what_a_preset_brings_is_left_out_for_another_denoiser(tmp_path: Path) -> None:
    """Disco's preset guides through its secondary model, and clamps."""
    scene = load(tmp_path, f"{BASE}models: {{preset: disco, denoiser: sd15}}\n")
    assert scene.guidance.gradient == "denoiser"
    assert not scene.sampler.clip_denoised


def test_the_starter_begins_at_pure_noise_and_another_denoiser_where_it_would(
    tmp_path: Path,
) -> None:
    starter = load(tmp_path, f"{BASE}sampler: {{name: heun}}\n")
    assert starter.sampler.spacing == "trailing" and starter.sampler.clip_denoised
    kin = load(tmp_path, f"{BASE}models: {{denoiser: starter}}\n")
    assert kin.sampler.spacing == "trailing"
    for another in ("models: {denoiser: sd15}", "sampler: {name: lcm, steps: 8}"):
        assert load(tmp_path, f"{BASE}{another}\n").sampler.spacing is None
    written = load(tmp_path, f"{BASE}sampler: {{name: lcm, spacing: karras, steps: 8}}\n")
    assert written.sampler.spacing == "karras"


def test_a_written_threshold_takes_the_place_of_the_presets_clamp(tmp_path: Path) -> None:
    sampler = load(tmp_path, f"{BASE}sampler: {{dynamic_threshold: 0.9}}\n").sampler
    assert sampler.dynamic_threshold is not None and not sampler.clip_denoised


def save_own(folder: Path, width: int) -> None:
    """A denoiser of one's own whose U-Net reads embeddings of `width` numbers."""
    parts = {
        "unet": tiny_pipelines.unet(cross_attention_dim=width),
        "text_encoder": tiny_pipelines.text_encoder(hidden_size=width),
    }
    own = folder / "own"
    tiny_pipelines.save_pipeline(own, tiny_pipelines.sd_pipeline(own, **parts))


def with_lora(folder: Path, width: int, denoiser: str, layer: str | None = None) -> str:
    named = {} if layer is None else {"layer": layer}
    write_lora(folder / "ink.safetensors", width=width, **named)
    return f"{BASE}models: {{denoiser: {denoiser}}}\nloras: {{ink.safetensors: 0.5}}\n"


@pytest.mark.parametrize(("width", "denoiser"), [(768, "sd15"), (2048, "sdxl"), (64, "own")])
def test_loras_for_this_denoiser_are_taken(tmp_path: Path, width: int, denoiser: str) -> None:
    if denoiser == "own":
        save_own(tmp_path, 64)
    scene: Scene = load(tmp_path, with_lora(tmp_path, width, denoiser))
    assert [lora.name for lora in scene.loras] == ["ink.safetensors"]


MADE_FOR = {
    (768, "sdxl"): "Stable Diffusion 1: its cross-attention reads 768 numbers a token, and this"
    " denoiser is SDXL, whose cross-attention reads 2048",
    (2048, "sd15"): "SDXL: its cross-attention reads 2048 numbers a token, and this denoiser is"
    " Stable Diffusion 1, whose cross-attention reads 768",
    (1024, "own"): "Stable Diffusion 2: its cross-attention reads 1024 numbers a token, and this"
    " denoiser is another network, whose cross-attention reads 64",
}


@pytest.mark.parametrize(("width", "denoiser"), MADE_FOR.keys())
def test_loras_for_another_denoiser_are_told(tmp_path: Path, width: int, denoiser: str) -> None:
    if denoiser == "own":
        save_own(tmp_path, 64)
    (problem,) = complaints(tmp_path, with_lora(tmp_path, width, denoiser))
    words = MADE_FOR[width, denoiser]
    assert problem == (
        f"4:26: loras.ink.safetensors: {tmp_path.resolve()}/ink.safetensors: this LoRA was made for"
        f" {words}; use one that was made for this denoiser"
    )


@pytest.mark.parametrize(
    ("layer", "family"),
    [
        ("transformer.single_transformer_blocks.0.attn.to_k", "FLUX.1"),
        ("lora_unet_double_blocks_0_img_attn_qkv", "FLUX.1"),
        (
            "transformer.transformer_blocks.0.attn.to_k",
            "a transformer such as Stable Diffusion 3 or PixArt",
        ),
    ],
)
def test_loras_of_transformers_are_told(tmp_path: Path, layer: str, family: str) -> None:
    (problem,) = complaints(tmp_path, with_lora(tmp_path, 3072, "sd15", layer))
    assert f"this LoRA was made for {family}, and this denoiser is Stable Diffusion 1" in problem


def test_loras_of_u_nets_are_told_to_transformers(tmp_path: Path) -> None:
    (problem,) = complaints(tmp_path, with_lora(tmp_path, 768, "flux-dev"))
    assert problem.endswith(
        "this LoRA was made for Stable Diffusion 1, and this denoiser is a transformer; use one"
        " that was made for this denoiser"
    )
    layer = "transformer.single_transformer_blocks.0.attn.to_k"
    text = with_lora(tmp_path, 3072, "flux-dev", layer)
    assert load(tmp_path, text).loras[0].name == "ink.safetensors"


def test_a_file_without_a_lora_is_told(tmp_path: Path) -> None:
    write_lora(tmp_path / "ink.safetensors", width=768)
    text = (tmp_path / "ink.safetensors").read_bytes()
    (tmp_path / "ink.safetensors").write_bytes(text.replace(b"lora_", b"hada_"))
    (problem,) = complaints(
        tmp_path, f"{BASE}models: {{denoiser: sd15}}\nloras: {{ink.safetensors: 1}}\n"
    )
    assert "ink.safetensors: holds no LoRA; found: unet.down_blocks.0" in problem


WORDS = {
    "of another": (
        {"ink": (768,)},
        "this learned word was made for Stable Diffusion 1: its vectors have 768 numbers, and those"
        " of this denoiser's encoder 64; use one that was made for this denoiser",
    ),
    "of SDXL": (
        {"clip_l": (1, 768), "clip_g": (1, 1280)},
        "this learned word was made for SDXL: its vectors have clip_l 768, clip_g 1280 numbers, and"
        " those of this denoiser's encoder 64; use one that was made for this denoiser",
    ),
    "of nothing": (
        {"a": (4,), "b": (4,)},
        "holds no learned word (textual inversion); found: a, b; allowed: a word with its vectors"
        " as diffusers writes it, string_to_param or emb_params as web interfaces write them, or"
        " clip_l with clip_g for SDXL",
    ),
}


def with_word(folder: Path, shapes: dict[str, tuple[int, ...]]) -> str:
    save_own(folder, 64)
    zeros = {name: np.zeros(shape, np.float32) for name, shape in shapes.items()}
    save_file(zeros, folder / "ink.safetensors")
    return f"{BASE}models: {{denoiser: own, embeddings: {{ink: ink.safetensors}}}}\n"


@pytest.mark.parametrize(("shapes", "words"), WORDS.values(), ids=WORDS)
def test_learned_words_for_another_denoiser_are_told(
    tmp_path: Path, shapes: dict[str, tuple[int, ...]], words: str
) -> None:
    (problem,) = complaints(tmp_path, with_word(tmp_path, shapes))
    path = tmp_path.resolve() / "ink.safetensors"
    assert problem == f"3:43: models.embeddings.ink: {path}: {words}"


@pytest.mark.parametrize("shapes", [{"ink": (2, 64)}, {"emb_params": (1, 64), "note": (1,)}])
def test_learned_words_for_this_denoiser_are_taken(
    tmp_path: Path, shapes: dict[str, tuple[int, ...]]
) -> None:
    assert list(load(tmp_path, with_word(tmp_path, shapes)).models.embeddings) == ["ink"]


def test_a_controlnet_for_another_denoiser_is_told(tmp_path: Path) -> None:
    save_own(tmp_path, 64)
    net = tmp_path / "net"
    settings = {"_class_name": "ControlNetModel", "cross_attention_dim": 768}
    write_json(net / "config.json", {**settings, "block_out_channels": [4], "in_channels": 4})
    write_control(net)
    text = f"{BASE}models: {{denoiser: own}}\ncontrols: [{{network: net, hint: canny}}]\n"
    (problem,) = complaints(tmp_path, text)
    assert problem == (
        f"4:11: controls: {net.resolve()}/config.json: this ControlNet was made for Stable"
        " Diffusion 1: its cross_attention_dim is 768, and that of this denoiser is 64; use one"
        " that was made for it"
    )
    change_json(net / "config.json", cross_attention_dim=64)
    assert load(tmp_path, text).controls[0].hint == "canny"


def write_control(folder: Path) -> None:
    state = {
        "conv_in.weight": np.zeros((4, 4, 3, 3), np.float32),
        "controlnet_down_blocks.0.weight": np.zeros((4, 4, 1, 1), np.float32),
    }
    save_file(state, folder / "diffusion_pytorch_model.safetensors")
