import Foundation
import Testing

extension WholeBar {
    @Suite("Live events that nobody takes", .serialized) struct LivePressureTests {
        @Test(.timeLimit(.minutes(3)))
        func `are not kept for two hundred who never read, and reach the others at once`() throws {
            let bar = try Bar()
            defer { bar.close() }
            let guests = ["Ana", "Bo", "Cy", "Di"]
            try bar.letIn(guests)
            let begin = try bar.settledHead()
            let staff = try (1...7).map {
                try bar.staff("Asleep \($0)", role: "bartender").session.bearer
            }
            let asleep = try (0..<200).map {
                try EventStream(bar, staff[$0 / 30], receiveBuffer: 2_048)
            }
            let front = try bar.pid(of: "front")
            let before = try memory(front, "VmRSS")

            let awake = Gathered<Double>()
            let listener = Thread {
                guard let stream = try? bar.stream(bar.asHost, after: begin) else { return }
                while let event = try? stream.next(within: 30), !isTheLast(event) {
                    if let late = self.delay(event) { awake.add(late) }
                }
            }
            listener.start()
            let moves = try Moves(bar, seed: 1, count: 6_000)
            let party = Thread { moves.make(guests: guests, hands: 2) }
            party.start()
            let readings = Gathered<Double>()
            while !party.isFinished {
                let asked = seconds()
                #expect(try bar.get("/drinks").status == 200)
                readings.add(seconds() - asked)
                breathe(milliseconds: 20)
            }
            #expect(moves.complaints.isEmpty, "\(moves.complaints)")
            // Whoever got stuck did so before now.
            try bar.untilStreams(1, within: 30)
            let cut = try bar.metric("barback_event_streams_cut_total")
            #expect(cut == 200)
            try bar.announce(theLast)
            try eventually("the end of the listener") { listener.isFinished ? true : nil }
            let peak = try memory(front, "VmHWM")
            let (worst, slowest) = (awake.all.max() ?? .infinity, readings.all.max() ?? .infinity)
            print(
                "The front held \(before) kB, at most \(peak) kB; told \(awake.all.count) events, the slowest "
                    + "after \(Int(worst * 1_000)) ms; the slowest of \(readings.all.count) menus took "
                    + "\(Int(slowest * 1_000)) ms")
            #expect(peak < before + 32_000)
            #expect(awake.all.count >= 6_000)
            #expect(worst < 1)
            #expect(slowest < 1)
            #expect(bar.children()["front"]?.restarts == 0)

            // What one of them was sent is in order, and the rest is there for whoever comes back.
            let sleeper = try #require(asleep.last)
            let first = sleeper.begin.position
            let heard = try sleeper.rest(within: 5)
            try sleeper.resume(by: seconds() + 5)
            let rest = try sleeper.events(until: isTheLast)
            let told = try LogRows(data: bar.data).toldStaff(after: first)
            #expect(heard.count < told.count / 2, "it was not stuck")
            #expect((heard + rest).map(\.told) == told)
        }

        @Test func `count as cut where their client goes in place of taking them`() throws {
            let bar = try Bar()
            defer { bar.close() }
            var sleepers: [EventStream] = []
            for _ in 0..<3 {
                sleepers.append(try EventStream(bar, bar.asHost, receiveBuffer: 2_048))
            }
            let awake = try bar.stream(bar.asHost)
            var last = 0
            for number in 1...400 {
                last = try bar.announce("\(number) " + String(repeating: "x", count: 150))
            }
            _ = try awake.events(through: last)
            for sleeper in sleepers { sleeper.breakOff() }
            sleepers = []
            try bar.untilStreams(1, within: 5)
            #expect(try bar.metric("barback_event_streams_cut_total") == 3)
        }

        /// A line of /proc/PID/status, in kB.
        private func memory(_ pid: Int32, _ name: String) throws -> Int {
            let status = try String(contentsOfFile: "/proc/\(pid)/status", encoding: .utf8)
            let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") }
            let words = line?.split(whereSeparator: \.isWhitespace) ?? []
            return try #require(words.count == 3 ? Int(words[1]) : nil)
        }

        /// How long ago an order changed, in seconds.
        private func delay(_ event: EventStream.Event) -> Double? {
            guard let text = event.data["updated_at"].string,
                let at = try? Date(
                    text,
                    strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true))
            else { return nil }
            return Date().timeIntervalSince(at)
        }

        @Test func `begin anew after what is kept no longer`() throws {
            let scratch = try Scratch()
            let old = try OldLog(in: scratch("data"), hoursAgo: 25)
            let bar = try Bar(data: scratch("data"), demo: false)
            defer { bar.close() }
            let said = try bar.announce("A new evening")
            let guest = try bar.guest("Ana")
            for after in 0..<old.head {
                let stream = try eventually("the end of the old day") {
                    let stream = try bar.nextStream(guest, after: after)
                    let first = try stream.next()
                    return first.name == "reset" ? (stream, first) : nil
                }
                #expect(stream.1.position >= said)
                let next = try bar.announce("After \(after)")
                #expect(try stream.0.next().position == next)
            }
            // Whoever has heard the last of what is gone has missed nothing.
            let exact = try bar.nextStream(guest, after: old.head)
            #expect(try exact.next().position == said)
        }

        @Test func `begin anew where the log is an older one again`() throws {
            let cellar = try Cellar(orders: 5)
            let backup = try cellar.copy("backup") { _ in }
            let bar = try Bar(data: cellar.data)
            defer { bar.close() }
            let stream = try EventStream(bar, bar.asHost, after: cellar.head, resumes: true)
            let lost = try (1...5).map { try bar.announce("Lost \($0)") }
            #expect(try stream.events(through: lost[4]).map(\.position) == lost)
            try bar.stop()
            try cellar.putBack(backup)
            try bar.start()
            let reset = try stream.next(within: 20)
            #expect(reset.name == "reset")
            #expect(reset.position < lost[4])
            let next = try bar.announce("Instead")
            #expect(try stream.next().position == next)
        }
    }
}
