"""Run in their environment: a database, a queue that takes mail from a folder, a token to show."""

import sys

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 Django has to be set up before
from django.core.management import call_command  # noqa: E402 likewise
from helpdesk.models import Queue  # noqa: E402 likewise
from rest_framework.authtoken.models import Token  # noqa: E402 likewise

call_command("migrate", verbosity=0)
admin = get_user_model().objects.create_superuser("admin", "admin@tai.example", "not used")
queue = Queue.objects.create(
    title="Billing",
    slug="billing",
    email_address="billing@tai.example",
    allow_public_submission=True,
    allow_email_submission=True,
    email_box_type="local",
    email_box_local_dir=sys.argv[1],
    email_box_interval=0,
)
print(queue.pk, Token.objects.create(user=admin).key)
