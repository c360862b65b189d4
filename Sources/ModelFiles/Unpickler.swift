/// Reads a pickle without executing it: a stack machine that knows only the opcodes and globals of weights files.
///
/// Opcodes: https://github.com/python/cpython/blob/main/Lib/pickletools.py. Everything else is refused by name.
struct Unpickler {
    static let maximumDepth = 64
    /// Of values on the stack, of containers, of remembered values.
    static let maximumCount = 1_000_000
    /// Of items in all containers: a few bytes may copy a long list again and again.
    static let maximumItems = 10_000_000

    private let file: String
    private var input: PickleBytes
    private var stack: [PickleValue] = []
    private var marks: [Int] = []
    private var memo: [Int: PickleValue] = [:]
    private var items = 0
    private var result = Pickle()

    /// Reads the pickle at the start of `bytes`; `Pickle.end` says where it ends.
    /// - Throws: `StrangeGlobal` for the first that is not allowed, `ModelFileError` for whatever else is wrong.
    static func read(_ bytes: ArraySlice<UInt8>, named file: String) throws -> Pickle {
        var machine = Unpickler(bytes, named: file)
        while try machine.step() {}
        machine.result.root = try machine.pop()
        machine.result.end = machine.input.at
        return machine.result
    }

    private init(_ bytes: ArraySlice<UInt8>, named file: String) {
        (self.file, input) = (file, PickleBytes(bytes, named: file))
    }

    private func fail(_ problem: String) -> ModelFileError { input.fail(problem) }

