"""How crisp pictures are, and how steady an upscaler is: edges, spectrum, flicker."""
