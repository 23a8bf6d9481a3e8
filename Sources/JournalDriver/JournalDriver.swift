import CherryCore
import CherryJournal

/// Uses a journal as a server does, for tests that kill it or make the system fail under it, and for benchmarks.
///
/// Usage: `JournalDriver endure|steps|inspect|drain|measure FOLDER [NUMBER]`; the operations key lies beside the folder.
@main
struct JournalDriver {
    static func main() async {
        let arguments = CommandLine.arguments
        guard arguments.count >= 3 else { Output.fail("which command, which folder?") }
        let number = arguments.count > 3 ? Int(arguments[3]) ?? 0 : 0
        do {
            let drive = try Drive(folder: arguments[2], number: number)
            switch arguments[1] {
            case "endure": try await drive.endure()
            case "steps": try await drive.takeSteps()
            case "inspect": try await drive.inspect()
            case "drain": try await drive.drain()
            case "measure": try await Measurement(folder: arguments[2], sealer: drive.sealer).run()
            default: Output.fail("no such command: \(arguments[1])")
            }
        } catch {
            Output.fail((error as? any CherryError)?.codeName ?? "\(error)")
        }
    }
}
