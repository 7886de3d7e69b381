"""Files of networks that change between their sums and their loading."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.catalogue.located import LocatedNetworks, NetworkFiles
from pipeline.catalogue.stamps import check_unchanged, stamps
from pipeline.cli.loading import Loading, Memory
from pipeline.cli.options import Device
from pipeline.errors import ModelError


@pytest.fixture
def located(tmp_path: Path) -> LocatedNetworks:
    """A denoiser in a folder, an encoder in a file with a file of its tokenizer beside it."""
    folder = tmp_path / "denoiser"
    folder.mkdir()
    for name in ("config.json", "weights.safetensors", "notes.txt"):
        (folder / name).write_bytes(b"one")
    for name in ("clip.pt", "vocabulary.json"):
        (tmp_path / name).write_bytes(b"one")
    clip = NetworkFiles(tmp_path / "clip.pt", tokenizer=(tmp_path / "vocabulary.json",))
    return LocatedNetworks(
        denoiser=NetworkFiles(folder),
        encoders={"mine": clip},
        prompt_encoder=None,
        secondary=None,
        depth=(),
        lpips=None,
        precision="auto",
        truncate_prompts=False,
    )


def written(file: Path) -> None:
    file.write_bytes(b"two")


def swapped_and_swapped_back(file: Path) -> None:
    kept = file.with_name("kept")
    os.replace(file, kept)
    file.write_bytes(b"two")
    os.replace(kept, file)


def removed(file: Path) -> None:
    file.unlink()


@pytest.mark.parametrize("change", [written, swapped_and_swapped_back, removed])
@pytest.mark.parametrize(
    "name", ["denoiser/config.json", "denoiser/weights.safetensors", "clip.pt", "vocabulary.json"]
)
def test_a_file_that_changes_is_named(
    tmp_path: Path, located: LocatedNetworks, name: str, change: Callable[[Path], None]
) -> None:
    before = stamps([located])
    check_unchanged(before, [located])
    change(tmp_path / name)
    with pytest.raises(ModelError) as caught:
        check_unchanged(before, [located])
    assert str(caught.value) == (
        f"{tmp_path / name} changed while the networks were loaded from it; no frame was rendered: "
        "give the same command again, which says what the change costs"
    )


def test_a_file_that_comes_is_named(tmp_path: Path, located: LocatedNetworks) -> None:
    before = stamps([located])
    (tmp_path / "denoiser" / "more.safetensors").write_bytes(b"one")
    with pytest.raises(ModelError, match=r"more\.safetensors changed while"):
        check_unchanged(before, [located])


def test_what_is_no_part_of_a_network_may_change(tmp_path: Path, located: LocatedNetworks) -> None:
    before = stamps([located])
    written(tmp_path / "denoiser" / "notes.txt")
    check_unchanged(before, [located])


def test_networks_are_not_used_that_were_swapped_while_they_were_loaded(
    tmp_path: Path, located: LocatedNetworks, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loaded from the other file, which is gone again when anybody looks."""

    def load(*_: object, **__: object) -> str:
        swapped_and_swapped_back(tmp_path / "clip.pt")
        return "networks"

    sets = {"main": located}
    loading = Loading(sets, Device.CPU, Memory.NORMAL, stamps=stamps(sets.values()))
    monkeypatch.setattr("pipeline.networks.load.load_networks", load)
    with pytest.raises(ModelError, match=r"clip\.pt changed while the networks were loaded"):
        loading.load()
    again = replace(loading, stamps=stamps(sets.values()))
    monkeypatch.setattr("pipeline.networks.load.load_networks", lambda *_, **__: "networks")
    assert again.load() == {"main": "networks"}
