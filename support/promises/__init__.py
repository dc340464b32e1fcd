"""Every check of the suite: its description, its limit, and how it is judged from a record.

`python -m support.promises` writes the descriptions to docs/checks.md. A new check needs one
definition here, and a test in tests/contract that has seen it fail against the real stack.
"""
