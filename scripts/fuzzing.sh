# Builds and runs the fuzzers of Tests/Fuzzing. Source it after lib.sh; a debug build must be there, for what Cherry is
# built on.
#
# The modules under test are compiled once more, optimised but with every check of a debug build, and with the counters
# that libFuzzer steers by. What they depend on is linked as SwiftPM built it: so this takes a minute or two and leaves
# what `swift build` made as it is.

fuzz_targets=(sse json translation mcp websocket messagepack)
fuzz_modules=(CherryCore CherryCache CherryNet CherryBridge)
fuzz_corpus=$root/Tests/Fuzzing/Corpus
fuzz_place=$root/.build/fuzz

# fuzz_flags: what every module is compiled with.
fuzz_flags() {
    local debug=$root/.build/debug folder name map
    printf '%s\n' -O -wmo -num-threads 2 -enable-testing -parse-as-library -assert-config Debug -gline-tables-only \
        -sanitize=fuzzer -swift-version 6 -warnings-as-errors -package-name cherry \
        -module-cache-path "$fuzz_place/cache" -I "$fuzz_place/modules" -I "$debug/Modules"
    for name in ExistentialAny MemberImportVisibility InternalImportsByDefault NonisolatedNonsendingByDefault; do
        printf '%s\n' -enable-upcoming-feature "$name"
    done
    for folder in "$root"/.build/checkouts/*/Sources/*/include "$root"/Sources/C*; do
        name=$(basename "${folder%/include}")
        for map in "$folder/module.modulemap" "$debug/$name.build/module.modulemap"; do
            [[ -e $map ]] && [[ -d $debug/$name.build || $folder != */include ]] || continue
            printf '%s\n' -Xcc "-fmodule-map-file=$map" -Xcc -I -Xcc "$folder"
            break
        done
    done
}

# fuzz_is_built: whether nothing has changed since the fuzzers were built.
fuzz_is_built() {
    [[ -e $fuzz_place/built ]] || return 1
    [[ -z $(find "$root/Sources" "$root/Tests/Fuzzing" "$root/scripts/fuzzing.sh" "$root/Package.resolved" \
        -newer "$fuzz_place/built" -not -path "$fuzz_corpus*" -print -quit) ]]
}

# fuzz_build: makes $fuzz_place/TARGET for every target.
fuzz_build() {
    local module target
    local objects=$root/.build/debug/cherry.product/Objects.LinkFileList
    ! fuzz_is_built || return 0
    [[ -e $objects ]] || fail 69 "There is no debug build to link the fuzzers with." "Run 'swift build' and this again."
    rm -rf "$fuzz_place/built" "$fuzz_place/modules" "$fuzz_place/objects"
    mkdir -p "$fuzz_place/modules" "$fuzz_place/objects" "$fuzz_place/findings"
    fuzz_flags >"$fuzz_place/flags"
    # Whatever the program compares texts with, an input may need.
    grep -rhoE '"[A-Za-z_.:/-]{2,40}"' "$root/Sources/CherryBridge" "$root/Sources/CherryAPI/Hub" |
        LC_ALL=C sort -u >"$fuzz_place/words"
    for module in "${fuzz_modules[@]}"; do
        find "$root/Sources/$module" -name '*.swift' | LC_ALL=C sort >"$fuzz_place/$module.sources"
        swiftc "@$fuzz_place/flags" -module-name "$module" -emit-module \
            -emit-module-path "$fuzz_place/modules/$module.swiftmodule" -emit-library -static \
            -o "$fuzz_place/objects/lib$module.a" "@$fuzz_place/$module.sources" || return
    done
    grep -vE '/(Cherry[A-Za-z]*|cherry)\.build/' "$objects" >"$fuzz_place/linked"
    for target in "${fuzz_targets[@]}"; do fuzz_link "$target" || return; done
    touch "$fuzz_place/built"
}

# fuzz_link TARGET: compiles a fuzzer and links it.
fuzz_link() {
    local sources=() libraries=() module
    mapfile -t sources < <(find "$root/Tests/Fuzzing/Support" "$root/Tests/Fuzzing/$1" -name '*.swift' | LC_ALL=C sort)
    # These need nothing of the module that they are in, which would bring much with it.
    [[ $1 != websocket ]] || sources+=("$root/Sources/CherryAPI/Hub/WebSocketReader.swift")
    [[ $1 != messagepack ]] || sources+=("$root"/Sources/CherryObservability/Fluent/MessagePack*.swift)
    for module in "${fuzz_modules[@]}"; do libraries=("$fuzz_place/objects/lib$module.a" "${libraries[@]}"); done
    swiftc "@$fuzz_place/flags" -module-name "Fuzz_$1" "${sources[@]}" "${libraries[@]}" "@$fuzz_place/linked" \
        -lz -Xlinker --gc-sections -o "$fuzz_place/$1"
}

# fuzz TARGET ARGUMENT…: runs a fuzzer as libFuzzer takes it. Swift's own report of a crash would hide the input.
fuzz() {
    local target=$1
    shift
    SWIFT_BACKTRACE=enable=no "$fuzz_place/$target" -timeout=20 -rss_limit_mb=2048 "$@"
}

# fuzz_run TARGET SECONDS: the whole corpus, then as many new inputs as the time allows.
fuzz_run() {
    local log=$fuzz_place/$1.log found=$fuzz_place/found/$1 input
    mkdir -p "$found"
    if fuzz "$1" -max_total_time="$2" -max_len=4096 -dict="$fuzz_place/words" -print_final_stats=1 \
        -artifact_prefix="$fuzz_place/findings/$1-" "$found" "$fuzz_corpus/$1" >"$log" 2>&1; then
        printf '    %-12s %9s inputs, %s edges\n' "$1" "$(sed -nE 's/^stat::number_of_executed_units: //p' "$log")" \
            "$(grep -aoE 'cov: [0-9]+' "$log" | tail -n 1 | cut -c 6-)"
        return 0
    fi
    input=$(sed -nE 's/.*Test unit written to //p' "$log" | tail -n 1)
    grep -aE 'Fatal error|ERROR:|SUMMARY' "$log" | cut -c 1-300 >&2
    printf '    %s\n' "Found by $1: ${input:-see $log}" "See it again: make fuzz TARGET=$1 INPUT=$input" \
        "Once it is mended: cp $input Tests/Fuzzing/Corpus/$1/" >&2
    return 1
}

# fuzz_all SECONDS TARGET…: builds the fuzzers and runs them, SECONDS each.
fuzz_all() {
    local seconds=$1 target failed=0
    shift
    fuzz_build || return
    for target in "$@"; do fuzz_run "$target" "$seconds" || failed=1; done
    return "$failed"
}
