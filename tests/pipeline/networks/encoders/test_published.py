"""Published encoders: the same embeddings as open_clip makes of the same file."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import open_clip
import pytest
import torch
from open_clip.model import CLIP, CustomTextCLIP, convert_weights_to_lp
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.functional import normalize

from pipeline.errors import ModelError
from pipeline.networks.encoders.published import load_published_encoder
from tests.pipeline.networks.hub import END, ids, save_tokenizer
from tests.pipeline.networks.openai import entry, save_program, save_state
from tests.pipeline.networks.tiny import CPU

TEXT = {"context_length": 77, "vocab_size": 49408, "width": 64, "heads": 1, "layers": 1}
VIT = {"image_size": 32, "layers": 1, "width": 64, "patch_size": 16}
RESNET = {"image_size": 64, "layers": [1, 1, 1, 1], "width": 64}
TEXTS = ["a castle at dawn", "the SEA, in a storm"]
SIGLIP = {
    "embed_dim": 24,
    "init_logit_bias": -10,
    "custom_text": True,
    "vision_cfg": {
        "image_size": 160,
        "timm_model_name": "test_vit3",
        "timm_model_pretrained": True,
        "timm_pool": "",
    },
    "text_cfg": {
        "context_length": 16,
        "vocab_size": 100,
        "hf_tokenizer_name": "someone/tokenizer",
        "tokenizer_kwargs": {"clean": "canonicalize"},
        "width": 64,
        "heads": 1,
        "layers": 1,
        "no_causal_mask": True,
        "pool_type": "last",
    },
}


@pytest.fixture
def architectures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tiny architectures in the place of those that open_clip knows by name."""
    configs = {
        "Tiny-ViT": {"embed_dim": 24, "vision_cfg": VIT, "text_cfg": TEXT},
        "Tiny-RN": {"embed_dim": 24, "vision_cfg": RESNET, "text_cfg": TEXT},
        "Tiny-SigLIP": SIGLIP,
        "Tiny-Wide": {
            "embed_dim": 24,
            "vision_cfg": {**VIT, "image_size": [32, 48]},
            "text_cfg": TEXT,
        },
    }
    monkeypatch.setattr(
        "pipeline.catalogue.open_clip_encoders.architecture",
        lambda name: deepcopy(configs.get(name)),
    )


def network(vision: dict[str, Any] = VIT, **options: bool) -> CLIP:
    return CLIP(embed_dim=24, vision_cfg=dict(vision), text_cfg=dict(TEXT), **options).eval()


@torch.no_grad()
def theirs(model: nn.Module, pictures: Tensor, texts: list[str]) -> tuple[Tensor, Tensor]:
    """The vectors that open_clip's own model gives, with CLIP's statistics."""
    mean, std = (
        torch.tensor(numbers)[:, None, None]
        for numbers in (open_clip.OPENAI_DATASET_MEAN, open_clip.OPENAI_DATASET_STD)
    )
    seen = model.encode_image(((pictures + 1) / 2 - mean) / std)
    return normalize(seen), normalize(model.encode_text(open_clip.tokenize(texts)))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*torch.jit", "ignore:.*TorchScript")
@pytest.mark.parametrize(("architecture", "vision"), [("Tiny-ViT", VIT), ("Tiny-RN", RESNET)])
def test_openais_programs(
    tmp_path: Path, architectures: None, architecture: str, vision: dict[str, Any]
) -> None:
    half = network(vision, quick_gelu=True)
    convert_weights_to_lp(half)
    path = save_program(tmp_path / "net.pt", half)
    known = entry(f"{architecture}/openai", f"{architecture}-quickgelu", "net.pt")
    ours = load_published_encoder(path, known, CPU)
    model = open_clip.openai.load_openai_model(str(path), "fp32", "cpu").eval()
    pictures = torch.rand(2, 3, ours.size, ours.size) * 2 - 1
    seen, read = theirs(model, pictures, TEXTS)
    torch.testing.assert_close(ours.encode_pictures(pictures), seen, atol=1e-5, rtol=0)
    torch.testing.assert_close(ours.encode_texts(TEXTS), read, atol=1e-5, rtol=0)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*torch.jit", "ignore:.*TorchScript")
@pytest.mark.parametrize("architecture", ["ViT-B-32", "RN50"])
def test_openais_programs_at_their_size(tmp_path: Path, architecture: str) -> None:
    config = open_clip.get_model_config(architecture)
    half = CLIP(**config, quick_gelu=True).eval()
    convert_weights_to_lp(half)
    path = save_program(tmp_path / "net.pt", half)
    known = entry(f"{architecture}/openai", f"{architecture}-quickgelu", "net.pt")
    ours = load_published_encoder(path, known, CPU)
    model = open_clip.openai.load_openai_model(str(path), "fp32", "cpu").eval()
    pictures = torch.rand(1, 3, 224, 224) * 2 - 1
    seen, read = theirs(model, pictures, TEXTS)
    torch.testing.assert_close(ours.encode_pictures(pictures), seen, atol=1e-5, rtol=0)
    torch.testing.assert_close(ours.encode_texts(TEXTS), read, atol=1e-5, rtol=0)


