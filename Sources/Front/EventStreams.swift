internal import Domain
internal import HTTP
internal import ReadModels
internal import SQLite
internal import System

/// The event streams of one reactor, and the end of the notifications that they are fed from.
///
/// Events are read once for all streams that have everything up to ``tail``, and page by page for each that has not:
/// one that resumes, or whose client reads slowly. So nothing is kept for a client but its position.
final class EventStreams {
    let model: Model<NotificationsReader>
    private let loop: EventLoop
    private let authorizer: Authorizer
    private let places: EventPlaces

    private var slots: [EventStream?] = []
    private var freeSlots: [Int] = []
    private var generation: UInt32 = 0
    /// The slots of each guest, and of the staff under nil.
    private var slotsOf: [String?: Set<Int>] = [:]
    /// Streams that are to get a page when it is their turn, and those that wait for the tail to come.
    private var behind: [Int] = []
    private var ahead: [Int] = []
    /// Up to here, all live streams have everything.
    private(set) var tail = Position.start
    /// What some of the live streams have already and the others are still to get.
    private var round: Round?
    private var nextSwept = 0

    private(set) var count = 0
    private(set) var cut: Int64 = 0

    /// Events read at a time, for all or for one; fewer where their documents have so many bytes.
    ///
    /// One has some hundred, but that of an order which was often moved to and fro can have 49,000, and the rest of a
    /// page is kept for each client that does not read.
    private static let page = 32
    private static let pageBytes = 65_536
    /// Streams that get a page before other requests have their turn: about two milliseconds.
    private static let slice = 256
    /// And streams that get one of their own, which is read for each of them.
    private static let ownSlice = 32
    /// Every stream is looked at once in so many sweeps, of which there are four a second.
    private static let sweeps = 4
    /// So that a client hears something within 15 seconds.
    private static let pingNanoseconds: UInt64 = 13_500_000_000
    private static let patienceNanoseconds: UInt64 = 10_000_000_000
    private static let aheadNanoseconds: UInt64 = 2_000_000_000

    static let headers = [
        ("Content-Type", "text/event-stream"), ("Cache-Control", "no-store"),
        // A proxy that collects an answer before it passes it on would hold events back.
        ("X-Accel-Buffering", "no"),
    ]

    init(
        model: Model<NotificationsReader>, loop: EventLoop, authorizer: Authorizer,
        places: EventPlaces
    ) {
        self.model = model
        self.loop = loop
        self.authorizer = authorizer
        self.places = places
        tail = model.state.position
    }

    // MARK: Opening and closing

    /// Begins to send what comes after a position, or after now; the listener has a place.
    func open(
        _ socket: HTTP.Stream, _ listener: EventListener, _ pass: Pass, after: Position?
    ) {
        let now = Clock.monotonicNanoseconds()
        let slot = freeSlots.popLast() ?? slots.count
        if slot == slots.count { slots.append(nil) }
        generation &+= 1
        let start = after ?? tail
        // A round may be past its slot.
        let progress: EventStream.Progress = after == nil && round == nil ? .live : .behind(start)
        let stream = EventStream(
            socket, listener, pass, token: Self.token(slot, generation), progress: progress, at: now
        )
        slots[slot] = stream
        slotsOf[listener.guest, default: []].insert(slot)
        count += 1
        do throws(SystemError) {
            try loop.watchEdges(socket.descriptor, token: stream.token)
        } catch {
            Standard.log("barback front: \(error)")
            return end(slot)
        }
        // Not all come back in the same moment when the front has restarted.
        let hello = "retry: \(Int.random(in: 2_000...4_000))\nid: \(start)\n\n"
        write(Array(hello.utf8)[...], to: slot, reaching: start, then: progress, now)
    }

    private func end(_ slot: Int) {
        guard let stream = slots[slot] else { return }
        // The kernel forgets by itself what is closed; but with TLS, the library closes it later.
        try? loop.unwatch(stream.descriptor)
        stream.close()
        slots[slot] = nil
        freeSlots.append(slot)
        slotsOf[stream.listener.guest]?.remove(slot)
        if slotsOf[stream.listener.guest]?.isEmpty == true { slotsOf[stream.listener.guest] = nil }
        places.giveBack(stream.listener)
        count -= 1
    }

    func endAll() {
        for slot in slots.indices { end(slot) }
        behind = []
        ahead = []
        round = nil
    }

    // MARK: What the loop reports

    /// Whether a token of the loop is one of a stream.
    static func isToken(_ token: UInt64) -> Bool { token >> 32 > 0 }

    private static func token(_ slot: Int, _ generation: UInt32) -> UInt64 {
        UInt64(slot + 1) << 32 | UInt64(generation)
    }

