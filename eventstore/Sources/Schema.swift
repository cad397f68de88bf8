/// The tables of `schema.sql`.
public enum Schema {
    static let text = String(decoding: PackageResources.schema_sql, as: UTF8.self)
    /// The version of the tables' meaning, in `head.format`.
    public static let format: Int64 = 1
}
