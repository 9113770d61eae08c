"""What customers have asked for on their page is kept in each language. Which one that
of former answers is was not kept: it is the only one they have."""


def migrate(cr, version):
    cr.execute(
        """
        UPDATE dunning_portal_request
           SET details = jsonb_build_object('en_US', details)
         WHERE jsonb_typeof(details) = 'array'
        """
    )
