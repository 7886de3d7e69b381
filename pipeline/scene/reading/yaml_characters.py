"""Characters that an escape in double quotes can ask for, and that no text of a scene has.

What YAML forbids in a file as it is (YAML 1.2.2, 5.1), an escape such as `\\0` or `\\e` brings into
a text all the same, and so it does with halves of surrogate pairs.
"""

from __future__ import annotations

import re

from yaml.reader import Reader

_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
# What PyYAML refuses in a file as it is; compiling so large a class again takes milliseconds.
_FORBIDDEN = Reader.NON_PRINTABLE

PATH_HINT = 'write a path with "/", or in single quotes'


def joined(text: str) -> str:
    """`text` with each pair of surrogates, as JSON writes an emoji, as the character it means."""
    return _PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), text)


def forbidden(text: str) -> str:
    """What is wrong with the first character that a text cannot have; "" if there is none."""
    match = _FORBIDDEN.search(text)
    if match is None:
        return ""
    code = ord(match[0])
    if 0xD800 <= code < 0xE000:
        return (
            f'"\\u{code:04x}" is half of a character; write the character itself, or both '
            'halves, such as "\\ud83d\\ude00"'
        )
    return (
        f"the character U+{code:04X} is not allowed in a text; remove it. In double quotes a "
        f"backslash begins an escape: {PATH_HINT}"
    )
