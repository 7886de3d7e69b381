"""PyYAML's reader with the core schema of YAML 1.2, and the values of its plain words.

There are two of it. The one in C takes a tenth of the time; the one in Python says what is wrong
where a text is no YAML in words that `yaml_words` knows how to mend.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import yaml
from yaml._yaml import CParser
from yaml.composer import Composer
from yaml.nodes import Node, ScalarNode
from yaml.reader import Reader
from yaml.resolver import BaseResolver
from yaml.scanner import ScannerError

from pipeline.errors import Problem
from pipeline.scene.reading.yaml_words import PAST_THE_LAST

_PREFIX = "tag:yaml.org,2002:"


LONGEST_EXPLAINED = 100_000
"""Characters of a text that is read again to say well what is wrong with it; that takes time."""

_UNCOUNTED = "\ufeff"
"""A character that takes no column, which the loader in C does not know."""


class TooMuch(Exception):
    """A document has more values than it may have."""


class _CoreComposer(Composer):
    """PyYAML's composer with the core schema's words; explicit tags are noted as problems."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}  # noqa: RUF012

    def _begin(self, max_nodes: int) -> None:
        self.tag_problems: list[Problem] = []
        self._nodes_left = 2 * max_nodes  # with the keys

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        self._nodes_left -= 1
        if self._nodes_left < 0:
            raise TooMuch
        event: yaml.Event = self.peek_event()  # type: ignore[attr-defined]
        tag, mark = getattr(event, "tag", None), event.start_mark
        if tag is not None and mark is not None:
            name = "!!" + tag.removeprefix(_PREFIX) if tag.startswith(_PREFIX) else tag
            message = f'tags such as "{name}" are not read; write the plain value'
            self.tag_problems.append(Problem(mark.line + 1, mark.column + 1, "", message))
        return super().compose_node(parent, index)


class CoreLoader(_CoreComposer, yaml.SafeLoader):
    """The loader in Python."""

    def __init__(self, text: str, max_nodes: int) -> None:
        yaml.SafeLoader.__init__(self, text)
        self._begin(max_nodes)

    def scan_flow_scalar_non_spaces(self, double: bool, start_mark: yaml.Mark) -> list[str]:
        try:
            return super().scan_flow_scalar_non_spaces(double, start_mark)
        except (ValueError, OverflowError) as error:
            raise ScannerError(
                "while scanning a double-quoted scalar", start_mark, PAST_THE_LAST, self.get_mark()
            ) from error


class FastLoader(_CoreComposer, CParser, BaseResolver):
    """The loader in C."""

    def __init__(self, text: str, max_nodes: int) -> None:
        CParser.__init__(self, text)
        Composer.__init__(self)
        BaseResolver.__init__(self)
        self._begin(max_nodes)
        self._text = text

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        node = super().compose_node(parent, index)
        if isinstance(node, ScalarNode) and not node.style:
            node.style = None  # C has an empty text for what stands without quotes
            if not node.value:
                node.start_mark = node.end_mark = self._behind_colon(node.start_mark)
        return node

    def _behind_colon(self, mark: yaml.Mark) -> yaml.Mark:
        """The place of an empty value, which C has behind the blanks that follow its colon."""
        index = mark.index
        while index and self._text[index - 1].isspace():
            index -= 1
        if not index or self._text[index - 1] != ":":
            return mark
        line = mark.line - self._text.count("\n", index, mark.index)
        column = index - 1 - self._text.rfind("\n", 0, index)
        return yaml.Mark(mark.name, index, line, column, None, index)


def compose(text: str, max_nodes: int) -> tuple[Node | None, list[Problem]]:
    """The nodes of a YAML text, None for an empty one, and a problem for each tag.

    Raises:
        yaml.YAMLError: this is no YAML.
        TooMuch: there are more nodes than twice `max_nodes`, with the keys.
        RecursionError: they are nested too deeply.
    """
    Reader(text)  # looks for characters that no YAML text holds
    try:
        if _UNCOUNTED not in text:
            return _composed(FastLoader(text, max_nodes))
    except yaml.YAMLError:
        if len(text) > LONGEST_EXPLAINED:
            raise
    return _composed(CoreLoader(text, max_nodes))


def _composed(loader: CoreLoader | FastLoader) -> tuple[Node | None, list[Problem]]:
    return loader.get_single_node(), loader.tag_problems


_WORDS = _CoreComposer.yaml_implicit_resolvers
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
    for _letter in _first:
        _WORDS.setdefault(_letter, []).append((_PREFIX + _tag, re.compile(_pattern)))


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
