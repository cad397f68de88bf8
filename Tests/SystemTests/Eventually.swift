import Dispatch
import Foundation
import Glibc

/// Seconds since some moment in the past; never runs backwards.
func seconds() -> Double {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Double(now.tv_sec) + Double(now.tv_nsec) / 1e9
}

struct Late: Error, CustomStringConvertible {
    let description: String
}

/// Looks again and again until there is something to see.
///
/// - Throws: ``Late`` after the time, or what the last look threw.
@discardableResult
func eventually<Value>(
    _ what: String, within limit: Double = 15, _ look: () throws -> Value?
) throws -> Value {
    let end = seconds() + limit
    while true {
        if let value = try look() { return value }
        guard seconds() < end else {
            throw Late(description: "\(what): not within \(limit) seconds")
        }
        breathe(milliseconds: 5)
    }
}

/// Lets others run between two looks or two attempts; never what a test waits for.
func breathe(milliseconds: Int32) { poll(nil, 0, milliseconds) }

/// Runs a body on threads of its own, since it may block, and waits for all of them.
func inParallel(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
    let group = DispatchGroup()
    for index in 0..<count {
        group.enter()
        let thread = Thread {
            body(index)
            group.leave()
        }
        thread.start()
    }
    group.wait()
}
