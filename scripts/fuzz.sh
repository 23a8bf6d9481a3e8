#!/bin/bash
# Looks for inputs that break the readers of what comes from outside: fuzz.sh SECONDS [TARGET [INPUT]]
# With an input it runs that alone.
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
source "$root/scripts/fuzzing.sh"
cd "$root"
need_swift

time=$1 target=${2:-} input=${3:-}
[[ $time =~ ^[0-9]+$ ]] || fail 64 "'$time' is not a number of seconds." "Such as: make fuzz SECONDS=60"
[[ -z $target || " ${fuzz_targets[*]} " == *" $target "* ]] || fail 64 "There is no fuzzer '$target'." \
    "There are: ${fuzz_targets[*]}"

step "Building Cherry" "up to 15 minutes the first time" swift build --product cherry
step "Building the fuzzers" "two minutes" fuzz_build
if [[ -n $input ]]; then
    fuzz "$target" "$input"
    exit
fi
say "Fuzzing ($time s each)"
fuzz_all "$time" ${target:-"${fuzz_targets[@]}"}
