internal import Audit
internal import Domain
internal import EventStore
internal import System

extension Subcommand {
    private static let publicKey = Flag(
        "public-key", "FILE",
        "the key that signed the log's checkpoints (default: DIR/keys/log.vkey)")

    static let verify = Subcommand(
        "verify", "proves that the log holds what was written, or names the first bad position",
        flags: [.data, publicKey],
        details: """
            Reads every event, recomputes its hash and the tree over all of them, and compares each
            signed checkpoint. Works beside a running bar and without one. To be sure that nobody has
            rewritten log and key together, keep a copy of keys/log.vkey elsewhere and name it.

              barback verify
              barback verify --data /srv/bar --public-key bar.vkey

            Exit codes: 0 the log is whole, 1 it is damaged, 3 it cannot be read.
            """
    ) { arguments in
        let data = arguments.dataDirectory
        let key = try key(arguments)
        let began = Clock.monotonicNanoseconds()
        let bar = ProgressBar("events")
        do {
            let proof = try Verification.run(
                path: data + "/log.db", key: key
            ) { bar.show($0.number, of: $1.number) }
            bar.clear()
            let milliseconds = Int64((Clock.monotonicNanoseconds() - began) / 1_000_000)
            Standard.output(report(proof, key, data, milliseconds))
            return .done
        } catch {
            bar.clear()
            guard isAnswer(error) else { throw error }
            Standard.log("barback verify: \(error)")
            return .no
        }
    }

    /// The log was read, and it is not what it should be.
    private static func isAnswer(_ error: any Error) -> Bool {
        switch error {
        case LogError.damaged, is Verification.OtherLog: true
        default: false
        }
    }

    private static func key(_ arguments: Arguments) throws -> VerifierKey? {
        let usual = arguments.dataDirectory + "/keys/log.vkey"
        let path = arguments.text(publicKey) ?? usual
        // The log alone can be verified too; the report then says what was not.
        if arguments.text(publicKey) == nil, !Files.exists(usual) { return nil }
        let text = String(decoding: try Files.readAll(path, limit: 10_000), as: UTF8.self)
        guard let key = VerifierKey(text) else {
            throw Refused(
                "\(path) does not hold a verifier key, barback/LOG-ID+HASH+BASE64; "
                    + "name the keys/log.vkey of the bar")
        }
        return key
    }

    private static func report(
        _ proof: Verification, _ key: VerifierKey?, _ data: String, _ milliseconds: Int64
    ) -> String {
        let signatures =
            key.map { "signed by the key of log \($0.logID)" }
            ?? "signatures not checked: there is no \(data)/keys/log.vkey"
        return """
            The log is as it was written.
              events        \(grouped(proof.events.number))
              head root     \(proof.root)
              checkpoints   \(grouped(proof.checkpoints)), \(signatures)
              took          \(seconds(milliseconds: milliseconds))

            """
    }
}
