"""The judge, and what it is asked."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
import yaml

from pipeline.catalogue.locate import locate
from pipeline.catalogue.store import find_store
from pipeline.diffusion.image import to_tensor
from pipeline.plan.make import make_plan
from pipeline.scene.load import load_scene
from pipeline.spec.sources import NetworkSet
from tools.judge.flight import FLIGHTS, enlargement
from tools.judge.network import SIDE, Judge, agreements, load_judge
from tools.judge.rendering import trained_in
from tools.judge.stills import GATES, Wish, count, read_wishes, stills_scene
from tools.train.export import save_weights
from tools.train.judge import NO_SUBJECT, SUBJECT, ruin_some
from tools.world.attributes import ATTRIBUTES, COLOURS, NONE, Attributes, encode
from tools.world.captions import words
from tools.world.editions import EDITIONS, FIRST, OF_TODAY, SECOND
from tools.world.held_out import FIRST_SEED
from tools.world.paint import paint


def picture(seed: int, attributes: Attributes | None = None) -> torch.Tensor:
    pixels = torch.from_numpy(paint(seed, 96, 64, attributes).picture)
    return pixels.permute(2, 0, 1)[None].float() / 127.5 - 1


def test_a_judge_has_a_word_for_every_attribute_of_any_size() -> None:
    logits = Judge().eval()(torch.zeros(2, 3, 40, 56))
    assert {name: values.shape for name, values in logits.items()} == {
        name: (2, len(values)) for name, values in ATTRIBUTES.items()
    }


def test_a_saved_judge_is_the_same(tmp_path: Path) -> None:
    judge = Judge().half().float().eval()
    save_weights(judge, tmp_path / "judge.safetensors")
    loaded = load_judge(tmp_path / "judge.safetensors")
    x = torch.rand(1, 3, SIDE, SIDE)
    for name, values in judge(x).items():
        assert torch.equal(values, loaded(x)[name])


class Convinced(Judge):
    """Sees the same in everything."""

    def verdict(self, picture: torch.Tensor) -> Attributes:
        return Attributes("castle", "sea", "night", scheme="red")


def test_only_what_was_wished_for_is_compared() -> None:
    wish = {"subject": "castle", "time": "day", "scheme": "red"}
    found = agreements(Convinced(), wish, torch.zeros(1, 3, 8, 8))
    assert found == {"subject": True, "time": False, "scheme": True}


@pytest.mark.slow
def test_the_shipped_judge_knows_held_out_paintings() -> None:
    """Its figures over many are in the documents; here that it is the trained one at all."""
    judge = load_judge()
    paintings = [paint(FIRST_SEED + k, *OF_TODAY.size) for k in range(40)]
    verdicts = [judge.verdict(to_tensor(painting.picture)) for painting in paintings]
    hits = np.mean(
        [encode(v) == encode(p.attributes) for v, p in zip(verdicts, paintings, strict=True)],
        axis=0,
    )
    assert hits.min() >= 0.85
    assert hits[SUBJECT] >= 0.95


def test_a_ruined_picture_shows_no_subject() -> None:
    pictures = torch.cat([picture(k) for k in range(8)])
    codes = torch.from_numpy(np.stack([encode(paint(k, 96, 64).attributes) for k in range(8)]))
    codes = codes.long()
    ruined, labels = ruin_some(pictures, codes, torch.Generator().manual_seed(0), 0.5)
    changed = (ruined != pictures).flatten(1).any(1)
    assert 0 < changed.sum() < 8
    assert (labels[changed, SUBJECT] == NO_SUBJECT).all()
    assert torch.equal(labels[~changed], codes[~changed])
    torch.testing.assert_close(ruined.mean((2, 3)), pictures.mean((2, 3)), atol=0.12, rtol=0)


@pytest.mark.parametrize(("edition", "count"), [("first", 48), ("second", 64), ("third", 64)])
def test_the_gate_asks_prompts_in_words_that_the_world_has(edition: str, count: int) -> None:
    wishes, values = read_wishes(GATES[edition].prompts), EDITIONS[edition].values
    assert len(wishes) == len({wish.text for wish in wishes}) == count
    for wish in wishes:
        assert "subject" in wish.attributes
        assert all(value in values[name] for name, value in wish.attributes.items())
        said = " ".join((wish.text, wish.second or "")).lower()
        assert set(re.findall(r"[a-z0-9]+", said)) - words(EDITIONS[edition]) == set()


def test_the_gate_of_the_first_edition_asks_each_subject_8_times() -> None:
    subjects = Counter(wish.attributes["subject"] for wish in read_wishes(GATES["first"].prompts))
    assert subjects == {name: 8 for name in FIRST.values["subject"] if name != NONE}


def test_the_gate_of_the_second_asks_for_everything_in_it_and_for_nothing_uninvited() -> None:
    wishes = read_wishes(GATES["second"].prompts)
    for name, values in SECOND.values.items():
        asked = Counter(wish.attributes.get(name, NONE) for wish in wishes)
        assert {value for value in values if not asked[value]} <= {NONE, *COLOURS}
        if name == "subject":
            assert asked[NONE] >= 10 and min(asked.values()) >= 3
        if name == "scheme":
            assert set(asked) == set(values)
    assert tuple(wishes[:2]) == GATES["second"].headlines
    assert [wish.prompt for wish in wishes[1:3]] == [
        [wishes[1].text, "yellow color scheme"],
        wishes[2].text,
    ]


def test_stills_of_two_prompts_are_a_scene_that_reads(tmp_path: Path) -> None:
    scene = stills_scene(read_wishes(GATES["second"].prompts)[1:3], 2, (144, 96), {})
    (tmp_path / "scene.yaml").write_text(yaml.safe_dump(scene, sort_keys=False))
    plan = make_plan(load_scene(tmp_path / "scene.yaml"))
    said = [[one.text for one in spec.painting.prompts] for spec in plan]
    assert [len(texts) for texts in said] == [2, 2, 1, 1]
    assert said[0][1] == "yellow color scheme"


def test_networks_that_are_trained_take_the_place_of_those_that_ship(tmp_path: Path) -> None:
    located = locate(NetworkSet(), find_store())
    assert trained_in(None, located) is located
    for name in ("denoiser", "clip"):
        (tmp_path / name).mkdir()
    asked = trained_in(tmp_path, located)
    assert asked.denoiser.path == tmp_path / "denoiser"
    assert asked.prompt_encoder is not None
    paths = {asked.prompt_encoder.path, *(one.path for one in asked.encoders.values())}
    assert paths == {tmp_path / "clip"}
    assert asked.depth == located.depth


def test_the_count_is_of_what_each_prompt_names(tmp_path: Path) -> None:
    judge, wishes = (
        Judge().eval(),
        [Wish("a lighthouse", {"subject": "lighthouse", "ground": "sea"})] * 2,
    )
    files = [tmp_path / f"{k}.png" for k in range(4)]
    for k, file in enumerate(files):
        cv2.imwrite(str(file), paint(k, 96, 64).picture[..., ::-1])
    found = count(judge, wishes, [files[:2], files[2:]])
    verdicts = [judge.verdict(picture(k)) for k in range(4)]
    asked = {"subject": "lighthouse", "ground": "sea"}
    assert found == {
        name: [getattr(verdict, name) == value for verdict in verdicts]
        for name, value in asked.items()
    }


@pytest.mark.parametrize("scale", [1.0, 1.3, 1.8])
def test_enlargement_is_measured(scale: float) -> None:
    before = paint(3, 96, 64).picture
    matrix = cv2.getRotationMatrix2D((47.5, 31.5), 0, scale)
    after = np.asarray(cv2.warpAffine(before, matrix, (96, 64)), dtype=np.uint8)
    assert enlargement(before, after) == pytest.approx(scale, abs=0.03)


def test_flights_are_of_single_prompts_and_a_morph_in_words_that_the_world_has() -> None:
    for edition, singles in (("first", 4), ("second", 10), ("third", 12)):
        texts = [one for one in FLIGHTS[edition].values() if isinstance(one, str)]
        assert len(texts) == singles and len(FLIGHTS[edition]) == singles + 1
        assert set(re.findall(r"[a-z]+", " ".join(texts))) <= words(EDITIONS[edition])
