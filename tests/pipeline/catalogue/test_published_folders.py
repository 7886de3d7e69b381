"""The table of published folders holds together, and says what diffusers' own classes say."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

import pytest

from pipeline.catalogue.facts import (
    least_area,
    most_steps,
    pipeline_of,
    reads_embeddings,
    reads_prompts,
    size_multiple,
    timesteps_for,
)
from pipeline.catalogue.mirror import check_address
from pipeline.catalogue.pipeline_architectures import ARCHITECTURES
from pipeline.catalogue.pipelines import Family
from pipeline.catalogue.publication import Published, Role
from pipeline.catalogue.published import PUBLISHED
from pipeline.spec.sources import CheckpointSource, NamedSource

FOLDERS = [entry for entry in PUBLISHED.values() if entry.parts]
IDS = [entry.name for entry in FOLDERS]
WEIGHTS = {".safetensors", ".pt"}
PIPELINES = [entry for entry in FOLDERS if entry.role is Role.DENOISER]


def files_of(entry: Published) -> Iterator[PurePosixPath]:
    for part in entry.parts:
        yield PurePosixPath(part.file).relative_to(entry.file)


@pytest.mark.parametrize("entry", FOLDERS, ids=IDS)
def test_a_folder_is_well_formed(entry: Published) -> None:
    assert entry.file == entry.name and not entry.mirrors and not entry.sha256
    assert entry.page.startswith("https://") and entry.licence and entry.estimate
    files = list(files_of(entry))
    assert len(set(files)) == len(files)
    for part in entry.parts:
        assert part.name == part.file and part.file.startswith(f"{entry.name}/")
        assert ".." not in PurePosixPath(part.file).parts
        assert part.mirrors and part.estimate
        for mirror in part.mirrors:
            check_address(mirror)
        assert re.fullmatch("([0-9a-f]{64})?", part.sha256)
        assert (part.licence, part.gated, part.page) == (entry.licence, entry.gated, entry.page)


@pytest.mark.parametrize("entry", FOLDERS, ids=IDS)
def test_nothing_is_fetched_that_is_not_loaded(entry: Published) -> None:
    files = list(files_of(entry))
    parts = {file.parent.as_posix() for file in files}
    assert not {"safety_checker", "feature_extractor", "watermarker"} & parts
    for part in parts:
        weights = {file.name for file in files if file.parent.as_posix() == part}
        weights = {name for name in weights if PurePosixPath(name).suffix in WEIGHTS}
        # One set of weights for each part; GLIDE's two networks lie side by side.
        stems = {re.sub(r"-\d{5}-of-\d{5}", "", name) for name in weights}
        assert len(stems) <= 1 or entry.name == "glide" or "ip_adapter.safetensors" in stems


@pytest.mark.parametrize("entry", FOLDERS, ids=IDS)
def test_shards_are_all_there_with_their_index(entry: Published) -> None:
    files = list(files_of(entry))
    counted = [re.search(r"(\d{5})-of-(\d{5})", file.name) for file in files]
    for file, found in zip(files, counted, strict=True):
        if found is None:
            continue
        beside = [one.name for one in files if one.parent == file.parent]
        assert sum("-of-" in name for name in beside) == int(found[2])
        assert any("safetensors.index" in name for name in beside)


@pytest.mark.parametrize("entry", PIPELINES, ids=[entry.name for entry in PIPELINES])
def test_a_pipeline_is_known_before_it_is_fetched(entry: Published) -> None:
    source = NamedSource(entry.name)
    facts = ARCHITECTURES[entry.architecture]
    assert pipeline_of(source) == facts
    assert size_multiple(source) == facts.size_multiple
    assert facts.advised_multiple % facts.size_multiple == 0
    assert least_area(source) == facts.size_multiple**2
    assert most_steps(source, "ddim", "trailing") == facts.timesteps
    assert timesteps_for(source, 25) == 25
    assert reads_prompts(source) and not reads_embeddings(source)


def test_a_file_of_ones_own_is_known_by_what_it_was_trained_as() -> None:
    source = CheckpointSource("/models/dream.safetensors", "sdxl")
    facts = pipeline_of(source)
    assert facts is not None and facts.family is Family.STABLE_DIFFUSION_XL
    assert size_multiple(source) == 8 and reads_prompts(source)


def test_every_denoiser_of_another_kind_has_no_pipeline() -> None:
    others = [entry for entry in PUBLISHED.values() if not entry.parts]
    for entry in others:
        if entry.role is Role.DENOISER:
            assert pipeline_of(NamedSource(entry.name)) is None
    assert pipeline_of(NamedSource("starter")) is None


def test_a_sum_is_of_one_content_wherever_it_stands() -> None:
    sizes: dict[str, int | None] = {}
    for entry in FOLDERS:
        for part in entry.parts:
            if part.sha256:
                assert sizes.setdefault(part.sha256, part.size) == part.size
    assert len(sizes) > 5
