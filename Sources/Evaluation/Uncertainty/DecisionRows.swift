/// One label's images by the kind of decision; those rightly not predicted are the rest.
struct DecisionRows: Sendable {
    var tp: [Int32] = []
    var fp: [Int32] = []
    var fn: [Int32] = []

    init() {}

    init(_ targets: LabelBits, _ predicted: LabelBits, _ label: Int) {
        for row in 0..<targets.count { add(row, target: targets[label, row], isPredicted: predicted[label, row]) }
    }

    mutating func add(_ row: Int, target: Bool, isPredicted: Bool) {
        switch (target, isPredicted) {
        case (true, true): tp.append(Int32(row))
        case (false, true): fp.append(Int32(row))
        case (true, false): fn.append(Int32(row))
        case (false, false): break
        }
    }
}
