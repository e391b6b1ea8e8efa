using System.Runtime.InteropServices;
using ModularMonolith.Postgres.Binaries;

namespace ModularMonolith.Postgres.Tests;

/// <summary>A machine that has what a test says.</summary>
internal sealed class FakeMachine : IMachine
{
    private readonly HashSet<string> files = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> links = new(StringComparer.Ordinal);

    public MachineKind Kind { get; init; } = MachineKind.Linux;

    public Architecture Architecture { get; init; } = Architecture.X64;

    public Dictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    /// <summary>True also shows the files of the machine that the test runs on.</summary>
    public bool RealFiles { get; init; }

    private char Separator => Kind == MachineKind.Windows ? '\\' : '/';

    public FakeMachine WithPrograms(string folder, params string[] names)
    {
        foreach (var name in names.Length > 0 ? names : ["initdb", "pg_ctl", "postgres"])
            files.Add(BinariesSearch.Program(this, folder, name));
        return this;
    }

    public FakeMachine WithFile(string path)
    {
        files.Add(path);
        return this;
    }

    /// <summary>Links to the programs of another folder, as a package manager puts them on PATH.</summary>
    public FakeMachine WithLinks(string folder, string to)
    {
        foreach (var name in new[] { "initdb", "pg_ctl", "postgres" })
        {
            files.Add(BinariesSearch.Program(this, folder, name));
            links[BinariesSearch.Program(this, folder, name)] = BinariesSearch.Program(this, to, name);
        }

        return this;
    }

    public FakeMachine WithPath(string path)
    {
        Variables["PATH"] = path;
        return this;
    }

    public string? Variable(string name) => Variables.GetValueOrDefault(name);

    public bool FileExists(string path) => files.Contains(path) || (RealFiles && File.Exists(path));

    public string ResolveLinks(string path) => links.GetValueOrDefault(path, path);

    public IReadOnlyList<string> Folders(string parent, string pattern)
    {
        var prefix = parent + Separator + pattern.TrimEnd('*');
        return
        [
            .. files.Where(file => file.StartsWith(prefix, StringComparison.Ordinal))
                .Select(file => file[..file.IndexOf(Separator, parent.Length + 1)])
                .Distinct()
                .Order(StringComparer.Ordinal),
        ];
    }
}
