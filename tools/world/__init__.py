"""The painted world: pictures, depth and captions, drawn by rule, to train the starter models."""
