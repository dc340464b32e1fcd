"""Compares captured tables with the state that their topics hold, and only reads."""
