"""QR codes as drawings: sharp in print, and needing no graphics library."""

from markupsafe import Markup
from reportlab.graphics.barcode import qrencoder

SVG = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
    'width="{width}" height="{width}"><path d="{path}" fill="#000"/></svg>'
)


class _Code(qrencoder.QRCode):
    """A code with the same mask each time. Whoever reads it is told which it is; to try
    all eight for the most even picture takes five times as long."""

    def getBestMaskPattern(self):
        """Return the mask of which half of the modules are dark, as on a chessboard."""
        return 0


def draw(value, width):
    """Return a QR code as an SVG element.

    :param value: text to encode
    :param width: in pixels
    :rtype: Markup

    >>> draw("https://example.com", 100).count("M") > 50
    True
    """
    code = _Code(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(value)
    code.make()
    size = code.getModuleCount()
    runs = (
        f"M{start} {row}h{length}v1h-{length}z"
        for row in range(size)
        for start, length in _find_runs(code, row, size)
    )
    return SVG.format(size=size, width=width, path="".join(runs))


def _find_runs(code, row, size):
    """Yield where dark modules begin in a row, and how many follow each other."""
    start = None
    for column in range(size + 1):
        dark = column < size and code.isDark(row, column)
        if dark and start is None:
            start = column
        elif not dark and start is not None:
            yield start, column - start
            start = None
