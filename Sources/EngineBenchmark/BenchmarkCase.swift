import Neural

/// One row of the comparison: a network, an image size, what is done with a batch, and what is measured.
struct BenchmarkCase: Sendable, Equatable {
    enum Work: String, Sendable {
        case inference = "infer"
        case training = "train"
    }
    enum Measure: Sendable { case time, memory }

    /// Labels of the linear head: torchvision's number.
    static let classes = 1000
    /// Training steps whose losses are compared before timing.
    static let checkedSteps = 3
    /// Small, or rounding grows: at 1e-3 the losses of PyTorch's two layouts differ by 4e-4 after three steps of
    /// ResNet-50, at 1e-5 by 9e-6.
    static let rate: Float = 1e-5

    let network: String
    let size: Int
    let work: Work
    let batch: Int
    let measure: Measure
    /// Ours over the peer's: how many times faster, or what share of its memory; nil where nothing is asked.
    let goal: Double?

    init(network: String, size: Int, work: Work, batch: Int, measure: Measure, goal: Double? = nil) {
        self.network = network
        self.size = size
        self.work = work
        self.batch = batch
        self.measure = measure
        self.goal = goal
    }

    /// The words of `request`, as a contender gets them.
    init(words: [String]) throws {
        guard words.count == 4, let size = Int(words[1]), let work = Work(rawValue: words[2]), let batch = Int(words[3])
        else { throw BenchmarkError("expected 'resnet18 224 infer 16', got '\(words.joined(separator: " "))'") }
        self.init(network: words[0], size: size, work: work, batch: batch, measure: .time)
    }

    /// The name that `--cases` filters by: `resnet18-224-infer-16`, with `-memory` behind if that is measured.
    var name: String { "\(network)-\(size)-\(work.rawValue)-\(batch)" + (measure == .memory ? "-memory" : "") }

    var title: String {
        let model = network.replacing("resnet", with: "ResNet-")
        let done = work == .inference ? "inference" : "training step"
        return "\(model) \(done), \(size) px, batch \(batch)" + (measure == .memory ? ", peak memory" : "")
    }

    /// The peers' words for it.
    var request: String { "\(network) \(size) \(work.rawValue) \(batch)" }

    var input: MapShape { MapShape(images: batch, height: size, width: size, channels: 3) }
    var images: String { "images-\(batch)x\(size)" }
    var targets: String { "targets-\(batch)" }

    var graph: Graph {
        get throws { try ResNet(named: network).graph(labelCount: Self.classes, head: .linear) }
    }

    /// Those whose best figure ours is held against, and those only shown.
    var rivals: [Contender] { work == .inference ? [.onnxRuntime] : [.pyTorch, .pyTorchChannelsLast] }
    var contenders: [Contender] {
        [.assay] + (work == .inference ? [.onnxRuntime] : []) + [.pyTorch, .pyTorchChannelsLast]
    }

    /// The whole comparison.
    static let all =
        timed("resnet18", inference: 1.8, training: 2.2) + timed("resnet50", inference: 1.3, training: 1.6)
        + [Work.inference, .training].map {
            BenchmarkCase(network: "resnet50", size: 224, work: $0, batch: 16, measure: .memory, goal: 0.8)
        }

    private static func timed(_ network: String, inference: Double, training: Double) -> [BenchmarkCase] {
        [128, 224].flatMap { size in
            func row(_ work: Work, batch: Int, goal: Double?) -> BenchmarkCase {
                BenchmarkCase(network: network, size: size, work: work, batch: batch, measure: .time, goal: goal)
            }
            return [
                row(.inference, batch: 16, goal: inference), row(.inference, batch: 1, goal: nil),
                row(.training, batch: 16, goal: training),
            ]
        }
    }

    /// Minutes less, and no figure worth quoting: whether everything works.
    static let quick: [BenchmarkCase] =
        [Work.inference, .training].flatMap { work in
            [Measure.time, .memory].map {
                BenchmarkCase(network: "resnet18", size: 128, work: work, batch: 16, measure: $0)
            }
        }
}
