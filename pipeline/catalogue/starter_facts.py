"""What the starter's networks were trained on, for a word to authors who ask for more.

`docs/starter.md` says the same to people; the painted world has the words (`tools.world.words`),
and the training the sizes.
"""

from __future__ import annotations

from collections.abc import Mapping

TRAINED_SIZES = ((144, 96), (120, 120), (96, 144))
"""Sizes of the training's pictures, width and height in pixels."""

SMALLEST_SIDE = 88
LARGEST_SIDE = 168
LARGEST_AREA = 20160
"""Sides and area, in pixels, that the starter paints well beyond its training, by the counts in
`docs/starter.md`: smaller pictures cut or miss subjects, larger ones repeat them."""

SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "lighthouse": ("lighthouse", "beacon", "tower"),
    "castle": ("castle", "fortress", "palace", "citadel", "stronghold", "chateau"),
    "ship": ("ship", "boat", "sailboat", "yacht", "schooner", "galleon", "vessel"),
    "tree": ("tree", "oak"),
    "house": ("house", "cottage", "cabin", "home", "farmhouse", "hut"),
    "pyramid": ("pyramid",),
    "mountain": ("mountain", "mountains", "peak", "summit", "matterhorn"),
    "windmill": ("windmill", "mill"),
    "balloon": ("balloon", "montgolfiere"),
    "temple": ("temple", "parthenon"),
    "bridge": ("bridge",),
    "road": ("road", "highway", "street", "route", "causeway"),
    "tunnel": ("tunnel", "passage"),
    "planet": ("planet", "saturn"),
    "spaceship": ("spaceship", "rocket", "spacecraft", "starship"),
}
"""The subjects, and the words that name each."""

SURROUNDINGS = (
    *("landscape", "scenery", "view", "scene", "vista"),
    *("sea", "ocean", "water", "waters", "waves", "bay", "lake"),
    *("meadow", "field", "grass", "grassland", "hills", "pasture", "flowers"),
    *("desert", "sand", "dunes", "sahara", "wasteland"),
    *("snow", "snowfield", "ice", "tundra"),
    *("forest", "woods", "wood", "trees", "pines", "woodland"),
    *("city", "town", "skyline", "skyscrapers", "metropolis", "streets", "square"),
    *("clouds", "cloudscape"),
    *("space", "galaxy", "nebula", "cosmos", "universe", "way", "starfield"),
    *("sky", "sun", "sunshine", "sunny", "day", "daylight", "daytime", "noon"),
    *("dawn", "sunrise", "morning", "daybreak"),
    *("sunset", "dusk", "evening", "hour", "twilight"),
    *("night", "midnight", "moonlit", "moonlight", "stars", "starlight"),
    *("storm", "stormy", "thunderstorm", "lightning", "tempest"),
    *("rain", "rainy", "downpour"),
    *("snowfall", "snowing", "snowflakes", "blizzard"),
    *("fog", "foggy", "mist", "misty"),
)
"""The words that name a landscape, a ground, an hour or the weather: pictures without a subject."""
