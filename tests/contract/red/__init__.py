"""Sabotages the real stack, and asserts that the check for that sabotage is FAIL."""
