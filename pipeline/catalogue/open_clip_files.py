"""What open_clip's own files say of its encoders, read without importing it. Imports no torch.

Its architectures are JSON files; which weights there are for them is a table in its program, of
which the syntax tree is read here and nothing is run.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from pipeline.errors import ModelError
from pipeline.files.json_text import read_json

QUICK_GELU = "-quickgelu"
"""Ends the name of an architecture whose activation is OpenAI's approximation."""

_TABLE = "_PRETRAINED"
_SECTIONS = ("embed_dim", "vision_cfg", "text_cfg")


def open_clip_folder() -> Path:
    """The folder of the installed open_clip; `ModelError` without one."""
    spec = find_spec("open_clip")
    if spec is None or spec.origin is None:
        raise ModelError("open_clip is not installed; run: pip install open_clip_torch")
    return Path(spec.origin).parent


def open_clip_version() -> str:
    """The version of the installed open_clip."""
    from importlib.metadata import version

    return version("open_clip_torch")


def architecture(name: str) -> Mapping[str, Any] | None:
    """The configuration that open_clip has for an architecture; None for one it does not know."""
    path = open_clip_folder() / "model_configs" / f"{name}.json"
    try:
        config = read_json(path.read_bytes())
    except (OSError, ValueError):
        return None
    return config if all(section in config for section in _SECTIONS) else None


@lru_cache(maxsize=1)
def pretrained() -> Mapping[str, tuple[str, ...]]:
    """The tags of the weights that open_clip has for each architecture, in its own order.

    Empty where this release of open_clip keeps them in another way than is known here.
    """
    try:
        tree = ast.parse((open_clip_folder() / "pretrained.py").read_bytes())
    except (OSError, SyntaxError, ValueError):
        return {}
    values = {name: value for name, value in _assignments(tree.body)}
    table = dict(_items(values.get(_TABLE)))
    tags = {name: dict(_items(_resolved(value, values))) for name, value in table.items()}
    # open_clip makes these of the others when it is imported.
    quick = {
        f"{name}{QUICK_GELU}": {tag: config for tag, config in those.items() if _is_quick(config)}
        for name, those in tags.items()
    }
    return {name: tuple(those) for name, those in (tags | quick).items() if those}


def _assignments(body: list[ast.stmt]) -> Iterator[tuple[str, ast.expr]]:
    for statement in body:
        if isinstance(statement, ast.Assign):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    yield target.id, statement.value


def _resolved(value: ast.expr, names: Mapping[str, ast.expr]) -> ast.expr | None:
    return names.get(value.id) if isinstance(value, ast.Name) else value


def _items(value: ast.expr | None) -> Iterator[tuple[str, ast.expr]]:
    """The keys and values of `{"a": 1}` or `dict(a=1)`."""
    if isinstance(value, ast.Dict):
        for key, item in zip(value.keys, value.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, item
    elif isinstance(value, ast.Call):
        for keyword in value.keywords:
            if keyword.arg is not None:
                yield keyword.arg, keyword.value


def _is_quick(config: ast.expr) -> bool:
    flags = dict(_items(config))
    flag = flags.get("quick_gelu")
    return isinstance(flag, ast.Constant) and bool(flag.value)
