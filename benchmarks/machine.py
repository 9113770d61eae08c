"""The machine the figures come from."""

import os
import platform
import re
from pathlib import Path


def describe(env):
    """Return the processor, cores, memory and versions, in one line."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    [version] = env.server.query("SHOW server_version")
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB of memory, "
        f"PostgreSQL {version.split()[0]}, Odoo {env.odoo.version}, "
        f"Python {platform.python_version()}"
    )


def _processor():
    found = re.search(r"model name\s*:\s*(.*)", Path("/proc/cpuinfo").read_text())
    return found.group(1) if found else platform.machine()
