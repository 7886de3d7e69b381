"""Checking and planning ten minutes with forty curves: how long that takes, in how much memory."""

from __future__ import annotations

import resource
import sys
from pathlib import Path

import pytest

from tests import child
from tests.command_line import installed

SECONDS = 4.0
"""A core of its own takes 1.1 seconds to check it and 2 to plan it; processors that are shared take
several times as long, and so do slow ones."""
MEGABYTES = 200

PROGRAM = """
import atexit, sys
from pathlib import Path
from pipeline.__main__ import main
words = lambda: Path("/proc/self/status").read_text().splitlines()
peak = lambda: next(line for line in words() if line.startswith("VmHWM")).split()[1]
slow = {"torch", "scipy", "cv2", "diffusers", "open_clip", "timm", "matplotlib"}
atexit.register(lambda: print("PEAK", peak(), sorted(slow & set(sys.modules))))
main()
"""


def long_scene() -> str:
    """Ten minutes with beats, formulas, mappings of times, prompts, variables and shots."""
    guided = ("clip_guidance_scale", "tv_scale", "range_scale", "sat_scale")
    keys = ", ".join(f"{12 * n}s: {{value: {2 + n % 5}, ease: in_out}}" for n in range(50))
    shots = (
        f"  - {{name: shot {n}, until: {30 * n}s, camera: {{rotate_y: {n} * sin(t / 9) / 99, "
        f"translate_z: {{0s: 2, 160s: 3, 9m: 1}}}}{', enter: {fade: 2 beats}' * (n % 3 == 0)}}}\n"
        for n in range(1, 21)
    )
    return (
        "video: {size: [96, 64], fps: 24, duration: 10m}\nmusic: {bpm: 128, first_beat: 0.21}\n"
        'vars: {swell: "0.5 + 0.5 * sin(t / 6)", rise: {0s: 0, 5m: 1, 9m: 0.2}}\nprompts:\n'
        + "".join(
            f"  {10 * n}s: [a lighthouse {n}, {{text: a ship, weight: -0.3}}]\n" for n in range(60)
        )
        + "  blend: 4 beats\ncamera:\n  mode: 3d\n  fov: 40 + 5 * sin(t / 9)\n"
        f"  translate_z: {{{keys}}}\n  translate_x: 0.3 * sin(t / 3) * swell\n"
        "  translate_y: 0.2 * cos(t / 4)\n  rotate_x: 0.1 * noise(t)\n"
        "  roll: 0.4 * sin(tau * beat / 16)\n  offset: {zoom: 1 + 0.05 * beat_pulse(release=0.2), "
        "brightness: 0.9 + 0.1 * swell, saturation: 1 - 0.2 * rise, x: 2 * sin(t)}\n"
        "sampler:\n  steps: 20\n  eta: {0s: 0.8, 5m: 0.3}\n"
        '  strength: {first: 1, then: "0.3 + 0.2 * beat_pulse(release=0.1)"}\nguidance:\n'
        + "".join(f"  {name}: 5 * (1 + sin(t / {n + 5}))\n" for n, name in enumerate(guided))
        + "  cut_overview: {0s: 4, 2m: 8, 6m: 3}\n  init_hold: 0.3 * rise\n"
        '  init_scale: {first: 0, then: "20 * swell"}\n  detail_hold: 0.1 + 0.1 * swell\n'
        f"  keep_sharpness: 0.5 * swell\nshots:\n{''.join(shots)}"
    )


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="a process's own peak is told by Linux only")
@pytest.mark.parametrize("verb", ["check", "plan"])
def test_ten_minutes_with_forty_curves(verb: str, tmp_path: Path) -> None:
    path = tmp_path / "scene.yaml"
    path.write_text(long_scene(), encoding="utf-8")
    env = installed(tmp_path / "compiled")
    argv = [sys.executable, "-c", PROGRAM, verb, str(path)]
    child.run(argv, env=env, capture_output=True, check=True)

    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = child.run(argv, env=env, capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)

    _, peak, slow = done.stdout.splitlines()[-1].split(" ", 2)
    assert slow == "[]"
    assert int(peak) < 1000 * MEGABYTES, "kilobytes"
    assert after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime < SECONDS
