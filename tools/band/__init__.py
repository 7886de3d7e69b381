"""A small synthesised band, whose beats are known to the sample, and how well a grid meets them."""
