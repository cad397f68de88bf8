internal import Subscribers

extension Subcommand {
    static let subscriber = Subcommand(
        "subscriber", "does what reaches outside the bar: oidc", operand: "NAME",
        flags: [.data] + Flag.oidc,
        details: """
            NAME is oidc: it fetches the keys of the OpenID Connect provider that the flags name, every ten
            minutes, into run/oidc.json. The other processes learn from there whose access tokens to
            believe, and make no connection themselves; while the provider is silent they believe the last
            keys for a day. Stops in order at Ctrl-C or SIGTERM. barback serve runs it for you where
            it is given the same flags.

              barback subscriber oidc --data /srv/bar --oidc-issuer https://id.example.org/realms/bar \\
                --oidc-audience barback --oidc-groups-claim groups --oidc-admin-group bar-admins
              barback subscriber oidc --data /srv/bar      with BARBACK_OIDC_ISSUER and the others set

            Exit codes: 0 stopped as asked, 3 it could not go on and has said why.
            """
    ) { arguments in
        guard arguments.operands[0] == "oidc" else {
            throw UsageError(
                "there is no subscriber \(quoted(arguments.operands[0])); NAME is oidc")
        }
        guard let settings = try arguments.outsideSettings() else {
            throw UsageError("it needs \(Flag.oidcIssuer.shape) and the other flags of oidc")
        }
        let data = try arguments.writableDataDirectory(for: "subscriber")
        try ProviderProcess(settings, dataDirectory: data).run()
        return .done
    }
}
