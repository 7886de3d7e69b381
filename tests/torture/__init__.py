"""Renders that are killed at random moments, and compared with those that nobody disturbed."""
