/// A record's files of many images, made a piece of images at a time by several threads and written in order.
struct RecordWriter {
    private let record: EvaluationRecord
    private let images: ImageOutcomes
    private let threads: Int

    init(_ record: EvaluationRecord, threads: Int) {
        self.record = record
        images = record.images
        self.threads = threads
    }

    /// Images made into text at a time by one thread.
    private static let piece = 2048

    /// Writes the text that `body` appends for each of 0..<count, in order.
    private func each(_ count: Int, _ sink: inout ByteSink, _ body: (Int, inout [UInt8]) -> Void) throws {
        let pieces = (count + Self.piece - 1) / Self.piece
        for first in stride(from: 0, to: pieces, by: threads) {
            let texts = Parallel.map(min(threads, pieces - first), threads: threads) { offset in
                let start = (first + offset) * Self.piece
                var text: [UInt8] = []
                for index in start..<min(count, start + Self.piece) { body(index, &text) }
                return text
            }
            for text in texts { try sink.write(text) }
        }
    }

    /// `fname,<label>…`: every image's scores.
    func predictions(_ sink: inout ByteSink) throws {
        try sink.write(CSV.line(["fname"] + record.labels))
        try each(images.count, &sink) { row, text in
            appendName(row, &text)
            appendScores(row, &text)
        }
    }

    /// `rank,fname,target,predicted,loss,<label>…`: every image that has a loss, the worst first; labels joined by `;`.
    func topLosses(_ sink: inout ByteSink) throws {
        try sink.write(CSV.line(["rank", "fname", "target", "predicted", "loss"] + record.labels))
        try each(record.topLosses.count, &sink) { rank, text in
            let row = record.topLosses[rank]
            NumberText.append(rank, to: &text)
            text.append(0x2C)
            appendName(row, &text)
            text.append(0x2C)
            appendSet(images.isKnown(row) ? images.targets : nil, row, &text)
            text.append(0x2C)
            appendSet(images.predicted, row, &text)
            text.append(0x2C)
            NumberText.append(images.losses[row], to: &text)
            appendScores(row, &text)
        }
    }

    /// Scores behind commas, and the line's end.
    private func appendScores(_ row: Int, _ text: inout [UInt8]) {
        for label in record.labels.indices {
            text.append(0x2C)
            NumberText.append(images.columns[label, row], to: &text)
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

    private func appendSet(_ set: LabelBits?, _ row: Int, _ text: inout [UInt8]) {
        let names = record.names(set?[row] ?? [])
        text.append(contentsOf: CSV.line([names, ""]).utf8.dropLast(2))
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
        try each(images.count, &sink) { row, text in
            if row > 0 { text.append(0x2C) }
            appendImage(row, &text)
        }
        try sink.write(text[places[0]..<places[1]])
        try each(record.topLosses.count, &sink) { rank, text in
            if rank > 0 { text.append(0x2C) }
            NumberText.append(record.topLosses[rank], to: &text)
        }
        try sink.write(text[places[1]...])
        try sink.write("\n")
    }

    private func appendImage(_ row: Int, _ text: inout [UInt8]) {
        func field(_ name: StaticString) {
            name.withUTF8Buffer { text.append(contentsOf: $0) }
        }
        func list(_ set: LabelBits) {
            text.append(0x5B)
            for (place, label) in set[row].enumerated() {
                if place > 0 { text.append(0x2C) }
                NumberText.append(label, to: &text)
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
        for label in record.labels.indices {
            if label > 0 { text.append(0x2C) }
            NumberText.appendJSON(images.columns[label, row], to: &text)
        }
        field("],\"target\":")
        if images.isKnown(row) { list(images.targets) } else { field("null") }
        text.append(0x7D)
    }
}
