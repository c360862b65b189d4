import Evaluation
import Foundation
import Testing

/// The reader of records against the decoder of any JSON.
@Suite struct RecordReaderTests {
    private let path = FileManager.default.temporaryDirectory.appendingPathComponent("record-\(UUID()).json").path

    private func record(isFloat: Bool) throws -> EvaluationRecord {
        var random = SeededGenerator(seed: 12)
        let names = ["a\"b", "c\\d\n", "ünï/✓", "\u{1}", "images\":[{}]"] + (0..<300).map { "\($0).jpg" }
        let values = (0..<2 * names.count).map { index -> Double in
            let value = index % 5 == 0 ? Double(index % 2) : random.uniform() * pow(10, -Double(index % 9))
            return isFloat ? Double(Float(value)) : value
        }
        return try .measure(
            title: "]}\"", scores: Scores(names: names, labels: ["x", "\"images\":["], values: values),
            truth: Truth(
                names: names, labels: ["x", "\"images\":["],
                targets: names.indices.map { $0 % 7 == 3 ? nil : (0..<2).filter { _ in random.uniform() < 0.4 } }),
            thresholds: [0.4], pixelDigests: isFloat ? nil : names.map { "of \($0)" })
    }

    private func read(_ text: String) throws -> EvaluationRecord {
        try FileBytes.write(text, to: path)
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try RecordFile.read(path)
    }

    @Test(arguments: [true, false]) func readsWhatTheDecoderReads(_ isFloat: Bool) throws {
        let record = try record(isFloat: isFloat)
        let text = try RecordFile.json(record)
        #expect(try read(text) == record)
        #expect(try JSON.decode(EvaluationRecord.self, from: Array(text.utf8)) == record)
        // With blanks, escaped slashes and letters, and keys in another order.
        let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
        let pretty = try JSONSerialization.data(withJSONObject: object, options: [.prettyPrinted])
        #expect(try read(String(decoding: pretty, as: UTF8.self)) == record)
        #expect(try RecordFile.json(read(text)) == text)
    }

    /// A number that is none of its kind would be added to others, or drawn, far from where it was read.
    @Test func numbersOutOfRangeAreRefused() throws {
        let text = try RecordFile.json(record(isFloat: true))
        typealias Object = [String: Any]
        func changed(_ change: (inout Object) -> Void) throws -> String {
            var object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? Object)
            change(&object)
            return String(decoding: try JSONSerialization.data(withJSONObject: object), as: UTF8.self)
        }
        func inFirst(_ list: String, _ key: String, _ value: Any) -> (inout Object) -> Void {
            { object in
                var items = object[list] as? [Object] ?? []
                items[0][key] = value
                object[list] = items
            }
        }
        func inside(_ name: String, _ key: String, _ value: Any) -> (inout Object) -> Void {
            { object in
                var inner = object[name] as? Object ?? [:]
                inner[key] = value
                object[name] = inner
            }
        }
        let huge = 9_000_000_000_000_000_000
        let matrix = [[1e300, 0, 0], [0, 0, 0], [0, 0, 0]]
        let changes: [(inout Object) -> Void] = [
            { $0["thresholds"] = [0.4, 7] }, { $0["thresholds"] = [0.4, -0.1] },
            inFirst("per_label", "tp", huge), inFirst("per_label", "support", -1), inFirst("per_label", "fn", 1000),
            inFirst("null_per_label", "tn", huge), inFirst("images", "loss", 1e300), inFirst("images", "loss", -1),
            inside("figures", "count", 7), inside("figures", "no_prediction_count", huge),
            inside("figures", "exact_match", 1e300),
            inside("null_figures", "count", -7), inside("confusion", "matrix", matrix),
            inFirst("threshold_curve", "threshold", 1e300), { $0["trained_on"] = huge },
        ]
        for (index, change) in changes.enumerated() {
            let text = try changed(change)
            #expect(throws: InputError.self, "change \(index)") { try read(text) }
        }
        #expect(throws: Never.self) { try read(changed { _ in }) }
    }

    @Test func whatIsNoRecordIsOneSentence() throws {
        let text = try RecordFile.json(record(isFloat: true))
        #expect(throws: Never.self) { try read(text) }
        let image = "{\"costliest_label\":null,\"loss\":null,\"name\":\"n\",\"pixel_digest\":null,\"predicted\":[],"
        var broken: [String] = ["", "{", "[]", "null", text + "x", text + "{}"]
        broken += [String(text.dropLast(3)), String(text.prefix(2000))]
        let changes: [(String, String)] = [
            ("\"images\":[{", "\"images\":[,{"), ("\"images\":[{", "\"pictures\":[{"),
            ("\"top_losses\":[", "\"top_losses\":[-1,"), ("\"top_losses\":[", "\"top_losses\":[0.5,"),
            ("\"top_losses\":[", "\"top_losses\":[999,"), ("\"predicted\":[]", "\"predicted\":[2]"),
            ("\"scores\":[0,", "\"scores\":[nan,"), ("\"scores\":[0,", "\"scores\":[\"0\","),
            ("\"name\":\"1.jpg\"", "\"name\":1"), ("\"name\":\"1.jpg\",", ""),
        ]
        for (from, to) in changes {
            #expect(text.contains(from))
            broken.append(text.replacingOccurrences(of: from, with: to))
        }
        for end in ["\"scores\":[0.5],\"target\":[]},", "\"scores\":[1,1,1],\"target\":[]},", "\"target\":[]},"] {
            broken.append(
                text.replacingOccurrences(of: "\"images\":[{\"cost", with: "\"images\":[\(image)\(end){\"cost"))
        }
        for (from, to) in [("[0,", "[1e300,"), ("[0,", "[-0.5,"), ("[0,", "[1.0000001,")] {
            broken.append(text.replacingOccurrences(of: "\"scores\":\(from)", with: "\"scores\":\(to)"))
        }
        for text in broken { #expect(throws: InputError.self, "\(text.prefix(200))") { try read(text) } }
    }
}
