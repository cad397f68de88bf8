internal import CLinux
internal import Glibc

/// Tells other processes that something has changed: a file is touched, and whoever watches it by inotify wakes.
///
/// A bell carries no message and **may be lost** (a full queue, a file removed by hand): listeners drain it,
/// then read what is there, and also look for themselves every now and then. Never ring before the commit.
public enum Bell {
    /// Touches one bell file.
    public final class Ringer: Sendable {
        private let file: FileDescriptor

        /// Makes the file (mode 0600) if it is missing; its directory must be there.
        public init(_ path: String) throws(SystemError) {
            let raw = uninterrupted { open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600) }
            guard raw >= 0 else { throw .last("open", path) }
            file = FileDescriptor(owning: raw)
            // From here on a ring overwrites one byte and needs no room on the disk.
            ring()
        }

        /// Wakes everyone who listens.
        ///
        /// - Returns: false when the kernel refused, which is no more than a lost bell.
        @discardableResult
        public func ring() -> Bool {
            var byte: UInt8 = 0x0A
            return uninterrupted { pwrite(file.raw, &byte, 1, 0) } == 1
        }
    }

    /// What a listener heard since it last looked.
    public struct Heard: Equatable, Sendable {
        /// Names of the files that moved, each once.
        public var names: [String] = []
        /// The kernel's queue ran over, or a bell was removed: anything may have changed.
        public var everything = false

        public init() {}

        public var isEmpty: Bool { names.isEmpty && !everything }

        public func contains(_ name: String) -> Bool { everything || names.contains(name) }
    }

    /// Hears the bells of one directory.
    public final class Listener: Sendable {
        private let inotify: FileDescriptor
        /// Names by watch number; empty when the directory itself is watched and events bring names along.
        private let named: [Int32: String]

        /// Hears every file that is made, renamed into place or touched in `directory`.
        public init(directory: String) throws(SystemError) {
            inotify = try Listener.open()
            named = [:]
            let kinds = IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_MOVED_TO
            try Listener.watch(inotify, directory, kinds | Int32(bitPattern: UInt32(IN_ONLYDIR)))
        }

        /// Hears only the bells named, making the files (mode 0600) that are missing.
        ///
        /// Prefer this for a process that waits for one bell: in a directory of many, each ring would wake it.
        public init(directory: String, names: [String]) throws(SystemError) {
            inotify = try Listener.open()
            var named: [Int32: String] = [:]
            for name in names {
                let path = "\(directory)/\(name)"
                if !Files.exists(path) { _ = try Ringer(path) }
                let number = try Listener.watch(inotify, path, IN_MODIFY | IN_ATTRIB)
                named[number] = name
            }
            self.named = named
        }

        /// For ``EventLoop/watch(_:readable:writable:token:)``; readable when a bell has rung.
        public var descriptor: Int32 { inotify.raw }

        /// What has moved since the last call, coalesced; never waits.
        ///
        /// Comes before reading what the bell is about, or a ring in between is missed.
        public func drain() throws(SystemError) -> Heard {
            var heard = Heard()
            let size = 4096
            let code: Int32 = withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { room in
                while true {
                    let count = uninterrupted { read(inotify.raw, room.baseAddress, size) }
                    guard count > 0 else { return count == 0 || errno == EAGAIN ? 0 : errno }
                    collect(UnsafeRawBufferPointer(rebasing: room[..<count]), into: &heard)
                }
            }
            guard code == 0 else { throw SystemError("listen to", "a bell", code: code) }
            return heard
        }

        /// Waits for a ring, for programs without an ``EventLoop``; false after the time-out.
        public func wait(timeoutMilliseconds: Int?) -> Bool {
            inotify.waitUntilReady(reading: true, timeoutMilliseconds: timeoutMilliseconds)
        }

        private func collect(_ bytes: UnsafeRawBufferPointer, into heard: inout Heard) {
            let header = MemoryLayout<inotify_event>.size
            var start = 0
            while start + header <= bytes.count {
                let number = bytes.loadUnaligned(fromByteOffset: start, as: Int32.self)
                let mask = bytes.loadUnaligned(fromByteOffset: start + 4, as: UInt32.self)
                let length = Int(bytes.loadUnaligned(fromByteOffset: start + 12, as: UInt32.self))
                let name = bytes[(start + header)..<(start + header + length)].prefix { $0 != 0 }
                start += header + length
                if mask & UInt32(IN_Q_OVERFLOW | IN_IGNORED | IN_UNMOUNT) != 0 {
                    heard.everything = true
                    continue
                }
                let heardName = named[number] ?? String(decoding: name, as: UTF8.self)
                if !heard.names.contains(heardName) { heard.names.append(heardName) }
            }
        }

        private static func open() throws(SystemError) -> FileDescriptor {
            let raw = inotify_init1(Int32(IN_NONBLOCK | IN_CLOEXEC))
            guard raw >= 0 || errno != EMFILE else {
                throw SystemError(
                    "listen for bells", "", code: EMFILE,
                    reason: "this user watches too many files; end programs that do, or raise "
                        + "fs.inotify.max_user_instances")
            }
            guard raw >= 0 else { throw .last("listen for bells") }
            return FileDescriptor(owning: raw)
        }

        @discardableResult
        private static func watch(
            _ inotify: borrowing FileDescriptor, _ path: String, _ kinds: Int32
        ) throws(SystemError) -> Int32 {
            let number = inotify_add_watch(inotify.raw, path, UInt32(bitPattern: kinds))
            guard number >= 0 else { throw .last("listen to", path) }
            return number
        }
    }
}
