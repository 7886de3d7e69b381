"""The files behind the networks of a plan, and their fingerprints."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.catalogue.facts import STARTER_FOLDERS
from pipeline.catalogue.guided_config import CONFIGURATIONS, config_beside
from pipeline.catalogue.locate import fingerprints, locate, locate_all
from pipeline.catalogue.located import DepthFiles, LocatedNetworks, NetworkFiles
from pipeline.catalogue.publication import Published, Role
from pipeline.catalogue.published import PUBLISHED
from pipeline.catalogue.store import ModelStore
from pipeline.errors import ModelError
from pipeline.spec.camera import DepthPictureSpec
from pipeline.spec.fingerprints import Fingerprint
from pipeline.spec.plan import Plan
from pipeline.spec.sources import (
    CheckpointSource,
    DepthSource,
    FolderSource,
    NamedSource,
    NetworkSet,
)
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.catalogue.stores import DPT_LARGE, PIXELART, RN50, complaint, put
from tests.pipeline.networks.published import TINY
from tests.pipeline.networks.tiny import save_denoiser, save_word_clip, unet, write_json
from tests.pipeline.plans import CAMERA, chain_plan, painted, with_frame


@pytest.fixture
def store(tmp_path: Path) -> ModelStore:
    return ModelStore(tmp_path / "store")


def test_the_starter_lies_in_the_package(store: ModelStore) -> None:
    networks = locate(NetworkSet(), store)
    clip = NetworkFiles(STARTER_FOLDERS[Role.ENCODER])
    assert networks.denoiser == NetworkFiles(STARTER_FOLDERS[Role.DENOISER])
    assert networks.encoders == {"starter": clip}
    assert networks.prompt_encoder == clip
    depth = NetworkFiles(STARTER_FOLDERS[Role.DEPTH])
    assert networks.depth == (DepthFiles("starter", depth),)
    assert networks.secondary is networks.lpips is None


def test_published_networks_lie_in_the_store(store: ModelStore) -> None:
    put(store, PIXELART.name, RN50.name, "secondary", "dpt_large")
    models = NetworkSet(
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
    networks = locate(NetworkSet(denoiser=NamedSource(name)), store)
    assert networks.denoiser.config in CONFIGURATIONS.values()


def test_ones_own_folders_and_files_lie_where_the_scene_says(
    tmp_path: Path, store: ModelStore
) -> None:
    config = write_json(tmp_path / "net.json", json.loads(TINY.model_dump_json()))
    models = NetworkSet(
        denoiser=CheckpointSource(str(tmp_path / "net.pt"), str(config)),
        encoders={"mine": FolderSource(str(tmp_path / "clip"))},
    )
    networks = locate(models, store)
    assert networks.denoiser == NetworkFiles(tmp_path / "net.pt", config_beside(config))
    assert networks.encoders == {"mine": NetworkFiles(tmp_path / "clip")}
    known = CheckpointSource(str(tmp_path / "net.pt"), "portrait")
    assert locate(NetworkSet(denoiser=known), store).denoiser.config == CONFIGURATIONS["portrait"]


@pytest.mark.parametrize("prompted", [False, True])
def test_only_a_denoiser_that_reads_prompts_has_a_prompt_encoder(
    tmp_path: Path, store: ModelStore, prompted: bool
) -> None:
    extras = {"prompt": {"scale": 2.0}} if prompted else {}
    folder = save_denoiser(tmp_path / "d", unet(), extras=extras)
    networks = locate(NetworkSet(denoiser=FolderSource(str(folder)), encoders={}), store)
    clip = NetworkFiles(STARTER_FOLDERS[Role.ENCODER])
    assert networks.prompt_encoder == (clip if prompted else None)


@pytest.mark.parametrize(("mode", "needed"), [("2d", False), ("3d", True)])
def test_depth_is_for_3d_only(store: ModelStore, mode: str, needed: bool) -> None:
    plan = chain_plan(2)
    camera = replace(CAMERA, mode=mode)
    plan = with_frame(plan, replace(plan[1], camera=camera))
    assert bool(locate_all(plan, store)["main"].depth) is needed


def test_no_depth_network_where_the_author_gives_depth(store: ModelStore) -> None:
    plan = chain_plan(3)
    camera = replace(CAMERA, depth=DepthPictureSpec("/depth.png"))
    given = with_frame(plan, replace(plan[1], camera=camera))
    assert locate_all(replace(given, frames=given.frames[:2]), store)["main"].depth == ()
    assert locate_all(given, store)["main"].depth != ()


def test_each_set_of_networks_has_what_its_own_frames_ask(store: ModelStore) -> None:
    plan = replace(chain_plan(2), networks={"main": NetworkSet(), "city": NetworkSet()})
    plan = with_frame(plan, replace(plan[1], networks="city"))
    found = locate_all(plan, store)
    assert {name: bool(one.depth) for name, one in found.items()} == {"main": False, "city": True}


def test_all_networks_of_a_blend_are_asked_for(store: ModelStore) -> None:
    put(store, "dpt_large")
    blend = (replace(DPT_LARGE, share=0.7), DepthSource("starter", NamedSource("starter"), 0.3))
    networks = locate(NetworkSet(depth=blend), store)
    assert [(one.name, one.share) for one in networks.depth] == [
        ("dpt_large", 0.7),
        ("starter", 0.3),
    ]
    midas = DepthSource("midas_v21", NamedSource("midas_v21"), 0.3)
    assert f"pull midas_v21 --models-dir {store.root}" in complaint(
        NetworkSet(depth=(*blend, midas)), store
    )


def by_words(found: Iterable[Fingerprint]) -> dict[str, str]:
    """The values by what they are of, in one line."""
    return {" / ".join(filter(None, one.key)): one.value for one in found}


def test_the_shares_of_a_blend_count(store: ModelStore) -> None:
    put(store, "dpt_large")

    def prints_of(*depth: DepthSource) -> dict[str, str]:
        found = by_words(fingerprints(locate(NetworkSet(depth=depth), store), store))
        return {name: value for name, value in found.items() if name.startswith("depth")}

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


@pytest.mark.parametrize(("gradient", "needed"), [("denoiser", False), ("secondary", True)])
def test_the_secondary_model_is_for_frames_that_guide_through_it(
    store: ModelStore, gradient: str, needed: bool
) -> None:
    put(store, "secondary")
    models = NetworkSet(secondary=NamedSource("secondary"))
    plan = replace(with_guidance(gradient=gradient), networks={"main": models})
    networks = locate_all(plan, store)["main"]
    assert (networks.secondary is not None) is needed
    assert ("secondary" in by_words(fingerprints(networks, store))) is needed


@pytest.mark.parametrize(("perceptual", "needed"), [("pyramid", False), ("lpips", True)])
def test_lpips_is_for_frames_that_measure_by_it(
    store: ModelStore, perceptual: str, needed: bool
) -> None:
    put(store, "vgg16", "lpips_vgg")
    keeping = {"perceptual": perceptual, "init_scale": StepSchedule.constant(10.0)}
    networks = locate_all(with_guidance(**keeping), store)["main"]
    assert (networks.lpips is not None) is needed
    found = by_words(fingerprints(networks, store))
    sums = {f"perceptual / {name}": PUBLISHED[name].sha256 for name in ("vgg16", "lpips_vgg")}
    assert {name: found.get(name) for name in sums} == (sums if needed else dict.fromkeys(sums))


def with_guidance(**settings: object) -> Plan:
    """A plan whose last frame alone is guided in another way."""
    plan = chain_plan(2)
    return with_frame(plan, painted(plan[1], **settings))


def test_a_secondary_model_that_the_scene_has_not_is_missed_before_anything_is_loaded(
    store: ModelStore,
) -> None:
    with pytest.raises(ModelError) as caught:
        locate_all(with_guidance(gradient="secondary"), store)
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
    networks = locate(NetworkSet(encoders={"Own/tag": NamedSource("Own/tag")}), store)
    assert networks.encoders["Own/tag"].path == store.path(entry)
    assert by_words(fingerprints(networks, store))["encoder / Own/tag"] == "c" * 64


# -------------------------------------------------------------------------------- fingerprints


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

    monkeypatch.setattr("pipeline.catalogue.locate.network_digest", digest)
    assert prints(models, store)["encoder / RN50/openai"] == PUBLISHED[RN50.name].sha256
    assert [path.name for path in read] == ["net.pt"]


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

    monkeypatch.setattr("pipeline.catalogue.locate.network_digests", digests)
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
