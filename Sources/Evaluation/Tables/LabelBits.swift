/// Whether each of N images carries each of C labels: a bit each, by label.
public struct LabelBits: Sendable, Equatable {
    public private(set) var count: Int
    public let width: Int
    /// 64 images a word; `stride` words a label, the bits beyond `count` being 0.
    private(set) var words: [UInt64]
    private let stride: Int

    /// - Parameters:
    ///   - count: images, none of which carries a label.
    ///   - width: labels.
    public init(count: Int, width: Int) {
        self.count = count
        self.width = width
        stride = (count + 63) / 64
        words = Array(repeating: 0, count: stride * width)
    }

    public subscript(label: Int, row: Int) -> Bool {
        get { words[label * stride + row >> 6] >> UInt64(row & 63) & 1 != 0 }
        set {
            let bit: UInt64 = 1 << UInt64(row & 63)
            if newValue { words[label * stride + row >> 6] |= bit } else { words[label * stride + row >> 6] &= ~bit }
        }
    }

    /// Ascending indices of the labels of an image.
    public subscript(row: Int) -> [Int] { (0..<width).filter { self[$0, row] } }

    /// The words of all images for one label.
    func column(_ label: Int) -> Range<Int> { label * stride..<(label + 1) * stride }

    /// Takes the sets of other images: row r gets those of `rows[r]`, label l those of `labels[l]` where they are given.
    func gathered(_ rows: [Int], labels: [Int]? = nil) -> LabelBits {
        var result = LabelBits(count: rows.count, width: width)
        for label in 0..<width {
            let other = labels?[label] ?? label
            for (row, from) in rows.enumerated() where self[other, from] { result[label, row] = true }
        }
        return result
    }

    /// Whether the labels of each image are not the same here and there: a single column.
    func differences(_ other: LabelBits) -> LabelBits {
        var result = LabelBits(count: count, width: 1)
        for label in 0..<width {
            for (word, at) in column(label).enumerated() { result.words[word] |= words[at] ^ other.words[at] }
        }
        return result
    }

    /// Without the images beyond `count`.
    func prefix(_ count: Int) -> LabelBits {
        guard count < self.count else { return self }
        var result = LabelBits(count: count, width: width)
        for label in 0..<width {
            for word in 0..<result.stride {
                let bits = words[label * stride + word]
                let left = count - 64 * word
                result.words[label * result.stride + word] = left >= 64 ? bits : bits & ((1 << UInt64(left)) - 1)
            }
        }
        return result
    }

    /// All words at once, for a pass that writes them in pieces of 64 images.
    mutating func withWords<Result>(_ body: (UnsafeMutableBufferPointer<UInt64>, Int) -> Result) -> Result {
        let stride = stride
        return words.withUnsafeMutableBufferPointer { body($0, stride) }
    }
}
