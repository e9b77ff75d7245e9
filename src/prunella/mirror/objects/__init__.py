"""What we know of Stripe's objects, each with the time of which it is true."""
