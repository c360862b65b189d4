/// One of several parts of equal size of an evaluation's images: contiguous rows, so that the parts in order are the whole.
public struct Shard: Sendable, Equatable {
    /// From 1.
    public let number: Int
    public let count: Int

    /// The largest number of parts.
    public static let most = 100_000

    /// - Throws: `InputError` unless 1 <= number <= count.
    public init(number: Int, count: Int) throws {
        guard (1...Self.most).contains(count), (1...count).contains(number) else {
            throw InputError(
                "is no shard", expected: "i/n with 1 <= i <= n <= \(Self.most)", got: "\(number)/\(count)")
        }
        (self.number, self.count) = (number, count)
    }

    /// `2/8`: the second of eight.
    /// - Throws: `InputError` for anything else.
    public init(parsing text: String) throws {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map { part in
            part.allSatisfy { $0.isASCII && $0.isNumber } ? Int(part) : nil
        }
        guard parts.count == 2, let number = parts[0], let count = parts[1] else {
            throw InputError("is no shard", expected: "i/n, such as 2/8", got: "'\(text)'")
        }
        try self.init(number: number, count: count)
    }

    public var text: String { "\(number)/\(count)" }

    /// Its rows of so many images; parts differ by one image at most.
    /// - Throws: `InputError` if there are fewer images than parts.
    public func rows(of images: Int) throws -> Range<Int> {
        guard images >= count else {
            throw InputError("there are more shards than images", expected: "at most \(images)", got: "\(count)")
        }
        // number * images / count, of which the product may be more than a number holds.
        func end(_ number: Int) -> Int { images / count * number + images % count * number / count }
        return end(number - 1)..<end(number)
    }
}
