import Foundation

/// What a contender prints: one line of JSON.
struct Contender: Codable {
    /// Seconds to read what is measured.
    var read: Double
    /// Seconds of each part of the measuring.
    var parts: [String: Double]
    /// The largest resident memory of the process.
    var peakBytes: Int
    var figures: [String: Double?]

    var seconds: Double { parts.values.reduce(0, +) }

    /// The peers' script, beside this file.
    static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/peers.py"

    /// Runs a program, this one unless another is named, to its end.
    static func run(_ arguments: [String], program: String = "/proc/self/exe") throws -> Contender {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program).resolvingSymlinksInPath()
        if program != "/proc/self/exe" { process.executableURL = URL(fileURLWithPath: program) }
        process.arguments = arguments
        let out = Pipe()
        process.standardOutput = out
        try process.run()
        let text = out.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw BenchmarkError("\(program) ended with code \(process.terminationStatus)")
        }
        return try JSONDecoder().decode(Contender.self, from: text)
    }

    /// The largest difference of figures that both have, and the names of those that are defined for one alone.
    static func difference(_ a: Contender, _ b: Contender) -> (largest: Double, undefined: [String]) {
        var (largest, undefined) = (0.0, [String]())
        for (name, value) in b.figures {
            switch (value, a.figures[name] ?? nil) {
            case (let x?, let y?): largest = max(largest, abs(x - y))
            case (nil, nil): break
            default: undefined.append(name)
            }
        }
        return (largest, undefined.sorted())
    }
}

struct BenchmarkError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
