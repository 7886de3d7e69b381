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
        "stone pyramid", "step pyramid",
    ),
    NONE: ("landscape", "landscape", "scenery", "view", "scene", "vista"),
    "mountain": (
        "mountain", "mountain", "mountain", "mountains", "mountain peak", "snowy mountain",
        "peak", "summit", "great mountain", "alpine peak", "matterhorn",
    ),
    "windmill": (
        "windmill", "windmill", "windmill", "mill", "old windmill", "dutch windmill",
        "wooden windmill", "turning windmill",
    ),
    "balloon": (
        "hot air balloon", "hot air balloon", "hot-air balloon", "balloon", "balloon",
        "striped balloon", "air balloon", "montgolfiere",
    ),
    "temple": (
        "temple", "temple", "temple", "greek temple", "ancient temple", "marble temple",
        "parthenon", "temple with columns", "roman temple",
    ),
    "bridge": (
        "bridge", "bridge", "bridge", "suspension bridge", "golden gate bridge", "long bridge",
        "great bridge", "steel bridge",
    ),
    "road": (
        "road", "road", "road", "highway", "street", "winding road", "long road", "open road",
        "country road", "route", "causeway",
    ),
    "tunnel": (
        "tunnel", "tunnel", "tunnel", "long tunnel", "dark tunnel", "stone tunnel",
        "underground tunnel", "tunnel with light at its end", "passage",
    ),
    "planet": (
        "planet", "planet", "planet", "ringed planet", "saturn", "giant planet", "gas giant",
        "planet with rings", "alien planet",
    ),
    "spaceship": (
        "spaceship", "spaceship", "spaceship", "rocket", "rocket", "rocket ship", "spacecraft",
        "starship", "space rocket",
    ),
}  # fmt: skip

GROUNDS: Mapping[str, tuple[str, ...]] = {
    "sea": ("sea", "sea", "ocean", "water", "waves", "bay", "waters", "lake"),
    "meadow": (
        "meadow", "meadow", "field", "grass", "grassland", "flower field", "hills", "pasture",
        "flowers",
    ),
    "desert": ("desert", "desert", "sand", "dunes", "sand dunes", "sahara", "wasteland"),
    "snow": ("snow", "snow", "snowfield", "ice", "tundra", "winter landscape", "snowy hills"),
    "forest": (
        "forest", "forest", "woods", "wood", "fir trees", "pine forest", "pines", "woodland",
    ),
    "city": ("city", "city", "town", "skyline", "skyscrapers", "metropolis", "streets", "square"),
    "clouds": ("clouds", "clouds", "cloud tops", "cloudscape", "soft clouds", "fluffy clouds"),
    "space": (
        "space", "space", "outer space", "deep space", "galaxy", "nebula", "cosmos", "universe",
        "milky way", "starfield",
    ),
}  # fmt: skip

GROUND_PREPOSITIONS: Mapping[str, tuple[str, ...]] = {
    "sea": ("in", "on", "by", "across", "over", "above", "at", "near", "surrounded by"),
    "meadow": ("in", "on", "across", "over", "amid", "standing in"),
    "desert": ("in", "across", "over", "amid", "standing in", "lost in"),
    "snow": ("in", "on", "across", "amid", "covered in", "surrounded by"),
    "forest": ("in", "by", "near", "amid", "before", "deep in", "surrounded by"),
    "city": ("in", "by", "near", "amid", "before", "above", "surrounded by"),
    "clouds": ("above", "above", "over", "high above", "among", "in", "rising above"),
    "space": ("in", "in", "in", "through", "across", "lost in", "amid", "deep in"),
}

GROUND_ADJECTIVES: Mapping[str, tuple[str, ...]] = {
    "sea": ("calm", "vast", "open", "endless", "wide", "deep"),
    "meadow": ("wide", "lush", "rolling", "flowery", "endless", "open"),
    "desert": ("vast", "endless", "dry", "wide", "barren", "open"),
    "snow": ("deep", "fresh", "endless", "cold", "frozen", "wide"),
    "forest": ("dense", "deep", "wild", "old", "vast", "quiet"),
    "city": ("big", "modern", "busy", "wide", "vast", "quiet"),
    "clouds": ("soft", "endless", "thick", "vast", "quiet"),
    "space": ("endless", "vast", "infinite", "cold", "dark", "quiet"),
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
    "dawn": ("dawn", "morning", "early morning"),
    "sunset": ("sunset", "dusky", "evening"),
    "night": ("moonlit", "starlit", "dark", "nocturnal"),
    "storm": ("stormy", "storm-swept", "thundery"),
}

