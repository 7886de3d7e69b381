"""A render reads the installed package and the scene's own files, touches no network, and does
not grow."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import child
from tests.command_line import environment, write_scene

pytestmark = pytest.mark.slow

WATCHED = """
import json, sys
opened, sockets = set(), []
def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        opened.add(arguments[0])
    elif event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        sockets.append(str(arguments))
sys.addaudithook(watch)
sys.argv = ["discoreel", "render", {scene!r}, "--out", {out!r}]
from pipeline.__main__ import main
try:
    main()
except SystemExit as end:
    code = end.code
json.dump([code, sorted(opened), sockets], open({report!r}, "w"))
"""

GROWTH = """
import json, resource, sys
from pathlib import Path
from pipeline.scene.load import load_scene
from pipeline.plan.make import make_plan
from pipeline.networks.load import load_networks
from pipeline.catalogue.locate import locate_all
from pipeline.catalogue.network_fingerprints import fingerprints
from pipeline.catalogue.store import find_store
from pipeline.render.loop import render
from pipeline.run.run import Run
import torch

plan = make_plan(load_scene(Path({scene!r})))
store = find_store()
located = locate_all(plan, store)
prints = {{name: fingerprints(networks, store) for name, networks in located.items()}}
cpu = torch.device("cpu")
models = {{name: load_networks(networks, cpu) for name, networks in located.items()}}
sizes = []
with Run.open(Path({out!r}), plan, prints) as run:
    for frame in render(plan, run, models):
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        sizes.append(pages * resource.getpagesize())
print(json.dumps(sizes))
"""


def python(code: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return child.run(
        [sys.executable, "-c", code],
        cwd=cwd,
        env=environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=600,
    )


def test_reads_nothing_else_and_touches_no_network(tmp_path: Path) -> None:
    scene, out, report = write_scene(tmp_path, frames=2), tmp_path / "out", tmp_path / "report"
    done = python(WATCHED.format(scene=str(scene), out=str(out), report=str(report)), tmp_path)
    assert report.exists(), done.stderr
    code, opened, sockets = json.loads(report.read_text())
    assert code == 0, done.stderr
    assert sockets == []
    package = Path(__file__).parent.parent
    allowed = (
        *(str(tmp_path), str(package / "pipeline"), str(package / "keyframes")),
        *(sys.prefix, sys.base_prefix, *("/proc", "/sys", "/dev", "/etc", "/usr", "/tmp")),
    )
    strange = [path for path in opened if path.startswith("/") and not path.startswith(allowed)]
    assert strange == []


def test_memory_stays_level(tmp_path: Path) -> None:
    scene = write_scene(tmp_path, frames=100)
    scene.write_text(scene.read_text().replace("steps: 6", "steps: 2"))
    done = python(GROWTH.format(scene=str(scene), out=str(tmp_path / "out")), tmp_path)
    assert done.returncode == 0, done.stderr
    sizes = json.loads(done.stdout)
    assert len(sizes) == 100
    assert sizes[99] <= 1.05 * sizes[19]
