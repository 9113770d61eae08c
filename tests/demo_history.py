from ast import literal_eval

from odoo.tools import SQL

from ..tools.words import TONE_RANKS, WRITTEN_CHANNELS


class DemoHistory:
    """What the history of the demo company must be like, checked where it is built."""

    def _get_texts_sql(self) -> SQL:
        """What was written of items: the day and how strong it was."""
        return SQL(
            """
            SELECT line.move_line_id,
                   action.date_done AS date,
                   action.id,
                   %(rank)s AS rank
              FROM dunning_action_line line
              JOIN dunning_action action ON action.id = line.action_id
              JOIN dunning_level level ON level.id = action.level_id
             WHERE line.state = 'done'
               AND action.kind NOT IN ('start', 'notice')
               AND action.channel IN %(written)s
               AND action.company_id = ANY(%(companies)s)
            """,
            rank=self.env["dunning.plan"]._get_rank_sql("level"),
            written=WRITTEN_CHANNELS,
            companies=self.companies.ids,
        )

    def test_r10_no_text_is_softer_than_what_an_item_had_received(self):
        self.env.flush_all()
        texts, formal = self._get_texts_sql(), TONE_RANKS["formal"]
        query = SQL("SELECT COUNT(*) FROM (%s) text WHERE rank = %s", texts, formal)
        [(count,)] = self.env.execute_query(query)
        self.assertTrue(count)
        backwards = self.env.execute_query(
            SQL(
                """
                WITH text AS (%s)
                SELECT former.id, later.id
                  FROM text former
                  JOIN text later
                    ON later.move_line_id = former.move_line_id
                   AND (later.date, later.id) > (former.date, former.id)
                 WHERE later.rank < former.rank
                    OR later.rank = %s AND former.rank = %s
                """,
                texts,
                formal,
                formal,
            )
        )
        self.assertFalse(backwards)

    def test_letters_wait_to_be_printed(self):
        window = self.env.ref("account_dunning.action_letters")
        letters = self.actions.filtered_domain(literal_eval(window.domain))
        self.assertGreaterEqual(len(letters), 2)
        self.assertTrue(all(letters.mapped("amount")))

    def test_who_takes_over_in_france_is_written_to_in_french(self):
        agents = (
            self.env["dunning.litigation"]
            .search([("company_id", "in", self.companies.ids)])
            .agent_id
        )
        self.assertEqual(len(agents), 3)
        self.assertEqual(agents.country_id.mapped("code"), ["FR"])
        self.assertEqual(set(agents.mapped("lang")), {self.build.lang("fr_FR")})
