"""django-helpdesk 2.6 as its own documentation sets it up, on the database that is named."""

import os

from psycopg.conninfo import conninfo_to_dict

_AT = conninfo_to_dict(os.environ["HELPDESK_DATABASE"])

SECRET_KEY = "of the benchmark"
DEBUG = False
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "bench.helpdesk.urls"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.sites",
    "django.contrib.humanize",
    "rest_framework",
    "rest_framework.authtoken",
    "helpdesk",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _AT["dbname"],
        "USER": _AT["user"],
        "HOST": _AT["host"],
        "PORT": _AT["port"],
        "OPTIONS": {"passfile": _AT["passfile"]},
        "CONN_MAX_AGE": None,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_ID = 1
USE_TZ = True
HELPDESK_TEAMS_MODE_ENABLED = False
STATIC_URL = "/static/"
MEDIA_ROOT = os.environ["HELPDESK_FOLDER"]
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.TokenAuthentication"]
}
"""A token as ours: with a password in each request its hash would be what is measured."""
LOGGING = {"version": 1, "disable_existing_loggers": True, "root": {"level": "ERROR"}}
