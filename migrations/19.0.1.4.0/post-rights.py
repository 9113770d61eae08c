def migrate(cr, version):
    """Hide what dunning has written on customers and invoices from those who have no
    right on dunning, and know the activities that stand for actions."""
    cr.execute(
        """
        UPDATE mail_message message
           SET subtype_id = subtype.res_id
          FROM ir_model_data subtype
         WHERE subtype.module = 'account_dunning'
           AND subtype.name = 'mt_dunning'
           AND message.model IN ('res.partner', 'account.move')
           AND (
               message.body LIKE '%data-oe-model="dunning.action"%'
            OR message.id IN (SELECT sent_message_id FROM dunning_action)
            OR message.parent_id IN (SELECT sent_message_id FROM dunning_action)
               )
        """
    )
    cr.execute(
        """
        UPDATE mail_activity activity
           SET dunning_reminder = TRUE
          FROM dunning_action action, ir_model_data type
         WHERE activity.res_model = 'dunning.action'
           AND activity.res_id = action.id
           AND activity.user_id = action.user_id
           AND action.state IN ('todo', 'failed')
           AND action.execution = 'manual'
           AND type.module = 'mail'
           AND type.name IN ('mail_activity_data_call', 'mail_activity_data_todo')
           AND activity.activity_type_id = type.res_id
        """
    )
