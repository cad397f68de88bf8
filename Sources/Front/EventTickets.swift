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

    /// Whom a ticket was given to.
    struct Holder {
        let listener: EventListener
        let pass: Pass
        /// Monotonic nanoseconds.
        fileprivate let ends: UInt64
    }

    private struct Entries {
        var byText: [String: Holder] = [:]
        /// The oldest first; some may have been used.
        var inOrder: [String] = []

        mutating func keep(_ text: String, _ holder: Holder) {
            byText[text] = holder
            inOrder.append(text)
        }
    }

    private let entries = Mutex(Entries())

    /// Tickets remembered, used ones among them.
    var count: Int { entries.withLock { $0.inOrder.count } }

    /// Gives out a ticket: 24 bytes of chance, in base64url.
    func issue(to listener: EventListener, _ pass: Pass, at now: UInt64) -> String {
        let text = Base64URL.encode(Random.bytes(24))
        let holder = Holder(
            listener: listener, pass: pass, ends: now + Self.seconds * 1_000_000_000)
        entries.withLock { entries in
            let over = entries.inOrder.prefix { entries.byText[$0].map { $0.ends <= now } ?? true }
            let excess = entries.inOrder.count + 1 - Self.most
            let going = max(over.count, excess)
            for text in entries.inOrder.prefix(going) { entries.byText[text] = nil }
            entries.inOrder.removeFirst(going)
            entries.keep(text, holder)
        }
        return text
    }

    /// Looks at a ticket, which stays good; nil if it is unknown, used or over.
    func holder(of text: String, at now: UInt64) -> Holder? {
        // Texts that differ are one to Unicode, but no ticket has such letters.
        guard text.utf8.allSatisfy({ $0 < 0x80 }),
            let holder = entries.withLock({ $0.byText[text] }), holder.ends > now
        else { return nil }
        return holder
    }

    /// Uses a ticket up; false if somebody else has by now.
    func use(_ text: String) -> Bool {
        entries.withLock { $0.byText.removeValue(forKey: text) } != nil
    }

    /// Makes a ticket good again that was used up for nothing.
    func putBack(_ text: String, _ holder: Holder) {
        entries.withLock { $0.keep(text, holder) }
    }
}
