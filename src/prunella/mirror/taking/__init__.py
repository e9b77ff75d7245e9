"""From the inbox into the mirror: each event once, ending at Stripe's present state."""
