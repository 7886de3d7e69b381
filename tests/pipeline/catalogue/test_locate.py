"""The files behind the networks of a plan, and their fingerprints."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.catalogue.facts import STARTER_FOLDERS
from pipeline.catalogue.guided_config import CONFIGURATIONS, config_beside
from pipeline.catalogue.locate import (
    DepthFiles,
    LocatedNetworks,
    NetworkFiles,
    fingerprints,
    locate,
    networks_of,
)
from pipeline.catalogue.publication import Published, Role
from pipeline.catalogue.published import PUBLISHED
from pipeline.catalogue.store import ModelStore
from pipeline.errors import ModelError
from pipeline.plan.make import RESTING
from pipeline.spec.frame import DepthPictureSpec, Plan
from pipeline.spec.sources import (
    CheckpointSource,
    DepthSource,
    FolderSource,
    ModelsSpec,
    NamedSource,
)
from tests.pipeline.catalogue.stores import DPT_LARGE, PIXELART, RN50, complaint, put
from tests.pipeline.networks.published import TINY
from tests.pipeline.networks.tiny import save_denoiser, save_word_clip, unet, write_json
from tests.pipeline.plans import CAMERA, chain_plan


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "store")


def test_the_starter_lies_in_the_package(store: ModelStore) -> None:
    networks = locate(ModelsSpec(), store)
    clip = NetworkFiles(STARTER_FOLDERS[Role.ENCODER])
    assert networks.denoiser == NetworkFiles(STARTER_FOLDERS[Role.DENOISER])
    assert networks.encoders == {"starter": clip}
    assert networks.prompt_encoder == clip
    depth = NetworkFiles(STARTER_FOLDERS[Role.DEPTH])
    assert networks.depth == (DepthFiles("starter", depth),)
    assert networks.secondary is networks.lpips is None


def test_published_networks_lie_in_the_store(store: ModelStore) -> None:
    put(store, PIXELART.name, RN50.name, "secondary", "dpt_large")
    models = ModelsSpec(
        denoiser=PIXELART,
        secondary=NamedSource("secondary"),
        encoders={"RN50/openai": RN50},
        depth=(DPT_LARGE,),
    )
    networks = locate(models, store, with_secondary=True)
    assert networks.denoiser == NetworkFiles(
        store.root / "pixelartdiffusion4k.pt", CONFIGURATIONS["pixelart"], PUBLISHED[PIXELART.name]
    )
    assert networks.encoders["RN50/openai"].path == store.root / "RN50.pt"
    assert networks.secondary is not None
    assert networks.secondary.published == PUBLISHED["secondary"]
    (depth,) = networks.depth
    assert depth.files.published == PUBLISHED["dpt_large"]
    # These denoisers are told nothing.
    assert networks.prompt_encoder is None


@pytest.mark.parametrize("name", [n for n, e in PUBLISHED.items() if e.role is Role.DENOISER])
def test_every_published_denoiser_has_a_configuration(store: ModelStore, name: str) -> None:
    put(store, name)
    networks = locate(ModelsSpec(denoiser=NamedSource(name)), store)
    assert networks.denoiser.config in CONFIGURATIONS.values()


def test_ones_own_folders_and_files_lie_where_the_scene_says(
    tmp_path: Path, store: ModelStore
) -> None:
    config = write_json(tmp_path / "net.json", json.loads(TINY.model_dump_json()))
    models = ModelsSpec(
        denoiser=CheckpointSource(str(tmp_path / "net.pt"), str(config)),
        encoders={"mine": FolderSource(str(tmp_path / "clip"))},
    )
    networks = locate(models, store)
    assert networks.denoiser == NetworkFiles(tmp_path / "net.pt", config_beside(config))
    assert networks.encoders == {"mine": NetworkFiles(tmp_path / "clip")}
    known = CheckpointSource(str(tmp_path / "net.pt"), "portrait")
    assert locate(ModelsSpec(denoiser=known), store).denoiser.config == CONFIGURATIONS["portrait"]


@pytest.mark.parametrize("prompted", [False, True])
def test_only_a_denoiser_that_reads_prompts_has_a_prompt_encoder(
    tmp_path: Path, store: ModelStore, prompted: bool
) -> None:
    extras = {"prompt": {"scale": 2.0}} if prompted else {}
    folder = save_denoiser(tmp_path / "d", unet(), extras=extras)
    networks = locate(ModelsSpec(denoiser=FolderSource(str(folder)), encoders={}), store)
    clip = NetworkFiles(STARTER_FOLDERS[Role.ENCODER])
    assert networks.prompt_encoder == (clip if prompted else None)


@pytest.mark.parametrize(("mode", "needed"), [("2d", False), ("3d", True)])
def test_depth_is_for_3d_only(store: ModelStore, mode: str, needed: bool) -> None:
    plan = chain_plan(2)
    camera = replace(CAMERA, mode=mode)
    plan = replace(plan, frames=tuple(replace(spec, camera=camera) for spec in plan))
    assert bool(networks_of(plan, store).depth) is needed


def test_no_depth_network_where_the_author_gives_depth(store: ModelStore) -> None:
    camera = replace(CAMERA, depth=DepthPictureSpec("/depth.png"))
    first, then = chain_plan(2)
    plan = replace(chain_plan(2), frames=(replace(first, camera=RESTING),))
    given = replace(plan, frames=(*plan.frames, replace(then, camera=camera)))
    assert networks_of(given, store).depth == ()
    assert networks_of(replace(plan, frames=(*plan.frames, then)), store).depth != ()


def test_all_networks_of_a_blend_are_asked_for(store: ModelStore) -> None:
    put(store, "dpt_large")
    blend = (replace(DPT_LARGE, share=0.7), DepthSource("starter", NamedSource("starter"), 0.3))
    networks = locate(ModelsSpec(depth=blend), store)
    assert [(one.name, one.share) for one in networks.depth] == [
        ("dpt_large", 0.7),
        ("starter", 0.3),
    ]
    midas = DepthSource("midas_v21", NamedSource("midas_v21"), 0.3)
    assert f"pull midas_v21 --models-dir {store.root}" in complaint(
        ModelsSpec(depth=(*blend, midas)), store
    )


def test_the_shares_of_a_blend_count(store: ModelStore) -> None:
    put(store, "dpt_large")

    def prints_of(*depth: DepthSource) -> dict[str, str]:
        found = fingerprints(locate(ModelsSpec(depth=depth), store), store)
        return {name: value for name, value in found.items() if name.startswith("depth")}

    starter = DepthSource("starter", NamedSource("starter"), 0.25)
    blend = prints_of(replace(DPT_LARGE, share=0.75), starter)
    assert list(blend) == [
        "depth dpt_large",
        "depth starter/config.json",
        "depth starter/depth.safetensors",
        "depth dpt_large/share",
        "depth starter/share",
    ]
    assert (blend["depth dpt_large/share"], blend["depth starter/share"]) == ("0.75", "0.25")
    assert blend["depth dpt_large"] == PUBLISHED["dpt_large"].sha256
    # One alone has no share of anything, and the name that renders know it by.
    assert list(prints_of(DPT_LARGE)) == ["depth"]


@pytest.mark.parametrize(("gradient", "needed"), [("denoiser", False), ("secondary", True)])
def test_the_secondary_model_is_for_frames_that_guide_through_it(
    store: ModelStore, gradient: str, needed: bool
) -> None:
    put(store, "secondary")
    models = ModelsSpec(secondary=NamedSource("secondary"))
    plan = replace(with_guidance(gradient=gradient), models=models)
    networks = networks_of(plan, store)
    assert (networks.secondary is not None) is needed
    assert ("secondary" in fingerprints(networks, store)) is needed


@pytest.mark.parametrize(("perceptual", "needed"), [("pyramid", False), ("lpips", True)])
def test_lpips_is_for_frames_that_measure_by_it(
    store: ModelStore, perceptual: str, needed: bool
) -> None:
    put(store, "vgg16", "lpips_vgg")
    networks = networks_of(with_guidance(perceptual=perceptual), store)
    assert (networks.lpips is not None) is needed
    found = fingerprints(networks, store)
    sums = {role: PUBLISHED[name].sha256 for role, name in LPIPS_PARTS.items()}
    assert {role: found.get(role) for role in sums} == (sums if needed else dict.fromkeys(sums))


LPIPS_PARTS = {"lpips network": "vgg16", "lpips heads": "lpips_vgg"}


def with_guidance(**settings: str) -> Plan:
    """A plan whose last frame alone is guided in another way."""
    *frames, last = chain_plan(2)
    last = replace(last, guidance=replace(last.guidance, **settings))
    return replace(chain_plan(2), frames=(*frames, last))


def test_a_secondary_model_that_the_scene_has_not_is_missed_before_anything_is_loaded(
    store: ModelStore,
) -> None:
    with pytest.raises(ModelError) as caught:
        networks_of(with_guidance(gradient="secondary"), store)
    assert str(caught.value) == (
        "guidance.gradient is secondary, but there is no secondary model; "
        "write gradient: denoiser or gradient: none, or models: {secondary: secondary}"
    )


def test_a_fetched_encoder_is_found_without_open_clip(
    store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = Published("Own/tag", Role.ENCODER, "Own-tag.bin", (), None, "", "", "Own")
    store.root.mkdir()
    store.path(entry).write_bytes(b"weights")
    store.remember(entry, "c" * 64)
    monkeypatch.setattr("pipeline.catalogue.locate.find", None)
    networks = locate(ModelsSpec(encoders={"Own/tag": NamedSource("Own/tag")}), store)
    assert networks.encoders["Own/tag"].path == store.path(entry)
    assert fingerprints(networks, store)["encoder Own/tag"] == "c" * 64


# -------------------------------------------------------------------------------- fingerprints


@pytest.fixture
def models(tmp_path: Path) -> ModelsSpec:
    """A network of each kind."""
    config = write_json(tmp_path / "net.json", json.loads(TINY.model_dump_json()))
    (tmp_path / "net.pt").write_bytes(b"weights")
    return ModelsSpec(
        denoiser=CheckpointSource(str(tmp_path / "net.pt"), str(config)),
        encoders={"RN50/openai": RN50, "mine": FolderSource(str(save_word_clip(tmp_path / "e")))},
    )


def prints(models: ModelsSpec, store: ModelStore) -> dict[str, str]:
    put(store, RN50.name)
    return fingerprints(locate(models, store, with_depth=False), store)


def test_every_file_counts_under_its_role(models: ModelsSpec, store: ModelStore) -> None:
    found = prints(models, store)
    assert list(found) == [
        "denoiser",
        "denoiser/config",
        "encoder RN50/openai",
        "encoder mine/open_clip_config.json",
        "encoder mine/open_clip_model.safetensors",
        "encoder mine/vocabulary.json",
    ]
    assert found["denoiser"] == hashlib.sha256(b"weights").hexdigest()


def test_a_published_file_is_known_by_its_verified_sum(
    models: ModelsSpec, store: ModelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = []

    def digest(path: Path, remedy: str) -> str:
        read.append(path)
        return "0" * 64

    monkeypatch.setattr("pipeline.catalogue.locate.network_digest", digest)
    assert prints(models, store)["encoder RN50/openai"] == PUBLISHED[RN50.name].sha256
    assert [path.name for path in read] == ["net.pt"]


def test_another_configuration_is_another_network(
    models: ModelsSpec, store: ModelStore, tmp_path: Path
) -> None:
    before = prints(models, store)
    write_json(tmp_path / "net.json", {**json.loads(TINY.model_dump_json()), "num_heads": 4})
    after = prints(models, store)
    assert {key for key in before if before[key] != after[key]} == {"denoiser/config"}


def test_a_precision_counts_where_the_scene_names_it(models: ModelsSpec, store: ModelStore) -> None:
    assert prints(replace(models, precision="bf16"), store)["precision"] == "bf16"
    assert "precision" not in prints(models, store)


def test_an_encoder_that_also_tells_counts_once(store: ModelStore) -> None:
    starter = fingerprints(locate(ModelsSpec(), store), store)
    assert "encoder starter/vocabulary.json" in starter
    assert not any(key.startswith("prompt encoder") for key in starter)
    alone = fingerprints(locate(ModelsSpec(encoders={}), store), store)
    assert "prompt encoder/vocabulary.json" in alone


def test_a_place_on_the_disk_is_no_part_of_a_fingerprint(
    models: ModelsSpec, store: ModelStore, tmp_path: Path
) -> None:
    before = prints(models, store)
    moved = (tmp_path / "e").rename(tmp_path / "elsewhere")
    encoders = {**models.encoders, "mine": FolderSource(str(moved))}
    assert prints(replace(models, encoders=encoders), store) == before


@pytest.mark.parametrize("kind", ["folder", "file"])
def test_networks_of_ones_own_that_are_not_there_are_named(
    models: ModelsSpec, store: ModelStore, tmp_path: Path, kind: str
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
        return locate(ModelsSpec(depth=(mine,)), store)

    (depth,) = located("dpt_large").depth
    assert depth.files == NetworkFiles(path, architecture="dpt_large")
    large, hybrid = (fingerprints(located(name), store) for name in ("dpt_large", "dpt_hybrid"))
    assert {key for key in large if large[key] != hybrid[key]} == {"depth/config"}
    path.write_bytes(b"others")
    other = fingerprints(located("dpt_large"), store)
    assert {key for key in large if large[key] != other[key]} == {"depth"}
