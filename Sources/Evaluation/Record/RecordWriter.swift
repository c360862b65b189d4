/// A record's files of many images, made a piece of images at a time by several threads and written in order.
struct RecordWriter {
    private let record: EvaluationRecord
    private let images: ImageOutcomes
    private let threads: Int
    private let labels: [[UInt8]]
    /// Whether a set of labels may need quotes in a CSV.
    private let needsQuotes: Bool

    init(_ record: EvaluationRecord, threads: Int) {
        self.record = record
        images = record.images
        labels = record.labels.map { Array($0.utf8) }
        needsQuotes = labels.contains { $0.contains(where: CSV.needsQuotes) }
        self.threads = threads
    }

    /// Images made into text at a time by one thread.
    private static let piece = 2048

    /// Writes the text that `body` appends for each of the images `rows`, in order, with its scores.
    private func each(
        _ rows: some RandomAccessCollection<Int>, _ sink: inout ByteSink,
        _ body: (_ place: Int, _ row: Int, _ scores: ArraySlice<Double>, _ text: inout [UInt8]) -> Void
    ) throws {
        let width = record.labels.count
        let pieces = (rows.count + Self.piece - 1) / Self.piece
        let batch = 2 * threads
        var texts: [[UInt8]] = []
        for first in stride(from: 0, to: pieces, by: batch) {
            // One thread writes what was made before while the others make what comes next.
            var failure: (any Error)?
            let made = texts
            texts = Parallel.map(min(batch, pieces - first) + 1, threads: threads) { number in
                guard number > 0 else {
                    do { for text in made { try sink.write(text) } } catch { failure = error }
                    return []
                }
                let start = (first + number - 1) * Self.piece
                let part = Array(rows.dropFirst(start).prefix(Self.piece))
                let scores = images.columns.gathered(part)
                var text: [UInt8] = []
                text.reserveCapacity(part.count * (64 + 24 * width))
                for (place, row) in part.enumerated() {
                    body(start + place, row, scores[place * width..<(place + 1) * width], &text)
                }
                return text
            }
            if let failure { throw failure }
        }
        for text in texts { try sink.write(text) }
    }

    /// `fname,<label>…`: every image's scores.
    func predictions(_ sink: inout ByteSink) throws {
        try sink.write(CSV.line(["fname"] + record.labels))
        try each(images.indices, &sink) { _, row, scores, text in
            appendName(row, &text)
            appendScores(scores, &text)
        }
    }

    /// `rank,fname,target,predicted,loss,<label>…`: every image that has a loss, the worst first with rank 0; labels joined
    /// by `;`.
    func topLosses(_ sink: inout ByteSink) throws {
        let fields = ["rank", "fname", "target", "predicted", "loss"]
        // No two columns of one name, whatever labels are called.
        let taken = Set(record.labels)
        let columns = record.labels.map { label in
            guard fields.contains(label) else { return label }
            var name = "label \(label)"
            while taken.contains(name) { name = "label \(name)" }
            return name
        }
        try sink.write(CSV.line(fields + columns))
        try each(record.topLosses, &sink) { rank, row, scores, text in
            NumberText.append(rank, to: &text)
            text.append(0x2C)
            appendName(row, &text)
            text.append(0x2C)
            if images.isKnown(row) { appendSet(images.targets, row, &text) }
            text.append(0x2C)
            appendSet(images.predicted, row, &text)
            text.append(0x2C)
            NumberText.append(images.losses[row], to: &text)
            appendScores(scores, &text)
        }
    }

    /// Scores behind commas, and the line's end.
    private func appendScores(_ scores: ArraySlice<Double>, _ text: inout [UInt8]) {
        for score in scores {
            text.append(0x2C)
            NumberText.append(score, to: &text)
        }
        text.append(0x0A)
    }

    private func appendName(_ row: Int, _ text: inout [UInt8]) {
        images.names.withBytes(row) { name in
            if name.contains(where: CSV.needsQuotes) {
                text.append(contentsOf: CSV.line([String(decoding: name, as: UTF8.self)]).utf8.dropLast())
            } else {
                text.append(contentsOf: name)
            }
        }
    }

    private func appendSet(_ set: LabelBits, _ row: Int, _ text: inout [UInt8]) {
        if needsQuotes {
            text.append(contentsOf: CSV.line([record.names(set[row]), ""]).utf8.dropLast(2))
            return
        }
        var isFirst = true
        for (label, name) in labels.enumerated() where set[label, row] {
            if !isFirst { text.append(0x3B) }
            text.append(contentsOf: name)
            isFirst = false
        }
    }

    /// What `JSON.text` makes of the record, compact.
    func json(_ sink: inout ByteSink) throws {
        var rest = record
        rest.images = try ImageOutcomes([])
        rest.topLosses = []
        // Within a string a quote is escaped, so that neither of these can stand in one.
        let text = Array(try JSON.text(rest, compact: true).utf8)
        let marks = ["\"images\":[", "\"top_losses\":["].map { Array($0.utf8) }
        let places = marks.map { mark in
            text.indices.first { text[$0...].starts(with: mark) }.map { $0 + mark.count } ?? text.count
        }
        precondition(places[0] < places[1] && places[1] < text.count, "sorted keys")
        try sink.write(text[..<places[0]])
        try each(images.indices, &sink) { _, row, scores, text in
            if row > 0 { text.append(0x2C) }
            appendImage(row, scores, &text)
        }
        try sink.write(text[places[0]..<places[1]])
        var ranks: [UInt8] = []
        for (rank, row) in record.topLosses.enumerated() {
            if rank > 0 { ranks.append(0x2C) }
            NumberText.append(row, to: &ranks)
            if ranks.count > 1 << 16 {
                try sink.write(ranks)
                ranks.removeAll(keepingCapacity: true)
            }
        }
        try sink.write(ranks)
        try sink.write(text[places[1]...])
        try sink.write("\n")
    }

    private func appendImage(_ row: Int, _ scores: ArraySlice<Double>, _ text: inout [UInt8]) {
        func field(_ name: StaticString) {
            name.withUTF8Buffer { text.append(contentsOf: $0) }
        }
        func list(_ set: LabelBits) {
            text.append(0x5B)
            var isFirst = true
            for label in labels.indices where set[label, row] {
                if !isFirst { text.append(0x2C) }
                NumberText.append(label, to: &text)
                isFirst = false
            }
            text.append(0x5D)
        }
        field("{\"costliest_label\":")
        if images.costliest[row] < 0 { field("null") } else { NumberText.append(Int(images.costliest[row]), to: &text) }
        field(",\"loss\":")
        if images.losses[row].isNaN { field("null") } else { NumberText.appendJSON(images.losses[row], to: &text) }
        field(",\"name\":")
        images.names.withBytes(row) { JSONText.append($0, to: &text) }
        field(",\"pixel_digest\":")
        if var digest = images.digests?[row] {
            digest.withUTF8 { JSONText.append(UnsafeRawBufferPointer($0), to: &text) }
        } else {
            field("null")
        }
        field(",\"predicted\":")
        list(images.predicted)
        field(",\"scores\":[")
        for score in scores {
            NumberText.appendJSON(score, to: &text)
            text.append(0x2C)
        }
        if !scores.isEmpty { text.removeLast() }
        field("],\"target\":")
        if images.isKnown(row) { list(images.targets) } else { field("null") }
        text.append(0x7D)
    }
}
