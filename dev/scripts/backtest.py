"""Print how good the cash forecast would have been in each company."""


def tell(share):
    """Return a fraction in percent."""
    return "n/a" if share is None else f"{share:.1%}"


for company in env["res.company"].search([]):  # noqa: F821
    company = company.with_context(allowed_company_ids=company.ids)
    test = company.env["dunning.forecast"]._backtest(company)
    print(company.name)
    if test is None:
        print("  less than nine months of payments: nothing to compare with")
        continue
    print(f"  forecasts of 13 weeks       {len(test.dates)}", end=", ")
    print(f"from {min(test.dates)} to {max(test.dates)}")
    print(f"  weekly WAPE                 {tell(test.wape)}")
    print(f"  weekly WAPE, due dates only {tell(test.wape_due)}")
    print(f"  4-week total, all together  {tell(test.total_error)}")
    print(f"  4-week total, on average    {tell(test.total_wape)}")
    print(f"  weeks within the band       {tell(test.coverage)}")
