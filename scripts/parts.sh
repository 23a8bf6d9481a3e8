# Runs the parts of a check one after another and sums them up at the end. Source it after lib.sh.

results=()
failures=0

# part NAME EXPECTED COMMAND…: runs a part; one that fails is noted, and the next one runs all the same.
part() {
    local name=$1 expected=$2 started=$SECONDS outcome=passed
    shift 2
    say "$name ($expected)"
    "$@" || {
        outcome=FAILED
        failures=$((failures + 1))
    }
    results+=("$(printf '%-8s %5d s   %s' "$outcome" "$((SECONDS - started))" "$name")")
}

# summary: prints what came of each part and ends, with 1 if any failed.
summary() {
    printf '\n'
    say "Summary"
    printf '    %s\n' "${results[@]}"
    printf '\n%d passed, %d failed\n' "$((${#results[@]} - failures))" "$failures"
    ((failures == 0)) || exit 1
}

format_lint() { swift format lint --strict --recursive Sources Tests Package.swift; }
# Eight at a time: more of them wait for each other so long on a small machine that time-outs end what is well.
swift_tests() { SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH=8 swift test --skip-build; }
# What is held to a time runs without the others beside it.
timed_tests() { CHERRY_TEST_ALONE=1 swift test --skip-build --no-parallel --filter '/prompt(Stop|End)'; }
web_types() { tsc --noEmit -p web; }
web_tests() { node web/test.mjs; }
