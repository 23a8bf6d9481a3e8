#!/bin/bash
# Measures the Bridge beside nginx and LiteLLM on a release build. Arguments: --long, --rounds N.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$root/scripts/setup.sh" test
cd "$root"

need_packages bench
# A peer that cannot be had is no reason not to measure the others.
if (need_environment litellm 1500); then
    CHERRY_BENCH_LITELLM=$(environment litellm)/bin/litellm
    export CHERRY_BENCH_LITELLM
else
    say "LiteLLM is left out."
fi
# As Cherry is released.
for product in cherry ScriptedProvider LoadGenerator; do
    step "Building $product" "up to 15 minutes the first time" swift build -c release --product "$product" \
        --static-swift-stdlib
done
export CHERRY_BIN=$root/.build/release/cherry
exec "$tests_python" Benchmarks/bridge.py "$@"
