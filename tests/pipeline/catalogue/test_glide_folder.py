"""A folder of GLIDE's files, looked at before they are loaded."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.catalogue.facts import pipeline_of
from pipeline.catalogue.family import family_of
from pipeline.catalogue.glide_config import BASE, UPSAMPLER
from pipeline.catalogue.glide_folder import (
    check_glide,
    glide_facts,
    glide_folder,
    glide_reader,
    is_glide,
)
from pipeline.catalogue.glide_shapes import glide_shapes
from pipeline.catalogue.glide_tokenizer import MERGES
from pipeline.catalogue.located import NetworkFiles
from pipeline.catalogue.network_digests import network_digests
from pipeline.catalogue.own_networks import check_own
from pipeline.catalogue.pipeline_architectures import ARCHITECTURES
from pipeline.catalogue.pipelines import Family
from pipeline.catalogue.prompt_readers import denoiser_reader
from pipeline.catalogue.publication import Role
from pipeline.errors import ModelError
from pipeline.files.hashing import bytes_digest
from pipeline.spec.sources import FolderSource
from tests.pipeline.merges import save_merges
from tests.pipeline.networks.published import save_shapes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The published files: their tensors' shapes, and a list of byte pairs."""
    save_shapes(tmp_path / "base.pt", glide_shapes(BASE))
    save_shapes(tmp_path / "upsample.pt", glide_shapes(UPSAMPLER))
    save_merges(tmp_path)
    return tmp_path


def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        check_glide(folder)
    return str(caught.value)


def test_a_whole_folder_is_passed(folder: Path) -> None:
    assert is_glide(folder)
    check_glide(folder)
    files = glide_folder(folder)
    assert (files.base, files.base_config) == (folder / "base.pt", BASE)
    assert (files.upsampler, files.upsampler_config) == (folder / "upsample.pt", UPSAMPLER)


def test_the_upsampler_may_be_missing(folder: Path) -> None:
    (folder / "upsample.pt").unlink()
    check_glide(folder)
    assert glide_folder(folder).upsampler is None


def test_the_base_network_may_not(folder: Path) -> None:
    (folder / "base.pt").unlink()
    assert not is_glide(folder)
    assert refusal(folder) == (
        f"{folder / 'base.pt'}: no weights file here; is the model's folder whole?"
    )


def test_nor_may_the_list_of_byte_pairs(folder: Path) -> None:
    (folder / "vocab.bpe.gz").unlink()
    assert refusal(folder).startswith(
        f"{folder}: holds no list of byte pairs, by which GLIDE reads prompts"
    )


@pytest.mark.parametrize("name", ["base.pt", "upsample.pt"])
def test_either_network_is_looked_at(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"")
    assert refusal(folder) == f"{folder / name}: is empty; fetch it again"
    save_shapes(folder / name, {"weight": (3,)})
    assert refusal(folder).startswith(f"{folder / name}: does not fit the published GLIDE ")


def test_an_upsampler_is_no_base_network(folder: Path) -> None:
    (folder / "base.json").write_text('{"super_res": true}')
    assert refusal(folder) == (
        f"{folder / 'base.json'}: super_res: found true, and base.pt is no upsampler; "
        "an upsampler is upsample.pt beside it, with a configuration of its own"
    )


def test_both_networks_read_as_many_tokens(folder: Path) -> None:
    config = UPSAMPLER.model_copy(update={"text_ctx": 64})
    save_shapes(folder / "upsample.pt", glide_shapes(config))
    (folder / "upsample.json").write_text(json.dumps({"text_ctx": 64}))
    assert refusal(folder) == (
        f"{folder}: the base network reads 128 tokens of a prompt (text_ctx), and the upsampler "
        "64; use two that read as many"
    )


def test_sides_are_multiples_of_what_either_network_halves(folder: Path) -> None:
    facts = glide_facts(folder)
    assert (facts.family, facts.factor, facts.timesteps) == (Family.GLIDE, 1, 1000)
    assert (facts.size_multiple, facts.advised_multiple, facts.least_area) == (32, 32, 32**2)
    (folder / "upsample.pt").unlink()
    assert glide_facts(folder).size_multiple == 8
    assert glide_facts(folder).least_area == 8**2
    narrow = {"channel_mult": "1,2", "num_channels": 32, "num_head_channels": 32}
    (folder / "base.json").write_text(json.dumps(narrow))
    assert glide_facts(folder).size_multiple == 2
    assert glide_facts(folder).least_area == 2 * 2**2


def test_prompts_have_room_for_128_tokens(folder: Path) -> None:
    reader = glide_reader(folder)
    assert reader.too_long("the" + " cat" * 127) is None
    too_long = reader.too_long("the" + " cat" * 128)
    assert too_long is not None
    assert too_long.read == len("the" + " cat" * 127)
    assert too_long.message.startswith(
        "a prompt is longer than the encoder of GLIDE reads, which has room for 128 tokens: "
    )


@pytest.mark.parametrize("pairs", MERGES)
def test_pictures_depend_on_its_weights_and_byte_pairs(tmp_path: Path, pairs: str) -> None:
    """As they are published: without a file that says what they are networks of."""
    for name in ("base.pt", "upsample.pt", "notes.pt", pairs):
        (tmp_path / name).write_bytes(name.encode())
    expected = {name: bytes_digest(name.encode()) for name in ("base.pt", "upsample.pt", pairs)}
    assert network_digests(tmp_path, "") == expected
    (tmp_path / "base.json").write_bytes(b"{}")
    assert network_digests(tmp_path, "") == {"base.json": bytes_digest(b"{}"), **expected}


def test_a_scene_knows_such_a_folder(folder: Path) -> None:
    source = FolderSource(str(folder))
    assert pipeline_of(source) == glide_facts(folder)
    assert ARCHITECTURES["glide"] == glide_facts(folder), "what is published has an upsampler"
    assert family_of(NetworkFiles(folder)) is Family.GLIDE
    reader = denoiser_reader(source)
    assert reader is not None
    assert reader.too_long("the" + " cat" * 128) is not None
    check_own(source, Role.DENOISER)
    (folder / "vocab.bpe.gz").unlink()
    with pytest.raises(ModelError, match="no list of byte pairs"):
        check_own(source, Role.DENOISER)
