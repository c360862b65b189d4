/// Many names in one buffer: a million strings take their bytes and eight more each.
public struct NameList: RandomAccessCollection, Sendable, Equatable, ExpressibleByArrayLiteral {
    /// UTF-8 of all names, one after the other.
    private(set) var bytes: [UInt8] = []
    /// Where each name ends in `bytes`.
    private var ends: [Int] = []

    public init() {}

    public init(_ names: some Sequence<String>) { for name in names { append(name) } }

    public init(arrayLiteral names: String...) { self.init(names) }

    public mutating func append(_ name: String) {
        bytes.append(contentsOf: name.utf8)
        ends.append(bytes.count)
    }

    /// Appends a name that is known to be UTF-8.
    mutating func append(validated name: UnsafeRawBufferPointer) {
        bytes.append(contentsOf: name)
        ends.append(bytes.count)
    }

    mutating func reserve(names: Int, bytes count: Int) {
        ends.reserveCapacity(names)
        bytes.reserveCapacity(count)
    }

    public var startIndex: Int { 0 }
    public var endIndex: Int { ends.count }

    public subscript(index: Int) -> String { String(decoding: bytes[range(index)], as: UTF8.self) }

    /// Where the name lies in `bytes`.
    func range(_ index: Int) -> Range<Int> { (index == 0 ? 0 : ends[index - 1])..<ends[index] }

    func withBytes<Result>(_ index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
        try bytes.withUnsafeBytes { try body(UnsafeRawBufferPointer(rebasing: $0[range(index)])) }
    }

    /// Whether the bytes of one name come before those of another.
    func precedes(_ a: Int, _ b: Int) -> Bool { bytes[range(a)].lexicographicallyPrecedes(bytes[range(b)]) }

    /// The places `rows` by their names' bytes: one order of the images, whatever order a file had them in.
    func byName(_ rows: [Int]) -> [Int] {
        let isSorted = zip(rows, rows.dropFirst()).allSatisfy { !precedes($1, $0) }
        if isSorted { return rows }
        // Most names are told apart by the eight bytes behind what all of them begin with.
        var common = bytes[range(rows[0])]
        for row in rows {
            let same = zip(common, bytes[range(row)]).prefix { $0 == $1 }.count
            if same < common.count { common = common.prefix(same) }
        }
        var keys = rows.map { row -> (key: UInt64, row: Int) in
            let name = bytes[range(row)].dropFirst(common.count).prefix(8)
            return (name.reduce(0) { $0 << 8 | UInt64($1) } << UInt64(8 * (8 - name.count)), row)
        }
        keys.sort { $0.key != $1.key ? $0.key < $1.key : precedes($0.row, $1.row) }
        return keys.map(\.row)
    }
}

extension NameList {
    /// The names of a text file, one a line (LF, CR or both), without empty lines at its end.
    /// - Parameter kind: what each is, for messages: a label, an image name.
    /// - Throws: `InputError` with the line of a name that occurs twice, or if there are none or the file is not UTF-8.
    public init(lines path: String, of kind: String) throws {
        let bytes = try FileBytes.read(path)
        var index = NameIndex()
        var line = 1
        try bytes.withUnsafeBytes { bytes in
            let end = (bytes.lastIndex { $0 != 0x0A && $0 != 0x0D } ?? -1) + 1
            var at = ByteOrderMark.length(bytes)
            while at < end {
                var stop = at
                while stop < end, bytes[stop] != 0x0A, bytes[stop] != 0x0D { stop += 1 }
                let name = UnsafeRawBufferPointer(rebasing: bytes[at..<stop])
                guard name.allSatisfy({ $0 < 0x80 }) || String(validating: name, as: UTF8.self) != nil else {
                    throw InputError(
                        "is not text", at: "\(path):\(line)", expected: "UTF-8, one name a line",
                        got: "'\(String(decoding: name, as: UTF8.self))'")
                }
                guard index.insert(name).isNew else {
                    throw InputError(
                        "\(kind) appears twice", at: "\(path):\(line)", expected: "each \(kind) once",
                        got: "'\(String(decoding: name, as: UTF8.self))'")
                }
                at = stop + (stop + 1 < end && bytes[stop] == 0x0D && bytes[stop + 1] == 0x0A ? 2 : 1)
                line += 1
            }
        }
        self = index.names
        guard !isEmpty else { throw InputError("is empty", at: path, expected: "one name a line", got: "no lines") }
    }

    /// The names `range`.
    func part(_ range: Range<Int>) -> NameList { NameList(range.lazy.map { self[$0] }) }
}
