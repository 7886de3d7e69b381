"""What a store knows of a model of many files, and what a render that lacks one is told."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from pipeline.catalogue.find import find
from pipeline.catalogue.locate import locate
from pipeline.catalogue.located import NetworkFiles
from pipeline.catalogue.missing_models import missing_error
from pipeline.catalogue.model_files import model_files
from pipeline.catalogue.network_digests import network_digests
from pipeline.catalogue.network_fingerprints import fingerprints
from pipeline.catalogue.pipeline_architectures import ARCHITECTURES
from pipeline.catalogue.publication import total_text
from pipeline.catalogue.published import PUBLISHED
from pipeline.catalogue.stamps import check_unchanged, stamps
from pipeline.catalogue.store import ModelStore, State, Verdict
from pipeline.errors import ModelError
from pipeline.spec.sources import NamedSource, NetworkSet
from tests.pipeline.catalogue.folders import FILES, MODEL, TOTAL, UNET, VAE
from tests.pipeline.catalogue.stores import by_words, complaint

SD15 = NetworkSet(denoiser=NamedSource("sd15"), encoders={}, depth=())
SUMS = {file: part.sha256 for file, part in zip(FILES, MODEL.parts, strict=True)}


def write(store: ModelStore, *files: str) -> None:
    """Files of the folder in the store, which nobody has looked at."""
    for file in files or FILES:
        path = store.root / "model" / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(FILES[file])


def put(store: ModelStore, name: str) -> None:
    """A published folder in the store, of files that pass for the published ones."""
    for part in PUBLISHED[name].parts:
        path = store.path(part)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(part.name.encode())
        store.remember(part, part.sha256 or "0" * 64)


def test_states_of_a_folder(store: ModelStore) -> None:
    assert store.state(MODEL) is State.MISSING
    write(store, UNET)
    assert store.state(MODEL) is State.PARTIAL
    write(store)
    assert store.state(MODEL) is State.UNVERIFIED
    assert [store.verify(part) for part in model_files(MODEL)] == [Verdict.OK] * len(FILES)
    assert store.state(MODEL) is State.VERIFIED and store.has(MODEL)
    os.utime(store.root / "model" / VAE, (1, 1))
    assert store.state(MODEL) is State.UNVERIFIED and not store.has(MODEL)
    (store.root / "model" / VAE).unlink()
    assert store.state(MODEL) is State.PARTIAL


def test_notes_of_files_lie_beside_them(store: ModelStore) -> None:
    write(store)
    store.verify(MODEL.parts[2])
    assert (store.root / "model" / "unet" / ".weights.safetensors.verified.json").is_file()
    assert list(store.root.glob(".*")) == []
    assert store.others([]) == ()


def test_sizes_of_a_folder_are_those_of_its_files(store: ModelStore) -> None:
    rough = replace(MODEL, parts=tuple(replace(part, size=10**9) for part in MODEL.parts))
    assert total_text([rough]) == "about 4.00 GB"
    write(store)
    assert store.measured(rough).estimate == TOTAL
    unknown = replace(MODEL, parts=(replace(MODEL.parts[0], size=None), *MODEL.parts[1:]))
    assert total_text([unknown]) == "unknown size"


def test_what_is_missing_of_a_folder_is_told(store: ModelStore) -> None:
    absent = str(missing_error([MODEL], store, "model"))
    assert "1 model is not in" in absent and "\n  model (about 300 kB)\n" in absent
    write(store, "model_index.json", UNET)
    store.verify(MODEL.parts[0])
    store.verify(MODEL.parts[2])
    words = str(missing_error([MODEL], store, "model"))
    assert "about 100 kB in all:\n  model (2 of 4 files missing, about 100 kB)\n" in words
    write(store)
    assert "  model (there, not verified)\n" in str(missing_error([MODEL], store, "model"))


def test_a_file_of_a_folder_has_a_name_of_its_own() -> None:
    part = find("sd15/tokenizer/tokenizer_config.json")
    assert part in PUBLISHED["sd15"].parts
    with pytest.raises(ModelError, match='there is no published model "sd15-"'):
        find("sd15-")


def test_a_published_folder_is_located_as_one(store: ModelStore) -> None:
    assert "fetch with: discoreel models pull sd15" in complaint(SD15, store)
    put(store, "sd15")
    located = locate(SD15, store)
    assert located.denoiser == NetworkFiles(store.root / "sd15", published=PUBLISHED["sd15"])
    # It reads prompts by its own encoders.
    assert located.prompt_encoder is None
    assert PUBLISHED["sd15"].architecture in ARCHITECTURES


def test_the_fingerprints_of_a_folder_are_those_of_its_records(store: ModelStore) -> None:
    put(store, "sd15")
    prints = by_words(fingerprints(locate(SD15, store), store))
    files = {part.name.removeprefix("sd15/"): part for part in PUBLISHED["sd15"].parts}
    assert set(prints) == {f"denoiser / {file}" for file in files}
    unet = "unet/diffusion_pytorch_model.fp16.safetensors"
    assert prints[f"denoiser / {unet}"] == files[unet].sha256


def test_a_folder_of_ones_own_has_the_same_sums(store: ModelStore) -> None:
    write(store)
    (store.root / "model" / "tokenizer").mkdir()
    (store.root / "model" / "tokenizer" / "merges.txt").write_bytes(FILES[UNET])
    for part in MODEL.parts:
        store.verify(part)
    sums = network_digests(store.root / "model", "")
    assert sums == {**SUMS, "tokenizer/merges.txt": SUMS[UNET]}


def test_a_file_of_a_folder_that_changes_while_it_is_loaded(store: ModelStore) -> None:
    put(store, "sd15")
    sets = [locate(SD15, store)]
    before = stamps(sets)
    assert len(before) == len(PUBLISHED["sd15"].parts)
    check_unchanged(before, sets)
    (store.root / "sd15" / "tokenizer" / "merges.txt").write_bytes(b"other")
    with pytest.raises(ModelError, match=r"merges.txt changed while the networks were loaded"):
        check_unchanged(before, sets)
