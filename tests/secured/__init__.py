"""A stack of "another team": TLS, authentication and access control in every part, without Docker.

`python -m tests.secured up FOLDER` starts it in the foreground.
"""