    func handle(_ ready: Ready) {
        let slot = Int(ready.token >> 32) - 1
        guard let stream = slots[slot], stream.token == ready.token else { return }
        if ready.hangup {
            // Given up by the kernel, or by a client that did not read.
            if case .blocked = stream.progress { cut += 1 }
            return end(slot)
        }
        guard ready.writable, case .blocked(let position, let rest) = stream.progress else {
            return
        }
        let now = Clock.monotonicNanoseconds()
        write(rest, to: slot, reaching: position, then: .behind(position), now)
    }

    /// Gives a page to those streams that are behind whose turn it is.
    ///
    /// - Returns: whether there is more to do at once.
    func serveBehind() -> Bool {
        // Once a round has ended: whoever became live in the middle of one would miss it.
        guard !behind.isEmpty, round == nil else { return false }
        let turn = Array(behind.prefix(Self.ownSlice))
        behind.removeFirst(turn.count)
        let now = Clock.monotonicNanoseconds()
        for slot in turn { servePage(slot, now) }
        // What was put back for want of a reader is not worth a turn without pause.
        return !behind.isEmpty && model.reader != nil
    }

    // MARK: Sending

    /// Sends what is new, to some of the streams at a time.
    ///
    /// - Returns: whether there is more to do at once.
    func deliver() -> Bool {
        let known = model.state.position
        guard known >= tail else {
            // Another log, or this one as it was earlier: whoever resumes is told so.
            endAll()
            tail = known
            return false
        }
        guard known > tail else { return false }
        guard count > 0 else {
            round = nil
            tail = known
            return false
        }
        if round == nil, let reader = model.reader {
            do throws(SQLiteError) {
                let (rows, position, retainedAfter) = try reader.snapshot {
                    state throws(SQLiteError) in
                    let rows = try reader.rows(
                        after: tail, limit: Self.page, bytes: Self.pageBytes)
                    return (rows, state.position, try reader.retainedAfter())
                }
                guard tail >= retainedAfter else {
                    skip(to: known)
                    return false
                }
                // The reader may see further than was last looked: that is for the next look.
                let due = rows.prefix { $0.position <= known }
                let isLast = due.count < rows.count || !isFull(rows)
                round = begin(
                    due, reaching: isLast ? min(position, known) : due[due.count - 1].position)
            } catch {
                model.fail(error)
            }
        }
        guard let current = round else { return false }
        guard spread(current) else { return true }
        round = nil
        tail = current.position
        letIn()
        return tail < known
    }

    /// Leaves everybody behind who has what is kept no longer: each is told so when it is their turn.
    ///
    /// A clock that is set forward by a day, or was behind by one, makes the log's last day end in a moment.
    private func skip(to position: Position) {
        for (slot, stream) in slots.enumerated() {
            guard let stream, case .live = stream.progress else { continue }
            stream.progress = .behind(tail)
            behind.append(slot)
        }
        tail = position
        letIn()
    }

    /// Goes on with those that were ahead of the tail and no longer are.
    private func letIn() {
        ahead.removeAll { slot in
            guard let stream = slots[slot], case .ahead(let position, _) = stream.progress else {
                return true
            }
            guard position <= tail else { return false }
            stream.progress = .behind(position)
            behind.append(slot)
            return true
        }
    }

    /// A page on its way to the live streams.
    private final class Round {
        /// What every stream gets that has nothing of its own in the page.
        let everyone: [UInt8]
        /// What the staff get, under nil, and guests of whom the page says something that is only theirs.
        let own: [String?: [UInt8]]
        /// What the streams have that have the page.
        let position: Position
        var nextSlot = 0

        init(everyone: [UInt8], own: [String?: [UInt8]], reaching position: Position) {
            self.everyone = everyone
            self.own = own
            self.position = position
        }
    }

    /// Puts together each stream's part of a page, and writes those that are some listeners' own.
    private func begin(_ rows: ArraySlice<NotificationRow>, reaching position: Position) -> Round {
        let now = Clock.monotonicNanoseconds()
        var everyone: [UInt8] = []
        // Of the staff, and of guests of whom the page says something that is only theirs.
        var own: [String?: [UInt8]] = slotsOf[nil] == nil ? [:] : [nil: []]
        for row in rows {
            let frame = Self.frame(row)
            switch row.audience {
            case .everyone:
                everyone += frame
                for key in own.keys { own[key]? += frame }
            case .staff: own[nil]? += frame
            case .guest(let id):
                if slotsOf[id] != nil { own[id, default: everyone] += frame }
            }
        }
        for (guest, bytes) in own where !bytes.isEmpty {
            for slot in slotsOf[guest] ?? [] {
                guard let stream = slots[slot], case .live = stream.progress else { continue }
                write(bytes[...], to: slot, reaching: position, then: .live, now)
            }
        }
        return Round(everyone: everyone, own: own, reaching: position)
    }

