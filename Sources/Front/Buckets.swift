/// A bounded number of buckets by key.
///
/// Full buckets say nothing and go first: each new one has a few of the old looked at, and more where all
/// places are taken. Only if none of those is full does the one go that is nearest to it.
struct Buckets<Key: Hashable & Sendable>: Sendable {
    private var slots: [(key: Key, bucket: Bucket)] = []
    private var places: [Key: Int] = [:]
    private var hand = 0
    private let limit: Int

    /// How many are looked at for a full one when there is no place.
    private static var looks: Int { 32 }

    init(limit: Int) { self.limit = limit }

    var count: Int { slots.count }

    subscript(key: Key) -> Bucket { places[key].map { slots[$0].bucket } ?? Bucket() }

    mutating func take(_ key: Key, _ rate: Rate, at now: UInt64) {
        if let place = places[key] { return slots[place].bucket.take(rate, at: now) }
        sweep(4, at: now)
        if slots.count >= limit { makePlace(at: now) }
        var bucket = Bucket()
        bucket.take(rate, at: now)
        places[key] = slots.count
        slots.append((key, bucket))
    }

    mutating func giveBack(_ key: Key, _ rate: Rate) {
        if let place = places[key] { slots[place].bucket.giveBack(rate) }
    }

    mutating func forget(_ key: Key) {
        if let place = places[key] { remove(place) }
    }

    private mutating func sweep(_ looks: Int, at now: UInt64) {
        for _ in 0..<min(looks, slots.count) {
            if hand >= slots.count { hand = 0 }
            if slots[hand].bucket.isFull(at: now) { remove(hand) } else { hand += 1 }
        }
    }

    private mutating func makePlace(at now: UInt64) {
        sweep(Self.looks, at: now)
        guard slots.count >= limit else { return }
        let sample = (0..<min(Self.looks, slots.count)).map { (hand + $0) % slots.count }
        let nearest = sample.min { slots[$0].bucket.fullAt < slots[$1].bucket.fullAt }
        if let nearest { remove(nearest) }
    }

    private mutating func remove(_ place: Int) {
        places[slots[place].key] = nil
        let last = slots.removeLast()
        guard place < slots.count else { return }
        slots[place] = last
        places[last.key] = place
    }
}
