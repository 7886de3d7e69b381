"""The road from a scene file to a video: load, plan, move, sample, save, assemble."""
