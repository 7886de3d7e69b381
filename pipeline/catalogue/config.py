"""A model's configuration files: JSON into pydantic models, with errors that name file and key.

The formats of other projects are read as far as they are needed: a key that is not looked at here
may have any value. Our own formats (`OwnConfig`) allow no other keys.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from keyframes.mistakes import found
from keyframes.nearest import nearest
from pipeline.errors import ModelError

_SHOWN = 5
"""Faults that an error lists before it only counts them."""


class ForeignConfig(BaseModel):
    """A file, or a section of one, in a format that others define; keeps what it does not know."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False, extra="allow")


class OwnConfig(BaseModel):
    """A file, or a section of one, in a format of this package."""

    model_config = ConfigDict(strict=True, frozen=True, allow_inf_nan=False, extra="forbid")


Config = TypeVar("Config", bound=BaseModel)


def read_config(path: Path, kind: type[Config]) -> Config:
    """The JSON object in `path`, checked.

    Raises:
        ModelError: the file cannot be read, is not JSON, or misses what `kind` asks for.
    """
    try:
        return kind.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ModelError(
            f"{path}: cannot be read ({error.strerror}); is the model's folder whole?"
        ) from error
    except ValidationError as error:
        faults = [_fault(detail, kind) for detail in error.errors(include_url=False)]
        raise ModelError(
            f"{path}: this configuration cannot be used:\n{listed(faults)}\n"
            "restore the file, or use another model"
        ) from error


def listed(faults: list[str]) -> str:
    """One indented line for each fault, as many as a reader can take in."""
    more = [f"and {len(faults) - _SHOWN} more"] if len(faults) > _SHOWN else []
    return "\n".join(f"  {line}" for line in [*faults[:_SHOWN], *more])


def _fault(detail: Any, kind: type[BaseModel]) -> str:
    """One error of pydantic in plain words: the dotted key, what was found, what is allowed."""
    loc = detail["loc"]
    match detail["type"]:
        case "json_invalid":
            words = f"not valid JSON: {detail['ctx']['error']}"
        case "missing":
            words = "is missing"
        case "extra_forbidden":
            known = _keys(kind, loc[:-1])
            words = f"unknown key{nearest(loc[-1], known)}; allowed: {', '.join(known)}"
        case "value_error":
            words = str(detail["ctx"]["error"])
        case _:
            rule = detail["msg"].replace("Input", "it")
            words = f"found {found(detail['input'])}; {rule}"
    return ": ".join([*filter(None, [".".join(map(str, loc))]), words])


def _keys(kind: type[BaseModel], sections: tuple[str, ...]) -> list[str]:
    """The keys of the section of `kind` at `sections`, each of them a model or `Model | None`."""
    for name in sections:
        annotation = kind.model_fields[name].annotation
        kind = (*get_args(annotation), annotation)[0]
    return list(kind.model_fields)
