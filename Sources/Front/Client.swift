internal import HTTP

/// Where a request comes from, as far as it can be believed.
struct Client: Equatable, Sendable {
    let address: Address
    /// Whether nobody on the way from the client can read along.
    let isSecure: Bool

    /// Reads the headers of proxies, which anybody can write, so only where the peer is a trusted one.
    ///
    /// Each proxy appends to X-Forwarded-For whom it has seen. So it is read from its end: the first address that is
    /// no trusted proxy is the client, and what stands before it is the client's own invention. Where an entry is
    /// no address, the peer counts. All lines of a header are given, in their order; nobody looks for them where
    /// the peer is no proxy.
    init(
        peer: Address, isTLS: Bool, forwardedFor: @autoclosure () -> [String],
        forwardedProto: @autoclosure () -> [String], trusting proxies: [Network]
    ) {
        guard proxies.contains(where: { $0.contains(peer) }) else {
            address = peer
            isSecure = isTLS
            return
        }
        address = Self.last(forwardedFor(), beyond: proxies) ?? peer
        isSecure = forwardedProto().last?.lastItem.lowercased() == "https"
    }

    /// The last address that is no proxy's, or the first where all are; nil where one cannot be read.
    private static func last(_ lines: [String], beyond proxies: [Network]) -> Address? {
        var found: Address?
        for line in lines.reversed() {
            for item in line.split(separator: ",", omittingEmptySubsequences: false).reversed() {
                guard let address = Address(String(item.trimmed)) else { return nil }
                found = address
                if !proxies.contains(where: { $0.contains(address) }) { return address }
            }
        }
        return found
    }
}

extension StringProtocol {
    fileprivate var trimmed: SubSequence {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let start = drop(while: isBlank)
        guard let end = start.lastIndex(where: { !isBlank($0) }) else { return start }
        return start[...end]
    }

    /// Of a list separated by commas.
    fileprivate var lastItem: String {
        String((split(separator: ",", omittingEmptySubsequences: false).last ?? "").trimmed)
    }
}
