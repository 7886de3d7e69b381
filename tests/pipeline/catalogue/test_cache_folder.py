"""Where the cache lies: in the user's, or where the environment says."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.catalogue.cache_folder import cache_folder
from pipeline.catalogue.network_digests import known_sums
from pipeline.catalogue.store import find_store


def test_the_environment_names_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCOREEL_CACHE", str(tmp_path))
    monkeypatch.delenv("DISCOREEL_MODELS", raising=False)
    assert cache_folder() == tmp_path
    assert find_store().root == tmp_path / "models"
    assert known_sums().file == tmp_path / "sums.json"


@pytest.mark.parametrize("named", [None, ""])
def test_it_is_the_users_unless_named(named: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISCOREEL_CACHE")
    if named is not None:
        monkeypatch.setenv("DISCOREEL_CACHE", named)
    assert cache_folder().name == "discoreel"
    assert cache_folder().is_absolute()


def test_the_home_of_a_user_whom_nobody_knows_stays_as_it_is_written(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DISCOREEL_CACHE", "~nobody-of-this-name/cache")
    assert cache_folder() == Path("~nobody-of-this-name/cache")
