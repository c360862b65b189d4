import ArgumentParser
import Evaluation
import Foundation

@main
struct Assay: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "assay",
        abstract: "Trains multi-label image classifiers, measures them honestly, and exports only what passes.",
        discussion: """
            Start with `assay demo`: it draws a data set, trains, evaluates, judges and exports, and names the report to open.

            Exit codes: 0 done or passed, 1 gate failed, 2 could not be done, 3 gate inconclusive, 64 wrong usage, \
            130 stopped by Ctrl-C (143 by SIGTERM).
            """,
        version: "0.1.0",
        subcommands: [
            Train.self, LRFind.self, Evaluate.self, Merge.self, Predict.self, GateCommand.self, ExportCommand.self,
            VerifyCommand.self,
            Serve.self, Inspect.self, Thresholds.self, Calibrate.self, Compare.self, DataCommand.self, Demo.self,
        ])

    /// Errors of use keep ArgumentParser's code 64; everything else thrown anywhere is one line and code 2.
    static func main() {
        // Failed writes are errors of their own.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        Terminal.reserveStreams()
        var expansion = ConfigFile.Expansion(arguments: NumberOption.joined(Array(CommandLine.arguments.dropFirst())))
        var command: any ParsableCommand
        do {
            expansion = try ConfigFile.expand(expansion.arguments)
            command = try parseAsRoot(expansion.arguments)
        } catch {
            end(exitCode(for: error) == .validationFailure ? expansion.located(message(for: error)) ?? error : error)
        }
        Interruption.watch()
        do {
            try command.run()
        } catch let code as ExitCode {
            Terminal.leave(code.rawValue)
        } catch {
            end(error)
        }
        Terminal.leave(0)
    }

    /// Help, version and wrong usage in the parser's words, which would call everything else a plain failure.
    private static func end(_ error: any Error) -> Never {
        do {
            switch exitCode(for: error) {
            case .success: try Terminal.print(fullMessage(for: error))
            case .failure: throw error
            case let code:
                Terminal.note(fullMessage(for: error))
                Terminal.leave(code.rawValue)
            }
        } catch {
            Terminal.error("\(error)")
            Terminal.leave(2)
        }
        Terminal.leave(0)
    }
}
