"""What the sync counts of itself, for Prometheus; with several workers each counts into shared files of its own."""

from prometheus_client import Counter, Histogram

MINUTE, HOUR, DAY = 60, 3600, 86400

MUTATIONS = Counter("baifang_mutations", "Mutations received, by what became of them.", ["status"])
PARKED = Counter("baifang_parked", "Mutations that parked on arrival, by the reason.", ["code"])
UNNOTED = Counter(
    "baifang_unnoted", "Times that what a device still holds was not noted, since the database refused to be written."
)
CONFLICTS = Counter("baifang_conflicts", "Conflicts that arriving mutations opened or joined.")
QUEUE_AGE = Histogram(
    "baifang_queue_age_seconds",
    "From the writing of a push's oldest mutation on its device to its arrival, by the device's corrected clock.",
    buckets=(1, 10, MINUTE, 10 * MINUTE, HOUR, 4 * HOUR, DAY, 3 * DAY, 7 * DAY, 30 * DAY),
)
LAG = Histogram(
    "baifang_pull_lag_changes",
    "How many changes of the whole company were new to a device when it pulled.",
    buckets=(0, 1, 10, 100, 1_000, 10_000, 100_000),
)
BYTES = Counter("baifang_sync_bytes", "Bytes of sync as they travelled, compressed.", ["door", "direction"])
SECONDS = Histogram(
    "baifang_sync_seconds",
    "How long a request of sync took.",
    ["door"],
    buckets=(0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
