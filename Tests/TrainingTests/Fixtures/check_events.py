#!/usr/bin/env python3
"""Whether TensorBoard's own reader sees in a run's event file what its history says: check_events.py RUN...

Needs tensorboard==2.21.0. Exits 1 and says what differs if anything does. A history holds doubles and an event floats of
24 bits, so they agree within a millionth."""

import csv
import math
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

TAGS = {"loss/train": "train_loss", "loss/valid": "valid_loss", "accuracy_multi": "accuracy_multi"}


def differences(run):
    events = EventAccumulator(run)
    events.Reload()
    rows = list(csv.DictReader(open(f"{run}/history.csv")))
    if not rows:
        yield f"{run}: no epochs to compare"
    if sorted(events.Tags()["scalars"]) != sorted(TAGS):
        yield f"{run}: tags {events.Tags()['scalars']}, expected {sorted(TAGS)}"
        return
    for tag, column in TAGS.items():
        found = events.Scalars(tag)
        if [event.step for event in found] != list(range(len(rows))):
            yield f"{run}: {tag} at steps {[event.step for event in found]}, expected 0 to {len(rows) - 1}"
            continue
        for event, row in zip(found, rows):
            expected = float(row[column] or "nan")
            if not (math.isclose(event.value, expected, rel_tol=1e-6, abs_tol=1e-6)
                    or math.isnan(event.value) and math.isnan(expected)):
                yield f"{run}: {tag} of step {event.step} is {event.value}, expected {expected}"


if __name__ == "__main__":
    found = [difference for run in sys.argv[1:] for difference in differences(run)]
    print("\n".join(found) if found else f"{len(sys.argv) - 1} runs agree")
    sys.exit(1 if found or len(sys.argv) < 2 else 0)
