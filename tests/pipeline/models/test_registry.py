"""Presets and the fingerprints of their files."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import ModelError
from pipeline.models.registry import PRESETS, Preset, fingerprints

SCRIPT = """
import sys
from pipeline.models.registry import PRESETS
slow = {"torch", "diffusers", "open_clip", "timm", "safetensors"} & set(sys.modules)
print(sorted(PRESETS), sorted(slow))
"""


@pytest.fixture
def preset(tmp_path: Path) -> Preset:
    """Folders of files that nobody loads here."""
    folders = {name: tmp_path / name for name in ("den", "enc", "dep")}
    for folder in folders.values():
        (folder / "unet").mkdir(parents=True)
        (folder / "unet" / "model.safetensors").write_bytes(folder.name.encode())
        (folder / "config.json").write_text("{}", encoding="utf-8")
        (folder / "README.md").write_text("words", encoding="utf-8")
    den, enc, dep = folders.values()
    return replace(PRESETS["starter"], name="test", denoiser=den, encoder=enc, depth=dep)


def test_presets_are_known_without_any_network_library() -> None:
    argv = [sys.executable, "-c", SCRIPT]
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert done.stdout == f"{sorted(PRESETS)} []\n"


def test_presets_go_by_their_names() -> None:
    assert {name: preset.name for name, preset in PRESETS.items()} == {n: n for n in PRESETS}


def test_every_network_file_has_its_hash_under_its_role(preset: Preset) -> None:
    found = fingerprints(preset)
    assert list(found) == [
        "denoiser/config.json",
        "denoiser/unet/model.safetensors",
        "encoder/config.json",
        "encoder/unet/model.safetensors",
        "depth/config.json",
        "depth/unet/model.safetensors",
    ]
    assert found["encoder/unet/model.safetensors"] == hashlib.sha256(b"enc").hexdigest()


def test_one_byte_changes_one_fingerprint(preset: Preset) -> None:
    before = fingerprints(preset)
    (preset.depth / "unet" / "model.safetensors").write_bytes(b"deq")
    (preset.depth / "README.md").write_text("other words", encoding="utf-8")
    after = fingerprints(preset)
    assert {key for key in before if before[key] != after[key]} == {"depth/unet/model.safetensors"}


def test_a_file_more_is_a_fingerprint_more(preset: Preset) -> None:
    before = fingerprints(preset)
    (preset.denoiser / "discoreel.json").write_text("{}", encoding="utf-8")
    assert fingerprints(preset).keys() - before.keys() == {"denoiser/discoreel.json"}


def test_a_place_on_the_disk_is_no_part_of_a_fingerprint(preset: Preset, tmp_path: Path) -> None:
    moved = preset.encoder.rename(tmp_path / "elsewhere")
    assert fingerprints(replace(preset, encoder=moved)) == fingerprints(
        replace(preset, encoder=moved.rename(tmp_path / "enc"))
    )


@pytest.mark.parametrize("empty", [False, True])
def test_models_that_are_not_there_are_named(preset: Preset, tmp_path: Path, empty: bool) -> None:
    folder = tmp_path / "nothing"
    if empty:
        folder.mkdir()
    with pytest.raises(ModelError) as caught:
        fingerprints(replace(preset, depth=folder))
    assert str(caught.value) == (
        f"{folder}: the models of the preset 'test' are not here; install the package again"
    )


def test_a_file_that_cannot_be_read_is_named(preset: Preset) -> None:
    path = preset.encoder / "broken.json"
    path.symlink_to("nowhere.json")
    with pytest.raises(ModelError) as caught:
        fingerprints(preset)
    assert str(caught.value) == (
        f"{path}: cannot be read (No such file or directory); install the package again"
    )
