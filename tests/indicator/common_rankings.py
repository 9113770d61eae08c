from ..common import DunningCommon


class RankingsCommon(DunningCommon):
    """Rankings of ledgers made by hand, on days all of which are worked."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.dunning_success_days = 10
        # Each day is worked: contacts take place on the days of their levels.
        cls.company.resource_calendar_id = False

    def _rows(self, model, domain=(), env=None):
        self.env.flush_all()
        self.env.invalidate_all()
        return (env or self.env)[model].search([*domain])

    def _group(self, model, by, *measures, domain=()):
        self.env.flush_all()
        return {
            key: values
            for key, *values in self.env[model]._read_group(
                [*domain], [by], [*measures]
            )
        }
