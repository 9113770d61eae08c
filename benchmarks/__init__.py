"""How fast the engine is: ``make bench``.

``bench.py`` conducts; ``ledger.py`` builds the ledgers; the modules it names in
``process.py`` measure, each measurement in an Odoo process of its own, so that its
peak memory is its own; ``report.py`` and ``plot.py`` write what came out.
"""
