"""Numbers with a decimal comma between braces, where YAML takes the comma for its own.

`{translate_y: 1,5}` is to YAML a 1, and a key 5 without a value.
"""

from __future__ import annotations

import re

from yaml.nodes import CollectionNode, Node, ScalarNode

Pair = tuple[Node, Node]

_NUMBER = re.compile(r"[-+]?[0-9]+,[0-9]+")


def split_numbers(node: CollectionNode, source: str) -> tuple[list[Pair], list[tuple[Pair, str]]]:
    """The pairs of a mapping without the ends of split numbers, and the pairs that lost these.

    Each of the latter comes with its number as it stands in `source`. Whoever means a key without
    a value writes a blank behind the comma.
    """
    pairs: list[Pair] = []
    split: list[tuple[Pair, str]] = []
    for key, value in node.value:
        before = pairs[-1][1] if pairs and node.flow_style else None
        number = "" if before is None else source[before.start_mark.index : key.end_mark.index]
        no_value = isinstance(value, ScalarNode) and not value.value
        if len(number) < 60 and _NUMBER.fullmatch(number) and no_value:
            split.append((pairs[-1], number))
        else:
            pairs.append((key, value))
    return pairs, split
