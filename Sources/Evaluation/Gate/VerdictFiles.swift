import Foundation

/// A verdict as files for people and for CI.
public enum VerdictFiles {
    public static let name = "verdict.json"

    /// `verdict.json`, `junit.xml`, `summary.md`, and an empty `BLESSED` or `NOT_BLESSED`.
    public static func files(_ verdict: Verdict) throws -> [(path: String, text: String)] {
        [
            (name, try JSON.text(verdict) + "\n"), ("junit.xml", junit(verdict)), ("summary.md", summary(verdict)),
            (verdict.outcome == .passed ? "BLESSED" : "NOT_BLESSED", ""),
        ]
    }

    /// One test case a rule and a broken expectation, and one for each reason that bars a verdict.
    static func junit(_ verdict: Verdict) -> String {
        var cases: [String] = []
        var (failures, errors) = (0, 0)
        func add(_ kind: String, _ name: String, _ outcome: Verdict.Outcome, _ reason: String) {
            var body = ""
            if outcome == .failed {
                failures += 1
                body = "<failure type=\"failed\" message=\"\(xml(reason))\">\(xml(reason))</failure>"
            } else if outcome == .inconclusive {
                errors += 1
                body = "<error type=\"inconclusive\" message=\"\(xml(reason))\">\(xml(reason))</error>"
            }
            cases.append("    <testcase classname=\"\(kind)\" name=\"\(xml(name))\" time=\"0.000\">\(body)</testcase>")
        }
        for rule in verdict.rules { add("rule", rule.rule, rule.outcome, rule.reason) }
        for broken in verdict.brokenExpectations {
            add(
                "expectation", broken.image, verdict.expectationsOutcome ?? .passed,
                "expected \(broken.expected), got \(broken.got)")
        }
        if verdict.outcome == .inconclusive {
            for note in verdict.notes { add("golden set", note, .inconclusive, note) }
        }
        let counts =
            "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"0\" time=\"0.000\""
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites \(counts)>
              <testsuite name="\(xml(verdict.goldenSet))" \(counts)>
            \(cases.joined(separator: "\n"))
              </testsuite>
            </testsuites>

            """
    }

    static func summary(_ verdict: Verdict) -> String {
        var text = "# Gate: \(verdict.outcome.rawValue)\n\n"
        text += "Golden set \(escapedMarkdown(verdict.goldenSet)), \(verdict.imageCount) images.\n\n"
        if !verdict.rules.isEmpty {
            text += "| rule | outcome | figure | why |\n|---|---|---|---|\n"
            for rule in verdict.rules {
                text +=
                    "| \(escapedMarkdown(rule.rule)) | \(rule.outcome.rawValue) | \(rule.value.map { FigureText.of($0) } ?? "undefined") | \(escapedMarkdown(rule.reason)) |\n"
            }
        }
        if !verdict.brokenExpectations.isEmpty {
            text += "\n| image | expected | got |\n|---|---|---|\n"
            for broken in verdict.brokenExpectations.prefix(50) {
                text +=
                    "| \(escapedMarkdown(broken.image)) | \(escapedMarkdown(broken.expected)) | \(escapedMarkdown(broken.got)) |\n"
            }
            if verdict.brokenExpectations.count > 50 { text += "\nand \(verdict.brokenExpectations.count - 50) more\n" }
        }
        for note in verdict.notes { text += "\n- \(escapedMarkdown(note))\n" }
        return text
    }

    /// The verdict for a terminal, one thing a line.
    public static func lines(_ verdict: Verdict) -> [String] {
        var lines = verdict.rules.map { rule in
            let mark = rule.outcome == .passed ? "pass" : rule.outcome == .failed ? "FAIL" : "open"
            let value = rule.value.map { FigureText.of($0) } ?? "undefined"
            return "\(mark)  \(rule.rule): \(rule.reason.isEmpty ? value : rule.reason)"
        }
        lines += verdict.brokenExpectations.map { "      \($0.image): expected \($0.expected), got \($0.got)" }
        lines += verdict.notes.map { "note  \($0)" }
        lines.append("\(verdict.outcome.rawValue): \(verdict.goldenSet), \(verdict.imageCount) images")
        return lines.map(\.singleLine)
    }

    static func xml(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\t", "\n", "\r": result += "&#\(scalar.value);"
            case _ where scalar.value < 0x20 || scalar.value == 0xFFFE || scalar.value == 0xFFFF: result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    public static func escapedMarkdown(_ text: String) -> String {
        var result = ""
        // By scalars: a sign and a mark that joins it are one character, which is none of these.
        for scalar in text.singleLine.unicodeScalars {
            if "\\`*_{}[]<>()#+!|&~".unicodeScalars.contains(scalar) { result.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result
    }
}

extension Verdict.Outcome {
    /// The program's exit code: 0 passed, 1 failed, 3 inconclusive.
    public var exitCode: Int32 {
        switch self {
        case .passed: 0
        case .failed: 1
        case .inconclusive: 3
        }
    }
}
