import CQRencode

/// The version of libqrencode at run time, such as "4.1.1".
public var qrCodeVersion: String {
    QRcode_APIVersionString().map { String(cString: $0) } ?? "unknown"
}
