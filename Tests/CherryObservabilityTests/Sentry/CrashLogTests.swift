import CherryCore
import Testing

@testable import CherryObservability

@Suite("Crash logs of the Swift runtime")
struct CrashLogTests {
    static let text = """

        *** Program crashed: Illegal instruction at 0x000056387a15f71f ***

        Platform: x86_64 Linux (Debian GNU/Linux 12 (bookworm))

        Thread 0 "cherry" crashed:

          0 [inlined] [system] 0x000056387a15f71f specialized Array.subscript.getter in cherry at //<compiler-generated>
          1                    0x000056387a15f71f SealedStore.get(_:_:) + 63 in cherry at /home/ann/w/Sources/CherryStore/SealedStore.swift:15:64
          2 [async]            0x000056387a15f700 closure #1 in Assistant.run() in cherry at /home/ann/w/Sources/CherryAssistant/Assistant.swift:7
          3 [ra] [system]      0x00007f0000000001 __libc_start_main in libc.so.6
        ...

        Thread 1 "worker":

          0                    0x000056387a15f71f other() + 1 in cherry at /home/ann/w/Sources/CherryApp/Other.swift:1:1

        Backtrace took 0.01s
        """

    @Test("The crashed thread's calls are read, the oldest first")
    func frames() throws {
        let log = try #require(CrashLog(Self.text, program: "cherry"))
        #expect(
            log.frames.map { $0.function?.text } == [
                "__libc_start_main", "closure #1 in Assistant.run()", "SealedStore.get(_:_:)",
                "specialized Array.subscript.getter",
            ]
        )
        #expect(log.frames.map(\.isOurs) == [false, true, true, false])
        #expect(log.frames[2].file?.text == "Sources/CherryStore/SealedStore.swift")
        #expect(log.frames[2].line == 15)
        #expect(log.frames[2].column == 64)
        #expect(log.frames[0].module?.text == "libc.so.6")
    }

    @Test("Nothing of the machine's paths is kept")
    func paths() throws {
        let log = try #require(CrashLog(Self.text, program: "cherry"))
        #expect(!log.frames.map(\.json.text).joined().contains("ann"))
        #expect(!log.frames.map(\.json.text).joined().contains("0x"))
    }

    @Test("A log that was cut off gives the calls that are whole, and never others")
    func truncated() throws {
        let whole = try #require(CrashLog(Self.text, program: "cherry")).frames
        let lines = Self.text.split(separator: "\n", omittingEmptySubsequences: false)
        for count in 0...lines.count {
            let cut = lines.prefix(count).joined(separator: "\n")
            guard let log = CrashLog(cut, program: "cherry") else { continue }
            #expect(whole.suffix(log.frames.count) == log.frames[...])
        }
        for length in 0..<Self.text.count {
            #expect((CrashLog(String(Self.text.prefix(length)), program: "cherry")?.frames.count ?? 0) <= 4)
        }
    }

    @Test(
        "What is no crash log is none",
        arguments: ["", "hello", "Thread 0:\n\n  0 0x1 a in b\n", "{\"threads\":[]}"]
    )
    func none(text: String) {
        #expect(CrashLog(text, program: "cherry") == nil)
    }
}