SKIES: Mapping[str, tuple[str, ...]] = {
    "day": ("sunshine", "a sunny sky", "the midday sun", "a bright summer sky", "a fair sky"),
    "dawn": ("sunrise", "the rising sun", "a morning sky", "rays of the rising sun", "dawn"),
    "sunset": ("sunset", "a sunset", "the setting sun", "an evening sky", "dusk"),
    "night": ("stars", "stars", "the stars", "a starry sky", "the moon", "moon and stars",
              "a night sky", "starlight"),
    "storm": ("lightning", "a storm", "a thunderstorm", "dark clouds", "a stormy sky",
              "storm clouds"),
}  # fmt: skip
"""What stands over the ground in the captions of pictures that have no subject."""

WEATHER_PHRASES: Mapping[str, tuple[str, ...]] = {
    "rain": (
        "in the rain", "in the rain", "in heavy rain", "in pouring rain", "in a downpour",
        "with rain falling", "in rainy weather", "under falling rain", "raining",
    ),
    "snowfall": (
        "in falling snow", "in a snowfall", "with snowflakes falling", "in a blizzard",
        "as snow falls", "snowing", "in a snowstorm", "with falling snowflakes", "in snowfall",
    ),
    "fog": (
        "in the fog", "in the fog", "in thick fog", "in the mist", "shrouded in mist",
        "in dense fog", "in foggy weather", "veiled in haze", "in mist",
    ),
}  # fmt: skip
WEATHER_ADJECTIVES: Mapping[str, tuple[str, ...]] = {
    "rain": ("rainy", "rain-swept"),
    "snowfall": ("snowing",),
    "fog": ("foggy", "misty", "hazy"),
}
WEATHER_WORDS: Mapping[str, tuple[str, ...]] = {
    "rain": ("rain", "rain", "rainy", "heavy rain", "downpour"),
    "snowfall": ("snowfall", "falling snow", "snowing", "snowflakes", "blizzard"),
    "fog": ("fog", "fog", "foggy", "mist", "misty"),
}

COLOUR_WORDS: Mapping[str, tuple[str, ...]] = {
    "red": ("red", "red", "red", "red", "crimson", "scarlet", "ruby", "blood", "blood red"),
    "orange": ("orange", "orange", "orange", "orange", "amber", "tangerine", "copper"),
    "yellow": ("yellow", "yellow", "yellow", "yellow", "golden", "gold", "gold", "lemon"),
    "green": ("green", "green", "green", "green", "emerald", "emerald", "jade", "lime"),
    "blue": ("blue", "blue", "blue", "blue", "azure", "cobalt", "sapphire", "navy"),
    "purple": ("purple", "purple", "purple", "purple", "violet", "violet", "lavender"),
    "pink": ("pink", "pink", "pink", "pink", "rose", "hot pink", "magenta", "fuchsia"),
    "teal": ("teal", "teal", "teal", "turquoise", "turquoise", "cyan", "aquamarine"),
    "grey": ("black and white", "black and white", "black and white", "monochrome", "grey",
             "gray", "greyscale"),
    "white": ("white", "white", "white", "ivory", "pearl", "snow-white"),
    "black": ("black", "black", "black", "jet black", "ebony", "obsidian"),
}  # fmt: skip

SCHEME_PHRASES = (
    "{c} color scheme", "{c} color scheme", "{c} color scheme", "{c} colour scheme", "{c} palette",
    "{c} tones", "{c} colors", "{c} hues", "in {c}", "all {c}", "all in {c}", "{c} light",
    "{c} sky", "in shades of {c}", "{c} tint", "mostly {c}", "{c}", "{c} theme", "in {c} tones",
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
    "mountain": ("rising", "towering", "standing tall", "looming", "reaching for the sky"),
    "windmill": ("turning", "turning in the wind", "with its sails", "standing alone", "spinning"),
    "balloon": ("floating", "floating in the sky", "flying", "drifting", "rising", "hovering"),
    "temple": ("standing", "standing proud", "with its columns", "rising", "standing silent"),
    "bridge": ("spanning", "stretching", "reaching across", "standing tall", "hanging"),
    "road": ("leading to the horizon", "winding", "stretching", "running straight ahead", "empty"),
    "tunnel": ("leading outside", "opening", "with light at the end", "leading ahead", "glowing"),
    "planet": ("rising", "with its rings", "hanging in the sky", "looming", "glowing", "turning"),
    "spaceship": ("flying", "taking off", "launching", "soaring", "rising", "blasting off"),
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
