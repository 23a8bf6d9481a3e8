#!/bin/bash
# Measures what watching costs, on a release build. Arguments: cost, journal, metrics; all of them without any.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$root/scripts/setup.sh" test
cd "$root"

for product in cherry ScriptedProvider LoadGenerator JournalDriver MetricsYardstick; do
    step "Building $product" "up to 15 minutes the first time" swift build -c release --product "$product" \
        --static-swift-stdlib
done
export CHERRY_BIN=$root/.build/release/cherry
exec "$tests_python" Benchmarks/observability.py "$@"
