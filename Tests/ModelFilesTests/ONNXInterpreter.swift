import Foundation
import Testing

/// Runs an ONNX file of the operators that ResNets have, from the standard's text and as plainly as can be, on one image.
struct ONNXInterpreter {
    typealias Message = [(number: Int, value: Value)]
    enum Value {
        case integer(Int)
        case float(Float)
        case bytes(ArraySlice<UInt8>)

        var integer: Int { if case .integer(let value) = self { value } else { 0 } }
        var text: String { if case .bytes(let value) = self { String(decoding: value, as: UTF8.self) } else { "" } }
    }
    /// A value `[channels, height, width]`, `[features]` or a weight.
    struct Tensor {
        var shape: [Int]
        var values: [Double]
    }
    struct Node {
        var kind: String
        var inputs, outputs: [String]
        var integers: [String: [Int]] = [:]
        var floats: [String: Float] = [:]
    }

    let model: Message
    let nodes: [Node]
    private let weights: [String: Tensor]

    init(_ bytes: [UInt8]) throws {
        model = try Self.message(bytes[...])
        let graph = try Self.messages(model, 7)[0]
        nodes = try Self.messages(graph, 1).map(Self.node)
        weights = try Dictionary(
            uniqueKeysWithValues: Self.messages(graph, 5).map { tensor in
                let floats = try #require(Self.bytes(tensor, 9).first)
                let values = floats.withUnsafeBytes { raw in
                    (0..<floats.count / 4).map { Double(raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self)) }
                }
                return (Self.texts(tensor, 8)[0], Tensor(shape: Self.integers(tensor, 1), values: values))
            })
    }

    /// Every named value for `image`.
    func run(_ image: Tensor) throws -> [String: Tensor] {
        var values = weights
        values["input"] = image
        for node in nodes {
            let inputs = try node.inputs.map { try #require(values[$0], "\($0) comes before it is made") }
            values[node.outputs[0]] = try Self.result(node, inputs)
        }
        return values
    }

    private static func result(_ node: Node, _ inputs: [Tensor]) throws -> Tensor {
        var x = inputs[0]
        switch node.kind {
        case "Conv": return convolution(node, x, inputs[1], bias: inputs.count > 2 ? inputs[2] : nil)
        case "BatchNormalization":
            let epsilon = Double(try #require(node.floats["epsilon"]))
            let plane = x.values.count / x.shape[0]
            for i in x.values.indices {
                let c = i / plane
                let (scale, shift, mean, variance) = (inputs[1], inputs[2], inputs[3], inputs[4])
                x.values[i] =
                    (x.values[i] - mean.values[c]) / (variance.values[c] + epsilon).squareRoot() * scale.values[c]
                    + shift.values[c]
            }
        case "Relu": x.values = x.values.map { max(0, $0) }
        case "Sigmoid": x.values = x.values.map { 1 / (1 + exp(-$0)) }
        case "Identity": break
        case "Add": x.values = zip(x.values, inputs[1].values).map { $0 + $1 }
        case "MaxPool":
            return windows(node, x, out: x.shape[0], start: -.infinity) { channel, best, c, _, value in
                c == channel ? max(best, value) : best
            }
        case "GlobalAveragePool", "GlobalMaxPool":
            let plane = x.shape[1] * x.shape[2]
            let channels = (0..<x.shape[0]).map { x.values[$0 * plane..<($0 + 1) * plane] }
            x.values = channels.map {
                node.kind == "GlobalMaxPool" ? $0.max() ?? 0 : $0.reduce(0, +) / Double(plane)
            }
            x.shape = [x.shape[0], 1, 1]
        case "Flatten": x.shape = [x.values.count]
        case "Concat":
            return Tensor(shape: [inputs.reduce(0) { $0 + $1.values.count }], values: inputs.flatMap(\.values))
        case "Gemm":
            let (rows, columns) = (inputs[1].shape[0], inputs[1].shape[1])
            let isTransposed = node.integers["transB"] == [1]
            let (out, size) = isTransposed ? (rows, columns) : (columns, rows)
            try #require(size == x.values.count)
            let (matrix, vector) = (inputs[1].values, x.values)
            x.values = inputs.count > 2 ? inputs[2].values : [Double](repeating: 0, count: out)
            for o in 0..<out {
                for i in 0..<size { x.values[o] += vector[i] * matrix[isTransposed ? o * size + i : i * out + o] }
            }
            x.shape = [out]
        default: Issue.record("\(node.kind) is no operator that is expected")
        }
        return x
    }

    private static func convolution(_ node: Node, _ x: Tensor, _ weight: Tensor, bias: Tensor?) -> Tensor {
        let (channels, area) = (weight.shape[1], weight.shape[2] * weight.shape[3])
        return windows(node, x, out: weight.shape[0], start: 0, bias: bias) { out, sum, c, tap, value in
            sum + value * weight.values[(out * channels + c) * area + tap]
        }
    }

    /// Folds the pixels of each window, of all channels.
    private static func windows(
        _ node: Node, _ x: Tensor, out: Int, start: Double, bias: Tensor? = nil,
        _ fold: (_ out: Int, _ result: Double, _ channel: Int, _ tap: Int, _ value: Double) -> Double
    ) -> Tensor {
        let (kernel, strides) = (node.integers["kernel_shape"] ?? [], node.integers["strides"] ?? [1, 1])
        let pads = node.integers["pads"] ?? [0, 0, 0, 0]
        let (height, width) = (x.shape[1], x.shape[2])
        let rows = (height + pads[0] + pads[2] - kernel[0]) / strides[0] + 1
        let columns = (width + pads[1] + pads[3] - kernel[1]) / strides[1] + 1
        var values: [Double] = []
        for o in 0..<out {
            for row in 0..<rows {
                for column in 0..<columns {
                    var result = bias?.values[o] ?? start
                    for c in 0..<x.shape[0] {
                        for tap in 0..<kernel[0] * kernel[1] {
                            let y = row * strides[0] - pads[0] + tap / kernel[1]
                            let at = column * strides[1] - pads[1] + tap % kernel[1]
                            guard (0..<height).contains(y), (0..<width).contains(at) else { continue }
                            result = fold(o, result, c, tap, x.values[(c * height + y) * width + at])
                        }
                    }
                    values.append(result)
                }
            }
        }
        return Tensor(shape: [out, rows, columns], values: values)
    }
}

/// Reading: the wire format, and the parts of it that nodes have.
extension ONNXInterpreter {
    static func bytes(_ message: Message, _ number: Int) -> [ArraySlice<UInt8>] {
        message.compactMap { if $0.number == number, case .bytes(let bytes) = $0.value { bytes } else { nil } }
    }
    static func messages(_ message: Message, _ number: Int) throws -> [Message] {
        try bytes(message, number).map(Self.message)
    }
    static func texts(_ message: Message, _ number: Int) -> [String] {
        message.filter { $0.number == number }.map(\.value.text)
    }
    static func integers(_ message: Message, _ number: Int) -> [Int] {
        message.filter { $0.number == number }.map(\.value.integer)
    }

    private static func node(_ message: Message) throws -> Node {
        var node = Node(kind: texts(message, 4)[0], inputs: texts(message, 1), outputs: texts(message, 2))
        for attribute in try messages(message, 5) {
            let name = texts(attribute, 1)[0]
            switch integers(attribute, 20) {
            case [1]: for case (2, .float(let value)) in attribute { node.floats[name] = value }
            case [2]: node.integers[name] = integers(attribute, 3)
            case [7]: node.integers[name] = integers(attribute, 8)
            case let type: Issue.record("an attribute of type \(type)")
            }
        }
        return node
    }

    /// The fields of a message; it must be consumed exactly.
    private static func message(_ bytes: ArraySlice<UInt8>) throws -> Message {
        var at = bytes.startIndex
        func varint() throws -> Int {
            var (value, shift) = (0, 0)
            while true {
                let byte = try #require(at < bytes.endIndex ? bytes[at] : nil)
                at += 1
                value |= Int(byte & 127) << shift
                shift += 7
                if byte < 128 { return value }
            }
        }
        var fields: Message = []
        while at < bytes.endIndex {
            let key = try varint()
            switch key & 7 {
            case 0: fields.append((key >> 3, .integer(try varint())))
            case 5:
                try #require(at + 4 <= bytes.endIndex)
                let bits = bytes[at..<at + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                fields.append((key >> 3, .float(Float(bitPattern: bits))))
                at += 4
            default:
                let length = try varint()
                try #require(key & 7 == 2 && at + length <= bytes.endIndex)
                fields.append((key >> 3, .bytes(bytes[at..<at + length])))
                at += length
            }
        }
        return fields
    }
}
