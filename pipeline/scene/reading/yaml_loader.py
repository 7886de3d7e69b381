"""PyYAML's reader with the core schema of YAML 1.2, and the values of its plain words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import yaml
from yaml.nodes import Node
from yaml.scanner import ScannerError

from pipeline.errors import Problem
from pipeline.scene.reading.yaml_words import PAST_THE_LAST

_PREFIX = "tag:yaml.org,2002:"


class TooMuch(Exception):
    """A document has more values than it may have."""


class CoreLoader(yaml.SafeLoader):
    """PyYAML's composer with the core schema's words; explicit tags are noted as problems."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def __init__(self, text: str, max_nodes: int) -> None:
        super().__init__(text)
        self.tag_problems: list[Problem] = []
        self._nodes_left = 2 * max_nodes  # with the keys

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        self._nodes_left -= 1
        if self._nodes_left < 0:
            raise TooMuch
        event: yaml.Event = self.peek_event()  # type: ignore[no-untyped-call]
        tag, mark = getattr(event, "tag", None), event.start_mark
        if tag is not None and mark is not None:
            name = "!!" + tag.removeprefix(_PREFIX) if tag.startswith(_PREFIX) else tag
            message = f'tags such as "{name}" are not read; write the plain value'
            self.tag_problems.append(Problem(mark.line + 1, mark.column + 1, "", message))
        return super().compose_node(parent, index)

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: yaml.Mark) -> list[str]:
        try:
            return super().scan_flow_scalar_non_spaces(double, start_mark)
        except (ValueError, OverflowError) as error:
            raise ScannerError(
                "while scanning a double-quoted scalar", start_mark, PAST_THE_LAST, self.get_mark()
            ) from error


for _tag, _pattern, _first in (
    ("bool", r"(?:true|True|TRUE|false|False|FALSE)\Z", "tTfF"),
    ("null", r"(?:~|null|Null|NULL|)\Z", ["~", "n", "N", ""]),
    ("int", r"(?:[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+)\Z", "-+0123456789"),
    (
        "float",
        r"(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
        r"|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\Z",
        "-+.0123456789",
    ),
):
    CoreLoader.add_implicit_resolver(_PREFIX + _tag, re.compile(_pattern), list(_first))


def _whole(text: str) -> int:
    return int(text, 0) if text[:2] in ("0o", "0x") else int(text)


def _decimal(text: str) -> float:
    return float(text.replace(".", "") if "n" in text.lower() else text)  # .inf and .nan


SCALARS: Mapping[str, Callable[[str], object]] = {
    _PREFIX + "bool": lambda text: text.lower() == "true",
    _PREFIX + "null": lambda text: None,
    _PREFIX + "int": _whole,
    _PREFIX + "float": _decimal,
}
