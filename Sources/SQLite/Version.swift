internal import CSQLite

/// The version of the SQLite library in use, such as `3.40.1`.
public var sqliteVersion: String { String(cString: sqlite3_libversion()) }

/// Whether this SQLite may lose commits when one connection checkpoints while another commits.
///
/// Source: https://sqlite.org/wal.html, "The WAL-Reset Bug"; mended in 3.51.3.
public var sqliteHasWALResetBug: Bool { sqlite3_libversion_number() < 3_051_003 }
