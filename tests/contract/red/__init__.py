"""Sabotages the real stack, and sees the check that names the sabotage give FAIL."""
