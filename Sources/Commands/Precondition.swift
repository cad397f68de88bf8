internal import Domain

/// What If-Match asks of the version of a thing: `"v7"`, a list of such tags, or `*`.
///
/// Weak tags, and tags that are not ours, match nothing. Source: RFC 9110, section 13.1.1
struct Precondition {
    private let tags: [Substring]?

    init(_ header: String?) {
        tags = header.map { $0.split(separator: ",").map { Substring(String($0).trimmedSpaces) } }
    }

    func check(_ present: Version) throws(Refusal) {
        guard let tags, !tags.contains("*"), !tags.contains("\"v\(present)\"") else { return }
        throw .versionChanged(present: present)
    }
}

extension String {
    fileprivate var trimmedSpaces: Substring {
        var text = self[...]
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
