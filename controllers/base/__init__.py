"""What Odoo's own pages tell of what few may read."""

from . import mail
