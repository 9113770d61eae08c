import doctest

from odoo.tests import BaseCase, tagged

from odoo.addons.account_dunning.tools import (
    allocation,
    bounces,
    claims,
    closing,
    collectors,
    dates,
    dso,
    entered,
    following,
    gsm,
    indicators,
    instalments,
    interest,
    judgement,
    letter_body,
    letter_pdf,
    marks,
    merge_fields,
    months,
    plain_text,
    plan,
    promises,
    qr_code,
    rule,
    settlement,
    text,
    text_preview,
    text_safety,
    tone,
    workbook,
    workbook_cells,
    workbook_styles,
    workbook_summary,
    working_days,
)


@tagged("post_install", "-at_install")
class TestTools(BaseCase):
    def test_examples_in_the_documentation_of_tools_hold(self):
        for module in (
            allocation,
            bounces,
            claims,
            closing,
            collectors,
            dates,
            dso,
            entered,
            following,
            gsm,
            indicators,
            instalments,
            interest,
            judgement,
            letter_body,
            letter_pdf,
            marks,
            merge_fields,
            months,
            plain_text,
            plan,
            promises,
            qr_code,
            rule,
            settlement,
            text,
            text_preview,
            text_safety,
            tone,
            workbook,
            workbook_cells,
            workbook_styles,
            workbook_summary,
            working_days,
        ):
            with self.subTest(module=module.__name__):
                result = doctest.testmod(module)
                self.assertTrue(result.attempted)
                self.assertFalse(result.failed)
