/// How many names there are, and the first of them.
struct NameSample {
    /// The most names that are kept.
    static let limit = 100

    private(set) var count = 0
    private(set) var first: [String] = []

    init() {}

    init(_ names: some Sequence<String>) { for name in names { add(name) } }

    mutating func add(_ name: String) {
        count += 1
        if first.count < Self.limit { first.append(name) }
    }

    /// `'a', 'b' and 3 more`, with at most `shown` names.
    func text(showing shown: Int = 5) -> String {
        let few = first.prefix(shown)
        let names = few.map { "'\($0)'" }.joined(separator: ", ")
        return count > few.count ? "\(names) and \(count - few.count) more" : names
    }

    /// That a name of one is a name of the other but for the bytes that its letters are written with; nil where none is.
    static func lookalike(_ a: NameSample, _ b: NameSample) -> String? {
        // Strings are equal where they are canonically equivalent, whatever their bytes.
        let known = Set(a.first)
        return b.first.first(where: known.contains).map {
            "'\($0)' is in both, composed in one file (Unicode NFC) and decomposed in the other (NFD)"
        }
    }

    /// What truth has without predictions, and predictions without truth; nil where both are nothing.
    static func difference(_ missing: NameSample, _ extra: NameSample, showing shown: Int = 5) -> String? {
        var got: [String] = []
        if missing.count > 0 { got.append("\(missing.count) without predictions: \(missing.text(showing: shown))") }
        if extra.count > 0 {
            got.append("\(extra.count) that the labels file lacks: \(extra.text(showing: shown))")
        }
        return got.isEmpty ? nil : got.joined(separator: "; ")
    }
}
