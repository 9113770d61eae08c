"""Where things are, and what the caller asked for through variables."""

import hashlib
import os
import platform
from dataclasses import dataclass
from pathlib import Path

ADDON = "account_dunning"
SERVER_VARIABLES = ("PGHOST", "PGPORT", "PGUSER")


@dataclass(frozen=True)
class Settings:
    """Paths of this checkout and the variables that change what is done."""

    root: Path
    cache: Path
    odoo_path: Path | None
    debian_mirror: str
    external_server: bool

    @property
    def dev(self):
        """The folder that holds everything made here; git ignores it."""
        return self.root / ".dev"

    @property
    def log(self):
        return self.dev / "log"

    @property
    def state(self):
        return self.dev / "state"

    @property
    def data(self):
        """Odoo's data folder: file stores and sessions."""
        return self.dev / "data"

    @property
    def filestore(self):
        return self.data / "filestore"

    @property
    def checkout_id(self):
        """Short name of this checkout on this machine, for database names."""
        place = f"{platform.node()}:{self.root}"
        return hashlib.sha256(place.encode()).hexdigest()[:6]


def load():
    """Read the settings from the environment."""
    root = Path(__file__).resolve().parent.parent
    home_cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    odoo_path = os.environ.get("ODOO_PATH")
    return Settings(
        root=root,
        cache=Path(home_cache) / ADDON,
        odoo_path=Path(odoo_path).expanduser().resolve() if odoo_path else None,
        debian_mirror=os.environ.get("DEBIAN_MIRROR", ""),
        external_server=any(os.environ.get(name) for name in SERVER_VARIABLES),
    )
