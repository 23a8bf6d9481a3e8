/// A short name for a browser or tool, from its `User-Agent`. Coarse on purpose: it is shown in a list of devices.
enum UserAgentName {
    private static let programs: [(mark: String, name: String)] = [
        // Order matters: most browsers also claim to be the ones further down.
        ("cherry/", "Command line"), ("curl/", "curl"), ("Wget/", "Wget"), ("python", "Python"), ("Edg", "Edge"),
        ("OPR/", "Opera"), ("Vivaldi/", "Vivaldi"), ("SamsungBrowser/", "Samsung Internet"), ("FxiOS/", "Firefox"),
        ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("HeadlessChrome/", "Chrome"), ("Chrome/", "Chrome"),
        ("Chromium/", "Chromium"), ("Safari/", "Safari"),
    ]

    private static let systems: [(mark: String, name: String)] = [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
        ("Macintosh", "Mac"), ("Linux", "Linux"), ("FreeBSD", "FreeBSD"),
    ]

    /// Such as "Firefox on Linux"; "Unknown device" when nothing is recognised.
    static func make(from userAgent: String?) -> String {
        let text = userAgent.map { String($0.prefix(400)) } ?? ""
        let program = self.programs.first { text.contains($0.mark) }?.name
        let system = self.systems.first { text.contains($0.mark) }?.name
        return switch (program, system) {
        case (let program?, let system?): "\(program) on \(system)"
        case (let program?, nil): program
        case (nil, let system?): system
        case (nil, nil): "Unknown device"
        }
    }
}
