"""The words that captions use for every attribute: synonyms, and the filler of the field."""

from __future__ import annotations

from collections.abc import Mapping

from tools.world.attributes import NONE

SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "lighthouse": (
        "lighthouse", "lighthouse", "lighthouse", "lighthouse", "lighthouse tower", "beacon",
        "beacon tower", "striped lighthouse", "light tower", "lone lighthouse",
    ),
    "castle": (
        "castle", "castle", "castle", "fortress", "palace", "citadel", "medieval castle",
        "fairytale castle", "stronghold", "chateau",
    ),
    "ship": (
        "ship", "ship", "ship", "boat", "boat", "sailboat", "sailing ship", "sailing boat",
        "yacht", "schooner", "galleon", "vessel",
    ),
    "tree": (
        "tree", "tree", "tree", "oak", "oak tree", "lone tree", "big tree", "old tree",
        "maple tree", "leafy tree",
    ),
    "house": (
        "house", "house", "house", "cottage", "cabin", "home", "farmhouse", "hut", "little house",
        "small cottage",
    ),
    "pyramid": (
        "pyramid", "pyramid", "pyramid", "great pyramid", "ancient pyramid", "egyptian pyramid",
        "stone pyramid", "temple pyramid",
    ),
    NONE: ("landscape", "landscape", "scenery", "view", "scene", "vista"),
}  # fmt: skip

GROUNDS: Mapping[str, tuple[str, ...]] = {
    "sea": ("sea", "sea", "ocean", "water", "waves", "bay", "waters"),
    "meadow": (
        "meadow",
        "meadow",
        "field",
        "grass",
        "grassland",
        "flower field",
        "hills",
        "pasture",
    ),
    "desert": ("desert", "desert", "sand", "dunes", "sand dunes", "sahara", "wasteland"),
    "snow": ("snow", "snow", "snowfield", "ice", "tundra", "winter landscape", "snowy hills"),
    "forest": (
        "forest",
        "forest",
        "woods",
        "wood",
        "fir trees",
        "pine forest",
        "pines",
        "woodland",
    ),
    "city": ("city", "city", "town", "skyline", "skyscrapers", "metropolis", "streets", "square"),
}

GROUND_PREPOSITIONS: Mapping[str, tuple[str, ...]] = {
    "sea": ("in", "on", "by", "across", "over", "above", "at", "near", "surrounded by"),
    "meadow": ("in", "on", "across", "over", "amid", "standing in"),
    "desert": ("in", "across", "over", "amid", "standing in", "lost in"),
    "snow": ("in", "on", "across", "amid", "covered in", "surrounded by"),
    "forest": ("in", "by", "near", "amid", "before", "deep in", "surrounded by"),
    "city": ("in", "by", "near", "amid", "before", "above", "surrounded by"),
}

GROUND_ADJECTIVES: Mapping[str, tuple[str, ...]] = {
    "sea": ("calm", "vast", "open", "endless", "wide", "deep"),
    "meadow": ("wide", "lush", "rolling", "flowery", "endless", "open"),
    "desert": ("vast", "endless", "dry", "wide", "barren", "open"),
    "snow": ("deep", "fresh", "endless", "cold", "frozen", "wide"),
    "forest": ("dense", "deep", "wild", "old", "vast", "quiet"),
    "city": ("big", "modern", "busy", "wide", "vast", "quiet"),
}
ROUGH = ("tumultuous", "tumultuous", "raging", "wild", "rough", "churning", "turbulent")

TIME_PHRASES: Mapping[str, tuple[str, ...]] = {
    "day": (
        "in daylight", "by day", "at noon", "on a sunny day", "under the bright sun", "at midday",
        "in the afternoon", "under a clear sky", "in bright sunshine", "in the daytime",
    ),
    "dawn": (
        "at dawn", "at sunrise", "at daybreak", "in the morning", "in the early morning",
        "in soft morning light", "as the sun rises", "at first light",
    ),
    "sunset": (
        "at sunset", "at dusk", "in the evening", "at golden hour", "at twilight",
        "as the sun sets", "in the evening light", "under a setting sun",
    ),
    "night": (
        "at night", "at midnight", "in the moonlight", "under the stars", "under a starry sky",
        "on a dark night", "by moonlight", "under the moon", "in the dark",
    ),
    "storm": (
        "in a storm", "in a thunderstorm", "during a storm", "with lightning", "under dark clouds",
        "in stormy weather", "struck by lightning", "in a tempest", "under a stormy sky",
    ),
}  # fmt: skip

