/// Which buffers a training step of one shape needs and where they lie: all that is known without a weight.
///
/// A batch norm that adds nothing, and that only convolutions, pools or the addition of another norm read, is
/// *deferred*: its output is never stored. Readers take the norm's input and apply scale, shift and ReLU as they load
/// it, which saves a map to keep and two passes over it.
public struct TrainingLayout: Sendable {
    let graph: Graph
    let shapes: [MapShape]
    let steps: [Step]
    let methods: [Int: ConvolutionMethod]
    /// The step that makes a deferred value, by that value.
    let deferred: [Int: Step]
    /// The batch norms, by what they normalise and by what they make.
    let normReading: [Int: Step]
    let normMaking: [Int: Step]
    /// The pool that alone reads a deferred norm's output, by that value: its gradient is not stored either.
    let pooled: [Int: Step]
    /// The backward of convolutions that make the gradient of their output themselves, by that output.
    let fused: [Int: any FusedBackward]
    let activationOffsets: [Int: Int]
    let gradientOffsets: [Int: Int]
    /// Where the gates of a stored ReLU after a norm lie, by its value.
    let gateOffsets: [Int: Int]
    /// Floats of the arena that holds both.
    let arenaCount: Int
    let scratchCount: Int
    public let memory: MemoryPlan

    /// - Throws: `GraphError` if the shapes do not fit.
    public init(_ graph: Graph, input: MapShape, threads: Int, method: ConvolutionMethod = .fastest) throws {
        self.graph = graph
        let shapes = try graph.shapes(input: input)
        let steps = graph.steps(forInference: false)
        guard input.images > 0, let last = steps.last else {
            throw GraphError("nothing to train; expected at least one image and node")
        }
        (self.shapes, self.steps) = (shapes, steps)
        let norms = steps.filter {
            if case .batchNorm = graph.nodes[$0.node].operation { return true }
            return false
        }
        normReading = Dictionary(norms.map { ($0.inputs[0], $0) }, uniquingKeysWith: { first, _ in first })
        normMaking = Dictionary(norms.map { ($0.output, $0) }, uniquingKeysWith: { first, _ in first })
        /// The step that makes a value.
        let producer = Dictionary(
            steps.enumerated().map { ($1.output, $0) }, uniquingKeysWith: { first, _ in first })
        let deferred = Self.deferred(graph, steps)
        self.deferred = deferred
        let pooled = Self.pooled(graph, steps, deferred)
        self.pooled = pooled

        // Time runs 1...S forward and S+1...2S backward. A stored map lives from its producer's forward to its backward,
        // which for a norm may be that of the convolution before it; by the time that gradients grow large, most maps are
        // dead and leave their places to them.
        var planner = ArenaPlanner()
        let end = 2 * steps.count
        var gateOffsets: [Int: Int] = [:]
        var activationOffsets = [0: planner.place(size: shapes[0].count, alive: 0...end)]
        for (time, step) in steps.enumerated() where deferred[step.output] == nil {
            let lastReader = normMaking[step.output].flatMap { producer[$0.inputs[0]] } ?? time
            let alive = (time + 1)...(end - lastReader)
            activationOffsets[step.output] = planner.place(size: shapes[step.output].count, alive: alive)
            if step.residual != nil, step.relu,
                let norm = BatchNorm(graph.nodes[step.node].operation, shapes[step.output]),
                let count = norm.gateCount
            {
                gateOffsets[step.output] = planner.place(size: count, alive: alive)
            }
        }
        (self.activationOffsets, self.gateOffsets) = (activationOffsets, gateOffsets)
        let activationCount = planner.total
        gradientOffsets = Self.gradients(graph, steps, shapes, pooled, producer, last: last.output, &planner)
        arenaCount = planner.total

        var (methods, fused, scratch) = ([Int: ConvolutionMethod](), [Int: any FusedBackward](), 0)
        let workers = Workers(count: threads)
        for (time, step) in steps.enumerated() {
            guard let convolution = Convolution(graph.nodes[step.node].operation, from: shapes, step) else { continue }
            let resolved = method.resolved(for: convolution, training: true)
            let algorithm = resolved.algorithm(for: convolution)
            methods[step.output] = resolved
            scratch = max(scratch, algorithm.trainingScratchCount(workers))
            // The norm's backward comes right before, so that nobody asks for the gradient of its residual in between.
            guard let norm = normReading[step.output], producer[norm.output] == time + 1,
                let backward = resolved.fusedBackward(
                    graph.nodes[step.node].operation, convolution, isFirst: step.inputs[0] == 0,
                    isPooled: pooled[norm.output] != nil)
            else { continue }
            fused[step.output] = backward
            scratch = max(scratch, backward.scratchCount(workers))
        }
        for step in pooled.values {
            guard let pool = MaxPool(graph.nodes[step.node].operation, from: shapes, step) else { continue }
            scratch = max(scratch, threads * pool.stripCount)
        }
        (self.methods, self.fused) = (methods, fused)
        scratchCount = scratch
        memory = MemoryPlan(
            activations: 4 * activationCount, gradients: 4 * (arenaCount - activationCount), scratch: 4 * scratchCount,
            packedWeights: 0)
    }

