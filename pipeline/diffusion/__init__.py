"""Schedules, samplers and guidance as pure functions of tensors: no files, no model names."""
