"""`make tune`: a small set of settings, each tried against the baseline in between, A-B-A."""
