import CherryCore

extension PriceTable {
    /// Prices that come with the program, as the providers' public lists had them on the day that each carries: standard
    /// tier, short prompts, a cache of five minutes. Discounts, long prompts and contracts are for the user to enter.
    public static let builtIn: [BuiltIn] = Self.openAI + Self.anthropic + Self.gemini + Self.deepSeek

    private static let openAI = Self.list(
        "2026-05-04",
        [
            // pattern, input, output, read from the cache; US dollars for a million tokens
            ("gpt-5.5*", 5, 30, 0.5), ("gpt-5.5-pro*", 30, 180, nil), ("gpt-5.4*", 2.5, 15, 0.25),
            ("gpt-5.4-mini*", 0.75, 4.5, 0.075), ("gpt-5.4-nano*", 0.2, 1.25, 0.02),
            ("gpt-5.1*", 1.25, 10, 0.125), ("gpt-5-pro*", 15, 120, nil), ("gpt-5-codex*", 1.25, 10, 0.125),
            ("gpt-5", 1.25, 10, 0.125), ("gpt-5-2025*", 1.25, 10, 0.125), ("gpt-5-chat*", 1.25, 10, 0.125),
            ("gpt-5-mini*", 0.25, 2, 0.025), ("gpt-5-nano*", 0.05, 0.4, 0.005),
            ("gpt-4.1", 2, 8, 0.5), ("gpt-4.1-2025*", 2, 8, 0.5), ("gpt-4.1-mini*", 0.4, 1.6, 0.1),
            ("gpt-4.1-nano*", 0.1, 0.4, 0.025), ("gpt-4o", 2.5, 10, 1.25), ("gpt-4o-2024*", 2.5, 10, 1.25),
            ("gpt-4o-mini", 0.15, 0.6, 0.075), ("gpt-4o-mini-2024*", 0.15, 0.6, 0.075),
            ("o1", 15, 60, 7.5), ("o1-2024*", 15, 60, 7.5), ("o3", 2, 8, 0.5), ("o3-2025*", 2, 8, 0.5),
            ("o3-mini*", 1.1, 4.4, 0.55), ("o4-mini*", 1.1, 4.4, 0.275),
            ("text-embedding-3-small", 0.02, 0, nil), ("text-embedding-3-large", 0.13, 0, nil),
            ("text-embedding-ada-002", 0.1, 0, nil),
        ]
    )

    private static let anthropic = [
        // pattern, input, output; what is read from the cache, where it is not a tenth of the input
        ("claude-fable-5-1*", 10, 50, 0.25), ("claude-fable-5*", 10, 50, nil), ("claude-opus-5-5*", 4, 20, 0.2),
        ("claude-opus-5*", 5, 25, nil), ("claude-opus-4-5*", 5, 25, nil), ("claude-opus-4-6*", 5, 25, nil),
        ("claude-opus-4-7*", 5, 25, nil), ("claude-opus-4-8*", 5, 25, nil), ("claude-opus-4*", 15, 75, nil),
        ("claude-3-opus*", 15, 75, nil), ("claude-sonnet-5-5*", 2, 10, 0.1), ("claude-sonnet-5*", 2, 10, nil),
        ("claude-sonnet-4*", 3, 15, nil), ("claude-3-7-sonnet*", 3, 15, nil), ("claude-3-5-sonnet*", 3, 15, nil),
        ("claude-haiku-5-5*", 0.1, 0.5, nil), ("claude-haiku-4-5*", 1, 5, nil), ("claude-3-5-haiku*", 0.8, 4, nil),
    ].map { (pattern: String, input: Double, output: Double, cached: Double?) in
        BuiltIn(
            pattern: pattern,
            rates: TokenRates(
                input: Self.rate(input),
                output: Self.rate(output),
                cachedInput: Self.rate(cached ?? input / 10),
                cacheWrite: Self.rate(input * 1.25)
            ),
            asOf: "2026-10-24"
        )
    }

    private static let gemini = Self.list(
        "2026-09-20",
        [
            ("gemini-3.8-flash", 0.75, 3.75, nil), ("gemini-3.5-flash", 1.5, 9, nil),
            ("gemini-3.1-pro*", 2, 12, nil), ("gemini-2.5-pro*", 1.25, 10, nil),
            ("gemini-2.5-flash", 0.3, 2.5, nil), ("gemini-2.5-flash-lite*", 0.1, 0.4, nil),
            ("gemini-embedding-2*", 0.2, 0, nil),
        ]
    )

    /// By day; the nights of its data centre are cheaper.
    private static let deepSeek = Self.list(
        "2026-10-27",
        [("deepseek-flash", 0.3, 1.2, 0.006), ("deepseek-v4-pro", 1.32, 3.96, 0.044)]
    )

    private static func list(_ asOf: String, _ entries: [(String, Double, Double, Double?)]) -> [BuiltIn] {
        entries.map { pattern, input, output, cached in
            BuiltIn(
                pattern: pattern,
                rates: TokenRates(
                    input: Self.rate(input),
                    output: Self.rate(output),
                    cachedInput: cached.map(Self.rate)
                ),
                asOf: asOf
            )
        }
    }

    /// US dollars in millionths.
    private static func rate(_ dollars: Double) -> Int64 { Int64((dollars * 1_000_000).rounded()) }
}
