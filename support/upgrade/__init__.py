"""`make upgrade-check`: takes every step of an upgrade while clients use the stack."""
