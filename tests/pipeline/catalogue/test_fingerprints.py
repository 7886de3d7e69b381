"""The fingerprints of the networks of a plan: what counts, under which name."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.catalogue.facts import STARTER_FOLDERS
from pipeline.catalogue.locate import locate
from pipeline.catalogue.located import LocatedNetworks, NetworkFiles
from pipeline.catalogue.network_fingerprints import fingerprints
from pipeline.catalogue.publication import Role
from pipeline.catalogue.published import PUBLISHED
from pipeline.catalogue.store import ModelStore
from pipeline.errors import ModelError
from pipeline.spec.fingerprints import PRECISION
from pipeline.spec.sources import (
    CheckpointSource,
    DepthSource,
    FolderSource,
    NamedSource,
    NetworkSet,
)
from tests.pipeline.catalogue.stores import DPT_LARGE, RN50, by_words, put
from tests.pipeline.networks.published import TINY
from tests.pipeline.networks.tiny import save_word_clip, write_json


def test_the_shares_of_a_blend_count(store: ModelStore) -> None:
    put(store, "dpt_large")

    def prints_of(*depth: DepthSource) -> dict[str, str]:
        located = locate(NetworkSet(depth=depth, precision="fp32"), store)
        alone = fingerprints(located, store, {"depth"})
        everything = fingerprints(located, store)
        assert alone == tuple(one for one in everything if one.role == "depth")
        return by_words(one for one in alone if one.what != PRECISION)

    starter = DepthSource("starter", NamedSource("starter"), 0.25)
    blend = prints_of(replace(DPT_LARGE, share=0.75), starter)
    assert list(blend) == [
        "depth / dpt_large",
        "depth / starter / config.json",
        "depth / starter / depth.safetensors",
        "depth / dpt_large / share",
        "depth / starter / share",
    ]
    assert (blend["depth / dpt_large / share"], blend["depth / starter / share"]) == (
        "0.75",
        "0.25",
    )
    assert blend["depth / dpt_large"] == PUBLISHED["dpt_large"].sha256
    # One alone has no share of anything, and the name that renders know it by.
    assert list(prints_of(DPT_LARGE)) == ["depth"]


@pytest.fixture
def models(tmp_path: Path) -> NetworkSet:
    """A network of each kind."""
    config = write_json(tmp_path / "net.json", json.loads(TINY.model_dump_json()))
    (tmp_path / "net.pt").write_bytes(b"weights")
    return NetworkSet(
        denoiser=CheckpointSource(str(tmp_path / "net.pt"), str(config)),
        encoders={"RN50/openai": RN50, "mine": FolderSource(str(save_word_clip(tmp_path / "e")))},
    )


def prints(models: NetworkSet, store: ModelStore) -> dict[str, str]:
    put(store, RN50.name)
    return by_words(fingerprints(locate(models, store, with_depth=False), store))


def test_every_file_counts_under_its_role(models: NetworkSet, store: ModelStore) -> None:
    found = prints(models, store)
    assert list(found) == [
        "denoiser",
        "denoiser / config",
        "encoder / RN50/openai",
        "encoder / mine / open_clip_config.json",
        "encoder / mine / open_clip_model.safetensors",
        "encoder / mine / vocabulary.json",
    ]
    assert found["denoiser"] == hashlib.sha256(b"weights").hexdigest()


def test_a_published_file_is_known_by_its_verified_sum(
    models: NetworkSet, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []

    def digest(path: Path, remedy: str) -> str:
        read.append(path)
        return "0" * 64

    monkeypatch.setattr("pipeline.catalogue.network_fingerprints.network_digest", digest)
    assert prints(models, store)["encoder / RN50/openai"] == PUBLISHED[RN50.name].sha256
    assert [path.name for path in read] == ["net.pt"]


def test_a_file_of_flow_weights_counts_by_its_sum(store: ModelStore, tmp_path: Path) -> None:
    weights = tmp_path / "raft.pth"
    weights.write_bytes(b"weights")
    models = NetworkSet(flow=CheckpointSource(str(weights), None))
    found = by_words(fingerprints(locate(models, store, with_flow=True), store))
    assert found["flow"] == hashlib.sha256(b"weights").hexdigest()
    unasked = by_words(fingerprints(locate(models, store), store))
    assert not any(name.startswith("flow") for name in unasked)


def test_another_configuration_is_another_network(
    models: NetworkSet, store: ModelStore, tmp_path: Path
) -> None:
    before = prints(models, store)
    write_json(tmp_path / "net.json", {**json.loads(TINY.model_dump_json()), "num_heads": 4})
    after = prints(models, store)
    assert {key for key in before if before[key] != after[key]} == {"denoiser / config"}


def test_a_precision_counts_where_the_scene_names_it(models: NetworkSet, store: ModelStore) -> None:
    assert prints(replace(models, precision="bf16"), store)["denoiser / precision"] == "bf16"
    assert "denoiser / precision" not in prints(models, store)


def test_an_encoder_that_also_tells_counts_in_both_roles_and_is_read_once(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []

    def digests(folder: Path, remedy: str) -> dict[str, str]:
        read.append(folder)
        return {"weights": "0" * 64}

    monkeypatch.setattr("pipeline.catalogue.network_fingerprints.network_digests", digests)
    found = by_words(fingerprints(locate(NetworkSet(), store), store))
    assert {"prompt encoder / weights", "encoder / starter / weights"} <= found.keys()
    assert read.count(STARTER_FOLDERS[Role.ENCODER]) == 1


def test_a_place_on_the_disk_is_no_part_of_a_fingerprint(
    models: NetworkSet, store: ModelStore, tmp_path: Path
) -> None:
    before = prints(models, store)
    moved = (tmp_path / "e").rename(tmp_path / "elsewhere")
    encoders = {**models.encoders, "mine": FolderSource(str(moved))}
    assert prints(replace(models, encoders=encoders), store) == before


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_networks_of_ones_own_that_are_not_there_are_named(
    models: NetworkSet, store: ModelStore, tmp_path: Path, kind: str
) -> None:
    gone = tmp_path / "gone"
    if kind == "folder":
        models = replace(models, encoders={**models.encoders, "mine": FolderSource(str(gone))})
        words = f"{gone}: there is no network here; "
    else:
        assert isinstance(models.denoiser, CheckpointSource)
        models = replace(models, denoiser=replace(models.denoiser, file=str(gone)))
        words = f"{gone}: cannot be read (No such file or directory); "
    with pytest.raises(ModelError) as caught:
        prints(models, store)
    assert str(caught.value) == (
        words + "name another network in the scene's `models`, or put this one back"
    )


def test_a_depth_network_in_a_file_is_known_by_its_content_and_its_architecture(
    tmp_path: Path, store: ModelStore
) -> None:
    path = tmp_path / "mine.pt"
    path.write_bytes(b"weights")

    def located(architecture: str) -> LocatedNetworks:
        mine = DepthSource("mine.pt", CheckpointSource(str(path), architecture))
        return locate(NetworkSet(depth=(mine,)), store)

    (depth,) = located("dpt_large").depth
    assert depth.files == NetworkFiles(path, architecture="dpt_large")
    large, hybrid = (
        by_words(fingerprints(located(name), store)) for name in ("dpt_large", "dpt_hybrid")
    )
    assert {key for key in large if large[key] != hybrid[key]} == {"depth / config"}
    path.write_bytes(b"others")
    other = by_words(fingerprints(located("dpt_large"), store))
    assert {key for key in large if large[key] != other[key]} == {"depth"}
