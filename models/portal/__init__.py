"""The customer's own page: see, pay, promise, dispute, say what was paid."""
