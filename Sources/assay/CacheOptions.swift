import ArgumentParser

/// `--cache`, of every command that makes training images.
struct CacheOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A folder that keeps presized images for later epochs and trainings; any may share it. Presizes to one and a half --size unless --item-size says.",
            valueName: "dir"))
    var cache: String?
}
