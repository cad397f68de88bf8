import Crypto
import Foundation
import Glibc
import Testing

@testable import Commands

@Suite("The password desk", .serialized) struct PasswordDeskTests {
    private let salt = [UInt8](repeating: 7, count: 16)

    private func desk() throws -> PasswordDesk { try PasswordDesk(executable: barback) }

    @Test func `gives the hash that scrypt gives`() throws {
        let desk = try desk()
        let most = [UInt8](repeating: 0x61, count: 1_024)
        for (token, password) in [[], Array("correct horse".utf8), most].enumerated() {
            #expect(desk.ask(password: password, salt: salt, token: UInt64(token)))
            let answer = try #require(try answers(of: desk, 1).first)
            #expect(answer.token == UInt64(token))
            #expect(answer.hash == Scrypt.hash(password: password, salt: salt))
        }
    }

    @Test func `refuses a password that is too long`() throws {
        let long = [UInt8](repeating: 0x61, count: 1_025)
        #expect(try !desk().ask(password: long, salt: salt, token: 1))
    }

    @Test func `answers in turn, and refuses whom it has no room for`() throws {
        let desk = try desk()
        for token in 0..<16 { #expect(desk.ask(password: [1], salt: salt, token: UInt64(token))) }
        #expect(!desk.ask(password: [1], salt: salt, token: 16))
        let first = try #require(try answers(of: desk, 1).first)
        #expect(first.token == 0 && first.hash != nil)
        #expect(desk.ask(password: [1], salt: salt, token: 17))
        #expect(!desk.ask(password: [1], salt: salt, token: 18))
    }

    @Test func `loses one job to a killed helper, and goes on with the next`() throws {
        let desk = try desk()
        for token in 1...3 { #expect(desk.ask(password: [2], salt: salt, token: UInt64(token))) }
        let pid = try #require(desk.helperPid)
        kill(pid, SIGKILL)
        let all = try answers(of: desk, 3)
        #expect(all.map(\.token) == [1, 2, 3])
        #expect(all.map { $0.hash == nil } == [true, false, false])
        #expect(desk.helperPid != pid)
        #expect(!isRunning(pid))
    }

    @Test func `loses nothing to a helper that was killed while it had nothing to do`() throws {
        let desk = try desk()
        #expect(desk.ask(password: [3], salt: salt, token: 1))
        _ = try answers(of: desk, 1)
        let pid = try #require(desk.helperPid)
        kill(pid, SIGKILL)
        try eventually { !isRunning(pid) }
        #expect(desk.ask(password: [3], salt: salt, token: 2))
        #expect(try answers(of: desk, 1).first?.hash != nil)
    }

    @Test func `gives up a helper that does not answer`() throws {
        let desk = try PasswordDesk(executable: barback, patienceSeconds: 1)
        #expect(desk.ask(password: [4], salt: salt, token: 1))
        let pid = try #require(desk.helperPid)
        kill(pid, SIGSTOP)
        #expect(desk.isBusy)
        let answer = try #require(try answers(of: desk, 1).first)
        #expect(answer.token == 1 && answer.hash == nil)
        #expect(!desk.isBusy)
        try eventually {
            _ = desk.take()
            return !isRunning(pid)
        }
    }

    @Test func `refuses where no helper can be started`() throws {
        let desk = try PasswordDesk(executable: "/no/such/program")
        #expect(!desk.ask(password: [5], salt: salt, token: 1))
        #expect(desk.take().isEmpty)
    }

    /// A program that answers nothing and ends, and one that says what nobody asked for.
    @Test(arguments: ["/bin/true", "/bin/ls"])
    func `gives no hash of another program's`(program: String) throws {
        let desk = try PasswordDesk(executable: program)
        // One that has ended before it was asked is not asked.
        let asked = (1...3).filter { desk.ask(password: [6], salt: salt, token: UInt64($0)) }
        #expect(try answers(of: desk, asked.count).allSatisfy { $0.hash == nil })
    }

    @Test func `keeps the helper for the next one, last in line, with nothing on show`() throws {
        let desk = try desk()
        #expect(desk.ask(password: Array("tell-nobody".utf8), salt: salt, token: 1))
        _ = try answers(of: desk, 1)
        let pid = try #require(desk.helperPid)
        #expect(desk.ask(password: [1], salt: salt, token: 2))
        #expect(desk.helperPid == pid)
        let status = try text("/proc/\(pid)/stat").split(separator: ")").last?.split(separator: " ")
        // Field 19 of proc(5) is nice. The name, field 2, was cut off with its bracket.
        #expect(try #require(status)[16] == "10")
        #expect(try text("/proc/\(pid)/cmdline") == "barback\0passwords\0")
        // Not even its own user may read it; root may.
        if let environment = try? text("/proc/\(pid)/environ") {
            #expect(!environment.contains("tell-nobody"))
        }
    }

    @Test func `takes its helper along`() throws {
        var desk: PasswordDesk? = try desk()
        #expect(desk?.ask(password: [1], salt: salt, token: 1) == true)
        let pid = try #require(desk?.helperPid)
        desk = nil
        try eventually { !isRunning(pid) }
    }
}

@Suite("The password helper") struct PasswordHelperTests {
    @Test func `ends with its input`() throws {
        let said = try run([])
        #expect(said.code == 0 && said.output.isEmpty && said.errors.isEmpty)
    }

    @Test func `ends at a request that is cut, or none, and repeats nothing of it`() throws {
        for request in [
            Array("swordfish".utf8), [UInt8](repeating: 0xff, count: PasswordFrame.count),
        ] {
            let said = try run(request)
            #expect(said.code == 3 && said.output.isEmpty)
            #expect(said.errors.contains("not one of this release's"))
            #expect(!said.errors.contains("swordfish"))
        }
    }

    private func run(_ input: [UInt8]) throws -> (code: Int32, output: Data, errors: String) {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: barback)
        process.arguments = ["passwords"]
        let (inlet, outlet, errors) = (Pipe(), Pipe(), Pipe())
        process.standardInput = inlet
        process.standardOutput = outlet
        process.standardError = errors
        try process.run()
        try inlet.fileHandleForWriting.write(contentsOf: Data(input))
        try inlet.fileHandleForWriting.close()
        let output = outlet.fileHandleForReading.readDataToEndOfFile()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return (process.terminationStatus, output, String(decoding: said, as: UTF8.self))
    }
}

/// `barback` beside the test bundle, or $BARBACK_BIN.
private let barback: String = {
    if let given = ProcessInfo.processInfo.environment["BARBACK_BIN"] { return given }
    let bundle = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    return ((bundle ?? "") as NSString).deletingLastPathComponent + "/barback"
}()

/// Waits on the desk's descriptor, as the writer's loop does, until so many are answered.
private func answers(
    of desk: PasswordDesk, _ count: Int
) throws -> [(token: UInt64, hash: [UInt8]?)] {
    var answers: [(token: UInt64, hash: [UInt8]?)] = []
    try eventually {
        var entry = pollfd(fd: desk.descriptor, events: Int16(POLLIN), revents: 0)
        poll(&entry, 1, 250)
        answers += desk.take()
        return answers.count >= count
    }
    return answers
}

private struct Late: Error {}

private func eventually(within seconds: Double = 60, _ look: () throws -> Bool) throws {
    let end = Date().addingTimeInterval(seconds)
    while try !look() {
        guard Date() < end else { throw Late() }
        poll(nil, 0, 2)
    }
}

/// Not where it only waits for its burial.
private func isRunning(_ pid: Int32) -> Bool {
    guard let text = try? text("/proc/\(pid)/stat") else { return false }
    return text.split(separator: ")").last?.split(separator: " ").first != "Z"
}

private func text(_ path: String) throws -> String {
    let handle = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
    return String(decoding: try handle.readToEnd() ?? Data(), as: UTF8.self)
}
