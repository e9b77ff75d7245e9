"""What pages show, judged from facts. Pure: no request, no database, no clock."""