    /// Writes what is for everyone to the next live streams, to each in one write.
    ///
    /// - Returns: whether all have it now.
    private func spread(_ round: Round) -> Bool {
        guard !round.everyone.isEmpty else { return true }
        let now = Clock.monotonicNanoseconds()
        var left = Self.slice
        while left > 0, round.nextSlot < slots.count {
            let slot = round.nextSlot
            round.nextSlot += 1
            guard let stream = slots[slot], case .live = stream.progress,
                round.own.isEmpty || round.own[stream.listener.guest] == nil
            else { continue }
            write(round.everyone[...], to: slot, reaching: round.position, then: .live, now)
            left -= 1
        }
        return round.nextSlot == slots.count
    }

    /// The next page of one stream, up to the tail: from there on it gets what all get.
    private func servePage(_ slot: Int, _ now: UInt64) {
        guard let stream = slots[slot], case .behind(let position) = stream.progress else { return }
        guard position <= tail else {
            stream.progress = .ahead(position, since: now)
            return ahead.append(slot)
        }
        guard let reader = model.reader else { return behind.append(slot) }
        do throws(SQLiteError) {
            let (rows, retainedAfter) = try reader.snapshot { _ throws(SQLiteError) in
                let rows =
                    switch stream.listener {
                    case .guest(let id):
                        try reader.rows(
                            after: position, forGuest: id, limit: Self.page, bytes: Self.pageBytes)
                    case .staff:
                        try reader.rows(
                            after: position, forStaff: Self.page, bytes: Self.pageBytes)
                    }
                return (rows, try reader.retainedAfter())
            }
            guard position >= retainedAfter else { return reset(slot, now) }
            let due = rows.prefix { $0.position <= tail }
            let isLast = due.count < rows.count || !isFull(rows)
            let reached = isLast ? tail : due[due.count - 1].position
            let progress: EventStream.Progress = isLast ? .live : .behind(reached)
            write(due.flatMap(Self.frame)[...], to: slot, reaching: reached, then: progress, now)
        } catch {
            behind.append(slot)
            model.fail(error)
        }
    }

    /// Tells a client that there is a gap: it has to read everything anew.
    private func reset(_ slot: Int, _ now: UInt64) {
        let text =
            "id: \(tail)\nevent: reset\ndata: {\"type\":\"reset\",\"position\":\(tail)}\n\n"
        write(Array(text.utf8)[...], to: slot, reaching: tail, then: .live, now)
    }

    private func write(
        _ bytes: ArraySlice<UInt8>, to slot: Int, reaching position: Position,
        then progress: EventStream.Progress, _ now: UInt64
    ) {
        guard let stream = slots[slot] else { return }
        switch stream.write(bytes, reaching: position, at: now) {
        case .all:
            stream.progress = progress
            if case .behind = progress { behind.append(slot) }
        case .some: break
        case .gone: end(slot)
        }
    }

    /// Whether more may come after a page.
    private func isFull(_ rows: [NotificationRow]) -> Bool {
        rows.count >= Self.page
            || rows.reduce(0) { $0 + $1.document.count } >= Self.pageBytes
    }

    private static func frame(_ row: NotificationRow) -> [UInt8] {
        Array("id: \(row.position)\nevent: \(row.event)\ndata: ".utf8) + row.document + [10, 10]
    }

    // MARK: Upkeep

    /// Ends the streams of those who may not listen any more or do not read, and pings those that are quiet: each time
    /// a part of them.
    func sweep() {
        // Not when the turn began: streams were opened and written to since then.
        let now = Clock.monotonicNanoseconds()
        guard !slots.isEmpty else { return }
        let ping = Array(": ping\nid: \(tail)\n\n".utf8)
        for _ in 0...(slots.count / Self.sweeps) {
            nextSwept = nextSwept + 1 < slots.count ? nextSwept + 1 : 0
            look(at: nextSwept, ping, now)
        }
    }

    private func look(at slot: Int, _ ping: [UInt8], _ now: UInt64) {
        guard let stream = slots[slot] else { return }
        // Where nobody can tell now, it is asked again in a second.
        if let admits = try? authorizer.admits(stream.pass), !admits { return end(slot) }
        switch stream.progress {
        case .live where now - stream.writtenAt >= Self.pingNanoseconds:
            write(ping[...], to: slot, reaching: tail, then: .live, now)
        case .ahead(_, let since) where now - since >= Self.aheadNanoseconds && round == nil:
            reset(slot, now)
        case .blocked where now - stream.writtenAt >= Self.patienceNanoseconds:
            cut += 1
            end(slot)
        case .live, .ahead, .blocked, .behind: break
        }
    }
}

extension EventListener {
    fileprivate var guest: String? {
        if case .guest(let id) = self { id } else { nil }
    }
}
