/// Who is measured. Each runs as a process of its own, so that all but one can be stopped.
enum Contender: String, Sendable, CaseIterable {
    case assay
    case onnxRuntime = "onnxruntime"
    case pyTorch = "pytorch"
    case pyTorchChannelsLast = "pytorch-channels-last"

    var title: String {
        switch self {
        case .assay: "Assay"
        case .onnxRuntime: "ONNX Runtime"
        case .pyTorch: "PyTorch"
        case .pyTorchChannelsLast: "PyTorch channels last"
        }
    }
}

/// What the peers' processes find in their environment.
struct PeerEnvironment: Sendable {
    let threads: Int
    /// glibc hands large blocks back to the kernel, which clears their pages at the next step; that is about a third
    /// of PyTorch's training step (ResNet-50, 224 px: 3.6 s, and 2.5 s without).
    let keepsFreedMemory: Bool

    /// Keeping memory is the peers' best form in time, handing it back in memory.
    func variables(for measure: BenchmarkCase.Measure) -> [String: String] {
        let count = String(threads)
        var variables = ["OMP_NUM_THREADS": count, "MKL_NUM_THREADS": count, "PYTHONWARNINGS": "ignore"]
        if measure == .time, keepsFreedMemory {
            variables["MALLOC_MMAP_MAX_"] = "0"
            variables["MALLOC_TRIM_THRESHOLD_"] = "100000000000"
        }
        return variables
    }

    var description: String {
        keepsFreedMemory
            ? "Peers are timed with MALLOC_MMAP_MAX_=0 and no trimming, which is faster than as installed."
            : "Peers are timed as installed."
    }
}
