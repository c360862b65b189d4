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
}
