"""What Stripe tells us: checked, stored before it is acknowledged."""
