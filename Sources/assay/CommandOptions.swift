import ArgumentParser

/// The options that a command's file may hold, without dashes: its own and, where it reads the recipes of another, that one's.
struct CommandOptions {
    /// Take a value.
    private(set) var valued: Set<String> = []
    /// Are `--name` or `--no-name`.
    private(set) var flags: Set<String> = []
    /// Are there or not.
    private(set) var switches: Set<String> = []
    /// Those that the command takes itself.
    private(set) var own: Set<String> = []

    var all: Set<String> { valued.union(flags).union(switches) }

    init(_ command: any ParsableCommand.Type, reading recipes: (any ParsableCommand.Type)? = nil) {
        add(command)
        own = all
        if let recipes { add(recipes) }
    }

    /// As the command's help lists them, so that there is no second list to keep.
    private mutating func add(_ command: any ParsableCommand.Type) {
        for line in command.helpMessage(columns: 200).split(separator: "\n") where line.hasPrefix("  --") {
            let words = line.dropFirst(4).split(separator: " ", maxSplits: 1)
            let names = (words.first ?? "").split(separator: "/")
            guard let name = names.first.map(String.init), name != "config", name != "version", !own.contains(name)
            else { continue }
            if names.count > 1 {
                flags.insert(name)
            } else if words.count > 1, words[1].hasPrefix("<") {
                valued.insert(name)
            } else {
                switches.insert(name)
            }
        }
    }
}
