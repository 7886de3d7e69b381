"""Strict YAML: text to plain data, and the place of every key and value in the text.

The reader follows the core schema of YAML 1.2: `true`, `false`, `null`, whole numbers, decimals
such as `1e-3`, and everything else is text. So `on`, `no` and `1:30` stay the words that were
written, and `012` is twelve. Tags and merge keys are refused; anchors and aliases work. Lines and
columns count from 1.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import yaml
from yaml.nodes import CollectionNode, Node, ScalarNode, SequenceNode
from yaml.reader import ReaderError

from keyframes.mistakes import found
from keyframes.quoting import visible
from pipeline.errors import Problem
from pipeline.scene.reading.decimal_commas import split_numbers
from pipeline.scene.reading.document import Document, Key, Mark, Route, dotted
from pipeline.scene.reading.yaml_characters import forbidden, joined
from pipeline.scene.reading.yaml_loader import SCALARS, TooMuch, compose
from pipeline.scene.reading.yaml_words import character_problem, syntax_problem

MAX_VALUES = 50_000
"""Values of one document, aliases written out: a few nested aliases can ask for billions. As many
are read in a second."""
MAX_LINES = 100_000
"""Lines of one text; the place of each is noted."""
MAX_CHARACTERS = 10_000_000
"""Characters of the texts of one document, aliases written out."""
MAX_DIGITS = 250
"""Characters of one number: as many hexadecimal digits still fit a float."""
EMPTY = "the file is empty; write at least `video` and `prompts`"
"""What is said of a text without any value."""

_LINE_ENDS = "\n\r\x85\u2028\u2029"
_TOO_LONG = f"this is longer than {MAX_LINES:,} lines; is it the right file?"

_PREFIX = "tag:yaml.org,2002:"
_TEXT = f"{_PREFIX}str"


def read_yaml(text: str) -> Document:
    """The data of a YAML text with its mistakes; without data when it cannot be parsed at all."""
    if sum(map(text.count, _LINE_ENDS)) > MAX_LINES:
        return _without_data("", Problem(1, 1, "", _TOO_LONG))
    builder = _Builder(text)
    try:
        node, tag_problems = compose(text, MAX_VALUES)
        data = None if node is None else builder.value(node, ())
    except ReaderError as error:
        return _without_data(text, character_problem(error, text))
    except yaml.MarkedYAMLError as error:
        return _without_data(text, syntax_problem(error, text))
    except RecursionError:
        return _without_data(text, Problem(1, 1, "", "the values are nested too deeply"))
    except TooMuch:
        message = (
            f"more than {MAX_VALUES:,} values or {MAX_CHARACTERS:,} characters, aliases written "
            "out; use fewer: a curve with a key for every frame is shorter as a formula"
        )
        return _without_data(text, Problem(1, 1, "", message))
    if node is None:
        return _without_data(text, Problem(1, 1, "", EMPTY))
    problems = (*tag_problems, *builder.problems)
    return Document(text, data, builder.keys, builder.values, problems)


def _without_data(text: str, problem: Problem) -> Document:
    return Document(text, None, {}, {}, (problem,))


@dataclass(slots=True)
class _Builder:
    """Nodes to plain data, with marks by route; mistakes are noted and the walk goes on."""

    source: str
    keys: dict[Route, Mark] = field(default_factory=dict)
    values: dict[Route, Mark] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    open_nodes: set[int] = field(default_factory=set)
    """Collections that the walk is inside of: meeting one again means an alias contains itself."""
    scalars: dict[int, object] = field(default_factory=dict)
    """Value of each node by its `id`: an alias leads to one node again and again."""
    marks: dict[int, Mark] = field(default_factory=dict)
    characters: int = 0

    def value(self, node: Node, route: Route) -> object:
        if len(self.values) >= MAX_VALUES:
            raise TooMuch
        if id(node) in self.open_nodes:
            self._note(node, route, "an alias stands inside the value that it repeats")
            return None
        self.values[route] = self._mark(node)
        if isinstance(node, ScalarNode):
            return self._scalar(node, route)
        assert isinstance(node, CollectionNode)
        self.open_nodes.add(id(node))
        read = self._sequence if isinstance(node, SequenceNode) else self._mapping
        data = read(node, route)
        self.open_nodes.discard(id(node))
        return data

    def _sequence(self, node: CollectionNode, route: Route) -> list[object]:
        return [self.value(item, (*route, i)) for i, item in enumerate(node.value)]

    def _mapping(self, node: CollectionNode, route: Route) -> dict[Key, object]:
        data: dict[Key, object] = {}
        pairs, split = split_numbers(node, self.source)
        for (key_node, value_node), number in split:
            words = f"found {number}; a decimal number has a point: {number.replace(',', '.')}"
            self._note(value_node, (*route, str(key_node.value)), words)
        for key_node, value_node in pairs:
            key = self._key(key_node, route)
            if key is None:
                continue
            here = (*route, key)
            if key in data:
                first = self.keys[here]
                message = f"the key is written twice, first in line {first.line}; keep one of them"
                self._note(key_node, here, message)
                continue
            self.keys[here] = self._mark(key_node)
            data[key] = self.value(value_node, here)
            if node.flow_style and isinstance(key, str) and ":" in key and data[key] is None:
                self._note(key_node, here, 'write a blank after the ":" that ends a key in braces')
        return data

    def _key(self, node: Node, route: Route) -> Key | None:
        if isinstance(node, ScalarNode):
            key = self._scalar(node, route)
            if key == "<<" and node.style is None:
                self._note(node, route, 'merge keys ("<<") are not read; write the values out')
                return None
            if isinstance(key, str | int | float) and not isinstance(key, bool):
                return key
        what = found(node.value) if isinstance(node, ScalarNode) else "a list or mapping"
        quote = "; put it in quotes to make it a text" if isinstance(node, ScalarNode) else ""
        self._note(node, route, f"a key is a text or a number, found {what}{quote}")
        return None

    def _scalar(self, node: ScalarNode, route: Route) -> object:
        self.characters += len(node.value)
        if self.characters > MAX_CHARACTERS:
            raise TooMuch
        if id(node) not in self.scalars:
            self.scalars[id(node)] = self._read(node, route)
        return self.scalars[id(node)]

    def _read(self, node: ScalarNode, route: Route) -> object:
        read = SCALARS.get(node.tag) if node.style is None else None
        if read is None:
            return self._text(node, route)
        if len(node.value) > MAX_DIGITS:
            self._note(node, route, f"a number of {len(node.value)} characters is too long")
            return 0
        return read(node.value)

    def _text(self, node: ScalarNode, route: Route) -> str:
        """The text; one with characters that no text has is noted, and shows them as codes."""
        text = joined(node.value)
        fault = forbidden(text)
        if fault:
            self._note(node, route, fault)
        return visible(text, keep="\n\t") if fault else text

    def _mark(self, node: Node) -> Mark:
        if id(node) not in self.marks:
            self.marks[id(node)] = self._make_mark(node)
        return self.marks[id(node)]

    def _make_mark(self, node: Node) -> Mark:
        start, end = node.start_mark, node.end_mark
        text_start = None
        if isinstance(node, ScalarNode) and node.value.strip():
            raw = self.source[start.index : end.index]
            found = raw.find(node.value.rstrip("\n"))
            text_start = start.index + found if found >= 0 else None
        is_plain = isinstance(node, ScalarNode) and node.style is None and node.tag == _TEXT
        plain_end = end.index if is_plain and node.value else None
        last = end.column + 1 if end.line == start.line else None
        return Mark(start.line + 1, start.column + 1, text_start, plain_end, last)

    def _note(self, node: Node, route: Route, message: str) -> None:
        mark = self._mark(node)
        self.problems.append(Problem(mark.line, mark.column, dotted(route), message))
