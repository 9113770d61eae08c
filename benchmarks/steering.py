"""What a manager waits for, on the ledger of ``indicators.py``: the forecast with its
band, and the parts of the dashboard."""

from datetime import timedelta

from benchmarks import clock

WEEKS = 13
# What the browser asks for side by side.
PARTS = (
    "get_setup",
    "get_open",
    "get_dso",
    "get_trend",
    "get_forecast",
    "get_work",
    "get_success",
    "get_promises",
    "get_disputes",
    "get_data_quality",
)


def forecast(env):
    """The forecast of a quarter, its band included."""
    return _forecast(env, clock.first_day())


def forecast_past(env):
    """The same as of a day a quarter ago."""
    return _forecast(env, clock.first_day() - timedelta(7 * WEEKS))


def dashboard(env):
    """Each part, one after the other, as somebody sees them who comes again: what
    takes long is shown as it was worked out before.

    :return: dict: seconds together, and by part
    """
    clock.pretend(env, clock.first_day())
    board = env["dunning.dashboard"]
    # As the night does.
    for part in ("get_trend", "get_forecast", "get_dso", "get_data_quality"):
        getattr(board, part)()
    env.flush_all()
    figures = {"parts": {}}
    with clock.stopwatch(figures):
        for part in PARTS:
            env.invalidate_all()
            with clock.stopwatch(figures["parts"], part):
                getattr(board, part)()
    env.cr.rollback()
    return figures


def _forecast(env, day):
    clock.pretend(env, clock.first_day())
    figures = {}
    with clock.stopwatch(figures):
        rows = env.company._dunning_forecast(day, WEEKS)
    env.cr.rollback()
    return {**figures, "expected": sum(row["amount"] for row in rows)}
