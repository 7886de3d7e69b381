"""Keys that a section does not know: what is meant, and where it lives."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.scene.reading.foreign_settings import COUNTERPARTS, DISCO, OTHERS
from pipeline.scene.schema import Scene
from tests.pipeline.scene_files import BASE, complaints


def said(folder: Path, setting: str, section: str = "") -> str:
    text = f"{section}: {{{setting}: 1}}\n" if section else f"{setting}: 1\n"
    (complaint,) = complaints(folder, BASE + text)
    return complaint.split(": ", 2)[2]


@pytest.mark.parametrize(
    ("section", "setting", "words"),
    [
        ("", "fps", "unknown key; fps belongs under video:"),
        ("", "steps", "unknown key; steps belongs under sampler:"),
        ("camera", "skip_steps", "unknown key; skip_steps belongs under sampler:"),
        (
            "",
            "strength",
            "unknown key; strength belongs under sampler: (it is 1 less what Deforum calls so)",
        ),
        ("camera", "video", "unknown key; video belongs at the top of the scene"),
        ("guidance", "music", "unknown key; music belongs at the top of the scene"),
        ("sampler", "angle", "unknown key; angle belongs under camera:"),
        ("sampler", "preset", "unknown key; preset belongs under models: or output:"),
        (
            "guidance",
            "frames_scale",
            "unknown key; frames_scale is guidance.init_scale here: {then: 1500} is Disco's",
        ),
        (
            "guidance",
            "clamp_grad",
            "unknown key; clamp_grad is guidance.clamp_max here: there is always a bound",
        ),
        (
            "camera",
            "rotation_3d_z",
            "unknown key; rotation_3d_z is camera.roll here: the same signs, degrees",
        ),
        ("", "rotate", "unknown key; rotate is camera.roll here: degrees a frame"),
        ("", "W", "unknown key; W is video.size here: [width, height]"),
        ("camera", "near_plane", "unknown key; near_plane is left out: they cancel out in Disco"),
        (
            "sampler",
            "vr_ipd",
            "unknown key; vr_ipd is output.stereo here: {ipd: 5, eye_angle: 0.5} is Disco's",
        ),
    ],
)
def test_a_word_from_elsewhere_is_sent_to_its_place(
    tmp_path: Path, section: str, setting: str, words: str
) -> None:
    assert said(tmp_path, setting, section) == words


def test_a_mistyped_word_of_another_section(tmp_path: Path) -> None:
    words = said(tmp_path, "clip_denoise", "music")
    assert words.startswith('unknown key (did you mean "sampler.clip_denoised"?); allowed: file, ')


def test_a_mistyped_word_of_the_section_comes_first(tmp_path: Path) -> None:
    words = said(tmp_path, "zom", "camera")
    assert words.startswith('unknown key (did you mean "zoom"?); allowed: mode, ')


def test_what_cannot_be_seen_in_a_key_is_named(tmp_path: Path) -> None:
    words = said(tmp_path, "zoom\u00a0", "camera")
    assert words.startswith(
        "unknown key, which holds a no-break space (U+00A0): type plain blanks "
        '(did you mean "zoom"?)'
    )


def test_no_name_of_a_setting_hides_behind_another_tool() -> None:
    assert len(COUNTERPARTS) == len(DISCO) + len(OTHERS)
    assert not set(OTHERS) & set(Scene.model_fields)
