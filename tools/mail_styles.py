"""How tables look in e-mails: mail programs read no style sheets, so that each cell
has to carry its style."""

_PADDING = "padding: 6px 4px; "

TABLE = (
    "width: 100%; max-width: 640px; margin: 12px 0; border-collapse: collapse; "
    "font-size: 13px;"
)

# A cell takes one of these and a side.
CELLS = {
    "head": _PADDING + "border-bottom: 2px solid #8f8f8f; font-size: 12px; "
    "font-weight: bold; color: #555555; ",
    "cell": _PADDING + "border-bottom: 1px solid #dddddd; vertical-align: top; ",
    "foot": "padding: 4px; ",
    "total": "padding: 4px 4px 14px 4px; font-weight: bold; ",
}
SIDES = {"left": "text-align: left; ", "right": "text-align: right; "}

# For templates: ``t-att-style="styles['cell_right']"``.
STYLES = {
    "table": TABLE,
    **{
        f"{cell}_{side}": style + alignment
        for cell, style in CELLS.items()
        for side, alignment in SIDES.items()
    },
    # A day or an amount, on one line.
    "cell_whole": CELLS["cell"] + SIDES["right"] + "white-space: nowrap;",
}
