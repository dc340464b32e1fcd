"""Refuses, in one line, a machine that the pinned packages can't be installed on.

The Makefile runs this before it creates the virtual environment. So it imports nothing of the
suite, and even Python 2.7 can read it: a wrong version gets the line, not a syntax error.
"""

import os
import platform
import shutil
import sys
import sysconfig

TOO_NEW = (
    "The pinned confluent-kafka 2.8.2 has no wheel for it, and the versions that have one can lose"
    " a single broker for good (README.md, Findings)."
)
NOT_CPYTHON = "The pinned packages have wheels only for CPython with its global lock."

version = sys.version_info[:2]
seen = ".".join(str(part) for part in sys.version_info[:3])
reason = TOO_NEW if version > (3, 13) else "It is too old." if version < (3, 11) else ""
if platform.python_implementation() != "CPython":
    seen, reason = platform.python_implementation() + " " + seen, NOT_CPYTHON
elif sysconfig.get_config_var("Py_GIL_DISABLED"):
    seen, reason = seen + " without a global lock", NOT_CPYTHON
if reason:
    wanted = "Python 3.11, 3.12 or 3.13 is needed; seen: " + seen + "."
    sys.exit(" ".join([wanted, reason, "Next: make PYTHON=/path/to/python3.13"]))

compiler = (os.getenv("CC") or sysconfig.get_config_var("CC") or "cc").split()[0]
header = sysconfig.get_paths()["include"] + "/Python.h"
lacking = [] if shutil.which(compiler) else ["the C compiler " + compiler]
lacking += [] if os.access(header, os.R_OK) else [header]
if lacking and platform.machine() in ("aarch64", "arm64"):
    what = "hdrhistogram has no wheel for " + platform.machine() + ", so pip has to compile it."
    found = "Not found: " + " and ".join(lacking) + "."
    sys.exit(" ".join([what, found, "Next, on Debian: apt-get install gcc python3-dev"]))
