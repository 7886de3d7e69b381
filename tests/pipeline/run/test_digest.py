"""Digests: what changes them, what does not, and how far a change reaches."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from time import perf_counter

import pytest

from keyframes.prompts import Prompt
from pipeline.errors import Error
from pipeline.files.hashing import bytes_digest, file_digest
from pipeline.run.digest import (
    chain,
    frame_digest,
    frame_fingerprints,
    plan_digest,
)
from pipeline.spec.frame import DepthPictureSpec, Plan
from tests.pipeline.plans import (
    MODELS,
    chain_plan,
    frame_spec,
    with_depth,
    with_init_image,
    with_zoom,
)


def digests(plan: Plan, models: dict[str, str] = MODELS) -> list[str]:
    return chain(plan, frame_fingerprints(plan, models))


def test_the_digest_is_the_same_on_every_machine_and_day() -> None:
    # If this changes, renders of the last release go stale: count RECIPE up.
    known = "c5ef7bfe51f85d5bfd07b427682a113833d8962eece6c71870e80fd3ef0f42ce"
    assert frame_digest(frame_spec(3), MODELS, "0" * 64) == known


def test_equal_values_have_equal_digests() -> None:
    as_int = replace(frame_spec(1), camera=replace(frame_spec(1).camera, fov=40))
    assert frame_digest(as_int, MODELS) == frame_digest(frame_spec(1), MODELS)


def test_an_edit_reaches_the_frame_and_all_that_grow_from_it() -> None:
    before, after = digests(chain_plan(6)), digests(with_zoom(chain_plan(6), 3, 1.03))
    assert [old == new for old, new in zip(before, after, strict=True)] == [True] * 3 + [False] * 3
    assert len(set(before)) == 6


def test_a_still_is_changed_by_its_own_values_only() -> None:
    stills = [replace(spec, previous=None) for spec in chain_plan(3)]
    plan = replace(chain_plan(3), frames=tuple(stills))
    before, after = digests(plan), digests(with_zoom(plan, 0, 1.03))
    assert [old == new for old, new in zip(before, after, strict=True)] == [False, True, True]


def test_the_display_rate_does_not_change_a_frame() -> None:
    spec = frame_spec(2)
    assert frame_digest(replace(spec, display_rate=5), MODELS) == frame_digest(spec, MODELS)


def test_pictures_of_its_steps_do_not_change_a_frame() -> None:
    spec = frame_spec(2)
    assert frame_digest(replace(spec, intermediate_saves=(3,)), MODELS) == frame_digest(
        spec, MODELS
    )


def test_another_model_changes_every_frame() -> None:
    before, after = digests(chain_plan(3)), digests(chain_plan(3), MODELS | {"depth": "f" * 64})
    assert not set(before) & set(after)


def test_an_init_picture_counts_by_its_content_not_its_path(tmp_path: Path) -> None:
    for name, data in (("a.png", b"one"), ("b.png", b"one"), ("c.png", b"two")):
        (tmp_path / name).write_bytes(data)
    a, b, c = (
        digests(with_init_image(chain_plan(2), str(tmp_path / name)))
        for name in ("a.png", "b.png", "c.png")
    )
    assert a == b
    assert not set(a) & set(c)
    assert not set(a) & set(digests(chain_plan(2)))


def test_a_missing_init_picture_is_named(tmp_path: Path) -> None:
    path = tmp_path / "gone.png"
    with pytest.raises(Error) as caught:
        digests(with_init_image(chain_plan(2), str(path)))
    assert str(caught.value) == (
        f"cannot read the init picture {path}: No such file or directory; "
        "put the picture there, or name another one in the scene"
    )


def test_a_depth_picture_counts_by_its_content_for_the_frame_after_it(tmp_path: Path) -> None:
    for name, data in (("a.png", b"one"), ("b.png", b"one"), ("c.png", b"two")):
        (tmp_path / name).write_bytes(data)
    a, b, c = (digests(with_depth(chain_plan(4), 2, str(tmp_path / f"{n}.png"))) for n in "abc")
    assert a == b
    assert [one == two for one, two in zip(a, c, strict=True)] == [True, True, False, False]
    assert a[:2] == digests(chain_plan(4))[:2]
    assert not set(a[2:]) & set(digests(chain_plan(4)))
    used = frame_fingerprints(with_depth(chain_plan(4), 2, str(tmp_path / "c.png")), MODELS)
    assert used[2] == {**MODELS, "depth picture": bytes_digest(b"two")}
    assert used[1] == used[3] == MODELS


def test_what_white_means_counts() -> None:
    spec = frame_spec(2)
    near, far = (
        replace(spec, camera=replace(spec.camera, depth=DepthPictureSpec("/d.png", white)))
        for white in ("near", "far")
    )
    assert len({frame_digest(each, MODELS) for each in (spec, near, far)}) == 3


def test_a_missing_depth_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(Error, match=r"^cannot read the depth picture .*gone\.png: No such file"):
        digests(with_depth(chain_plan(2), 1, str(tmp_path / "gone.png")))


def test_frames_out_of_order_are_refused() -> None:
    plan = replace(chain_plan(2), frames=tuple(reversed(chain_plan(2).frames)))
    with pytest.raises(ValueError, match=r"^frame 1 stands at place 0 of the plan$"):
        digests(plan)


def test_a_frame_that_grows_from_a_later_one_is_refused() -> None:
    plan = replace(chain_plan(1), frames=(replace(frame_spec(0), previous=0),))
    with pytest.raises(ValueError, match=r"^frame 0 grows from frame 0, not an earlier one$"):
        digests(plan)


def test_the_plan_digest_covers_frames_and_rate() -> None:
    plan = chain_plan(3)
    faster = replace(plan, fps=Fraction(60))
    sums = {
        plan_digest(plan, digests(plan)),
        plan_digest(faster, digests(faster)),
        plan_digest(plan, digests(with_zoom(plan, 2, 1.5))),
        plan_digest(plan, digests(chain_plan(2))),
    }
    assert len(sums) == 4


def test_a_file_has_the_sum_of_its_bytes(tmp_path: Path) -> None:
    data = bytes(range(256)) * 9000
    (tmp_path / "x").write_bytes(data)
    assert file_digest(tmp_path / "x") == hashlib.sha256(data).hexdigest() == bytes_digest(data)


@pytest.mark.slow
def test_ten_minutes_of_film_are_digested_at_once() -> None:
    plan = chain_plan(14_400)
    started = perf_counter()
    assert len(digests(plan)) == 14_400
    assert perf_counter() - started < 10


def with_picture_prompt(path: Path) -> Plan:
    plan = chain_plan(3)
    spec = replace(plan[1], prompts=(Prompt("fog", 0.5), Prompt(str(path), 0.5, image=True)))
    return replace(plan, frames=(plan[0], spec, plan[2]))


def test_the_picture_of_a_prompt_counts_by_its_content_not_its_path(tmp_path: Path) -> None:
    for name, data in (("a.png", b"one"), ("b.png", b"one"), ("c.png", b"two")):
        (tmp_path / name).write_bytes(data)
    a, b, c = (digests(with_picture_prompt(tmp_path / f"{name}.png")) for name in "abc")
    assert a == b
    assert a[0] == c[0] and a[1] != c[1] and a[2] != c[2]
    used = frame_fingerprints(with_picture_prompt(tmp_path / "a.png"), MODELS)
    assert used[1]["prompts[1]"] == bytes_digest(b"one")
    assert used[0] == used[2] == MODELS


def test_a_missing_picture_of_a_prompt_is_named(tmp_path: Path) -> None:
    with pytest.raises(Error, match=r"^cannot read the picture of a prompt .*gone\.png: No such"):
        digests(with_picture_prompt(tmp_path / "gone.png"))


def test_other_encoders_change_a_frame() -> None:
    spec = frame_spec(0)
    (encoder,) = spec.encoders
    changes = ({"name": "x"}, {"weight": 0.5}, {"start": 0.2}, {"until": 0.2})
    others = {
        frame_digest(replace(spec, encoders=(replace(encoder, **change),)), MODELS)
        for change in changes
    }
    assert len(others | {frame_digest(spec, MODELS)}) == 5
