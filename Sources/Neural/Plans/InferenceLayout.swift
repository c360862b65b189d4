/// Which buffers an inference of one shape needs and where they lie: all that is known without a weight.
///
/// A batch whose maps would take more than 64 MiB goes through in slices of at least four images: the maps then stay
/// nearer to the caches, and memory does not grow with the batch.
public struct InferenceLayout: Sendable {
    let graph: Graph
    /// Images a batch at most.
    public let batchSize: Int
    /// The shapes of one slice.
    let shapes: [MapShape]
    let steps: [Step]
    /// Each step's algorithm, by its output; nil for steps that multiply nothing.
    let methods: [Int: ConvolutionMethod]
    let offsets: [Int: Int]
    let arenaCount: Int
    let scratchCount: Int
    let weightCounts: [Int: Int]
    public let memory: MemoryPlan

    /// - Throws: `GraphError` if the shapes do not fit.
    public init(_ graph: Graph, input: MapShape, threads: Int, method: ConvolutionMethod = .fastest) throws {
        var slice = input
        var layout = try InferenceLayout(graph, slice: slice, of: input.images, threads, method)
        while layout.memory.activations > 64 << 20, slice.images > 4 {
            slice.images = max(4, (slice.images + 1) / 2)
            layout = try InferenceLayout(graph, slice: slice, of: input.images, threads, method)
        }
        self = layout
    }

    private init(
        _ graph: Graph, slice input: MapShape, of batchSize: Int, _ threads: Int, _ method: ConvolutionMethod
    ) throws {
        self.graph = graph
        self.batchSize = batchSize
        shapes = try graph.shapes(input: input)
        steps = graph.steps(forInference: true)
        guard input.images > 0, let last = steps.last else {
            throw GraphError("nothing to run; expected at least one image and node")
        }
        var lastUse = Array(repeating: 0, count: graph.nodes.count)
        for (time, step) in steps.enumerated() {
            for value in step.reads + [step.output] { lastUse[value] = time + 1 }
        }
        lastUse[last.output] = steps.count + 1
        let taken = Self.takenPlaces(graph, steps, shapes, &lastUse)

        var planner = ArenaPlanner()
        var offsets = [0: planner.place(size: shapes[0].count, alive: 0...lastUse[0])]
        var (methods, weightCounts, scratchCount) = ([Int: ConvolutionMethod](), [Int: Int](), 0)
        for (time, step) in steps.enumerated() {
            offsets[step.output] =
                taken[step.output].flatMap { offsets[$0] }
                ?? planner.place(size: shapes[step.output].count, alive: (time + 1)...lastUse[step.output])
            let operation = graph.nodes[step.node].operation
            if let convolution = Convolution(operation, from: shapes, step) {
                let resolved = method.resolved(for: convolution, training: false)
                let algorithm = resolved.algorithm(for: convolution)
                methods[step.output] = resolved
                weightCounts[step.output] = algorithm.forwardWeightCount
                scratchCount = max(scratchCount, algorithm.scratchCount(.inference, Workers(count: threads)))
            }
            if case .globalMaxPool = operation { scratchCount = max(scratchCount, shapes[step.output].count) }
        }
        (self.offsets, self.methods, self.weightCounts, self.scratchCount) =
            (offsets, methods, weightCounts, scratchCount)
        arenaCount = planner.total
        memory = MemoryPlan(
            activations: 4 * arenaCount, gradients: 0, scratch: 4 * scratchCount,
            packedWeights: 4 * weightCounts.values.reduce(0, +))
    }

    /// The place that an output takes over, by that output: a convolution that is the last to read what it adds stores its
    /// sums there. A line of memory is then read once instead of twice, as a store reads it too (51 MB maps: 6.2 to 4.4
    /// ms). A place lives as long as the last value in it.
    private static func takenPlaces(
        _ graph: Graph, _ steps: [Step], _ shapes: [MapShape], _ lastUse: inout [Int]
    ) -> [Int: Int] {
        var taken: [Int: Int] = [:]
        let alive = lastUse
        for (time, step) in steps.enumerated() {
            guard case .convolution = graph.nodes[step.node].operation, let residual = step.residual, residual != 0,
                alive[residual] == time + 1, !step.inputs.contains(residual), shapes[residual] == shapes[step.output]
            else { continue }
            let place = taken[residual] ?? residual
            taken[step.output] = place
            lastUse[place] = max(lastUse[place], lastUse[step.output])
        }
        return taken
    }
}
