"""What the starter's networks were trained on, for a word to authors who ask for more.

`docs/starter.md` says the same to people; the painted world has the words (`tools.world.words`),
and the training the sizes.
"""

from __future__ import annotations

TRAINED_SIZES = ((96, 64), (80, 80), (64, 96))
"""Sizes of the training's pictures, width and height in pixels."""

SMALLEST_SIDE = 64
LARGEST_SIDE = 112
LARGEST_AREA = 9216
"""Sides and area, in pixels, that the starter paints well beyond its training, by the counts in
`docs/starter.md`: smaller pictures cut or miss subjects, larger ones repeat them."""

SUBJECTS = (
    *("lighthouse", "beacon", "tower"),
    *("castle", "fortress", "palace", "citadel", "stronghold", "chateau"),
    *("ship", "boat", "sailboat", "yacht", "schooner", "galleon", "vessel"),
    *("tree", "oak"),
    *("house", "cottage", "cabin", "home", "farmhouse", "hut"),
    "pyramid",
    *("landscape", "scenery", "view", "scene", "vista"),
)
"""The words that name a subject, or a landscape without one."""

CONNECTING = frozenset(
    (
        *("am", "are", "be", "been", "but", "for", "from", "had", "has", "have", "he", "her"),
        *("him", "his", "how", "i", "if", "into", "is", "it", "me", "my", "no", "nor", "not"),
        *("or", "our", "she", "so", "than", "that", "their", "them", "then", "there", "these"),
        *("they", "this", "those", "through", "to", "too", "upon", "very", "was", "we", "were"),
        *("what", "when", "where", "which", "while", "who", "whose", "without", "you", "your"),
    )
)
"""English words that name nothing, and are not in the vocabulary either."""
