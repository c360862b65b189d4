import ArgumentParser

/// A command's options, without dashes.
struct CommandOptions {
    /// Take a value.
    private(set) var valued: Set<String> = []
    /// Are `--name` or `--no-name`.
    private(set) var flags: Set<String> = []
    /// Are there or not.
    private(set) var switches: Set<String> = []
    /// Are another command's, whose files this one reads.
    private let others: Set<String>

    var readsRecipes: Bool { !others.isEmpty }
    var all: Set<String> { valued.union(flags).union(switches) }
    /// What a file may hold.
    var keys: Set<String> { all.union(others) }

    /// As the command's help lists them, so that there is no second list to keep.
    init(_ command: (some ParsableCommand).Type, others: Set<String> = []) {
        self.others = others
        for line in command.helpMessage(columns: 200).split(separator: "\n") where line.hasPrefix("  --") {
            let words = line.dropFirst(4).split(separator: " ", maxSplits: 1)
            let names = (words.first ?? "").split(separator: "/")
            guard let name = names.first.map(String.init), name != "config", name != "version" else { continue }
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
