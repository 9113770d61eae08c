from odoo import http
from odoo.exceptions import AccessError
from odoo.http import content_disposition, request

from ...tools.words import READERS

CHUNK = 256 * 1024


class ProofController(http.Controller):
    """Handing over proof files, piece by piece."""

    @http.route(
        "/dunning/proof/<int(max=2147483647):proof_id>",
        type="http",
        auth="user",
        readonly=False,
    )
    def proof(self, proof_id: int):
        """Make a proof file and send it.

        :param proof_id: ``dunning.proof`` that the user has asked for
        """
        if not request.env.user.has_group(READERS):
            raise AccessError(
                request.env._("You need access to dunning for a proof file.")
            )
        proof = request.env["dunning.proof"].browse(proof_id).exists()
        if not proof:
            raise request.not_found()
        company_ids = request.env.user.company_ids.ids
        proof = proof.with_context(allowed_company_ids=company_ids)
        proof.check_access("read")
        file, name = proof._make()
        size = file.seek(0, 2)
        file.seek(0)
        response = request.make_response(
            _read(file),
            [
                ("Content-Type", "application/zip"),
                ("Content-Length", str(size)),
                ("Content-Disposition", content_disposition(name)),
                ("X-Content-Type-Options", "nosniff"),
            ],
        )
        response.direct_passthrough = True
        return response


def _read(file):
    """Yield a file in pieces, and let go of it."""
    with file:
        while chunk := file.read(CHUNK):
            yield chunk
