from odoo.exceptions import UserError
from odoo.tests import tagged

from ..concurrency import ConcurrencyCommon


@tagged("post_install", "-at_install")
class TestProofParallel(ConcurrencyCommon):
    """A proof file that somebody asks for again and again."""

    customer_count = 1

    def test_a_proof_file_that_is_being_made_is_not_made_at_the_same_time(self):
        with self._env() as env:
            proof_id = (
                env["dunning.proof"]
                .create(
                    {
                        "partner_id": self.partner_ids[0],
                        "company_id": env.company.id,
                        "user_id": env.uid,
                    }
                )
                .id
            )
        with self._env() as first, self._env() as second:
            file, _name = first["dunning.proof"].browse(proof_id)._make()
            file.close()
            with self.assertRaisesRegex(UserError, "being made already"):
                second["dunning.proof"].browse(proof_id)._make()
        with self._env() as env:
            file, _name = env["dunning.proof"].browse(proof_id)._make()
            file.close()
