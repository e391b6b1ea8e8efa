namespace ModularMonolith.Postgres.Binaries;

/// <summary>Lists the folders of a machine that hold a complete set of PostgreSQL server programs, best first.</summary>
internal static class BinariesSearch
{
    private static readonly string[] Programs = ["initdb", "pg_ctl", "postgres"];

    private static readonly string[] WindowsProgramFolders = ["ProgramFiles", "ProgramW6432", "ProgramFiles(x86)"];

    /// <summary>PATH in its own order, then the usual install folders of the operating system, newest version first.</summary>
    public static IReadOnlyList<string> Candidates(IMachine machine) =>
        [.. OnPath(machine).Concat(Installed(machine)).Distinct(StringComparer.Ordinal)];

    /// <summary>The real folder of the programs named through <paramref name="folder"/>, or null when one is missing.</summary>
    public static string? Complete(IMachine machine, string folder)
    {
        if (!Programs.All(name => machine.FileExists(Program(machine, folder, name))))
            return null;

        // The programs find their share folder relative to where they really stand, so links on PATH are followed.
        var real = Folder(machine, machine.ResolveLinks(Program(machine, folder, "postgres")));
        return Programs.All(name => machine.FileExists(Program(machine, real, name))) ? real : folder;
    }

    /// <summary>The full path of one program in a binaries folder.</summary>
    public static string Program(IMachine machine, string folder, string name) =>
        folder.TrimEnd(Separator(machine)) + Separator(machine) + name + (machine.Kind == MachineKind.Windows ? ".exe" : string.Empty);

    private static IEnumerable<string> OnPath(IMachine machine) =>
        (machine.Variable("PATH") ?? string.Empty)
        .Split(machine.Kind == MachineKind.Windows ? ';' : ':', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(folder => Complete(machine, folder))
        .OfType<string>();

    private static IEnumerable<string> Installed(IMachine machine)
    {
        IEnumerable<(string Parent, string Pattern)> places = machine.Kind switch
        {
            MachineKind.Linux =>
            [
                ("/usr/lib/postgresql", "*"),
                ("/usr", "pgsql-*"),
                ("/home/linuxbrew/.linuxbrew/opt", "postgresql*"),
            ],
            MachineKind.MacOS =>
            [
                ("/opt/homebrew/opt", "postgresql*"),
                ("/usr/local/opt", "postgresql*"),
                ("/Applications/Postgres.app/Contents/Versions", "*"),
                ("/Library/PostgreSQL", "*"),
            ],
            MachineKind.Windows => WindowsProgramFolders
                .Select(machine.Variable)
                .OfType<string>()
                .Select(folder => (folder.TrimEnd('\\') + @"\PostgreSQL", "*")),
            _ => throw new ArgumentOutOfRangeException(nameof(machine), machine.Kind, "Unknown operating system."),
        };
        return places
            .SelectMany(place => machine.Folders(place.Parent, place.Pattern).OrderByDescending(folder => VersionIn(machine, folder)))
            .Select(folder => Complete(machine, folder.TrimEnd(Separator(machine)) + Separator(machine) + "bin"))
            .OfType<string>();
    }

    /// <summary>The version number in a folder's name, such as 17 in postgresql@17 and 9.6 in pgsql-9.6; 0 when there is none.</summary>
    private static decimal VersionIn(IMachine machine, string folder)
    {
        var name = folder[(folder.LastIndexOf(Separator(machine)) + 1)..];
        var digits = new string([.. name.SkipWhile(c => !char.IsAsciiDigit(c)).TakeWhile(c => char.IsAsciiDigit(c) || c == '.')]);
        return decimal.TryParse(digits, System.Globalization.CultureInfo.InvariantCulture, out var version) ? version : 0;
    }

    private static string Folder(IMachine machine, string path) => path[..path.LastIndexOf(Separator(machine))];

    private static char Separator(IMachine machine) => machine.Kind == MachineKind.Windows ? '\\' : '/';
}
