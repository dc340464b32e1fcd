"""Every check seen red: the real stack is sabotaged, and the check that names it gives FAIL."""
