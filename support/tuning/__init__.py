"""`make tune`: tries a small set of settings, each between two runs of the baseline (A-B-A)."""
