"""The files behind the networks of a plan: where they lie, and which of them frames need."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.catalogue.facts import STARTER_FOLDERS
from pipeline.catalogue.guided_config import CONFIGURATIONS, config_beside
from pipeline.catalogue.locate import locate, locate_all
from pipeline.catalogue.located import DepthFiles, NetworkFiles
from pipeline.catalogue.network_fingerprints import fingerprints
from pipeline.catalogue.publication import Published, Role
from pipeline.catalogue.published import PUBLISHED
from pipeline.catalogue.store import ModelStore
from pipeline.errors import ModelError
from pipeline.spec.between import Between
from pipeline.spec.camera import DepthPictureSpec
from pipeline.spec.plan import Plan
from pipeline.spec.sources import (
    CheckpointSource,
    DepthSource,
    FolderSource,
    NamedSource,
    NetworkSet,
)
from pipeline.spec.step_schedule import StepSchedule
from tests.pipeline.catalogue.stores import DPT_LARGE, PIXELART, RN50, by_words, complaint, put
from tests.pipeline.networks.published import TINY
from tests.pipeline.networks.tiny import save_denoiser, unet, write_json
from tests.pipeline.plans import CAMERA, chain_plan, painted, with_frame


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


def test_a_flow_network_is_for_frames_that_flow(store: ModelStore) -> None:
    plan = replace(chain_plan(3), networks={"main": NetworkSet(flow=NamedSource("raft_small"))})
    assert locate_all(plan, store)["main"].flow is None
    flowing = replace(plan[1], between=Between(share=0.5, flow=True))
    plan = with_frame(plan, flowing)
    with pytest.raises(ModelError, match="discoreel models pull raft_small"):
        locate_all(plan, store)
    put(store, "raft_small")
    path = store.root / "raft_small_C_T_V2-01064c6d.pth"
    assert locate_all(plan, store)["main"].flow == NetworkFiles(
        path, published=PUBLISHED["raft_small"]
    )


def test_opencvs_flow_has_no_files(store: ModelStore) -> None:
    networks = locate(NetworkSet(), store, with_flow=True)
    assert networks.flow is None
    assert "flow" not in [role for role, _, _ in networks.by_role()]


def guided_denoisers() -> list[str]:
    """The published denoisers that are one file each."""
    return [n for n, e in PUBLISHED.items() if e.role is Role.DENOISER and not e.parts]


@pytest.mark.parametrize("name", guided_denoisers())
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
