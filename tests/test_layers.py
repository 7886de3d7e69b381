"""Imports point only downward, and the packages below torch do not know it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

LAYERS: tuple[tuple[str, ...], ...] = (
    ("keyframes",),
    ("pipeline", "pipeline.errors", "pipeline.protocols"),
    (
        "pipeline.atomic",
        "pipeline.camera",
        "pipeline.changes",
        "pipeline.describe",
        "pipeline.digest",
        "pipeline.disk",
        "pipeline.grey",
        "pipeline.json_form",
        "pipeline.load",
        "pipeline.models.config",
        "pipeline.models.download",
        "pipeline.models.facts",
        "pipeline.models.guided_config",
        "pipeline.models.mirror",
        "pipeline.models.part",
        "pipeline.models.publication",
        "pipeline.models.published",
        "pipeline.models.published_denoisers",
        "pipeline.models.published_depth",
        "pipeline.models.published_encoders",
        "pipeline.models.published_tokenizers",
        "pipeline.models.registry",
        "pipeline.models.sources",
        "pipeline.models.store",
        "pipeline.plan",
        "pipeline.plan_columns",
        "pipeline.plan_denoising",
        "pipeline.png",
        "pipeline.reading",
        "pipeline.scene",
        "pipeline.scene_denoising",
        "pipeline.spec",
        "pipeline.times",
    ),
    ("pipeline.image", "pipeline.resample", "pipeline.warp", "pipeline.diffusion"),
    (
        "pipeline.devices",
        "pipeline.enlarge",
        "pipeline.ffmpeg",
        "pipeline.journal",
        "pipeline.models",
        "pipeline.resume",
        "pipeline.run",
        "pipeline.run_directory",
        "pipeline.sheet",
    ),
    (
        "pipeline.deliver",
        "pipeline.move",
        "pipeline.randomness",
        "pipeline.render",
        "pipeline.sample",
        "pipeline.steer",
    ),
    (
        "pipeline.__main__",
        "pipeline.cli",
        "pipeline.error_handler",
        "pipeline.finish",
        "pipeline.logs",
        "pipeline.models_cli",
        "pipeline.progress",
        "pipeline.pull_progress",
    ),
)
"""From the bottom up. A package stands for its modules, unless they are named themselves."""

KEYFRAMES, _, WITHOUT_TORCH, *_ = range(len(LAYERS))


def modules() -> dict[str, Path]:
    """The importable modules of the two packages, by name."""
    packages = ("keyframes", "pipeline")
    files = [path for package in packages for path in ROOT.glob(f"{package}/**/*.py")]
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in files
    }


def layer_of(module: str) -> int:
    """The index into `LAYERS` of the longest name that `module` is or lies in."""
    names = {name: index for index, layer in enumerate(LAYERS) for name in layer}
    parts = module.split(".")
    prefixes = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
    # "pipeline" itself is only the package's own file: its modules are all named.
    known = [name for name in prefixes if name in names and (name != "pipeline" or module == name)]
    assert known, f"{module} is in no layer; give it a place in LAYERS"
    return names[known[0]]


def imports(path: Path) -> Iterator[str]:
    """What a file imports, but for what only a type checker sees."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are written with the full name"
            yield str(node.module)


@pytest.mark.parametrize("module", sorted(modules()))
def test_imports_point_downward(module: str) -> None:
    layer = layer_of(module)
    for imported in imports(modules()[module]):
        top = imported.split(".")[0]
        if top in ("keyframes", "pipeline"):
            assert layer_of(imported) <= layer, f"{module} reaches up to {imported}"
        if layer <= WITHOUT_TORCH:
            assert top not in ("torch", "diffusers", "open_clip", "timm", "librosa", "scipy")
        if layer == KEYFRAMES:
            assert top not in ("yaml", "pydantic", "typer", "rich", "cv2")
        assert top not in ("tools", "tests"), f"{module} imports {imported}, which does not ship"


def test_no_import_cycles() -> None:
    known = modules()
    graph = {
        name: {imported for imported in imports(path) if imported in known}
        for name, path in known.items()
    }
    finished: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, f"a cycle: {' -> '.join((*trail, name))}"
        if name not in finished:
            for imported in graph[name]:
                visit(imported, (*trail, name))
            finished.add(name)

    for name in graph:
        visit(name, ())


def test_every_layer_name_exists() -> None:
    known = modules()
    gone = [name for layer in LAYERS for name in layer if name not in known]
    assert not gone, f"LAYERS names modules that are not there: {gone}"
