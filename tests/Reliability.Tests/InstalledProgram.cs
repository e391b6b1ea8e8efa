namespace ModularMonolith.Reliability.Tests;

/// <summary>A program of the machine that a test needs, where Debian's packages put it.</summary>
internal static class InstalledProgram
{
    private static readonly string[] Folders =
    [
        .. Directory.Exists("/usr/lib/postgresql") ? Directory.EnumerateDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(static version => Path.Combine(version, "bin")) : [],
        .. (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries),
        "/usr/sbin",
    ];

    /// <summary>Its path, or null.</summary>
    public static string? Find(string name) => Folders.Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
}

/// <summary>A test that needs a program, and is skipped with the reason where that is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class InstalledProgramTheoryAttribute : TheoryAttribute
{
    /// <summary>Asks for a program.</summary>
    /// <param name="name">The program.</param>
    /// <param name="package">Debian's package.</param>
    public InstalledProgramTheoryAttribute(string name, string package)
    {
        if (InstalledProgram.Find(name) is null)
        {
            Skip = $"{name} is not installed; Debian's package {package} has it.";
        }
    }
}
