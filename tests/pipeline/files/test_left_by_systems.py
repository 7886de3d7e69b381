from __future__ import annotations

import pytest

from pipeline.files.left_by_systems import is_left_by_system


@pytest.mark.parametrize(
    "name",
    [
        *(".DS_Store", "._000000.png", ".Spotlight-V100", ".Trashes", ".fseventsd", "Icon\r"),
        *("Thumbs.db", "thumbs.db", "desktop.ini", "Desktop.ini", "System Volume Information"),
        *(".directory", ".Trash-1000", ".nfs000000000001a2b3", "lost+found", "@eaDir"),
    ],
)
def test_what_systems_leave(name: str) -> None:
    assert is_left_by_system(name)


@pytest.mark.parametrize(
    "name", ["a.DS_Store", ".", ".git", "Thumbs.db.png", "000000.png", ".env", "directory", "Icon"]
)
def test_what_people_make(name: str) -> None:
    assert not is_left_by_system(name)
