"""What every room stands on: transactions, events, jobs, timers, clocks, ids."""
