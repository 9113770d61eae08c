"""Everything Odoo needs to run, made ready once and found again in no time."""

import hashlib
import os
from dataclasses import dataclass, replace
from pathlib import Path

from dev import debian, odoo_source, packages, postgres, venv
from dev.console import Problem
from dev.settings import ADDON, Settings
from dev.system import lock, point, side_by_side

DEV_ADDON = "account_dunning_dev"


@dataclass(frozen=True)
class Environment:
    """A ready environment: which Odoo, which Python, which server."""

    settings: Settings
    odoo: odoo_source.Odoo
    python: Path
    server: postgres.Server
    conf: Path

    def command(self, *arguments):
        """Command line that starts Odoo with this checkout's configuration."""
        first, *rest = arguments
        sub = [first] if not first.startswith("-") else []
        rest = rest if sub else arguments
        return [
            *(str(self.python), "-m", "odoo", *sub, "-c", str(self.conf)),
            *rest,
        ]

    def variables(self):
        """Variables Odoo is started with: nothing of the caller's leaks in.

        What Python compiles is kept, or each start would compile all of Odoo anew; in a
        folder of its own, so that none of it lies beside the sources.
        """
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PG", "ODOO_", "OPENERP_"))
            and name != "PYTHONDONTWRITEBYTECODE"
        }
        return {
            **kept,
            **self.server.password_variable(),
            "PYTHONPATH": str(self.odoo.python_root),
            "PYTHONPYCACHEPREFIX": str(self.settings.dev / "pycache"),
            "PYTHONUNBUFFERED": "1",
            "TZ": "UTC",
        }


def prepare(settings, for_tests=False):
    """Make the environment ready.

    :param settings: the settings of this checkout
    :param for_tests: also what only the tests need
    :rtype: Environment
    """
    settings.dev.mkdir(exist_ok=True)
    with lock(settings, "setup"):
        packages.require(settings, for_tests)
        python, odoo, server = side_by_side(
            lambda: venv.prepare(settings),
            lambda: odoo_source.prepare(settings),
            lambda: postgres.prepare(settings),
        )
        point(settings.dev / "venv", python.parent.parent.relative_to(settings.dev))
        for folder in (settings.log, settings.state, settings.filestore):
            folder.mkdir(parents=True, exist_ok=True)
        _link_addon(settings)
        conf = _write_conf(settings, odoo, server)
    return Environment(settings, odoo, python, server, conf)


def _link_addon(settings):
    """Odoo finds an addon by its folder's name, whatever the checkout's is."""
    link = settings.dev / "addons" / ADDON
    link.parent.mkdir(exist_ok=True)
    point(link, "../..")


def elsewhere(env, server, **options):
    """Return the same environment on another server.

    :param options: further options of Odoo's configuration
    """
    conf = _keep_conf(env.settings, _configure(env.settings, env.odoo, server, options))
    return replace(env, server=server, conf=conf)


def _write_conf(settings, odoo, server):
    conf = _keep_conf(settings, _configure(settings, odoo, server))
    point(settings.dev / "odoo.conf", conf.name)
    return conf


def _configure(settings, odoo, server, more=None):
    own = [settings.root / name for name in ("dev/addons", "addons", "dev/doubles")]
    folders = [*odoo.addons, settings.dev / "addons", *own]
    options = {
        "addons_path": ",".join(str(folder) for folder in folders),
        "data_dir": settings.data,
        "admin_passwd": "admin",
        "db_host": server.host,
        "db_port": server.port,
        "db_user": server.user,
        "http_interface": "127.0.0.1",
        "list_db": False,
        "limit_time_cpu": 3600,
        "limit_time_real": 7200,
        "limit_time_real_cron": 7200,
        "limit_memory_soft": 0,
        "limit_memory_hard": 0,
        "geoip_city_db": "",
        "geoip_country_db": "",
        "smtp_server": "127.0.0.1",
        "smtp_port": 1,
        "screenshots": settings.dev / "screenshots",
        **(more or {}),
    }
    text = "".join(f"{name} = {value}\n" for name, value in options.items())
    return f"[options]\n{text}"


def _keep_conf(settings, text):
    # One file for each combination, so that runs with different Odoos or servers
    # do not disturb each other.
    key = hashlib.sha256(text.encode()).hexdigest()[:8]
    conf = settings.dev / f"odoo-{key}.conf"
    if not conf.exists():
        draft = conf.with_suffix(f".{os.getpid()}")
        draft.write_text(text)
        draft.replace(conf)
    return conf


def upgrade(settings):
    """Fetch the newest Odoo; return its version."""
    if settings.odoo_path:
        raise Problem(f"ODOO_PATH={settings.odoo_path} is used: update that checkout.")
    with lock(settings, "setup"):
        return debian.packages(settings, refresh=True).version
