internal import Synchronization
internal import Tokens

/// Who listens to events.
enum EventListener: Hashable, Sendable {
    /// The guest's id.
    case guest(String)
    /// The account's id.
    case staff(String)

    init?(_ asker: Asker) {
        guard let claims = asker.claims else { return nil }
        self = asker.guest.map(Self.guest) ?? .staff(claims.subject)
    }

    /// Streams open at a time.
    ///
    /// A few tabs, and those that a phone has lost without a word; a bar has more screens.
    var mostStreams: Int {
        switch self {
        case .guest: 8
        case .staff: 32
        }
    }
}

/// Counts the streams that are open, over all reactors.
final class EventPlaces: Sendable {
    private struct Taken {
        var count = 0
        var own: [EventListener: Int] = [:]
    }

    private let taken = Mutex(Taken())
    private let most: Int

    /// `descriptors` is how many files the process may have open; some are left for those who order.
    init(descriptors: Int) { most = max(descriptors - descriptors / 8 - 256, 64) }

    /// Takes a place, which must be given back.
    func take(_ listener: EventListener) throws(Problem) {
        let problem: Problem? = taken.withLock { taken in
            let own = taken.own[listener, default: 0]
            if own >= listener.mostStreams { return .tooManyStreams(listener.mostStreams) }
            if taken.count >= most { return .busy }
            taken.own[listener] = own + 1
            taken.count += 1
            return nil
        }
        if let problem { throw problem }
    }

    func giveBack(_ listener: EventListener) {
        taken.withLock { taken in
            guard let own = taken.own[listener] else { return }
            taken.own[listener] = own > 1 ? own - 1 : nil
            taken.count -= 1
        }
    }
}
