"""Gauges for Prometheus, read when it asks."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from prunella.diagnostics import Alarm
from prunella.web.operations.store import Counts, Figures


def exposition(figures: Figures | None, alarm: Alarm, requests: CollectorRegistry) -> bytes:
    """Write the figures of the database, where it answers, and the counters of this process."""
    registry = CollectorRegistry()
    registry.register(_Gauges(figures, alarm))
    return generate_latest(registry) + generate_latest(requests)


class _Gauges(Collector):
    def __init__(self, figures: Figures | None, alarm: Alarm) -> None:
        self.figures = figures
        self.alarm = alarm

    def collect(self) -> Iterator[Metric]:
        reachable = int(self.figures is not None)
        yield _one("database_reachable", "1 while our own database answers.", reachable)
        met = len(self.alarm.codes)
        yield _one("unknown_decline_codes", "Decline codes that nobody has taught us.", met)
        if self.figures is not None:
            yield from _stored(self.figures)


def _stored(told: Figures) -> Iterator[Metric]:
    intake = told.intake
    yield _one("inbox_waiting", "Stripe events that wait to be taken.", intake.waiting)
    yield _one("inbox_aside", "Stripe events that were put aside.", intake.aside)
    yield _one("inbox_lag_seconds", "How long the oldest one has been waiting.", intake.lag_s)
    yield _one("stripe_reachable", "1 while Stripe answers.", int(intake.reachable))
    yield _many("jobs", "Background jobs by status.", "status", told.jobs)
    yield _many("deliveries", "Event deliveries by state.", "state", told.deliveries)
    yield _many("timers", "Timers by state.", "state", told.timers)
    yield _many("actions", "Actions by state.", "state", told.actions)
    yield _many("outbox", "Mail on its way out by state.", "state", told.outbox)
    yield _many("mended", "Objects that the last sweep put right.", "kind", told.mended)
    stopped = int(told.automatic_stopped)
    yield _one("automatic_stopped", "1 while everything automatic waits.", stopped)
    yield _one("workers", "Worker processes that live.", told.workers)


def _one(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"prunella_{name}", words, value=value)


def _many(name: str, words: str, label: str, counts: Counts) -> Metric:
    family = GaugeMetricFamily(f"prunella_{name}", words, labels=[label])
    for word, count in sorted(counts.items()):
        family.add_metric([word], count)
    return family
