"""Where a scene begins: templates, and scenes on the sections of a song."""
