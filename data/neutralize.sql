-- a copy for tests must not write to customers
UPDATE res_company
   SET dunning_enabled = false;
UPDATE ir_cron
   SET active = false
 WHERE id IN (
       SELECT res_id
         FROM ir_model_data
        WHERE model = 'ir.cron'
          AND module = 'account_dunning'
);
-- what was due to go out by itself waits for somebody's approval
UPDATE dunning_action
   SET state = 'to_validate',
       execution = 'validate'
 WHERE state = 'todo'
   AND execution = 'automatic';
-- what has been handed to the mail queue is not sent
UPDATE mail_mail
   SET state = 'cancel'
 WHERE state = 'outgoing'
   AND id IN (SELECT mail_id FROM dunning_action);
-- nor is anything taken from the folder into which the platform writes
DELETE FROM ir_config_parameter
 WHERE key = 'account_dunning.einvoice_folder';
