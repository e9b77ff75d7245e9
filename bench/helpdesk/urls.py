"""Where their pages and their API are."""

from django.urls import include, path

urlpatterns = [path("", include("helpdesk.urls"))]
