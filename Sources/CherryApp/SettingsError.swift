public import CherryCore

/// A setting that cannot be used.
public struct SettingsError: CherryError {
    /// The setting's name in the environment, or the file.
    public let setting: String
    public let message: String
    public let hint: String?
    public var codeName: String { "invalidSetting" }

    init(setting: String, message: String, hint: String?) {
        self.setting = setting
        self.message = message
        self.hint = hint
    }
}
