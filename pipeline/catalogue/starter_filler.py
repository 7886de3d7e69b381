"""Words of prompts that name nothing: they join others, or say how a picture is made or admired.

The starter knows hardly any of them, and nobody has to be told so.
"""

from __future__ import annotations

CONNECTING = frozenset(
    (
        *("about", "after", "again", "against", "almost", "along", "also", "always", "am", "any"),
        *("are", "around", "away", "back", "be", "been", "behind", "being", "below", "beneath"),
        *("beside", "between", "beyond", "both", "but", "can", "down", "each", "ever", "every"),
        *("for", "from", "had", "has", "have", "he", "her", "here", "him", "his", "how", "i", "if"),
        *("inside", "into", "is", "it", "just", "like", "made", "me", "more", "most", "much", "my"),
        *("next", "no", "nor", "not", "now", "off", "only", "onto", "or", "other", "our", "own"),
        *("out", "past", "seen", "she", "so", "some", "such", "than", "that", "their", "them"),
        *("then", "there", "these", "they", "this", "those", "toward", "towards", "too", "up"),
        *("upon", "us", "very", "was", "we", "were", "what", "when", "where", "which", "while"),
        *("who", "whose", "will", "within", "without", "you", "your"),
    )
)
"""English words that join others or stand for them."""

STYLE = frozenset(
    (
        # What it is made with, and what it looks like.
        *("35mm", "3d", "abstract", "acrylic", "aesthetic", "airbrush", "analog", "animation"),
        *("anime", "artist", "artists", "artistic", "artwork", "baroque", "blender", "bokeh"),
        *("brushstroke", "brushstrokes", "c4d", "camera", "cartoon", "cgi", "chalk", "chiaroscuro"),
        *("cinema", "cinema4d", "collage", "comic", "composition", "cover", "cubism", "cubist"),
        *(
            "cyberpunk",
            "dof",
            "drawing",
            "drawn",
            "engraving",
            "etching",
            "exposure",
            "expressionism",
        ),
        *("expressionist", "fauvism", "film", "fresco", "futuristic", "global", "graphic"),
        *("grain", "hand", "hdr", "hyperrealism", "illumination", "impasto", "impressionist"),
        *(
            "ink",
            "isometric",
            "kodak",
            "lens",
            "lineart",
            "linocut",
            "lithograph",
            "manga",
            "manner",
        ),
        *("medium", "minimalism", "minimalist", "mood", "moody", "motion", "naive", "nouveau"),
        *("occlusion", "painted", "painter", "painterly", "panorama", "panoramic", "pastel"),
        *("pastels", "pencil", "perspective", "photo", "photograph", "photography", "pixar"),
        *("pixel", "pointillism", "portrait", "print", "psychedelic", "ray", "raytraced"),
        *("raytracing", "realism", "renaissance", "rendered", "renderer", "retro", "rim", "rococo"),
        *(
            "romanticism",
            "rtx",
            "screenprint",
            "shot",
            "sketch",
            "steampunk",
            "stock",
            "strokes",
            "styled",
        ),
        *("styles", "stylised", "stylized", "surrealism", "surrealist", "synthwave", "tempera"),
        *("texture", "textured", "textures", "tracing", "ukiyo", "unreal5", "vaporwave", "vector"),
        *("vignette", "vintage", "vray", "wallpaper", "watercolour", "watercolors", "woodcut"),
        # How good it is.
        *(
            "amazing",
            "astonishing",
            "awesome",
            "best",
            "breathtaking",
            "crisp",
            "detail",
            "details",
        ),
        *("elegant", "elaborate", "enchanted", "enchanting", "ethereal", "excellent", "exquisite"),
        *("extremely", "famous", "fantastic", "fantastical", "fine", "flawless", "glorious"),
        *("grand", "grandiose", "hd", "hq", "hyper", "hyperdetailed", "hyperrealistic"),
        *(
            "imaginative",
            "impressive",
            "incredible",
            "incredibly",
            "insane",
            "insanely",
            "legendary",
        ),
        *("lovely", "magic", "magical", "magnificent", "majestic", "mesmerizing", "mysterious"),
        *("mystic", "mystical", "nice", "official", "ornate", "otherworldly", "perfect"),
        *("photorealism", "photorealistic", "picturesque", "popular", "precise", "pretty"),
        *("professional", "quality", "realistic", "resolution", "sharply", "smooth", "spectacular"),
        *("splendid", "sublime", "super", "surreal", "top", "uhd", "ultra", "ultradetailed"),
        *("ultrarealistic", "wallpapers", "whimsical", "winner", "wonderful", "wondrous"),
        # Where it is shown.
        *("behance", "cgsociety", "contest", "deviantart", "featured", "flickr", "geographic"),
        *("instagram", "national", "pinterest", "pixiv", "unsplash", "zbrush", "zbrushcentral"),
        # Who is named without a "by".
        *(
            "artgerm",
            "beeple",
            "beksinski",
            "bierstadt",
            "bosch",
            "cezanne",
            "claude",
            "dali",
            "disney",
            "escher",
        ),
        *(
            "giger",
            "gogh",
            "gustav",
            "hokusai",
            "hopper",
            "kandinsky",
            "klimt",
            "magritte",
            "miyazaki",
        ),
        *(
            "moebius",
            "monet",
            "mucha",
            "picasso",
            "rembrandt",
            "salvador",
            "turner",
            "van",
            "vermeer",
        ),
        *("vincent", "wlop"),
    )
)
"""The field's words for the making, the quality, the place and the maker of a picture."""
