import Report
import Testing

@Suite struct TicksTests {
    @Test(arguments: [
        (0.0, 1.0, ["0", "0.2", "0.4", "0.6", "0.8", "1"]), (0, 0.0004, ["0", "0.0001", "0.0002", "0.0003", "0.0004"]),
        (0.12345, 0.12349, ["0.12345", "0.12346", "0.12347", "0.12348", "0.12349"]),
        (1, 10, ["0", "2", "4", "6", "8", "10"]),
        (-1, 1, ["-1", "-0.5", "0", "0.5", "1"]), (0.5, 0.5, ["0.5"]),
    ])
    func labelsHaveTheDecimalsOfTheirStep(_ low: Double, _ high: Double, _ labels: [String]) {
        #expect(Ticks(low, high).labels == labels, "\(Ticks(low, high).labels)")
    }

    /// However small the range and however large what it lies at.
    @Test func noTwoLabelsAreTheSame() {
        for start in [0, 1e-9, 0.1, 0.999, 1, 12345.678, 1e9, -3] {
            for range in [1e-7, 1e-4, 0.003, 0.7, 20, 1e6, 1e12] where start.magnitude < range * 1e9 {
                let ticks = Ticks(start, start + range)
                #expect(Set(ticks.labels).count == ticks.values.count && ticks.values.count > 3, "\(ticks.labels)")
                for (value, label) in zip(ticks.values, ticks.labels) {
                    #expect(abs((Double(label) ?? .infinity) - value) <= range / 100, "\(label) at \(value)")
                }
            }
        }
    }
}
