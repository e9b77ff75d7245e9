"""What is true about a customer: facts are gathered, then judged."""
