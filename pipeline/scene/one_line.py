"""Values as YAML in one line, as the manual writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pipeline.scene.reading.yaml_source import read_yaml


def flow(value: object) -> str:
    """A value of YAML in one line; "none" for nothing."""
    match value:
        case None:
            return "none"
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case str() | int():
            return str(value)
        case Mapping():
            return f"{{{', '.join(f'{flow(key)}: {flow(part)}' for key, part in value.items())}}}"
        case Sequence():
            return f"[{', '.join(map(flow, value))}]"
    raise TypeError(f"no value of YAML: {value!r}")


def parsed(text: str) -> object:
    """What a value that is written in one line of YAML says."""
    document = read_yaml(f"value: {text}\n")
    assert not document.problems, f"no YAML: {text}"
    assert isinstance(document.data, dict)
    value: object = document.data["value"]
    return value
