using ModularMonolith.Postgres.Running;

namespace ModularMonolith.Postgres.Tests;

/// <summary>A temporary folder with shell scripts that pretend to be programs.</summary>
internal sealed class Programs : IDisposable
{
    public Programs() => Directory.CreateDirectory(Folder);

    public string Folder { get; } = Path.Combine(Path.GetTempPath(), "modular-monolith-programs-" + Guid.NewGuid().ToString("N"));

    /// <summary>Adds the three server programs, of which postgres tells a version.</summary>
    public async Task<string> AddPostgresAsync(string folder, string version)
    {
        var bin = Path.Combine(Folder, folder);
        foreach (var name in new[] { "initdb", "pg_ctl", "postgres" })
            await AddAsync(Path.Combine(bin, name), $"echo 'postgres (PostgreSQL) {version}'");
        return bin;
    }

    /// <summary>Adds a script.</summary>
    public async Task<string> AddAsync(string path, string body)
    {
        var full = Path.Combine(Folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);

        // Another process writes it: a file that this process has open for writing cannot be executed while some other test is
        // starting a program, because that inherits the open file for a moment.
        var write = new Command("sh", "-c", "printf '#!/bin/sh\\n%s\\n' \"$1\" > \"$0\" && chmod 755 \"$0\"", full, body);
        Assert.True((await write.RunAsync(CancellationToken.None)).Succeeded);
        return full;
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
