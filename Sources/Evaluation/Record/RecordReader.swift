/// Reads a record: the images, which are nearly all of its bytes, straight into columns, and the small rest as any JSON.
///
/// One pass over the bytes; beside them it takes what the images take, and no objects.
struct RecordReader {
    private var images = ImagesReader()
    private var topLosses: [Int] = []

    /// - Throws: an error for what is no record.
    static func read(_ bytes: [UInt8]) throws -> EvaluationRecord {
        try bytes.withUnsafeBytes { bytes in
            var reader = RecordReader()
            return try reader.read(bytes)
        }
    }

    private mutating func read(_ bytes: UnsafeRawBufferPointer) throws -> EvaluationRecord {
        var scanner = JSONScanner(bytes)
        var rest: [UInt8] = Array("{\"images\":[],\"top_losses\":[]".utf8)
        var seen = (images: false, topLosses: false)
        try scanner.object { scanner, key in
            if key.elementsEqual("images".utf8) {
                seen.images = true
                try scanner.array { try images.add(&$0) }
            } else if key.elementsEqual("top_losses".utf8) {
                seen.topLosses = true
                try scanner.array { topLosses.append(try $0.index()) }
            } else {
                rest += [0x2C, 0x22]
                rest += key
                rest += [0x22, 0x3A]
                rest += try scanner.skip()
            }
        }
        try scanner.requireEnd()
        guard seen.images, seen.topLosses else { throw JSONScanner.Unexpected() }
        rest.append(0x7D)
        var record = try JSON.decode(EvaluationRecord.self, from: rest)
        record.images = try images.outcomes()
        record.topLosses = topLosses
        return record
    }
}

/// The images of a record in the making.
private struct ImagesReader {
    private var names = NameList()
    private var columns: [[Double]] = []
    /// Whether a float holds every score, as where they came from an array of such.
    private var isNarrow = true
    private var targets = Marks()
    private var predicted = Marks()
    private var isKnown: [Bool] = []
    private var losses: [Double] = []
    private var costliest: [Int32] = []
    private var digests: [String?] = []
    private var hasDigests = false

    /// Labels of images, pair by pair.
    private struct Marks {
        var rows: [Int32] = []
        var labels: [Int32] = []

        mutating func add(_ scanner: inout JSONScanner, _ row: Int) throws {
            try scanner.array {
                labels.append(Int32(truncatingIfNeeded: min(try $0.index(), Int(Int32.max))))
                rows.append(Int32(row))
            }
        }

        func bits(count: Int, width: Int) throws -> LabelBits {
            var bits = LabelBits(count: count, width: width)
            for (row, label) in zip(rows, labels) {
                guard label < width else { throw JSONScanner.Unexpected() }
                bits[Int(label), Int(row)] = true
            }
            return bits
        }
    }

    mutating func add(_ scanner: inout JSONScanner) throws {
        let row = losses.count
        var seen = (name: false, predicted: false, scores: false)
        losses.append(.nan)
        costliest.append(-1)
        isKnown.append(false)
        digests.append(nil)
        try scanner.object { scanner, key in
            switch key.count {
            case _ where key.elementsEqual("scores".utf8):
                seen.scores = true
                try addScores(&scanner, row)
            case _ where key.elementsEqual("name".utf8):
                guard !seen.name else { throw JSONScanner.Unexpected() }
                seen.name = true
                try scanner.withString { name in
                    guard name.allSatisfy({ $0 < 0x80 }) || String(validating: name, as: UTF8.self) != nil else {
                        throw JSONScanner.Unexpected()
                    }
                    names.append(validated: name)
                }
            case _ where key.elementsEqual("predicted".utf8):
                seen.predicted = true
                try predicted.add(&scanner, row)
            case _ where key.elementsEqual("target".utf8):
                if try scanner.takeNull() { return }
                isKnown[row] = true
                try targets.add(&scanner, row)
            case _ where key.elementsEqual("loss".utf8):
                if try !scanner.takeNull() { losses[row] = try scanner.number() }
            case _ where key.elementsEqual("costliest_label".utf8):
                if try !scanner.takeNull() {
                    costliest[row] = Int32(truncatingIfNeeded: min(try scanner.index(), Int(Int32.max)))
                }
            case _ where key.elementsEqual("pixel_digest".utf8):
                if try scanner.takeNull() { return }
                hasDigests = true
                digests[row] = try scanner.withString { String(decoding: $0, as: UTF8.self) }
            default: _ = try scanner.skip()
            }
        }
        guard seen.name, seen.predicted, seen.scores else { throw JSONScanner.Unexpected() }
    }

    private mutating func addScores(_ scanner: inout JSONScanner, _ row: Int) throws {
        var label = 0
        try scanner.array { scanner in
            let score = try scanner.number()
            isNarrow = isNarrow && Double(Float(score)) == score
            if row == 0 { columns.append([]) }
            guard label < columns.count else { throw JSONScanner.Unexpected() }
            columns[label].append(score)
            label += 1
        }
        guard label == columns.count else { throw JSONScanner.Unexpected() }
    }

    /// - Throws: for an index that is that of no label.
    consuming func outcomes() throws -> ImageOutcomes {
        let (count, width) = (names.count, columns.count)
        guard costliest.allSatisfy({ $0 < width }), columns.allSatisfy({ $0.count == count }) else {
            throw JSONScanner.Unexpected()
        }
        let isNarrow = isNarrow
        let scores: ScoreColumns = isNarrow ? .float(columns.map { $0.map(Float.init) }) : .double(columns)
        return ImageOutcomes(
            names: names, columns: scores, targets: try targets.bits(count: count, width: width),
            known: isKnown.allSatisfy { $0 } ? nil : isKnown,
            predicted: try predicted.bits(count: count, width: width), losses: losses, costliest: costliest,
            digests: hasDigests ? digests : nil)
    }
}
