import Evaluation
import Testing

@Suite struct DataFindingsTests {
    /// As `findings.json` has them.
    private func findings() throws -> DataFindings {
        let text = """
            {"version": 1, "count": 2, "labels": ["a", "b,c"], "merges": [], "remarks": [],
            "duplicate_images": [{"kind": "near", "first": "1\\".jpg", "second": "2,.jpg", "similarity": 0.99,
            "crosses_split": true, "labels_differ": false}],
            "wrong_labels": [{"name": "x", "given": ["a", "b,c"], "suggested": [], "label": "a",
            "self_confidence": 0.25, "is_confident": true}],
            "duplicate_labels": {"null_ceiling": null, "untold": [], "pairs": [{"first": "a", "second": "b,c",
            "cross_prediction": 0.5, "correlation": null, "feature_distance": 1.5, "p_value": 0.05,
            "behaves_as_one": true}]}}
            """
        return try JSON.decode(DataFindings.self, from: Array(text.utf8))
    }

    private func rows(_ text: String) throws -> [[String]] {
        let table = try CSV(Array(text.utf8), named: "findings")
        return [table.header] + table.rows
    }

    @Test func tablesHoldWhatWasFound() throws {
        let found = try findings()
        #expect(
            try rows(found.duplicateImagesCSV) == [
                ["kind", "fname", "other", "similarity", "crosses_split", "labels_differ"],
                ["near", "2,.jpg", "1\".jpg", "0.99", "true", "false"],
            ])
        #expect(
            try rows(found.wrongLabelsCSV) == [
                ["rank", "fname", "given", "suggested", "label", "self_confidence", "confident"],
                ["0", "x", "a;b,c", "", "a", "0.25", "true"],
            ])
        #expect(
            try rows(found.duplicateLabelsCSV) == [
                [
                    "rank", "first", "second", "cross_prediction", "correlation", "feature_distance", "p_value",
                    "behaves_as_one",
                ], ["0", "a", "b,c", "0.5", "", "1.5", "0.05", "true"],
            ])
    }

    /// A table is put together in time that grows as its rows do: with their square this takes minutes.
    @Test(.timeLimit(.minutes(1))) func longTablesTakeNoTime() throws {
        var found = try findings()
        found.duplicateImages = Array(repeating: found.duplicateImages[0], count: 200_000)
        #expect(found.duplicateImagesCSV.utf8.count > 200_000 * 30)
    }
}
