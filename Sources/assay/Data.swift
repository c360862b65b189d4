import ArgumentParser

struct DataCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "data", abstract: "Looks at a data set.", subcommands: [DataShow.self, DataCheck.self])
}
