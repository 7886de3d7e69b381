"""Imports point only downward, packages make no circles, and torch stays where it may be.

The rules speak of rooms (the folders of the two packages); which modules there are is read from
the disk.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent

ROOMS = (
    *("keyframes", "pipeline", "pipeline.files", "pipeline.spec", "pipeline.catalogue"),
    *("pipeline.music", "pipeline.scene", "pipeline.plan", "pipeline.camera"),
    *(
        "pipeline.diffusion",
        "pipeline.networks",
        "pipeline.run",
        "pipeline.render",
        "pipeline.output",
    ),
    *("pipeline.web", "pipeline.cli"),
)
"""From the bottom up. `pipeline` stands for the files that lie directly in it."""

WITH_TORCH = {"camera", "diffusion", "networks", "render"}
"""Where torch and what stands on it may be imported at all."""

WHEN_ASKED = {"catalogue"}
"""Where a function may import them for the one answer that only they have."""

NUMBERS_ONLY = {"keyframes"}
"""What needs the standard library and numpy, and neither reads files nor knows formats."""

TORCH = {
    *("torch", "torchvision", "diffusers", "open_clip", "timm", "kornia"),
    *("transformers", "peft"),
}

SLOW = {"scipy", "matplotlib", "mido", "pysubs2"}
"""What takes long to import, and is asked only inside functions."""

SERVERS = {"starlette", "uvicorn"}
"""What serves the page of `pipeline.web`, and is an extra."""

FILES = {"io", "os", "pathlib", "shutil", "tempfile"}

FUNCTIONS = ast.FunctionDef | ast.ClassDef
FORMATS = {"yaml", "pydantic", "typer", "rich", "cv2", *SLOW}


def modules() -> dict[str, Path]:
    """The importable modules of the two packages, by name."""
    files = [path for top in ("keyframes", "pipeline") for path in ROOT.glob(f"{top}/**/*.py")]
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for path in files
    }


MODULES = modules()


def imports(path: Path, *, everywhere: bool = True) -> Iterator[str]:
    """What a file imports, in its functions too or not, but for what only a type checker sees."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    if not everywhere:
        tree.body = [node for node in tree.body if not isinstance(node, FUNCTIONS)]
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: imports are written with the full name"
            names = (f"{node.module}.{alias.name}" for alias in node.names)
            yield from (name if name in MODULES else str(node.module) for name in names)


def package(module: str) -> str:
    """The folder in which a module lies, as a dotted name."""
    is_package = MODULES[module].name == "__init__.py"
    return module if is_package else module.rpartition(".")[0]


def room(module: str) -> str:
    """The first two names of its folder."""
    return ".".join(package(module).split(".")[:2])


IMPORTS: Mapping[str, list[str]] = {name: list(imports(path)) for name, path in MODULES.items()}


def reaches(module: str) -> Iterator[str]:
    """What a module imports from above it, or from around it."""
    here = package(module)
    for name in filter(MODULES.__contains__, IMPORTS[module]):
        if ROOMS.index(room(name)) > ROOMS.index(room(module)):
            yield f"{module} reaches up to {name}"
        # What is deeper in a room serves what lies around it.
        nested = here != package(name) and here.startswith(f"{package(name)}.")
        if nested and package(name) != "pipeline":
            yield f"{module} reaches out to {name}"


def test_imports_point_downward() -> None:
    assert [
        text for one in sorted(set(MODULES) - {"pipeline.__main__"}) for text in reaches(one)
    ] == []


def strays(module: str) -> Iterator[str]:
    """What a module imports that has no place in its room."""
    top, _, second = room(module).partition(".")
    foreign = {name.split(".")[0] for name in IMPORTS[module]}
    at_once = {name.split(".")[0] for name in imports(MODULES[module], everywhere=False)}
    kept_out = {"tools", "tests"} | (FORMATS | FILES if top in NUMBERS_ONLY else set())
    early = set() if second in WITH_TORCH else at_once if second in WHEN_ASKED else foreign
    # The command asks in a function whether they are there.
    served = {"web": set(), "cli": at_once}.get(second, foreign)
    strayed = (foreign & kept_out) | (early & TORCH) | (at_once & SLOW) | (served & SERVERS)
    yield from (f"{module} imports {name}" for name in strayed)


def test_libraries_stay_in_their_rooms() -> None:
    assert [text for module in sorted(MODULES) for text in strays(module)] == []


def test_what_computes_numbers_opens_no_file() -> None:
    calls = [
        (module, node.func.id)
        for module, path in MODULES.items()
        if module.partition(".")[0] in NUMBERS_ONLY
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    assert len(calls) > 100
    assert [module for module, name in calls if name in ("open", "__import__")] == []


def test_packages_make_no_circles() -> None:
    graph: dict[str, set[str]] = defaultdict(set)
    for module, names in IMPORTS.items():
        for name in filter(MODULES.__contains__, names):
            if package(name) != package(module) and module != "pipeline.__main__":
                graph[package(module)].add(package(name))
    finished: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, f"a circle: {' -> '.join((*trail, name))}"
        if name not in finished:
            for below in sorted(graph[name]):
                visit(below, (*trail, name))
            finished.add(name)

    for name in sorted(graph):
        visit(name, ())


def test_every_folder_is_a_known_room() -> None:
    found = {room(name) for name in MODULES}
    assert found == set(ROOMS)
