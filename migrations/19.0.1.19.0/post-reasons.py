"""Who is told in a call of insolvency proceedings hands the customer over within days:
claims are due soon after they are published. What somebody has set stays."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE dunning_reason reason
           SET delay_days = 5
          FROM ir_model_data data
         WHERE data.module = 'account_dunning'
           AND data.name = 'reason_insolvency'
           AND data.model = 'dunning.reason'
           AND reason.id = data.res_id
           AND reason.delay_days = 30
        """
    )
