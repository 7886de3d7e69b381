"""What of the starter's world comes nearest to words that artists write and it does not know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

_NEAR: Mapping[str, str] = {
    # Subjects.
    "beacon": "lamp lantern pharos streetlight",
    "tower": "antenna belfry campanile chimney clocktower eiffel minaret monument obelisk spire "
    "statue steeple turret watchtower",
    "castle": "alcazar bastion battlement camelot dungeon fort gatehouse kingdom kremlin manor "
    "rampart throne",
    "ship": "ark armada barge brig canoe caravel catamaran clipper dinghy ferry fleet frigate "
    "gondola kayak lifeboat longship pirate raft rowboat shipwreck sloop speedboat steamboat "
    "steamship submarine titanic trawler viking warship wreck",
    "tree": "acacia baobab birch bonsai bush cactus cedar cypress elm palm plant redwood sakura "
    "sapling sequoia shrub spruce stump trunk willow",
    "house": "barn bungalow chalet hotel igloo inn lodge mansion school shack shed shop tavern "
    "tent treehouse villa yurt",
    "farmhouse": "farm homestead ranch",
    "pyramid": "aztec egypt giza inca maya mayan pharaoh sphinx tomb ziggurat",
    "mountain": "alps boulder canyon cliff crag everest fuji gorge himalaya kilimanjaro mesa "
    "ravine ridge rock volcanic volcano",
    "windmill": "propeller turbine watermill waterwheel",
    "balloon": "airship blimp dirigible glider kite parachute zeppelin",
    "temple": "abbey acropolis altar amphitheatre arch basilica cathedral chapel church "
    "colosseum column mausoleum monastery mosque pagoda pantheon pillar ruin sanctuary shrine "
    "stupa synagogue",
    "bridge": "aqueduct boardwalk dock drawbridge footbridge jetty overpass pier viaduct",
    "road": "alley avenue boulevard crossroads footpath freeway lane motorway path pathway "
    "pavement rail railroad railway sidewalk track trail walkway",
    "tunnel": "archway catacomb cave cavern corridor crypt door doorway gateway grotto hall "
    "hallway labyrinth maze mine mineshaft portal sewer subway vault vortex wormhole",
    "planet": "asteroid comet earth eclipse exoplanet globe jupiter mars meteor meteorite moons "
    "neptune orb pluto sphere uranus venus",
    "spaceship": "aeroplane aircraft airplane helicopter mothership plane probe rocketship "
    "satellite saucer shuttle spaceport starfighter ufo",
    # Grounds.
    "sea": "atlantic beach brook canal coast coastline cove creek estuary fjord harbor harbour "
    "island lagoon marsh mediterranean oceanic pacific pond pool reef river seascape seashore "
    "seaside shore stream surf swamp tide underwater waterfall",
    "waves": "ripple tsunami wave",
    "meadow": "countryside garden glade heath lawn moor moorland orchard park plain prairie "
    "savanna savannah steppe vineyard",
    "flowers": "blossom bouquet daisies daisy lily lotus orchid petal poppies poppy roses "
    "sunflower tulip wildflower",
    "hills": "foothill highland hill hillside knoll slope valley",
    "desert": "arid badlands gobi mojave oasis sandstorm",
    "snow": "avalanche christmas snowman",
    "ice": "frost glacier iceberg icicle icy",
    "tundra": "antarctic antarctica arctic taiga",
    "forest": "bamboo grove jungle rainforest thicket undergrowth wilderness",
    "city": "building cityscape downtown hamlet london manhattan market paris rome suburb tokyo "
    "urban venice village york",
    "clouds": "cloudy cumulus heaven heavenly overcast",
    "space": "abyss celestial cosmic interstellar orbit void",
    "galaxy": "andromeda galactic intergalactic",
    "nebula": "quasar stardust supernova",
    # Skies, hours and weather.
    "sky": "skies",
    "stars": "constellation star zodiac",
    "sunshine": "sunlight",
    "light": "lights",
    "rays": "sunbeam sunray",
    "sunrise": "sunup",
    "sunset": "sundown",
    "dusk": "gloaming nightfall",
    "night": "aurora nighttime",
    "storm": "cyclone gale hurricane squall tornado typhoon whirlwind windy",
    "lightning": "thunder thunderbolt",
    "rain": "drizzle hail monsoon puddle raindrop shower wet",
    "snowfall": "flurry sleet",
    "fog": "murky smog",
    "mist": "smoke steam vapor vapour",
    "haze": "dust dusty",
    # How things are.
    "dark": "creepy darkness eerie gloomy gothic haunted ominous scary shadow shadowy sinister "
    "spooky",
    "barren": "bleak desolate",
    "empty": "abandoned deserted",
    "glowing": "gleaming luminous radiant shiny",
    "shining": "glittering shimmering sparkling",
    "ancient": "ruined",
    "big": "colossal enormous gigantic huge immense large massive monumental",
    "little": "miniature tiny",
    "calm": "peaceful serene tranquil",
    "frozen": "frosty",
    "winter": "wintry",
    # Colours.
    "red": "bloody brick burgundy carmine cherry garnet maroon reddish vermilion wine",
    "orange": "apricot peach terracotta",
    "copper": "bronze brown rust rusty sepia",
    "yellow": "mustard ochre saffron yellowish",
    "green": "greenish mint olive",
    "lime": "chartreuse",
    "blue": "blueish bluish cerulean indigo ultramarine",
    "violet": "amethyst lilac mauve plum",
    "pink": "blush coral salmon",
    "grey": "silver silvery",
    "white": "bone",
    "ivory": "beige cream",
    "black": "charcoal onyx",
    "vivid": "colorful colourful neon vibrant",
}

_ONLY_SPELT_ALIKE = (
    "barrel braces bride cabinet caesar cattle concert counter county dessert gallon galway "
    "intimate place planes printing reindeer reader romance routine sailor science seating "
    "shape singer snail stair storey story strait strip stripe template violent width widow "
    "winery writer"
)


def _nearest() -> Iterator[tuple[str, str]]:
    for known, words in _NEAR.items():
        yield from ((word, known) for word in words.split())
    yield from ((word, "") for word in _ONLY_SPELT_ALIKE.split())


NEAREST: Mapping[str, str] = dict(_nearest())
"""For a word, in the singular, the word of the starter's vocabulary that comes nearest in what it
means; "" for one that nothing comes near to, though some word is spelt like it."""
