"""One measurement, in an Odoo process of its own.

Started by ``odoo.py`` with the measurement's name and its options; prints one line
of JSON: what the measurement returned, and the peak memory of the process.
"""

import importlib
import json
import os
import resource
import sys

import odoo
from odoo.modules.registry import Registry
from odoo.tools import config


def main():
    """Run ``module.function`` on a database and print what it returns."""
    conf, database, place, options = sys.argv[1:]
    arguments = ["-c", conf, "-d", database, "--no-http", "--log-level=warn"]
    if folders := os.environ.get("BENCH_ADDONS"):
        arguments.append(f"--addons-path={folders}")
    config.parse_config(arguments, setup_logging=True)
    module, function = place.rsplit(".", 1)
    measure = getattr(importlib.import_module(f"benchmarks.{module}"), function)
    with Registry(database).cursor() as cr:
        env = odoo.api.Environment(cr, odoo.SUPERUSER_ID, {})
        figures = measure(env, **json.loads(options)) or {}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({**figures, "peak_mb": round(peak)}))


if __name__ == "__main__":
    main()
