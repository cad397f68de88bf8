internal import Crypto
internal import System

/// SHA-256 over a file of any size, read in pieces; hexadecimal.
func fileDigest(_ path: String) throws(SystemError) -> String {
    let file = try Files.open(path)
    let digest = try SHA256().digest(ofPieces: { () throws(SystemError) -> [UInt8]? in
        var piece: [UInt8] = []
        do throws(SystemError) {
            let read = try file.read(appendingTo: &piece, limit: 1 << 18)
            guard case .bytes = read else { return nil }
        } catch {
            throw SystemError("read", path, code: error.code)
        }
        return piece
    })
    return digest.hex
}
