"""A scene's own and published networks are looked at without a library of networks."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from pipeline.catalogue.guided_config import CONFIGURATIONS
from pipeline.catalogue.guided_shapes import guided_shapes
from tests import child
from tests.pipeline.networks.published import save_shapes
from tests.pipeline.networks.tiny import save_word_clip
from tests.pipeline.plan.test_start_up import SCRIPT

PUBLISHED = """\
video: {size: [512, 512], duration: 4}
prompts: "a café by the sea as its guests have painted it, in the light of a hundred lanterns"
models:
  preset: disco
  encoders: [ViT-B-32/openai, ViT-L-14-quickgelu/metaclip_400m, ViT-B-16-SigLIP/webli]
"""
"""Its prompt is long enough, and has signs enough, to be cut into tokens."""

OWN = """\
video: {size: [64, 64], duration: 4}
prompts: a lighthouse
models: {denoiser: {file: my.pt, config: pixelart}, encoders: clip}
"""


@pytest.mark.slow
@pytest.mark.parametrize("scene", [PUBLISHED, OWN], ids=["published", "own"])
def test_no_network_library_is_imported(tmp_path: Path, scene: str) -> None:
    save_shapes(tmp_path / "my.pt", guided_shapes(CONFIGURATIONS["pixelart"]))
    save_word_clip(tmp_path / "clip")
    path = tmp_path / "scene.yaml"
    path.write_text(scene, encoding="utf-8")
    argv = [sys.executable, "-c", SCRIPT, str(path)]
    done = child.run(argv, capture_output=True, text=True, check=True)
    assert done.stdout == "4 []\n"
