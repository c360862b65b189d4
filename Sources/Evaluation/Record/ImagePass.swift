import Foundation

/// One image's C scores, which labels it carries, and which were predicted.
struct ImageCells {
    let scores: UnsafeBufferPointer<Double>
    let targets: UnsafeBufferPointer<Bool>
    let said: UnsafeBufferPointer<Bool>

    typealias Each = (_ place: Int, _ image: ImageFigures, _ cells: ImageCells) -> Void
}

/// The pass over images, in pieces that do not depend on the number of threads.
struct ImagePass<Score: RankedScore> {
    let columns: [[Score]]
    let truth: LabelBits
    let thresholds: [Double]
    /// C constant scores instead of the columns', for the null model.
    var nullScores: [Double]?
    /// Whether what was said instead is counted, in a matrix of C squared cells for each piece; otherwise it stays empty.
    var isMatrixWanted = true

    /// What a piece of images gives.
    struct Piece {
        var sums = ImageSums()
        var confusion: InsteadOfCounts
    }

    /// Images gathered at a time, so that the strided reads of a label stay within the cache.
    private var block: Int { max(8, min(512, 16_384 / max(columns.count, 1))) }

    /// - Parameters:
    ///   - rows: images to measure.
    ///   - each: called for every image with its place in `rows`, by several threads, each with places of its own in runs
    ///     that start at multiples of 64.
    func run(_ rows: Rows, threads: Int, each: ImageCells.Each = { _, _, _ in }) -> Piece {
        let width = columns.count
        // A matrix of what was said instead has width squared cells, and each piece has one.
        let pieces = width > 300 ? 1 : 16
        let length = ((rows.count + pieces - 1) / pieces + 63) / 64 * 64
        let parts = Parallel.map(pieces, threads: threads) { piece in
            var part = Piece(confusion: InsteadOfCounts(isMatrixWanted ? width : 0))
            let end = min(rows.count, (piece + 1) * length)
            var at = min(piece * length, end)
            while at < end {
                let next = min(at + block, end)
                measure(at..<next, rows, each, &part)
                at = next
            }
            return part
        }
        var whole = Piece(confusion: InsteadOfCounts(isMatrixWanted ? width : 0))
        for part in parts {
            whole.sums.add(part.sums)
            whole.confusion.add(part.confusion)
        }
        return whole
    }

    private func measure(
        _ range: Range<Int>, _ rows: Rows, _ each: ImageCells.Each, _ part: inout Piece
    ) {
        let width = columns.count
        var scores = [Double](repeating: 0, count: width * range.count)
        var targets = [Bool](repeating: false, count: width * range.count)
        var said = [Bool](repeating: false, count: width)
        for label in 0..<width {
            let constant = nullScores?[label]
            columns[label].withUnsafeBufferPointer { column in
                for (place, at) in range.enumerated() {
                    let row = rows[at]
                    scores[place * width + label] = constant ?? Double(column[row])
                    targets[place * width + label] = truth[label, row]
                }
            }
        }
        let nullTerms = (nullScores ?? []).flatMap { [CrossEntropy.term($0, false), CrossEntropy.term($0, true)] }
        let isNull = nullScores != nil
        scores.withUnsafeBufferPointer { scores in
            targets.withUnsafeBufferPointer { targets in
                said.withUnsafeMutableBufferPointer { said in
                    for (place, at) in range.enumerated() {
                        let cells = place * width..<(place + 1) * width
                        let scores = UnsafeBufferPointer(rebasing: scores[cells])
                        let targets = UnsafeBufferPointer(rebasing: targets[cells])
                        let image = ImageFigures(scores, targets, thresholds: thresholds) { label, target in
                            isNull
                                ? nullTerms[2 * label + (target ? 1 : 0)] : CrossEntropy.term(scores[label], target)
                        }
                        for label in 0..<width { said[label] = scores[label] > thresholds[label] }
                        let said = UnsafeBufferPointer(said)
                        each(at, image, ImageCells(scores: scores, targets: targets, said: said))
                        guard rows.isKnown(at) else { continue }
                        part.sums.add(image)
                        if isMatrixWanted { part.confusion.add(targets, said, image.counts) }
                    }
                }
            }
        }
    }
}

/// Which images a pass goes over: all of them, or some in an order.
struct Rows {
    let count: Int
    private let places: [Int]?
    /// By image; nil when all are known.
    private let known: [Bool]?

    init(count: Int, known: [Bool]?) {
        self.count = count
        places = nil
        self.known = known
    }

    /// Some images, each with a full target.
    init(_ places: [Int]) {
        count = places.count
        self.places = places
        known = nil
    }

    subscript(index: Int) -> Int { places?[index] ?? index }

    func isKnown(_ index: Int) -> Bool { known?[self[index]] ?? true }

    /// Those with a full target.
    var knownCount: Int { known.map { $0.count { $0 } } ?? count }
}
