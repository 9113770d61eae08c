"""No message leaves the machine: each becomes a file one can open."""

import itertools
import re
from datetime import datetime
from pathlib import Path

from odoo import models, modules
from odoo.tools import config


class MailFolder:
    """Stands where an SMTP connection would, and writes files instead."""

    from_filter = False
    smtp_from = False

    def __init__(self):
        self.folder = Path(config["data_dir"]).parent / "mail"

    def send_message(self, message, _sender, recipients):
        """Write one message that leaves now."""
        self.save(message, recipients, datetime.now())

    def save(self, message, recipients, moment):
        """Write one message as a file named after the time and the recipient."""
        self.folder.mkdir(exist_ok=True)
        recipient = re.sub(r"[^\w.@-]", "_", recipients[0] if recipients else "nobody")
        stem = f"{moment:%Y%m%d-%H%M%S-%f}-{recipient}"
        path = self.folder / f"{stem}.eml"
        for number in itertools.count(2):
            if not path.exists():
                break
            path = self.folder / f"{stem}-{number}.eml"
        path.write_bytes(message.as_bytes())

    def quit(self):
        """Nothing to close."""


class IrMailServer(models.Model):
    _inherit = "ir.mail_server"

    def _connect__(self, *args, **kwargs):
        # Tests have their own ways to stand in for the mail server.
        if modules.module.current_test:
            return super()._connect__(*args, **kwargs)
        return MailFolder()