TIME_WORDS: Mapping[str, tuple[str, ...]] = {
    "day": ("day", "daylight", "sunny", "noon", "daytime"),
    "dawn": ("dawn", "sunrise", "morning", "daybreak"),
    "sunset": ("sunset", "dusk", "evening", "golden hour", "twilight"),
    "night": ("night", "moonlit", "midnight", "starry night", "moonlight"),
    "storm": ("storm", "stormy", "thunderstorm", "lightning", "tempest"),
}

TIME_ADJECTIVES: Mapping[str, tuple[str, ...]] = {
    "day": ("sunny", "sunlit", "bright"),
    "dawn": ("misty", "dawn", "morning"),
    "sunset": ("sunset", "dusky", "evening"),
    "night": ("moonlit", "starlit", "dark", "nocturnal"),
    "storm": ("stormy", "storm-swept", "thundery"),
}

COLOUR_WORDS: Mapping[str, tuple[str, ...]] = {
    "red": ("red", "red", "red", "crimson", "scarlet", "ruby"),
    "orange": ("orange", "orange", "orange", "amber", "tangerine"),
    "yellow": ("yellow", "yellow", "yellow", "golden", "lemon"),
    "green": ("green", "green", "green", "emerald", "jade"),
    "blue": ("blue", "blue", "blue", "azure", "cobalt", "sapphire"),
    "purple": ("purple", "purple", "purple", "violet", "lavender", "magenta"),
}

SCHEME_PHRASES = (
    "{c} color scheme", "{c} color scheme", "{c} color scheme", "{c} colour scheme", "{c} palette",
    "{c} tones", "{c} colors", "{c} hues", "in {c}", "all {c}", "all in {c}", "{c} light",
    "{c} sky", "in shades of {c}", "{c} tint", "monochrome {c}", "{c}", "{c} theme", "in {c} tones",
    "bathed in {c}", "color scheme {c}", "everything {c}", "{c} atmosphere", "{c} world",
)  # fmt: skip

OPENINGS = (
    "a beautiful painting of", "a beautiful painting of", "a painting of", "a painting of",
    "an oil painting of", "a picture of", "a matte painting of", "a digital painting of",
    "a gorgeous painting of", "a stunning painting of", "an illustration of", "concept art of",
    "a detailed painting of", "a gouache painting of", "a poster of", "a watercolor of",
    "an image of", "a dreamy painting of", "a landscape with", "a rendering of", "",
)  # fmt: skip

ARTICLES = ("a", "a", "a", "the", "one", "a singular", "a single", "a solitary", "a lonely", "")

SUBJECT_DOINGS: Mapping[str, tuple[str, ...]] = {
    "lighthouse": (
        "shining its light", "shining its light", "shining its beam", "casting its light",
        "beaming", "glowing", "sending its light", "standing tall",
    ),
    "castle": ("towering", "standing proud", "rising", "with its towers", "standing guard"),
    "ship": ("sailing", "sailing alone", "drifting", "floating", "setting sail", "adrift"),
    "tree": ("standing alone", "growing", "spreading its branches", "standing tall", "rooted"),
    "house": ("standing alone", "with its windows", "sitting", "waiting", "nestled"),
    "pyramid": ("rising", "towering", "standing", "looming", "standing silent"),
    NONE: ("stretching", "reaching out", "spreading"),
}  # fmt: skip

FILLER = (
    "trending on artstation", "trending on artstation", "by greg rutkowski",
    "by greg rutkowski and thomas kinkade", "by thomas kinkade", "oil painting", "oil on canvas",
    "highly detailed", "matte painting", "8k", "4k", "concept art", "digital art", "masterpiece",
    "dramatic lighting", "volumetric lighting", "cinematic lighting", "by james gurney",
    "by john constable", "in the style of studio ghibli", "unreal engine", "octane render",
    "beautiful", "fantasy art", "award winning", "vivid colors", "soft light", "artstation",
    "poster", "gouache", "illustration", "impressionism", "wide angle", "sharp focus", "intricate",
    "atmospheric", "epic", "by ivan aivazovsky", "by caspar david friedrich", "brush strokes",
)  # fmt: skip
