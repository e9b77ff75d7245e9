"""Run in their environment: take what lies in the queue's folder; prints the seconds it took."""

import time

import django

django.setup()

from helpdesk.email import process_email  # noqa: E402 Django has to be set up before

started = time.perf_counter()
process_email(quiet=True)
print(time.perf_counter() - started)