    /// Runs one opcode; false after the last.
    private mutating func step() throws -> Bool {
        let opcode = try input.take(1).first ?? 0
        switch opcode {
        case UInt8(ascii: "."): return false
        case 0x80:
            let version = try input.number(1)
            guard (2...5).contains(version) else { throw fail("protocol \(version)") }
        case 0x95: _ = try input.take(8)  // a frame's length
        case UInt8(ascii: "("):
            guard marks.count < Self.maximumDepth else { throw tooDeep() }
            marks.append(stack.count)
        case UInt8(ascii: "N"): try push(.none)
        case 0x88: try push(.bool(true))
        case 0x89: try push(.bool(false))
        case UInt8(ascii: "K"): try push(.integer(input.number(1)))
        case UInt8(ascii: "M"): try push(.integer(input.number(2)))
        case UInt8(ascii: "J"): try push(.integer(Int(Int32(truncatingIfNeeded: input.number(4)))))
        case 0x8A: try push(input.long())
        case UInt8(ascii: "G"):
            let bits = try input.take(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            try push(.number(Double(bitPattern: bits)))
        case UInt8(ascii: "X"), UInt8(ascii: "T"): try push(.text(input.text(input.number(4))))
        case 0x8C, UInt8(ascii: "U"): try push(.text(input.text(input.number(1))))
        case 0x8D: try push(.text(input.text(input.number(8))))
        case UInt8(ascii: "B"): try push(.bytes(Array(input.take(input.number(4)))))
        case UInt8(ascii: "C"): try push(.bytes(Array(input.take(input.number(1)))))
        default: try container(opcode)
        }
        return true
    }

    private mutating func container(_ opcode: UInt8) throws {
        switch opcode {
        case UInt8(ascii: "}"): try push(add(.dictionary, []))
        case UInt8(ascii: "]"): try push(add(.list, []))
        case UInt8(ascii: ")"): try push(add(.tuple, []))
        case UInt8(ascii: "t"): try push(add(.tuple, popMark()))
        case 0x85...0x87:
            let items = try (0x85...opcode).map { _ in try pop() }
            try push(add(.tuple, items.reversed()))
        case UInt8(ascii: "a"): try extend(.list, with: [pop()])
        case UInt8(ascii: "e"): try extend(.list, with: popMark())
        case UInt8(ascii: "s"):
            let value = try pop()
            try extend(.dictionary, with: [pop(), value])
        case UInt8(ascii: "u"):
            let items = try popMark()
            guard items.count % 2 == 0 else { throw fail("a key without a value") }
            try extend(.dictionary, with: items)
        case UInt8(ascii: "q"): try remember(input.number(1))
        case UInt8(ascii: "r"): try remember(input.number(4))
        case 0x94: try remember(memo.count)
        case UInt8(ascii: "h"): try recall(input.number(1))
        case UInt8(ascii: "j"): try recall(input.number(4))
        default: try object(opcode)
        }
    }

    private mutating func object(_ opcode: UInt8) throws {
        switch opcode {
        case UInt8(ascii: "c"):
            let module = try input.line()
            try push(global("\(module).\(input.line())"))
        case 0x93:
            guard let name = try pop().text, let module = try pop().text else { throw fail("a global without a name") }
            try push(global("\(module).\(name)"))
        case UInt8(ascii: "R"), 0x81:
            let arguments = try pop()
            let callee = try pop()
            guard case .global(let global) = callee, let items = result.items(arguments) else {
                throw fail("a call of \(callee.kind)")
            }
            try push(call(global, items))
        case UInt8(ascii: "b"):
            // Attributes, such as a state dictionary's `_metadata`, are of no use here.
            _ = try pop()
            switch stack.last {
            case .inert?: break
            case .container(let index)? where result.containers[index].kind == .dictionary: break
            case let target: throw fail("attributes of \(target?.kind ?? "nothing")")
            }
        case UInt8(ascii: "Q"):
            let identifier = try pop()
            result.storages.append(try TorchStorage(identifier, in: result, named: file))
            try push(.storage(result.storages.count - 1))
        default: throw fail("opcode 0x\(String(opcode, radix: 16)) at byte \(input.count - 1)")
        }
    }

    private func global(_ name: String) throws -> PickleValue {
        guard let global = PickleGlobal(name) else { throw StrangeGlobal(name: name) }
        return .global(global)
    }

    private mutating func call(_ global: PickleGlobal, _ arguments: [PickleValue]) throws -> PickleValue {
        switch global {
        case .orderedDictionary:
            // Empty, or from a list of pairs.
            guard let first = arguments.first else { return try add(.dictionary, []) }
            // Counted before they are copied.
            try count(2 * (result.items(first)?.count ?? 0))
            let pairs = (result.items(first) ?? []).compactMap(result.items)
            guard arguments.count == 1, result.items(first)?.count == pairs.count,
                pairs.allSatisfy({ $0.count == 2 })
            else { throw fail("an OrderedDict of something else than pairs") }
            return try add(.dictionary, pairs.flatMap { $0 })
        case .rebuildTensor:
            result.tensors.append(try TorchTensor(arguments, in: result, named: file))
            guard result.tensors.count <= Self.maximumCount else { throw tooMany() }
            return .tensor(result.tensors.count - 1)
        case .rebuildParameter:
            guard case .tensor? = arguments.first else { throw fail("a parameter without a tensor") }
            return arguments[0]
        case .inert(let name): return .inert(name)
        case .storage: throw fail("a call of \(global.name)")
        }
    }

    private func tooDeep() -> ModelFileError { fail("nesting deeper than \(Self.maximumDepth)") }
    private func tooMany() -> ModelFileError { fail("more than \(Self.maximumCount) values") }

    private mutating func count(_ more: Int) throws {
        guard more <= Self.maximumItems - items else { throw fail("more than \(Self.maximumItems) items") }
        items += more
    }

    private mutating func push(_ value: PickleValue) throws {
        guard stack.count < Self.maximumCount else { throw tooMany() }
        stack.append(value)
    }

    private mutating func pop() throws -> PickleValue {
        guard stack.count > (marks.last ?? 0), let value = stack.popLast() else { throw fail("a value too few") }
        return value
    }

    private mutating func popMark() throws -> [PickleValue] {
        guard let mark = marks.popLast() else { throw fail("no mark") }
        defer { stack.removeSubrange(mark...) }
        return Array(stack[mark...])
    }

    private func depth(_ items: [PickleValue]) throws -> Int {
        var depth = 0
        for case .container(let index) in items { depth = max(depth, result.containers[index].depth) }
        guard depth < Self.maximumDepth else { throw tooDeep() }
        return depth + 1
    }

    private mutating func add(_ kind: Pickle.Container.Kind, _ items: [PickleValue]) throws -> PickleValue {
        guard result.containers.count < Self.maximumCount else { throw tooMany() }
        try count(items.count)
        result.containers.append(Pickle.Container(kind: kind, items: items, depth: try depth(items)))
        return .container(result.containers.count - 1)
    }

    private mutating func extend(_ kind: Pickle.Container.Kind, with items: [PickleValue]) throws {
        guard stack.count > (marks.last ?? 0), let target = stack.last else { throw fail("a value too few") }
        if case .inert = target { return }
        guard case .container(let index) = target, result.containers[index].kind == kind else {
            throw fail("an item for \(target.kind)")
        }
        try count(items.count)
        result.containers[index].depth = max(result.containers[index].depth, try depth(items))
        result.containers[index].items += items
    }

    private mutating func remember(_ index: Int) throws {
        guard let value = stack.last else { throw fail("nothing to remember") }
        guard memo.count < Self.maximumCount else { throw tooMany() }
        memo[index] = value
    }

    private mutating func recall(_ index: Int) throws {
        guard let value = memo[index] else { throw fail("a value that was never remembered") }
        try push(value)
    }
}
