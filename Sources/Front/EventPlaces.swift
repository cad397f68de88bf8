internal import Synchronization

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
