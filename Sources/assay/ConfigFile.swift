import ArgumentParser
import Evaluation
import Yams

/// `--config FILE.yaml`: options of a command in a file, each by its name without dashes. What stands on the command line
/// wins. A recipe of train serves lr-find and data show as well, which take from it what concerns them: its `out` only if
/// that is a picture, for train's is a folder.
enum ConfigFile {
    static let help = ArgumentHelp(
        "Options in YAML, by their names without dashes; the command line's win.", valueName: "yaml")

    /// Arguments, and where each option stands that came from a file.
    struct Expansion {
        var arguments: [String]
        /// `--name` -> `file:line`.
        var places: [String: String] = [:]

        /// An error that the parser found in an option of the file, at its line; nil for any other.
        /// - Parameter message: the parser's.
        func located(_ message: String) -> InputError? {
            let names = message.split { !($0.isLetter || $0.isNumber || $0 == "-") }.map(String.init)
            guard let (name, place) = names.lazy.compactMap({ name in places[name].map { (name, $0) } }).first else {
                return nil
            }
            let text = message.hasSuffix(".") ? String(message.dropLast()) : message
            if text.contains("expected") { return InputError(text, at: place) }
            // The parser's own words; what is no text is a whole number.
            let quoted = text.split(separator: "'", omittingEmptySubsequences: false)
            if text.hasPrefix("The value '"), quoted.count > 2 {
                return InputError(
                    "\(name) cannot be read", at: place,
                    expected: name == "--seed" ? "a whole number of 0 or more" : "a whole number",
                    got: "'\(quoted[1])'")
            }
            return InputError(text, at: place, expected: "options that go together")
        }
    }

    /// The arguments with those of their configuration file added, if they name one.
    /// - Throws: `InputError` with the line of a key that is no option, that comes twice, or whose value is no value.
    static func expand(_ arguments: [String]) throws -> Expansion {
        guard let path = value(of: "--config", in: arguments), let (command, known) = command(of: arguments)
        else { return Expansion(arguments: arguments) }
        let (found, others) = try read(path, known, besides: arguments)
        try checkRecipe(others)
        return Expansion(
            arguments: command + found.map(\.argument) + arguments.dropFirst(command.count),
            places: Dictionary(
                found.map { (String($0.argument.prefix { $0 != "=" }), $0.place) },
                uniquingKeysWith: { first, _ in first }))
    }

    /// A recipe that train would refuse for a value of its own is no recipe, whoever reads it.
    private static func checkRecipe(_ options: [Argument]) throws {
        for (argument, place) in options {
            do { _ = try Train.parse(["--labels=l", "--images=i", "--out=o", argument]) } catch {
                let known = Expansion(arguments: [], places: [String(argument.prefix { $0 != "=" }): place])
                if let error = known.located(Train.message(for: error)) { throw error }
            }
        }
    }

    /// The last value of an option, as it stands in the arguments.
    private static func value(of name: String, in arguments: [String]) -> String? {
        var found: String?
        for (index, argument) in arguments.enumerated() {
            if argument == "--" { break }
            if argument == name, index + 1 < arguments.count { found = arguments[index + 1] }
            if argument.hasPrefix(name + "=") { found = String(argument.dropFirst(name.count + 1)) }
        }
        return found
    }

    /// An option as it is given to a command, and its line.
    private typealias Argument = (argument: String, place: String)

    /// The arguments that a file stands for, without those that are given elsewhere, and those for train alone.
    private static func read(
        _ path: String, _ known: CommandOptions, besides arguments: [String]
    ) throws -> (own: [Argument], others: [Argument]) {
        let text = ByteOrderMark.text(try FileBytes.read(path))
        let root: Node?
        do { root = try Yams.compose(yaml: text) } catch YamlError.duplicatedKeysInMapping(let keys, _) {
            let key = keys.sorted().first ?? ""
            // CR and LF together are one character, which is no LF.
            let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            let last = lines.lastIndex { $0.hasPrefix("\(key):") }
            throw InputError(
                "a key comes twice", at: last.map { "\(path):\($0 + 1)" } ?? path, expected: "each once",
                got: "'\(key)'")
        } catch {
            throw InputError(
                "is not YAML", at: path, got: "\(error)".split(separator: "\n").first.map(String.init) ?? "")
        }
        guard let root else { return ([], []) }
        guard let mapping = root.mapping else {
            throw InputError("is no configuration", at: path, expected: "a mapping, as 'batch-size: 32'")
        }
        let given = Set(arguments.map { String($0.prefix { $0 != "=" }) })
        var (own, others): ([Argument], [Argument]) = ([], [])
        var seen: Set<String> = []
        for (key, value) in mapping {
            func place(_ node: Node) -> String { node.mark.map { "\(path):\($0.line)" } ?? path }
            var name = (key.string ?? "").split(separator: "_", omittingEmptySubsequences: false).joined(separator: "-")
            // A switch has two names.
            let isNegated = name.hasPrefix("no-") && known.flags.contains(String(name.dropFirst(3)))
            if isNegated { name.removeFirst(3) }
            guard known.all.contains(name) else {
                let near = known.all.filter { $0.commonPrefix(with: name).count >= 3 }.sorted()
                throw InputError(
                    "unknown key", at: place(key),
                    expected: near.isEmpty ? "an option of --help, as 'batch-size'" : near.joined(separator: " or "),
                    got: "'\(key.string ?? "a list or mapping")'")
            }
            guard seen.insert(name).inserted else {
                throw InputError("a key comes twice", at: place(key), expected: "each once", got: "'\(name)'")
            }
            guard let argument = try self.argument(name, value, known, isNegated: isNegated, at: place(value))
            else { continue }
            if !known.own.contains(name) {
                others.append((argument, place(value)))
            } else if name == "out", known.own != known.all, !argument.lowercased().hasSuffix(".png") {
                continue
            } else if given.isDisjoint(with: ["--\(name)", "--no-\(name)"]) {
                own.append((argument, place(value)))
            }
        }
        return (own, others)
    }

    /// `--name=value`, `--name`, `--no-name`, or nil for a switch that is off.
    private static func argument(
        _ name: String, _ node: Node, _ known: CommandOptions, isNegated: Bool, at place: String
    ) throws -> String? {
        if known.flags.contains(name) || known.switches.contains(name) {
            guard let isOn = node.bool else {
                throw InputError("'\(name)' is on or off", at: place, expected: "true or false", got: "other text")
            }
            return isOn != isNegated ? "--\(name)" : known.flags.contains(name) ? "--no-\(name)" : nil
        }
        let texts = node.sequence.map { $0.map { $0.scalar?.string } } ?? [node.scalar?.string]
        let values = texts.compactMap { $0 }.filter { !$0.isEmpty }
        guard !values.isEmpty, values.count == texts.count else {
            throw InputError("'\(name)' has no value", at: place, expected: "a text, a number, or a list of them")
        }
        return "--\(name)=\(values.joined(separator: ","))"
    }

    /// The words that name the command, and its options.
    private static func command(of arguments: [String]) -> (words: [String], options: CommandOptions)? {
        func words(_ count: Int) -> [String] { Array(arguments.prefix(count)) }
        return switch (arguments.first, arguments.dropFirst().first) {
        case ("train", _): (words(1), CommandOptions(Train.self))
        case ("lr-find", _): (words(1), CommandOptions(LRFind.self, reading: Train.self))
        case ("data", "show"): (words(2), CommandOptions(DataShow.self, reading: Train.self))
        default: nil
        }
    }
}
