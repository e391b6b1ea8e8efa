using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging.Abstractions;
using ModularMonolith.Postgres.Binaries;

namespace ModularMonolith.Postgres.Tests;

public sealed class PostgresBinariesTests : IDisposable
{
    private readonly Programs programs = new();

    [UnixFact]
    public async Task The_first_candidate_that_is_new_enough_is_taken()
    {
        var old = await programs.AddPostgresAsync("old", "13.21");
        var good = await programs.AddPostgresAsync("good", "14.1");
        var newer = await programs.AddPostgresAsync("newer", "17.1");

        var found = await FindAsync(Machine($"{old}:{good}:{newer}"));
        Assert.Equal(new PostgresBinaries(good, 14), found);
    }

    [UnixFact]
    public async Task An_existing_cluster_gets_the_version_that_made_it_though_a_newer_one_is_installed()
    {
        var newest = await programs.AddPostgresAsync("17", "17.1");
        var matching = await programs.AddPostgresAsync("15", "15.9");

        var found = await FindAsync(Machine($"{newest}:{matching}"), clusterVersion: 15);
        Assert.Equal(new PostgresBinaries(matching, 15), found);
    }

    [UnixFact]
    public async Task A_version_that_is_missing_for_a_cluster_is_reported_with_a_usable_one_that_is_there()
    {
        var old = await programs.AddPostgresAsync("13", "13.1");
        var other = await programs.AddPostgresAsync("16", "16.1");

        Assert.Equal(new PostgresBinaries(other, 16), await FindAsync(Machine($"{old}:{other}"), clusterVersion: 15));
    }

    [UnixFact]
    public async Task Nothing_is_fetched_for_a_cluster_whose_version_cannot_be_fetched()
    {
        await programs.AddAsync("npm", "touch \"$(dirname \"$0\")/called\"");

        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(
            () => FindAsync(new FakeMachine { RealFiles = true }.WithPath(programs.Folder), clusterVersion: 15));

        Assert.Contains("needs PostgreSQL 15", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(programs.Folder, "called")));
    }

    [UnixFact]
    public async Task A_program_that_does_not_run_is_passed_over()
    {
        var broken = await programs.AddPostgresAsync("broken", "15.1");
        await programs.AddAsync("broken/postgres", "echo 'error while loading shared libraries' >&2; exit 127");
        var working = await programs.AddPostgresAsync("working", "16.1");

        Assert.Equal(new PostgresBinaries(working, 16), await FindAsync(Machine($"{broken}:{working}")));
    }

    [UnixFact]
    public async Task Without_any_PostgreSQL_the_error_names_the_three_ways_out()
    {
        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() => FindAsync(Machine("/nowhere")));

        foreach (var way in new[] { "install PostgreSQL", "Postgres:BinariesPath", "ConnectionStrings:Default", "npm" })
            Assert.Contains(way, refusal.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task An_old_version_is_named_in_the_error()
    {
        var old = await programs.AddPostgresAsync("old", "12.22");

        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() => FindAsync(Machine(old)));
        Assert.Contains($"version 12 in {old}", refusal.Message, StringComparison.Ordinal);
    }

    [UnixFact]
    public async Task A_configured_folder_is_the_only_one_looked_in()
    {
        var onPath = await programs.AddPostgresAsync("path", "17.1");
        var configured = await programs.AddPostgresAsync("configured", "16.1");
        var old = await programs.AddPostgresAsync("old", "11.1");

        Assert.Equal(new PostgresBinaries(configured, 16), await FindAsync(Machine(onPath), configured));
        foreach (var (folder, reason) in new[] { (old, "PostgreSQL 11: too old"), (programs.Folder, "are not all in that folder") })
        {
            var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() => FindAsync(Machine(onPath), folder));
            Assert.Contains($"Postgres:BinariesPath is '{folder}'", refusal.Message, StringComparison.Ordinal);
            Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        }
    }

    public void Dispose() => programs.Dispose();

    /// <summary>No npm package exists for the machine's processor, so nothing is ever fetched.</summary>
    private static FakeMachine Machine(string path) =>
        new FakeMachine { RealFiles = true, Architecture = Architecture.S390x }.WithPath(path);

    private static Task<PostgresBinaries> FindAsync(IMachine machine, string? configured = null, int? clusterVersion = null) =>
        PostgresBinaries.FindAsync(machine, "/nowhere", configured, clusterVersion, NullLogger.Instance, CancellationToken.None);
}
