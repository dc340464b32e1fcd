"""Looks at a stack that others run and reports what a run could do there, changing nothing.

The looking (`kafka.py`, `connect.py`, `database.py`, `more.py`) returns the frozen record of
`findings.py`. Judging (`judge_*.py`, `scenarios.py`) and rendering (`text.py`) are pure functions.
"""
