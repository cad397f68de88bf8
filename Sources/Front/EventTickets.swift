internal import Crypto
internal import Synchronization
internal import System

/// Tickets for GET /events, for clients that can send no headers: good once, for half a minute, at any reactor.
///
/// They are kept in memory only, since the front can write nothing; one that restarts has forgotten them.
final class EventTickets: Sendable {
    static let seconds: UInt64 = 30
    /// More are not kept: the oldest go first.
    private static let most = 10_000

    private struct Entry {
        let listener: EventListener
        let pass: Pass
        /// Monotonic nanoseconds.
        let ends: UInt64
    }

    private struct Entries {
        var byText: [String: Entry] = [:]
        /// The oldest first; some may have been used.
        var inOrder: [String] = []
    }

    private let entries = Mutex(Entries())

    /// Tickets remembered, used ones among them.
    var count: Int { entries.withLock { $0.inOrder.count } }

    /// Gives out a ticket: 24 bytes of chance, in base64url.
    func issue(to listener: EventListener, _ pass: Pass, at now: UInt64) -> String {
        let text = Base64URL.encode(Random.bytes(24))
        let entry = Entry(listener: listener, pass: pass, ends: now + Self.seconds * 1_000_000_000)
        entries.withLock { entries in
            let over = entries.inOrder.prefix { entries.byText[$0].map { $0.ends <= now } ?? true }
            let excess = entries.inOrder.count + 1 - Self.most
            let going = max(over.count, excess)
            for text in entries.inOrder.prefix(going) { entries.byText[text] = nil }
            entries.inOrder.removeFirst(going)
            entries.byText[text] = entry
            entries.inOrder.append(text)
        }
        return text
    }

    /// Takes a ticket for good; nil if it is unknown, used or over.
    func take(_ text: String, at now: UInt64) -> (listener: EventListener, pass: Pass)? {
        let entry = entries.withLock { $0.byText.removeValue(forKey: text) }
        guard let entry, entry.ends > now else { return nil }
        return (entry.listener, entry.pass)
    }
}
