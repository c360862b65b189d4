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

extension LaneSums {
    /// The decisions of each label, in each lane.
    /// - Parameter images: the sums of all images.
    func counts(_ decisions: [DecisionRows], of images: Sums) -> [[Counts]] {
        let sums = decisions.map { (tp: sum($0.tp), fp: sum($0.fp), fn: sum($0.fn)) }
        return images.indices.map { lane in
            sums.map { sum in
                let (tp, fp, fn) = (Int(sum.tp[lane]), Int(sum.fp[lane]), Int(sum.fn[lane]))
                return Counts(tp: tp, fp: fp, fn: fn, tn: Int(images[lane]) - tp - fp - fn)
            }
        }
    }
}
