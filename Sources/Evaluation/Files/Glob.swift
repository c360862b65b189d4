/// File patterns: `*` and `?` within a path component, `**` across components, `[a-c]` and `[!x]` sets.
public struct Glob: Sendable, Equatable {
    public let pattern: String

    public init(_ pattern: String) { self.pattern = pattern }

    /// Whether the whole of `path` matches.
    public func matches(_ path: String) -> Bool {
        let pattern = Array(pattern)
        let path = Array(path)
        // states[i]: pattern[i...] may still match what is left of the path; so no backtracking can blow up.
        var states = closure([0], pattern)
        for character in path {
            var next: Set<Int> = []
            for state in states where state < pattern.count { step(pattern, state, character, &next) }
            states = closure(next, pattern)
            if states.isEmpty { return false }
        }
        return states.contains(pattern.count)
    }

    /// Adds the states that stars reach without reading.
    private func closure(_ states: Set<Int>, _ pattern: [Character]) -> Set<Int> {
        var result = states
        var pending = Array(states)
        while let state = pending.popLast() {
            guard state < pattern.count, pattern[state] == "*" else { continue }
            let isDouble = state + 1 < pattern.count && pattern[state + 1] == "*"
            var after = [state + (isDouble ? 2 : 1)]
            // "**/" also stands for no folder at all.
            if isDouble, state + 2 < pattern.count, pattern[state + 2] == "/" { after.append(state + 3) }
            for next in after where result.insert(next).inserted { pending.append(next) }
        }
        return result
    }

    private func step(_ pattern: [Character], _ state: Int, _ character: Character, _ next: inout Set<Int>) {
        switch pattern[state] {
        case "*":
            let isDouble = state + 1 < pattern.count && pattern[state + 1] == "*"
            if isDouble || character != "/" { next.insert(state) }
        case "?": if character != "/" { next.insert(state + 1) }
        case "[":
            guard let end = pattern[(state + 1)...].dropFirst().firstIndex(of: "]") else { fallthrough }
            var set = Array(pattern[(state + 1)..<end])
            let isNegated = set.first == "!"
            if isNegated { set.removeFirst() }
            if Self.contains(set, character) != isNegated, character != "/" { next.insert(end + 1) }
        default: if pattern[state] == character { next.insert(state + 1) }
        }
    }

    private static func contains(_ set: [Character], _ character: Character) -> Bool {
        var at = 0
        while at < set.count {
            if at + 2 < set.count, set[at + 1] == "-" {
                if set[at] <= character, character <= set[at + 2] { return true }
                at += 3
            } else {
                if set[at] == character { return true }
                at += 1
            }
        }
        return false
    }
}
