#!/bin/bash
# Measures speed and size on a release build, and prints a table and one RESULT line a figure.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$root/scripts/setup.sh" test
cd "$root"

step "Building Cherry" "up to 15 minutes the first time" swift build -c release --product cherry \
    --static-swift-stdlib
step "Building the web app" "seconds" build_web
export CHERRY_BIN=$root/.build/release/cherry
export CHERRY_TEST_LLAMA_SERVER=$local_server CHERRY_TEST_MODEL=$local_model
exec "$tests_python" Benchmarks/bench.py "$@"
