"""Run a refresh under Prefect: tasks, retries, schedules, artifacts, alarms."""

import os

# Before Prefect is imported, which reads them then: nothing is sent to its makers, and
# its own temporary server has the time that a first start takes on a small machine.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "0")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "120")
