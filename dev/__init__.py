"""Development environment of the addon: Odoo, PostgreSQL, tests, checks.

Run by ``make`` as ``python3 -m dev COMMAND``. Only the standard library is
used, because the virtual environment does not exist yet when it starts.
Odoo never imports this package.
"""
