/// A script or a style without the comments that fill whole lines: they are written for whoever reads the source, and
/// are a fifth of what a phone would read.
///
/// Lines keep their numbers, so that what a browser says of a fault is found in the source. A comment beside code, or
/// in the middle of it, stays; whatever looks like one in the lines of a template would go, so there is none.
func withoutComments(_ source: [UInt8]) -> [UInt8] {
    var lines: [ArraySlice<UInt8>] = []
    var isInComment = false
    for line in source.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
        let text = line.drop { $0 == UInt8(ascii: " ") }
        let begins = !isInComment && text.starts(with: "/*".utf8)
        if !isInComment && text.starts(with: "//".utf8) {
            lines.append([])
        } else if begins || isInComment {
            let rest = line.after("*/")
            isInComment = rest == nil
            // `/** @type {…} */ (value)` says what the value is.
            lines.append(begins && rest?.isEmpty == false ? line : rest ?? [])
        } else {
            lines.append(line)
        }
    }
    return Array(lines.joined(separator: CollectionOfOne(UInt8(ascii: "\n"))))
}

extension ArraySlice<UInt8> {
    /// What follows the first place of a mark; nil where there is none.
    fileprivate func after(_ mark: StaticString) -> ArraySlice<UInt8>? {
        firstRange(of: "\(mark)".utf8).map { self[$0.upperBound...] }
    }
}
