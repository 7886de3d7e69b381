"""The judge, and what it is asked."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch

from tools.judge.flight import FLIGHTS, enlargement
from tools.judge.network import SIDE, Judge, agreements, load_judge
from tools.judge.stills import HEADLINE_WISH, count, read_wishes
from tools.train.export import save_weights
from tools.train.judge import NO_SUBJECT, SUBJECT, ruin_some
from tools.train.zero_shot import FIRST_SEED
from tools.world.attributes import ATTRIBUTES, NONE, Attributes, encode
from tools.world.captions import words
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


def test_only_what_was_wished_for_is_compared() -> None:
    seen = Attributes("castle", "sea", "night", scheme="red")
    wish = {"subject": "castle", "time": "day", "scheme": "red"}
    assert agreements(wish, seen) == {"subject": True, "time": False, "scheme": True}


@pytest.mark.slow
def test_the_shipped_judge_knows_held_out_paintings() -> None:
    """Its figures over many are in the documents; here that it is the trained one at all."""
    judge = load_judge()
    paintings = [paint(FIRST_SEED + k, 96, 64) for k in range(40)]
    verdicts = [judge.verdict(picture(FIRST_SEED + k)) for k in range(40)]
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


def test_the_gate_asks_48_prompts_in_words_that_the_world_has() -> None:
    wishes = read_wishes()
    assert len(wishes) == len({wish.text for wish in wishes}) == 48
    known = {field.name for field in fields(Attributes)}
    for wish in wishes:
        assert wish.attributes.keys() <= known and "subject" in wish.attributes
        Attributes(**wish.attributes)
        assert wish.attributes["subject"] != NONE
    spoken = {word.strip(",") for wish in wishes for word in wish.text.lower().split()}
    assert spoken - words() == set()
    subjects = [wish.attributes["subject"] for wish in wishes]
    assert {subject: subjects.count(subject) for subject in subjects} == {
        name: 8 for name in ATTRIBUTES["subject"] if name != NONE
    }
    Attributes(**HEADLINE_WISH)


def test_the_count_is_of_what_each_prompt_names(tmp_path: Path) -> None:
    judge, wishes = Judge().eval(), read_wishes()[:2]
    files = [tmp_path / f"{k}.png" for k in range(4)]
    for k, file in enumerate(files):
        cv2.imwrite(str(file), paint(k, 96, 64).picture[..., ::-1])
    found = count(judge, wishes, [files[:2], files[2:]])
    verdicts = [judge.verdict(picture(k)).subject == "lighthouse" for k in range(4)]
    assert found == {"subject": verdicts}


@pytest.mark.parametrize("scale", [1.0, 1.3, 1.8])
def test_enlargement_is_measured(scale: float) -> None:
    before = paint(3, 96, 64).picture
    matrix = cv2.getRotationMatrix2D((47.5, 31.5), 0, scale)
    after = np.asarray(cv2.warpAffine(before, matrix, (96, 64)), dtype=np.uint8)
    assert enlargement(before, after) == pytest.approx(scale, abs=0.03)


def test_there_are_four_flights_and_a_morph() -> None:
    texts = [prompt for prompt in FLIGHTS.values() if isinstance(prompt, str)]
    assert len(texts) == 4 and len(FLIGHTS) == 5
