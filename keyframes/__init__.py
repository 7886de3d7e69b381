"""Numbers and words over time. Needs the standard library and numpy, nothing else."""
