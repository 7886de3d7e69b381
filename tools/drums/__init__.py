"""How the weights of the drum detectors were found: random songs with known drums, and a fit."""
