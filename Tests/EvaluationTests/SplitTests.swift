import Evaluation
import Testing

@Suite struct SplitTests {
    private let table = LabelTable(
        rows: (0..<200).map { i in
            .init(
                name: "\(i)",
                labels: i % 20 == 0 ? ["rare", "common"] : i % 3 == 0 ? ["common"] : i % 7 == 0 ? [] : ["other"])
        })

    @Test func randomSplitsHaveFastaisSizeAndDependOnTheSeed() throws {
        let split = try Split.random(count: 1016, validationShare: 0.2, seed: 1)
        #expect(split.validation.count == 203 && split.training.count == 813)
        #expect(Set(split.training + split.validation) == Set(0..<1016))
        #expect(try split == Split.random(count: 1016, validationShare: 0.2, seed: 1))
        #expect(try split != Split.random(count: 1016, validationShare: 0.2, seed: 2))
        #expect(throws: InputError.self) { try Split.random(count: 3, validationShare: 0.2, seed: 1) }
    }

    @Test func stratifiedSplitsKeepEveryLabelsShare() throws {
        for seed in 0..<5 {
            let split = try Split.stratified(table, validationShare: 0.2, seed: UInt64(seed))
            #expect(split.validation.count == 40)
            for label in ["rare", "common", "other"] {
                let all = table.rows.indices.filter { table.rows[$0].labels.contains(label) }
                let part = Set(all).intersection(split.validation).count
                #expect(abs(Double(part) - 0.2 * Double(all.count)) <= 1.01, "\(label): \(part) of \(all.count)")
            }
        }
    }

    @Test func theColumnDecides() throws {
        let table = LabelTable(rows: [
            .init(name: "a", labels: [], isValid: true), .init(name: "b", labels: [], isValid: false),
        ])
        #expect(try Split.byColumn(table).validation == [0])
        #expect(throws: InputError.self) { try Split.byColumn(LabelTable(rows: [.init(name: "a", labels: [])])) }
    }
}
