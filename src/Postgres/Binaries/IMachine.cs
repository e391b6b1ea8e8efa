using System.Runtime.InteropServices;

namespace ModularMonolith.Postgres.Binaries;

/// <summary>The operating systems that PostgreSQL's install folders differ between.</summary>
internal enum MachineKind
{
    Linux,
    MacOS,
    Windows,
}

/// <summary>What the search for binaries sees of the machine; a seam so that every branch is tested on any machine.</summary>
internal interface IMachine
{
    MachineKind Kind { get; }

    Architecture Architecture { get; }

    string? Variable(string name);

    bool FileExists(string path);

    /// <summary>The file that <paramref name="path"/> names after following every symbolic link in it.</summary>
    string ResolveLinks(string path);

    /// <summary>Full paths of the folders in <paramref name="parent"/> whose name matches; empty when there is no parent.</summary>
    IReadOnlyList<string> Folders(string parent, string pattern);
}

/// <summary>The machine this process runs on.</summary>
internal sealed class ThisMachine : IMachine
{
    public MachineKind Kind { get; } =
        OperatingSystem.IsWindows() ? MachineKind.Windows : OperatingSystem.IsMacOS() ? MachineKind.MacOS : MachineKind.Linux;

    public Architecture Architecture => RuntimeInformation.OSArchitecture;

    public string? Variable(string name) => Environment.GetEnvironmentVariable(name);

    public bool FileExists(string path) => File.Exists(path);

    public string ResolveLinks(string path) => File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;

    public IReadOnlyList<string> Folders(string parent, string pattern) =>
        Directory.Exists(parent) ? Directory.GetDirectories(parent, pattern) : [];
}
