internal import Domain
internal import Wire

/// A request with what was worked out for it beside the writer, which waits for nothing but the disk.
struct PreparedCommand {
    let request: CommandRequest
    /// Hashes of the passwords in it, in the order of ``PasswordWork/passwords``.
    var hashes: [PasswordTable.Entry] = []
    /// What became of the photo that it brought.
    var image: ImageResult?
}

/// Passwords of a request that are hashed before it is decided.
struct PasswordWork: Equatable {
    struct Password: Equatable {
        let text: [UInt8]
        let salt: [UInt8]
    }

    let passwords: [Password]
}
