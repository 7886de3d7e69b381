"""Readers of a checkpoint's file and of what it was trained as."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import reduce
from pathlib import Path
from typing import Any

from keyframes.mistakes import found
from keyframes.nearest import nearest
from keyframes.quoting import quoted_path
from pipeline.catalogue.guided_config import CONFIGURATIONS, config_beside
from pipeline.catalogue.ldm_files import check_no_other, is_ldm_file, ldm_kinds_of
from pipeline.catalogue.ldm_settings import LDM_ARCHITECTURES
from pipeline.errors import ModelError
from pipeline.scene.reading.paths import path_from, relative_to
from pipeline.spec.sources import CHECKPOINTS


@contextmanager
def model_errors_told() -> Iterator[None]:
    """Make a mistake of the setting that is read of what is wrong with its network."""
    try:
        yield
    except ModelError as error:
        raise ValueError(_on_one_line(str(error))) from error


def _on_one_line(message: str) -> str:
    """A message whose list of faults, a line each, goes on in its first line."""
    first, *others = (line.strip() for line in message.splitlines())
    return reduce(
        lambda said, line: f"{said}{' ' if said.endswith(':') else '; '}{line}", others, first
    )


def file_of(name: Any, folder: Path) -> Path:
    """The file that is named from `folder`; ValueError where there is none."""
    if not isinstance(name, str) or not name:
        raise ValueError(f"expected the name of a file, found {found(name)}")
    path = path_from(folder, name)
    if not _is_file(path):
        raise ValueError(f'"{quoted_path(path)}" is no file; names are {relative_to(name)}')
    return path


def config_of(name: Any, folder: Path) -> str:
    """The configuration that a scene names: a known one, or the path of a JSON file."""
    known = (*CONFIGURATIONS, *LDM_ARCHITECTURES)
    if isinstance(name, str) and (name in known or _is_file(path_from(folder, name))):
        return name if name in known else str(file_of(name, folder))
    hint = nearest(name, known) if isinstance(name, str) else ""
    raise ValueError(
        f"there is no configuration {found(name)}{hint}; known: "
        f"{', '.join(known)}; or a JSON file, {relative_to(name)}"
    )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        # Longer than a name can be.
        return False


def weights(file: Path) -> Path:
    """`file`, if its name ends as those of checkpoints do."""
    if file.suffix.lower() not in CHECKPOINTS:
        raise ValueError(
            f'"{quoted_path(file)}" is no file of weights by its name, which ends in one of: '
            f"{', '.join(CHECKPOINTS)}"
        )
    return file


def config_beside_of(file: Path) -> str:
    """The configuration of a checkpoint that the scene names none of."""
    beside = file.with_suffix(".json")
    with model_errors_told():
        if beside.exists() or not is_ldm_file(file):
            if not beside.exists():
                check_no_other(file)
            config_beside(file)
            return str(beside)
        kinds = ldm_kinds_of(file)
    if len(kinds) > 1:
        raise ValueError(
            f'"{quoted_path(file)}" can be any of {", ".join(kinds)}, which only differ in what '
            f"they predict; say which: {{file: {file.name}, config: {kinds[0]}}}"
        )
    return kinds[0]
