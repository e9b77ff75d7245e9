"""How money moves: charging, invoices, subscriptions, dunning, refunds."""
