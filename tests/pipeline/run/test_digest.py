"""Digests: what changes them, what does not, and how far a change reaches."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from time import perf_counter

import pytest

from keyframes.prompts import Prompt
from pipeline.errors import Error
from pipeline.files.hashing import bytes_digest, file_digest
from pipeline.run.digest import (
    RECIPE,
    chain,
    frame_digest,
    frame_fingerprints,
    pixel_json,
    plan_digest,
)
from pipeline.spec.camera import DepthPictureSpec
from pipeline.spec.fingerprints import Fingerprint
from pipeline.spec.frame import FrameSpec, SavedFrame
from pipeline.spec.keeping import ColourSpec, KeepSpec
from pipeline.spec.plan import Plan
from pipeline.spec.repaint import MaskPicture, RepaintSpec
from tests.pipeline.plans import (
    DENOISER,
    DEPTH,
    NETWORKS,
    chain_plan,
    frame_spec,
    painted,
    with_depth,
    with_frame,
    with_init_image,
    with_zoom,
)

Sets = Mapping[str, tuple[Fingerprint, ...]]


def digests(plan: Plan, networks: Sets = NETWORKS) -> list[str]:
    return list(chain(plan, frame_fingerprints(plan, networks)).values())


def prints(plan: Plan) -> list[tuple[Fingerprint, ...]]:
    return list(frame_fingerprints(plan, NETWORKS).values())


def digest(spec: FrameSpec) -> str:
    return frame_digest(pixel_json(spec), (DENOISER, DEPTH))


def test_the_digest_is_the_same_on_every_machine_and_day() -> None:
    # If this changes, renders of the last release go stale: count RECIPE up, and migrate.
    known = "ba84423267adb820c784b61011231310e2079e72458b1903cc1417d7f2e3d5be"
    assert frame_digest(pixel_json(frame_spec(3)), (DENOISER, DEPTH), ["0" * 64]) == known


def test_the_text_of_a_digest_is_canonical_json() -> None:
    """It is put together from parts, of which many frames share one."""
    spec = pixel_json(painted(frame_spec(1), prompts=(Prompt('a "café" \\ \n'),)))
    prints, links = NETWORKS["main"], ("ab", 'a "quote"')
    data = {
        "recipe": RECIPE,
        "spec": spec,
        "fingerprints": [[*one.key, one.value] for one in sorted(prints)],
        "grown from": list(links),
    }
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert frame_digest(spec, prints, links) == bytes_digest(text.encode())


def test_equal_values_have_equal_digests() -> None:
    as_int = replace(frame_spec(1), camera=replace(frame_spec(1).camera, fov=40))
    assert digest(as_int) == digest(frame_spec(1))


def test_an_edit_reaches_the_frame_and_all_that_grow_from_it() -> None:
    before, after = digests(chain_plan(6)), digests(with_zoom(chain_plan(6), 3, 1.03))
    assert [old == new for old, new in zip(before, after, strict=True)] == [True] * 3 + [False] * 3
    assert len(set(before)) == 6


def test_a_still_is_changed_by_its_own_values_only() -> None:
    stills = [replace(spec, inputs=()) for spec in chain_plan(3)]
    plan = replace(chain_plan(3), frames=tuple(stills))
    before, after = digests(plan), digests(with_zoom(plan, 1, 1.03))
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, True]


def test_the_display_rate_does_not_change_a_frame() -> None:
    spec = frame_spec(2)
    assert digest(replace(spec, display_rate=5)) == digest(spec)


def test_pictures_of_its_steps_do_not_change_a_frame() -> None:
    spec = frame_spec(2)
    assert digest(replace(spec, intermediate_saves=(3,))) == digest(spec)


def test_another_network_changes_the_frames_that_ask_it() -> None:
    plan = chain_plan(3)
    before = digests(plan)
    denoiser = {"main": (replace(DENOISER, value="f" * 64), DEPTH)}
    assert not set(before) & set(digests(plan, denoiser))
    depth = {"main": (DENOISER, replace(DEPTH, value="f" * 64))}
    same = [old == new for old, new in zip(before, digests(plan, depth), strict=True)]
    assert same == [True, False, False]


def test_a_depth_network_is_nothing_to_a_flat_camera() -> None:
    flat = [replace(spec, camera=replace(spec.camera, mode="2d")) for spec in chain_plan(3)]
    plan = replace(chain_plan(3), frames=tuple(flat))
    assert digests(plan) == digests(plan, {"main": (DENOISER,)})


def test_from_2d_to_3d_the_first_frame_holds() -> None:
    plan = chain_plan(3)
    flat = [replace(s, camera=replace(s.camera, mode="2d")) if s.grows else s for s in plan]
    before, after = digests(replace(plan, frames=tuple(flat))), digests(plan)
    assert [old == new for old, new in zip(before, after, strict=True)] == [True, False, False]


def test_a_set_of_networks_counts_by_its_files_not_its_name() -> None:
    plan = chain_plan(2)
    city = replace(plan, frames=tuple(replace(spec, networks="city") for spec in plan))
    assert digests(plan) == digests(city, {"city": NETWORKS["main"], "main": ()})


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
    used = prints(with_depth(chain_plan(4), 2, str(tmp_path / "c.png")))
    given = Fingerprint("depth picture", "0", "", bytes_digest(b"two"))
    assert used == [(DENOISER,), (DENOISER, DEPTH), (DENOISER, given), (DENOISER, DEPTH)]


def test_what_white_means_counts() -> None:
    spec = frame_spec(2)
    near, far = (
        replace(spec, camera=replace(spec.camera, depth=DepthPictureSpec("/d.png", white)))
        for white in ("near", "far")
    )
    assert len({digest(each) for each in (spec, near, far)}) == 3


def test_a_missing_depth_picture_is_named(tmp_path: Path) -> None:
    with pytest.raises(Error, match=r"^cannot read the depth picture .*gone\.png: No such file"):
        digests(with_depth(chain_plan(2), 1, str(tmp_path / "gone.png")))


def test_a_mask_counts_by_its_content_for_the_frame_that_it_is_of(tmp_path: Path) -> None:
    def masked(name: str) -> Plan:
        mask = MaskPicture(str(tmp_path / name))
        spec = painted(frame_spec(2), repaint=RepaintSpec(mask=mask))
        return with_frame(chain_plan(4), spec)

    for name, data in (("a.png", b"one"), ("b.png", b"one"), ("c.png", b"two")):
        (tmp_path / name).write_bytes(data)
    a, b, c = (digests(masked(f"{name}.png")) for name in "abc")
    assert a == b
    assert [one == two for one, two in zip(a, c, strict=True)] == [True, True, False, False]
    assert a[:2] == digests(chain_plan(4))[:2]


def test_a_frame_may_stand_before_one_that_it_grows_from() -> None:
    between = replace(frame_spec(1), inputs=(SavedFrame(0), SavedFrame(2)))
    painted = replace(frame_spec(2), inputs=(SavedFrame(0),))
    plan = replace(chain_plan(3), frames=(frame_spec(0), between, painted))
    other = replace(plan, frames=(frame_spec(0), between, replace(painted, seed=8)))
    assert list(chain(plan, frame_fingerprints(plan, NETWORKS))) == [
        (0, "main"),
        (2, "main"),
        (1, "main"),
    ]
    one, two = digests(plan), digests(other)
    assert [a == b for a, b in zip(one, two, strict=True)] == [True, False, False]


def test_a_frame_that_grows_from_none_that_there_is_is_refused() -> None:
    plan = replace(chain_plan(2), frames=chain_plan(2).frames[1:])
    with pytest.raises(ValueError, match=r"^frame 1 grows from frame 0, not one that is made$"):
        digests(plan)


def test_a_frame_that_stands_twice_is_refused() -> None:
    plan = replace(chain_plan(2), frames=(frame_spec(0), frame_spec(0)))
    with pytest.raises(ValueError, match=r"^frame 0 stands twice in the plan$"):
        digests(plan)


def test_a_frame_that_grows_from_a_later_one_is_refused() -> None:
    plan = replace(chain_plan(1), frames=(replace(frame_spec(0), inputs=(SavedFrame(0),)),))
    with pytest.raises(ValueError, match=r"^frame 0 grows from frame 0, not one that is made$"):
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
    prompts = Prompt("fog", 0.5), Prompt(str(path), 0.5, image=True)
    return with_frame(plan, painted(plan[1], prompts=prompts))


def test_the_picture_of_a_prompt_counts_by_its_content_not_its_path(tmp_path: Path) -> None:
    for name, data in (("a.png", b"one"), ("b.png", b"one"), ("c.png", b"two")):
        (tmp_path / name).write_bytes(data)
    a, b, c = (digests(with_picture_prompt(tmp_path / f"{name}.png")) for name in "abc")
    assert a == b
    assert a[0] == c[0] and a[1] != c[1] and a[2] != c[2]
    used = prints(with_picture_prompt(tmp_path / "a.png"))
    assert used[1][-1] == Fingerprint("prompt picture", "1", "", bytes_digest(b"one"))
    assert used[0] == (DENOISER,) and used[2] == (DENOISER, DEPTH)


def test_a_missing_picture_of_a_prompt_is_named(tmp_path: Path) -> None:
    with pytest.raises(Error, match=r"^cannot read the prompt picture .*gone\.png: No such"):
        digests(with_picture_prompt(tmp_path / "gone.png"))


def with_colours_of(path: Path) -> Plan:
    plan = chain_plan(3)
    keep = KeepSpec(colour=ColourSpec(0.5, file=str(path)))
    return with_frame(plan, painted(plan[1], keep=keep))


def test_a_picture_whose_colours_are_kept_counts_by_its_content_not_its_path(
    tmp_path: Path,
) -> None:
    for name, data in (("a.png", b"one"), ("b.png", b"one"), ("c.png", b"two")):
        (tmp_path / name).write_bytes(data)
    a, b, c = (digests(with_colours_of(tmp_path / f"{name}.png")) for name in "abc")
    assert a == b
    assert a[0] == c[0] and a[1] != c[1] and a[2] != c[2]
    used = prints(with_colours_of(tmp_path / "a.png"))
    assert Fingerprint("colour picture", "0", "", bytes_digest(b"one")) in used[1]


def test_other_encoders_change_a_frame() -> None:
    spec = frame_spec(0)
    (encoder,) = spec.painting.encoders
    changes = ({"name": "x"}, {"weight": 0.5}, {"start": 0.2}, {"until": 0.2})
    others = {digest(painted(spec, encoders=(replace(encoder, **change),))) for change in changes}
    assert len(others | {digest(spec)}) == 5
