"""Reading a scene file: its YAML, its settings one by one, and what is wrong with them."""
