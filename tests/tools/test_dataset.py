from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from tools.world import dataset, sheet
from tools.world.attributes import Attributes, encode
from tools.world.dataset import Order, write_dataset
from tools.world.editions import EDITIONS
from tools.world.paint import paint


def read(folder: Path) -> dict[str, NDArray[np.uint8]]:
    return {path.name: np.load(path) for path in folder.iterdir()}


def read_png(path: Path) -> NDArray[np.uint8]:
    """RGB."""
    picture = cv2.imread(str(path))
    assert picture is not None
    return np.asarray(picture[..., ::-1], np.uint8)


def arguments(monkeypatch: pytest.MonkeyPatch, *words: object) -> None:
    monkeypatch.setattr(sys, "argv", ["program", *map(str, words)])


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_the_arrays_hold_the_paintings_of_consecutive_seeds(tmp_path: Path, workers: int) -> None:
    write_dataset(Order(tmp_path, 5, 24, 16, start_seed=70, chunk=2), workers)
    paintings = [paint(70 + index, 24, 16) for index in range(5)]
    arrays = read(tmp_path)
    assert sorted(arrays) == ["attributes.npy", "inverse_depth.npy", "pictures.npy"]
    assert {array.dtype for array in arrays.values()} == {np.dtype(np.uint8)}
    np.testing.assert_array_equal(arrays["pictures.npy"], [p.picture for p in paintings])
    depth = arrays["inverse_depth.npy"] / 255
    np.testing.assert_allclose(depth, [p.inverse_depth for p in paintings], atol=0.5001 / 255)
    codes = [encode(painting.attributes)[:7] for painting in paintings]
    np.testing.assert_array_equal(arrays["attributes.npy"], codes)


@pytest.mark.parametrize(("edition", "count"), [("first", 7), ("second", 7), ("third", 8)])
def test_only_an_edition_with_styles_has_codes_of_them(
    tmp_path: Path, edition: str, count: int
) -> None:
    write_dataset(Order(tmp_path, 3, 24, 16, start_seed=6, edition=edition))
    arrays = read(tmp_path)
    paintings = [paint(6 + index, 24, 16, edition=EDITIONS[edition]) for index in range(3)]
    np.testing.assert_array_equal(arrays["pictures.npy"], [p.picture for p in paintings])
    codes = [encode(painting.attributes) for painting in paintings]
    np.testing.assert_array_equal(arrays["attributes.npy"], np.array(codes)[:, :count])
    assert any(code[7] for code in codes) == (edition == "third")


@pytest.mark.slow
def test_the_command_writes_a_data_set_and_says_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments(monkeypatch, "--out", tmp_path / "new", "--count", 2, "--size", "12x8")
    dataset.main()
    assert read(tmp_path / "new")["pictures.npy"].shape == (2, 8, 12, 3)
    assert "\r2 of 2, " in capsys.readouterr().err


@pytest.mark.parametrize("size", ["96", "96x", "x64", "wide", "96x-4"])
def test_a_size_that_is_none_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], size: str
) -> None:
    arguments(monkeypatch, "--out", "unused", "--count", 1, "--size", size)
    with pytest.raises(SystemExit, match="2"):
        dataset.main()
    assert f"argument --size: {size!r} is not a size such as 96x64" in capsys.readouterr().err


def test_the_sheet_is_a_png_of_paintings_in_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "new" / "sheet.png"
    arguments(monkeypatch, "--out", out, "--size", "48x32", "--count", 3, "--columns", 2)
    sheet.main()
    assert out.read_bytes().startswith(b"\x89PNG")
    picture = read_png(out)
    tile_height = picture.shape[0] // 2
    assert picture.shape == (2 * tile_height, 2 * 48, 3)
    for index, (row, column) in enumerate([(0, 0), (0, 1), (1, 0)]):
        tile = picture[row * tile_height :, column * 48 :]
        np.testing.assert_array_equal(tile[:32, :48], paint(index, 48, 32).picture)
        assert tile[32:tile_height, :48].max() > 150, "a caption"
    assert not picture[tile_height:, 48:].any()


def test_the_headline_sheet_shows_a_red_sea_at_every_hour(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = ("--size", "24x16", "--count", 2, "--columns", 1, "--headline")
    arguments(monkeypatch, "--out", tmp_path / "x.png", *options)
    sheet.main()
    picture = read_png(tmp_path / "x.png")
    for seed, time in enumerate(("day", "dawn")):
        wanted = Attributes("lighthouse", "sea", time, scheme="yellow", ground_colour="red")
        tile = picture[seed * len(picture) // 2 :]
        np.testing.assert_array_equal(tile[:16], paint(seed, 24, 16, wanted).picture)
