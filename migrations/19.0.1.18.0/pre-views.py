"""Handing over after the last level has the dialog that every handing over has: what
was added to the other one would find nothing to be added to."""


def migrate(cr, version):
    cr.execute(
        """
        DELETE FROM ir_ui_view view
              USING ir_model_data data
              WHERE data.module = 'account_dunning'
                AND data.name = 'view_follow_up_form_litigation'
                AND data.model = 'ir.ui.view'
                AND view.id = data.res_id
        """
    )
    cr.execute(
        "DELETE FROM ir_model_data WHERE module = 'account_dunning' "
        "AND name = 'view_follow_up_form_litigation'"
    )
