"""Writes the tables of the manual from what reads a scene."""
