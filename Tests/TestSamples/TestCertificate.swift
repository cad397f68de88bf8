/// A certificate for localhost and its key, made for tests alone; it vouches for nothing.
public enum TestCertificate {
    public static let certificate = """
        -----BEGIN CERTIFICATE-----
        MIIBmjCCAT+gAwIBAgIUGoBfEskRNuf3N6pYFNzX2U+XJ3swCgYIKoZIzj0EAwIw
        EzERMA8GA1UEAwwIYmFyLnRlc3QwIBcNMjYxMTI2MDE1ODEyWhgPMjEyNjExMDIw
        MTU4MTJaMBMxETAPBgNVBAMMCGJhci50ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0D
        AQcDQgAExVqqswUCzZhSxoud1mE1338cJW99EdRS3n45G66XdtzJiPLZJzM3x5tD
        NqG3NMO8n31idnR1WqApoes911Nag6NvMG0wHQYDVR0OBBYEFL3b/N39FzyGLBYH
        onyhuWTRqhP+MB8GA1UdIwQYMBaAFL3b/N39FzyGLBYHonyhuWTRqhP+MA8GA1Ud
        EwEB/wQFMAMBAf8wGgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMAoGCCqGSM49
        BAMCA0kAMEYCIQDfXRTg//MmZFYWCA0J1Gt0bkadRVdJXvsI2BdXd/qWMgIhAIb8
        G332QC7QrSnsouNfzi80UMK//qIWnw6IyvPbv4de
        -----END CERTIFICATE-----

        """

    public static let key = """
        -----BEGIN PRIVATE KEY-----
        MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgVa9+PExmcjyExC3p
        vWTdPuRQqe4yUki2AaUvuywgQsWhRANCAATFWqqzBQLNmFLGi53WYTXffxwlb30R
        1FLefjkbrpd23MmI8tknMzfHm0M2obc0w7yffWJ2dHVaoCmh6z3XU1qD
        -----END PRIVATE KEY-----

        """
}
