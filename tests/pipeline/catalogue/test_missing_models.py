"""What a scene lacks is told at once, with the command that fetches it."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline.catalogue.find import find
from pipeline.catalogue.locate import locate
from pipeline.catalogue.network_fingerprints import fingerprints
from pipeline.catalogue.publication import Published
from pipeline.catalogue.published import PUBLISHED
from pipeline.catalogue.published_tokenizers import tokenizer_files
from pipeline.catalogue.store import ModelStore
from pipeline.spec.sources import NamedSource, NetworkSet
from tests.pipeline.catalogue.stores import DPT_LARGE, PIXELART, RN50, complaint, put


def test_lpips_lies_in_the_store_or_is_missed_with_the_command(store: ModelStore) -> None:
    told = complaint(NetworkSet(), store, with_lpips=True)
    assert told.startswith(f"2 models are not in {store.root}")
    assert told.endswith(f"discoreel models pull vgg16 lpips_vgg --models-dir {store.root}")
    put(store, "vgg16", "lpips_vgg")
    lpips = locate(NetworkSet(), store, with_lpips=True).lpips
    assert lpips is not None
    assert lpips.vgg16.path == store.root / "vgg16-397923af.pth"
    assert lpips.heads.path == store.root / "lpips_vgg-a78928a0.pth"


def test_all_that_is_missing_is_told_at_once_with_the_command(store: ModelStore) -> None:
    put(store, RN50.name)
    encoders = {"RN50/openai": RN50, "ViT-B-32/openai": NamedSource("ViT-B-32/openai")}
    models = NetworkSet(denoiser=PIXELART, encoders=encoders)
    assert complaint(models, store) == (
        f"2 models are not in {store.root}, about 809 MB in all:\n"
        "  pixelartdiffusion4k (about 455 MB)\n  ViT-B-32/openai (354 MB)\n"
        "fetch with: discoreel models pull pixelartdiffusion4k ViT-B-32/openai "
        f"--models-dir {store.root}"
    )


def test_a_preset_that_is_missing_is_fetched_as_a_preset(store: ModelStore) -> None:
    encoders = {name: NamedSource(name) for name in PUBLISHED if name in DISCOS}
    models = NetworkSet(
        preset="pixelart",
        denoiser=PIXELART,
        secondary=NamedSource("secondary"),
        encoders=encoders,
        depth=(DPT_LARGE,),
    )
    command = f"discoreel models pull --preset pixelart --models-dir {store.root}"
    assert complaint(models, store, with_secondary=True).endswith(command)
    assert "pull pixelartdiffusion4k " in complaint(models, store, with_depth=False)


DISCOS = ("ViT-B-32/openai", "ViT-B-16/openai", "RN50/openai")


def test_two_names_of_one_encoder_are_one_file(store: ModelStore) -> None:
    names = ("RN50/openai", "RN50-quickgelu/openai")
    models = NetworkSet(encoders={name: NamedSource(name) for name in names})
    assert complaint(models, store) == (
        f"1 model is not in {store.root}, 256 MB in all:\n  RN50/openai (256 MB)\n"
        f"fetch with: discoreel models pull RN50/openai --models-dir {store.root}"
    )


def test_the_command_can_be_copied_whatever_the_folder_is_called(tmp_path: Path) -> None:
    there = ModelStore(tmp_path / "my models")
    told = complaint(NetworkSet(encoders={"RN50/openai": RN50}), there)
    assert told.endswith(f"discoreel models pull RN50/openai --models-dir '{there.root}'")


SIGLIP = "ViT-B-16-SigLIP/webli"


def test_an_encoder_is_there_with_its_tokenizer_only(store: ModelStore) -> None:
    models = NetworkSet(encoders={SIGLIP: NamedSource(SIGLIP)})
    command = f"fetch with: discoreel models pull {SIGLIP} --models-dir {store.root}"
    heading = f"1 model is not in {store.root}, unknown size in all:\n  {SIGLIP}"
    assert complaint(models, store) == f"{heading} (unknown size)\n{command}"
    entry = find(SIGLIP)
    fetched(store, entry)
    lacking = f"{heading} (there, without its tokenizer)\n{command}"
    assert complaint(models, store) == lacking
    vocabulary, config = tokenizer_files(entry)
    fetched(store, vocabulary)
    assert complaint(models, store) == lacking
    fetched(store, config)
    networks = locate(models, store)
    assert networks.encoders[SIGLIP].tokenizer == (store.path(vocabulary), store.path(config))
    sums = fingerprints(networks, store)
    own = {one.what for one in sums if (one.role, one.name) == ("encoder", SIGLIP)}
    assert own == {"", vocabulary.name, config.name}


def fetched(store: ModelStore, entry: Published) -> None:
    store.root.mkdir(exist_ok=True)
    store.path(entry).write_bytes(entry.name.encode())
    store.remember(entry, hashlib.sha256(entry.name.encode()).hexdigest())


def test_an_encoder_that_nobody_knows_is_named(store: ModelStore) -> None:
    models = NetworkSet(encoders={"x": NamedSource("RN50/openia")})
    assert complaint(models, store).startswith(
        'there is no published model "RN50/openia" (did you mean "RN50/openai"?)'
    )
