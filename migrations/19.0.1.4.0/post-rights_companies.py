"""What dunning has written on customers that several companies share is read in the
company that wrote it: after it was hidden from those who have no right on dunning."""


def migrate(cr, version):
    keep_companies(cr)
    keep_files(cr)


def keep_companies(cr):
    """Let readers of dunning read what was written in their companies alone. Notes had
    no company: that of the invoice or, on a customer, of the contact next in time."""
    cr.execute(
        """
        WITH discreet AS (
            SELECT message.id, message.model, message.res_id, message.date
              FROM mail_message message
              JOIN ir_model_data subtype
                ON subtype.module = 'account_dunning'
               AND subtype.name = 'mt_dunning'
               AND subtype.res_id = message.subtype_id
        ),
        owner AS (
            SELECT discreet.id, move.company_id
              FROM discreet
              JOIN account_move move
                ON discreet.model = 'account.move' AND move.id = discreet.res_id
             UNION ALL
            SELECT discreet.id, nearest.company_id
              FROM discreet
              JOIN LATERAL (
                   SELECT company_id
                     FROM dunning_action action
                    WHERE action.partner_id = discreet.res_id
                 ORDER BY action.sent_message_id IS NOT DISTINCT FROM discreet.id DESC,
                          ABS(
                              COALESCE(action.date_done, action.date)
                              - discreet.date::date
                          ),
                          action.id
                    LIMIT 1
                   ) nearest ON discreet.model = 'res.partner'
        )
        UPDATE mail_message message
           SET record_company_id = owner.company_id
          FROM owner
         WHERE owner.id = message.id
        """
    )
    cr.execute(
        """
        UPDATE mail_activity activity
           SET dunning_company_id = users.company_id
          FROM res_users users
         WHERE activity.dunning_discreet
           AND users.id = activity.user_id
        """
    )


def keep_files(cr):
    """Let the files of answers be read by who reads the answer."""
    cr.execute(
        """
        UPDATE ir_attachment file
           SET res_model = 'mail.message', res_id = message.id
          FROM message_attachment_rel link
          JOIN mail_message message ON message.id = link.message_id
          JOIN ir_model_data subtype
            ON subtype.module = 'account_dunning'
           AND subtype.name = 'mt_dunning'
           AND subtype.res_id = message.subtype_id
         WHERE file.id = link.attachment_id
           AND file.res_model = 'res.partner'
           AND file.res_model = message.model
           AND file.res_id = message.res_id
        """
    )
