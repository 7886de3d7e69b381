"""Families of published text-to-image networks, one a file: their backbones and how they load."""
