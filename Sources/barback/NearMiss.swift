/// What somebody probably meant.
enum NearMiss {
    /// The word that is one or two slips of the finger away, if there is one and it is the nearest.
    static func of(_ typed: String, among words: [String]) -> String? {
        // In a word of three letters two slips leave nothing of it.
        let most = typed.count <= 4 ? 1 : 2
        let near = words.map { ($0, slips(Array(typed.lowercased()), Array($0))) }
            .filter { $0.1 <= most }.sorted { $0.1 < $1.1 }
        guard let best = near.first, near.count == 1 || near[1].1 > best.1 else { return nil }
        return best.0
    }

    /// Letters left out, put in, changed, or swapped with their neighbour: optimal string alignment.
    private static func slips(_ one: [Character], _ other: [Character]) -> Int {
        var rows = [Array(0...other.count)]
        for (i, letter) in one.enumerated() {
            var row = [i + 1]
            for (j, candidate) in other.enumerated() {
                var best = min(
                    rows[i][j] + (letter == candidate ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, letter == other[j - 1], one[i - 1] == candidate {
                    best = min(best, rows[i - 1][j - 1] + 1)
                }
                row.append(best)
            }
            rows.append(row)
        }
        return rows[one.count][other.count]
    }
}
