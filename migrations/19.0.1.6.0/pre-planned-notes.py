def migrate(cr, version):
    """What open actions were planned for: the notes that they have. What is done needs
    to know no more."""
    cr.execute("ALTER TABLE dunning_action ADD COLUMN IF NOT EXISTS planned_note text")
    cr.execute(
        """
        UPDATE dunning_action
           SET planned_note = note
         WHERE state IN ('to_validate', 'todo', 'failed')
           AND note IS NOT NULL
           AND planned_note IS NULL
        """
    )
