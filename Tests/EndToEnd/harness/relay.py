"""Normalises the events of a JSON list as Sentry's relay does before it stores them. Runs in the environment of scripts/python/sentry.txt."""

import json
import sys

from sentry_relay.processing import StoreNormalizer

normalizer = StoreNormalizer(project_id=1, protocol_version="7", is_renormalize=False, remove_other=True, max_secs_in_past=30 * 86400)
json.dump([normalizer.normalize_event(event) for event in json.load(sys.stdin)], sys.stdout)
