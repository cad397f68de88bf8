import Foundation
import Glibc
import Synchronization
import Testing

extension WholeBar {
    /// Guests order, repeat themselves and wait for their drinks while processes are shot at random.
    ///
    /// BARBACK_SEED repeats the order of the shots; BARBACK_KILLS says how many.
    @Suite("A bar that is killed", .serialized) struct KillTests {
        @Test(.timeLimit(.minutes(4)))
        func `keeps every order it has promised, once, through two hundred kills`() throws {
            let environment = ProcessInfo.processInfo.environment
            let seed = environment["BARBACK_SEED"].flatMap { UInt64($0) } ?? .random(in: 1...99_999)
            let kills = environment["BARBACK_KILLS"].flatMap { Int($0) } ?? 200
            print("The killer's seed is \(seed): BARBACK_SEED=\(seed) repeats it.")
            let bar = try Bar()
            defer { bar.close() }

            let crowd = try Crowd(bar, drink: try bar.anyDrink())
            defer { crowd.goHome() }
            let began = seconds()
            let party = Thread { crowd.party(guests: 8) }
            party.start()
            var killer = Killer(bar, seed: seed)
            try killer.kill(kills, orGiveUpAfter: 200)
            crowd.goHome()
            try eventually("the last guest served", within: 60) { crowd.isEmpty ? true : nil }
            print("\(killer.summary) in \(Int(seconds() - began)) s, \(crowd.orders.count) orders")
            for complaint in crowd.complaints { Issue.record("\(complaint)") }
            #expect(crowd.orders.count > kills, "too few orders to tell")
            #expect(crowd.repeats > kills / 4, "too few repeated requests to tell")

            try check(crowd, bar)
        }

        private func check(_ crowd: Crowd, _ bar: Bar) throws {
            try bar.untilOpen()
            let log = try LogRows(data: bar.data)
            #expect(log.isDense)
            var placed: [String: [String]] = [:]
            var made: [String: Int] = [:]
            for row in log.rows {
                if row.type == "OrderPlaced" {
                    placed[row.data["note"].string ?? "", default: []].append(row.stream)
                } else if row.type == "OrderStatusChanged" {
                    made[row.stream, default: 0] += 1
                }
            }
            #expect(placed.count == crowd.orders.count)
            for order in crowd.orders {
                #expect(placed[order.key] == ["order-\(order.id)"], "\(order.key)")
                #expect(made["order-\(order.id)"] == (order.isMade ? 1 : nil), "\(order.key)")
            }
            // What was promised is also seen.
            let client = try Client(bar)
            let after = ["Barback-After": "\(log.head)"]
            for order in crowd.orders.suffix(200) {
                let seen = try client.request("GET", "/orders/\(order.id)", after)
                #expect(seen.data["note"].string == order.key)
                #expect(seen.data["status"].string == (order.isMade ? "in_progress" : "pending"))
            }
            #expect(try bar.stop().code == 0)
            let verified = try barback("verify", "--data", bar.data)
            #expect(verified.code == 0, "\(verified.errors)")
            let rebuilt = try barback("rebuild", "all", "--check", "--data", bar.data)
            #expect(rebuilt.code == 0, "\(rebuilt.output)\(rebuilt.errors)")
        }
    }
}

/// Ends processes at random moments with SIGKILL.
///
/// The supervisor lets a child that dies early wait ever longer, and forgives it after five seconds
/// of life. So each is shot a few times in a row and then left alone for that long.
private struct Killer {
    private let bar: Bar
    private var chance: Chance
    private var victims: [String: Victim] = [:]
    private(set) var counts: [String: Int] = [:]

    private struct Victim {
        var pid: Int32 = 0
        var seenAt = 0.0
        var row = 0
    }

    init(_ bar: Bar, seed: UInt64) {
        self.bar = bar
        chance = Chance(seed)
    }

    var summary: String {
        "\(counts.values.reduce(0, +)) kills ("
            + counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }
            .joined(separator: ", ") + ")"
    }

    mutating func kill(_ count: Int, orGiveUpAfter limit: Double) throws {
        let end = seconds() + limit
        for number in 1...count {
            if number % 25 == 0 {
                // All at once, as when the power fails, and again on what is left.
                bar.supervisor.end()
                counts["supervisor", default: 0] += 1
                try bar.start()
                victims = [:]
                continue
            }
            let (name, pid) = try eventually("somebody to kill", within: end - seconds()) {
                choose()
            }
            breathe(milliseconds: .random(in: 0...150, using: &chance))
            Glibc.kill(pid, SIGKILL)
            counts[name, default: 0] += 1
            try eventually("the end of \(name)") { isAlive(pid) ? nil : true }
        }
    }

    private mutating func choose() -> (name: String, pid: Int32)? {
        for (name, child) in bar.children() where child.pid > 1 && isAlive(child.pid) {
            var victim = victims[name] ?? Victim()
            if victim.pid != child.pid {
                victim.pid = child.pid
                victim.seenAt = seconds()
                victim.row += 1
                victims[name] = victim
            }
        }
        let open = victims.filter { _, victim in
            isAlive(victim.pid) && (victim.row <= 4 || seconds() - victim.seenAt > 5.1)
        }
        guard let name = open.keys.sorted().randomElement(using: &chance), let victim = open[name]
        else { return nil }
        if victim.row > 4 { victims[name]?.row = 0 }
        return (name, victim.pid)
    }
}

/// SplitMix64: chance that can be had again.
struct Chance: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return z ^ z >> 31
    }
}
