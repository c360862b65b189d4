import Foundation

extension ScoreTable {
    /// What a person should know of these probabilities, which were logits, in sentences.
    public var logitRemarks: [String] {
        var (blunt, all) = (0, 0)
        var couldBeProbabilities = true
        let (half, ofOne, least) = (logistic(0), logistic(1), exp(-CrossEntropy.most))
        for label in labels.indices {
            for row in names.indices {
                let score = columns[label, row]
                all += 1
                if score >= largestProbability || score < least { blunt += 1 }
                if score < half || score > ofOne { couldBeProbabilities = false }
            }
        }
        var remarks: [String] = []
        if couldBeProbabilities {
            remarks.append("every logit lies from 0 to 1, as probabilities do; is --logits meant?")
        }
        if blunt > 0 {
            remarks.append(
                "\(blunt) of \(all) logits are above 36.7 or below -100: as probabilities of 64 bits the former are all equal, "
                    + "and a wrong decision costs 36.7 or 100 nats at most")
        }
        return remarks
    }
}
