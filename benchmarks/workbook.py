"""A workbook with each open item, beside the same cells written by xlsxwriter alone."""

import time
from itertools import islice
from tempfile import NamedTemporaryFile

import xlsxwriter

from odoo.addons.account_dunning.models.indicator.dunning_workbook_making import Layout
from odoo.addons.account_dunning.tools.workbook_cells import (
    MAX_ROWS,
    get_link,
    get_serial,
)

from benchmarks import clock

# Rows that are read before they are written.
CHUNK = 5_000
FORMATS = {
    "amount": {"num_format": "#,##0.00"},
    "date": {"num_format": "dd/mm/yyyy"},
    "integer": {"num_format": "#,##0"},
    "link": {"font_color": "#0563C1", "underline": 1},
}


def ours(env):
    """Write the workbook as the scheduled action does."""
    workbook = _prepare(env)
    measured = {}
    with NamedTemporaryFile(suffix=".xlsx") as target:
        with clock.stopwatch(measured):
            measured["items"] = workbook._write_book(target, lambda _share: None)
        measured["bytes"] = target.seek(0, 2)
    env.cr.rollback()
    return measured


def figures(env):
    """Work out the aged balance by customer, as the community's report does."""
    day = clock.first_day()
    clock.pretend(env, day)
    return {"seconds": clock.again(env, lambda: env.company._dunning_aged_balance(day))}


def plain(env):
    """Write the cells of the list of items by the public methods of a worksheet; how
    long they take to be read does not count."""
    workbook = _prepare(env)
    making = workbook._prepare_making(lambda _share: None)
    layout = Layout(workbook._get_item_sources(making))
    rows = workbook._stream(workbook._get_item_query(making, layout))
    seconds = items = 0
    with NamedTemporaryFile(suffix=".xlsx") as target:
        book = xlsxwriter.Workbook(target, {"constant_memory": True})
        formats = {kind: book.add_format(x) for kind, x in FORMATS.items()}
        sheet, number = None, MAX_ROWS
        while chunk := list(islice(rows, CHUNK)):
            start = time.perf_counter()
            for row in chunk:
                if number == MAX_ROWS:
                    sheet, number = book.add_worksheet(), 0
                _write_row(sheet, number, layout.columns, formats, row)
                number += 1
            seconds += time.perf_counter() - start
            items += len(chunk)
        start = time.perf_counter()
        book.close()
        seconds += time.perf_counter() - start
    env.cr.rollback()
    return {"seconds": seconds, "items": items, "columns": len(layout.columns)}


def _write_row(sheet, number, columns, formats, row):
    for position, (column, value) in enumerate(zip(columns, row, strict=False)):
        if value is None or value == "":
            continue
        style = formats.get(column.kind)
        match column.kind:
            case "text":
                sheet.write_string(number, position, value, style)
            case "date":
                sheet.write_number(number, position, get_serial(value), style)
            case "link":
                formula = f"={get_link(column, value)}"
                sheet.write_formula(number, position, formula, style, column.label)
            case _:
                sheet.write_number(number, position, value, style)


def _prepare(env):
    return env["dunning.workbook"].create(
        {"name": "Benchmark", "company_ids": env.company.ids}
    )
