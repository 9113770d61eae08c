"""Customers may delete their access: who works here is kept as who has moved a dispute,
and nobody where it was the customer."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE dunning_dispute_stage stage
           SET user_id = NULL
          FROM res_users users
         WHERE users.id = stage.user_id AND users.share
        """
    )