@pytest.mark.slow
@pytest.mark.parametrize("quick_gelu", [False, True])
def test_openclips_states_with_the_activation_of_their_training(
    tmp_path: Path, architectures: None, quick_gelu: bool
) -> None:
    model = network(quick_gelu=quick_gelu)
    path = save_state(tmp_path / "net.pt", model)
    architecture = "Tiny-ViT-quickgelu" if quick_gelu else "Tiny-ViT"
    ours = load_published_encoder(path, entry("Tiny-ViT/run", architecture, "net.pt"), CPU)
    assert ours.size == 32
    pictures = torch.rand(2, 3, 32, 32) * 2 - 1
    seen, read = theirs(model, pictures, TEXTS)
    torch.testing.assert_close(ours.encode_pictures(pictures), seen, atol=1e-5, rtol=0)
    torch.testing.assert_close(ours.encode_texts(TEXTS), read, atol=1e-5, rtol=0)


@pytest.fixture
def siglip(tmp_path: Path, architectures: None) -> Path:
    """A file of seeded weights, as on the hub."""
    arguments = {key: value for key, value in SIGLIP.items() if key != "custom_text"}
    vision = {**SIGLIP["vision_cfg"], "timm_model_pretrained": False}
    model = CustomTextCLIP(**{**arguments, "vision_cfg": vision}).eval()
    state = {key: value.contiguous() for key, value in model.state_dict().items()}
    save_file({**state, "logit_scale": state["logit_scale"].reshape(1)}, tmp_path / "s.safetensors")
    return tmp_path / "s.safetensors"


def test_siglip_has_its_own_size_statistics_and_tokenizer(
    siglip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = {"mean": (0.5, 0.5, 0.5), "std": (0.5, 0.5, 0.5)}
    monkeypatch.setattr(open_clip, "get_pretrained_cfg", lambda *name: half)
    ours = load_published_encoder(
        siglip,
        entry("Tiny-SigLIP/webli", "Tiny-SigLIP", ""),
        CPU,
        tokenizer=save_tokenizer(tmp_path / "tokenizer"),
    )
    assert ours.size == 160
    picture = torch.rand(1, 3, 160, 160) * 2 - 1
    with torch.no_grad():
        seen = normalize(ours.model.encode_image(picture))
        words = torch.tensor([[*ids("▁a", "▁sea"), *[END] * 14]])
        read = normalize(ours.model.encode_text(words))
    torch.testing.assert_close(ours.encode_pictures(picture), seen)
    torch.testing.assert_close(ours.encode_texts(["A Sea!"]), read)
    with pytest.raises(ModelError, match=r"read up to \"(sea ?){15}\" and leave out \"sea sea\";"):
        ours.encode_texts([" ".join(["sea"] * 17)])


@pytest.mark.parametrize(
    ("architecture", "words"),
    [
        ("Tiny-Nothing", "does not know the architecture Tiny-Nothing; update open_clip_torch"),
        ("Tiny-Wide", "looks at pictures of 32x48, not at squares"),
    ],
)
def test_what_cannot_be_loaded_is_named(
    tmp_path: Path, architectures: None, architecture: str, words: str
) -> None:
    wide = {**VIT, "image_size": [32, 48]}
    path = save_state(tmp_path / "net.pt", network(wide))
    with pytest.raises(ModelError) as caught:
        load_published_encoder(path, entry(f"{architecture}/x", architecture, ""), CPU)
    assert words in str(caught.value)


@pytest.mark.slow
def test_weights_of_another_architecture_are_refused(tmp_path: Path, architectures: None) -> None:
    path = save_state(tmp_path / "net.pt", network(RESNET))
    with pytest.raises(ModelError, match=r"^\S+/net.pt: does not fit the CLIP"):
        load_published_encoder(path, entry("Tiny-ViT/x", "Tiny-ViT", ""), CPU)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*torch.jit", "ignore:.*TorchScript")
def test_a_program_that_lacks_weights_is_refused(tmp_path: Path, architectures: None) -> None:
    path = save_program(tmp_path / "net.pt", network(RESNET))
    with pytest.raises(ModelError, match="is missing"):
        load_published_encoder(path, entry("Tiny-ViT/openai", "Tiny-ViT", ""), CPU)
