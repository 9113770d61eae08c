"""The picture of how the cost grows: written as SVG by hand, for it is small."""

import math

WIDTH, HEIGHT = 860, 374
LEFT, TOP, SIDE, DOWN = 70, 74, 320, 240
STEP = 430
COLOURS = ("#714b67", "#017e84", "#d9822b")
FRAME = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
    'font-family="sans-serif" font-size="12" fill="#333">\n'
    '<rect width="{width}" height="{height}" fill="white"/>\n'
)


def draw(results):
    """Return the SVG: cost with the size of the ledger, with the items that move."""
    sizes = results["sizes"]
    largest = max(sizes)
    by_size = {
        "Run, everything moves": _each(sizes, "first_run"),
        "Plain SQL, same rows": _each(sizes, "floor", "first_run"),
        "Dry run": _each(sizes, "plan"),
    }
    runs = [*sizes[largest]["growth"], sizes[largest]["first_run"]]
    by_moved = {
        f"Ledger of {_short(largest)} items": [
            (x["items"], x["seconds"] / x["items"]) for x in runs
        ]
    }
    fixed = [
        (size, figures["growth"][0]["seconds"] / size)
        for size, figures in sizes.items()
        if figures["growth"]
    ]
    by_size["Run, 1 000 items move"] = fixed
    return "".join(
        [
            FRAME.format(width=WIDTH, height=HEIGHT),
            _panel(LEFT, "Ledger size varied: µs per open item", "open items", by_size),
            _panel(
                LEFT + STEP,
                "Items moved varied: µs per item moved",
                "items that move",
                by_moved,
            ),
            "</svg>\n",
        ]
    )


def _each(sizes, key, count_of=None):
    return [
        (size, figures[key]["seconds"] / figures[count_of or key]["items"])
        for size, figures in sizes.items()
    ]


def _panel(left, title, axis, lines):
    """One diagram with logarithmic axes."""
    points = [point for line in lines.values() for point in line]
    across = _scale([x for x, _y in points], left, left + SIDE)
    up = _scale([y * 1e6 for _x, y in points], TOP + DOWN, TOP)
    parts = [
        f'<text x="{left}" y="{TOP - 46}" font-size="14">{title}</text>\n',
        f'<rect x="{left}" y="{TOP}" width="{SIDE}" height="{DOWN}" fill="none" '
        'stroke="#bbb"/>\n',
        f'<text x="{left + SIDE / 2}" y="{TOP + DOWN + 36}" text-anchor="middle">'
        f"{axis}</text>\n",
    ]
    parts += [_tick_across(x, across(x)) for x in sorted({x for x, _y in points})]
    parts += [_tick_up(y, left, up(y)) for y in _decades(points)]
    for number, (label, line) in enumerate(lines.items()):
        colour = (*COLOURS, "#888")[number]
        places = [(across(x), up(y * 1e6)) for x, y in line]
        parts.append(_line(places, colour))
        parts.append(_legend(left, number, label, colour))
    return "".join(parts)


def _scale(values, start, end):
    low = math.floor(math.log10(min(values)))
    high = max(math.ceil(math.log10(max(values))), low + 1)

    def place(value):
        return start + (math.log10(value) - low) / (high - low) * (end - start)

    return place


def _decades(points):
    logs = [math.log10(y * 1e6) for _x, y in points]
    return [10.0**n for n in range(math.floor(min(logs)), math.ceil(max(logs)) + 1)]


def _tick_across(value, x):
    return (
        f'<text x="{x:.0f}" y="{TOP + DOWN + 18}" text-anchor="middle">'
        f"{_short(value)}</text>\n"
    )


def _tick_up(value, left, y):
    return (
        f'<line x1="{left}" x2="{left + SIDE}" y1="{y:.0f}" y2="{y:.0f}" '
        f'stroke="#eee"/>\n<text x="{left - 8}" y="{y + 4:.0f}" text-anchor="end">'
        f"{_short(value)}</text>\n"
    )


def _line(places, colour):
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>\n'
        for x, y in places
    )
    return (
        f'<polyline points="{path}" fill="none" stroke="{colour}" '
        f'stroke-width="2"/>\n{dots}'
    )


def _legend(left, number, label, colour):
    x, y = left + (number % 2) * 165, TOP - 28 + (number // 2) * 15
    return (
        f'<circle cx="{x + 5}" cy="{y}" r="4" fill="{colour}"/>'
        f'<text x="{x + 14}" y="{y + 4}" font-size="11">{label}</text>\n'
    )


def _short(value):
    for unit, name in ((1e6, " M"), (1e3, " k")):
        if value >= unit:
            return f"{value / unit:.3g}{name}"
    return f"{value:.3g}"