    private static func deferred(_ graph: Graph, _ steps: [Step]) -> [Int: Step] {
        var deferred: [Int: Step] = [:]
        for step in steps {
            guard case .batchNorm = graph.nodes[step.node].operation, step.residual == nil else { continue }
            let readers = steps.filter { $0.reads.contains(step.output) }
            let allCan = readers.allSatisfy { reader in
                // A norm adds another's output as it is.
                if reader.residual == step.output { return !step.relu && !reader.inputs.contains(step.output) }
                switch graph.nodes[reader.node].operation {
                case .convolution, .linear, .maxPool: return true
                default: return false
                }
            }
            if allCan, !readers.isEmpty { deferred[step.output] = step }
        }
        return deferred
    }

    private static func pooled(_ graph: Graph, _ steps: [Step], _ deferred: [Int: Step]) -> [Int: Step] {
        deferred.keys.reduce(into: [:]) { pooled, value in
            let readers = steps.filter { $0.reads.contains(value) }
            guard readers.count == 1, case .maxPool = graph.nodes[readers[0].node].operation else { return }
            pooled[value] = readers[0]
        }
    }

    /// A gradient lives from the backward time of its last reader to that of its producer. A batch norm's gradient
    /// with respect to its input overwrites the one with respect to its output.
    private static func gradients(
        _ graph: Graph, _ steps: [Step], _ shapes: [MapShape], _ pooled: [Int: Step],
        _ producer: [Int: Int], last: Int, _ planner: inout ArenaPlanner
    ) -> [Int: Int] {
        var lastReader = [last: steps.count]
        for (time, step) in steps.enumerated() { for value in step.reads { lastReader[value] = time } }
        var offsets: [Int: Int] = [:]
        for (time, step) in steps.enumerated().reversed() where offsets[step.output] == nil {
            var end = time
            var shares: Int?
            if case .batchNorm = graph.nodes[step.node].operation, let input = step.inputs.first, input != 0,
                let before = producer[input]
            {
                (shares, end) = (input, before)
            }
            // Read once more when the norm before the pool goes backward, or what comes before the norm.
            if let input = step.inputs.first, pooled[input]?.output == step.output, let norm = producer[input] {
                end = steps[norm].inputs.first.flatMap { producer[$0] } ?? norm
            }
            let birth = 2 * steps.count - (lastReader[step.output] ?? time)
            let offset = planner.place(
                size: shapes[step.output].count, alive: birth...(2 * steps.count - end))
            offsets[step.output] = offset
            if let shares { offsets[shares] = offset }
        }
        return offsets
    }
}
