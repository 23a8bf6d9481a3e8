import Foundation

/// Tests that hold something to a time. Hundreds of tests at once say nothing about how long one thing takes, so these
/// run by themselves: `make test` does that in a part of its own.
public enum TimedTests {
    /// Whether this run has the machine to itself.
    public static let isAlone = ProcessInfo.processInfo.environment["CHERRY_TEST_ALONE"] != nil
    /// Why they are passed over otherwise.
    public static let reason = "timed tests run by themselves, with CHERRY_TEST_ALONE set"
}
