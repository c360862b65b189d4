import Foundation
import Neural

/// The folder through which contenders are given the same weights and images and hand back their outputs; raw
/// little-endian float32 in files without a header, `<name>.f32`.
struct ExchangeFolder {
    let path: String

    /// A new, empty one.
    init() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("engine-benchmark-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    init(path: String) { self.path = path }

    /// Ctrl-C leaves nothing behind; the contenders see their input end.
    func removeWhenInterrupted() -> [any DispatchSourceSignal] {
        [SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                remove()
                _exit(128 + number)
            }
            source.resume()
            return source
        }
    }

    func remove() { try? FileManager.default.removeItem(atPath: path) }

    func write(_ values: [Float], _ name: String) throws {
        let data = values.withUnsafeBytes { Data($0) }
        try data.write(to: URL(fileURLWithPath: "\(path)/\(name).f32"))
    }

    func read(_ name: String) throws -> [Float] {
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: "\(path)/\(name).f32"))
        return Self.floats(try file.readToEnd() ?? Data())
    }

    /// Sets the network's weights, a tensor at a time so that loading is not what costs most memory; without a peer
    /// to export them, fresh ones.
    func load(_ network: String, into parameters: Parameters) throws {
        guard FileManager.default.fileExists(atPath: "\(path)/\(network).index") else {
            return parameters.initialise(seed: 0)
        }
        let index = try String(contentsOfFile: "\(path)/\(network).index", encoding: .utf8)
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: "\(path)/\(network).f32"))
        var loaded: Set<String> = []
        for line in index.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard let name = words.first.map(String.init) else { continue }
            let shape = try words.dropFirst().map {
                guard let size = Int($0) else {
                    throw BenchmarkError("\(network).index: expected sizes, got '\(line)'")
                }
                return size
            }
            let count = shape.reduce(1, *)
            let values = Self.floats(try file.read(upToCount: 4 * count) ?? Data())
            guard values.count == count else {
                throw BenchmarkError("\(network).f32: '\(name)' wants \(count) floats, got \(values.count)")
            }
            try parameters.set(name, NamedTensor(shape: shape, values: values))
            loaded.insert(name)
        }
        let wanted = parameters.layout.parameters + parameters.layout.buffers
        if let missing = wanted.first(where: { !loaded.contains($0.name) }) {
            throw BenchmarkError("\(network).index lacks '\(missing.name)'")
        }
    }

    private static func floats(_ data: Data) -> [Float] {
        data.withUnsafeBytes { bytes in
            [Float](unsafeUninitializedCapacity: bytes.count / 4) { floats, count in
                count = bytes.copyBytes(to: floats) / 4
            }
        }
    }

    /// Writes the batch of a case, once: noise of about unit deviation, and every tenth label true.
    func writeInputs(of row: BenchmarkCase) throws {
        guard !FileManager.default.fileExists(atPath: "\(path)/\(row.images).f32") else { return }
        var random = Noise(state: UInt64(row.size))
        try write((0..<row.input.count).map { _ in .random(in: -1.7...1.7, using: &random) }, row.images)
        try write((0..<row.batch * BenchmarkCase.classes).map { $0 % 10 == 0 ? 1 : 0 }, row.targets)
    }

    /// Knuth's MMIX generator, of which the better half is used.
    private struct Noise: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            func half() -> UInt64 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return state >> 32
            }
            return half() << 32 | half()
        }
    }
}
