"""What the buyer's platform says of an e-invoice, and what dunning makes of it."""
