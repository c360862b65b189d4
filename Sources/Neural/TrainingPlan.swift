import CKernels

/// Runs a graph forward, keeping what backward needs, and backward, filling `Parameters`' gradients.
///
/// Input `[N, H, W, C]` normalised floats, always a full batch; logits `[N, labels]`. Batch norms use the batch's
/// statistics and move the running ones. The same bits at any thread count.
public final class TrainingPlan {
    let graph: Graph
    let shapes: [MapShape]
    let steps: [Step]
    let parameters: Parameters
    let workers: Workers
    /// Which parameters want a gradient, by node.
    private(set) var trains: Set<Int>
    private let activations: FloatBuffer
    private let activationOffsets: [Int: Int]
    private let gradients: FloatBuffer
    private let gradientOffsets: [Int: Int]
    let scratch: FloatBuffer
    /// Mean and 1 / deviation of each batch norm, by node.
    var saved: [Int: FloatBuffer] = [:]
    var windows: [Int: [UInt8]] = [:]
    var maxima: [Int: [Int32]] = [:]
    /// Values whose gradient has been written in this backward pass.
    private var written: Set<Int> = []
    private var randomSeed: UInt64 = 0

    public var batchSize: Int { shapes[0].images }
    /// Bytes this plan holds besides the parameters: activations, gradients and scratch.
    public let bytes: Int

    /// - Parameter trains: whether a parameter of that name wants a gradient; frozen ones cost none.
    /// - Throws: `GraphError` if the shapes do not fit.
    public init(
        _ graph: Graph, _ parameters: Parameters, input: MapShape, workers: Workers,
        trains: (String) -> Bool = { _ in true }
    ) throws {
        self.graph = graph
        self.parameters = parameters
        self.workers = workers
        shapes = try graph.shapes(input: input)
        steps = graph.steps(forInference: false)
        guard input.images > 0, let last = steps.last else {
            throw GraphError("nothing to train; expected at least one image and node")
        }
        self.trains = Set(parameters.layout.parameters.filter { trains($0.name) }.map(\.node))

        // Time runs 1...S forward and S+1...2S backward. An activation lives to the end; a gradient from the
        // backward time of its last reader to that of its producer.
        var keep = ArenaPlanner()
        var activationOffsets: [Int: Int] = [0: keep.place(size: shapes[0].count, alive: 0...1)]
        for step in steps { activationOffsets[step.output] = keep.place(size: shapes[step.output].count, alive: 0...1) }
        var lastReader: [Int: Int] = [last.output: steps.count]
        for (time, step) in steps.enumerated() {
            for value in step.inputs + (step.residual.map { [$0] } ?? []) { lastReader[value] = time }
        }
        var planner = ArenaPlanner()
        var gradientOffsets: [Int: Int] = [:]
        for (time, step) in steps.enumerated().reversed() {
            let birth = steps.count - min(lastReader[step.output] ?? time, steps.count)
            gradientOffsets[step.output] = planner.place(
                size: shapes[step.output].count, alive: birth...(steps.count - time))
        }
        self.activationOffsets = activationOffsets
        self.gradientOffsets = gradientOffsets
        activations = FloatBuffer(count: keep.total)
        gradients = FloatBuffer(count: planner.total)
        let scratchCount = steps.compactMap { [graph, shapes] in
            Convolution(graph.nodes[$0.node].operation, from: shapes, $0)?.workspace(workers, training: true)
        }.max()
        scratch = FloatBuffer(count: scratchCount ?? 0)
        bytes = 4 * (activations.count + gradients.count + scratch.count)
        for step in steps {
            switch graph.nodes[step.node].operation {
            case .batchNorm(let channels, _, _): saved[step.node] = FloatBuffer(count: 2 * channels)
            case .maxPool: windows[step.node] = Array(repeating: 0, count: shapes[step.node].count)
            case .globalMaxPool: maxima[step.node] = Array(repeating: 0, count: shapes[step.node].count)
            default: break
            }
        }
    }

    /// Changes which parameters want a gradient (freezing and unfreezing).
    public func setTrains(_ trains: (String) -> Bool) {
        self.trains = Set(parameters.layout.parameters.filter { trains($0.name) }.map(\.node))
    }

    func value(_ node: Int) -> Floats { activations.pointer + (activationOffsets[node] ?? 0) }
    func gradient(_ node: Int) -> Floats { gradients.pointer + (gradientOffsets[node] ?? 0) }
    func dropout(_ node: Int, _ probability: Float) -> Dropout {
        Dropout(probability: probability, random: CounterRandom(seed: randomSeed, stream: UInt64(node)))
    }

    /// Whether a gradient for `value` must be added to what is there; from now on it must.
    func claimGradient(_ value: Int) -> Bool { !written.insert(value).inserted }

    /// The logits of one batch. `randomSeed` decides the dropout masks; give each step its own.
    public func forward(_ images: [Float], randomSeed: UInt64) -> [Float] {
        precondition(images.count == shapes[0].count, "a batch of \(shapes[0]) got \(images.count) values")
        self.randomSeed = randomSeed
        images.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { value(0).update(from: base, count: images.count) }
        }
        for step in steps { forward(step) }
        let last = steps[steps.count - 1].output
        return Array(UnsafeBufferPointer(start: value(last), count: shapes[last].count))
    }

    /// Fills the gradients from d loss / d logits `[N, labels]` of the batch that went forward last.
    public func backward(_ logitsGradient: [Float]) {
        let last = steps[steps.count - 1].output
        precondition(
            logitsGradient.count == shapes[last].count, "gradient of \(shapes[last]) got \(logitsGradient.count)")
        logitsGradient.withUnsafeBufferPointer { source in
            if let base = source.baseAddress { gradient(last).update(from: base, count: logitsGradient.count) }
        }
        written = [last]
        for step in steps.reversed() { backward(step) }
    }
}
