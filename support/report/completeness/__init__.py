"""Checks whether the written documents show everything that run.json records."""
