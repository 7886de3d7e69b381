"""What we read in open_clip's files is what it says itself, encoder by encoder."""

from __future__ import annotations

from pathlib import Path

import open_clip
import pytest

from pipeline.catalogue import open_clip_encoders, open_clip_files
from pipeline.catalogue.find import find
from pipeline.catalogue.open_clip_encoders import (
    check_usable,
    is_listed,
    listed_names,
    named_reader,
)
from pipeline.catalogue.open_clip_files import architecture, open_clip_folder, pretrained
from pipeline.catalogue.store import ModelStore
from pipeline.errors import ModelError

LISTED = [f"{built_by}/{tag}" for built_by, tag in open_clip.list_pretrained()]
OTHERS = (
    *("ViT-B-99/openai", "ViT-B-32/opnai", "ViT-B-32/", "RN50-quickgelu/nothing", "../x/y"),
    *("ViT-B-32-quickgelu/openai", "RN50-quickgelu/cc12m", "ViT-B-32/LAION2B-s34b-B79k"),
)


def ours(name: str) -> str:
    try:
        if not is_listed(name):
            return "unknown"
        check_usable(name)
    except ModelError as error:
        return str(error)
    return "good"


def theirs(name: str) -> str:
    """What a render hears, which imports open_clip."""
    try:
        find(name)
    except ModelError as error:
        return "unknown" if "no published model" in str(error) else str(error)
    return "good"


def test_the_lists_are_open_clips() -> None:
    assert listed_names() == LISTED
    files = (open_clip_folder() / "model_configs").glob("*.json")
    found = {file.stem: config for file in files if (config := architecture(file.stem))}
    assert found == {name: open_clip.get_model_config(name) for name in open_clip.list_models()}


def test_check_says_what_a_render_would() -> None:
    verdicts = {name: ours(name) for name in (*LISTED, *OTHERS)}
    assert verdicts == {name: theirs(name) for name in verdicts}
    said = list(verdicts.values())
    assert said.count("good") > 150 and said.count("unknown") == 5
    assert sum("needs more than" in words for words in said) > 5


def test_what_is_listed_can_be_read(tmp_path: Path) -> None:
    store = ModelStore(tmp_path)
    good = [name for name in LISTED if ours(name) == "good"]
    readers = [reader for name in good if (reader := named_reader(name, store))]
    # Those that read by a tokenizer of the hub wait for it.
    assert 50 < len(readers) < len(good)
    for reader in readers:
        text = open_clip.get_model_config(reader.encoder.partition("/")[0])["text_cfg"]
        assert reader.room == text["context_length"] - 2


def test_a_release_that_keeps_its_list_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pretrained.py").write_text("_PRETRAINED = read('list.json')\n")
    with monkeypatch.context() as patch:
        patch.setattr(open_clip_files, "open_clip_folder", lambda: tmp_path)
        assert pretrained.__wrapped__() == {}
    monkeypatch.setattr(open_clip_encoders, "pretrained", dict)
    assert is_listed("ViT-B-32/anything") and not is_listed("ViT-B-99/openai")
