using System.Globalization;

namespace ModularMonolith.Postgres.Tests;

public sealed class DamagedFolderTests
{
    [Fact]
    public async Task A_folder_without_PG_VERSION_is_reported_and_left_as_it_is()
    {
        await using var folder = new ServerFolder();
        Directory.CreateDirectory(folder.Cluster);
        var precious = Path.Combine(folder.Cluster, "base.dat");
        await File.WriteAllTextAsync(precious, "somebody's data");

        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() => folder.StartAsync());

        Assert.Contains(folder.Cluster, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("PG_VERSION", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("somebody's data", await File.ReadAllTextAsync(precious));
    }

    [Fact]
    public async Task A_lost_password_file_is_named_together_with_what_to_do()
    {
        await using var folder = new ServerFolder();
        await folder.InitialiseAsync();
        File.Delete(Path.Combine(folder.DataFolder, "password"));

        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() => folder.StartAsync());
        Assert.Contains(Path.Combine(folder.DataFolder, "password"), refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_that_no_longer_fits_is_reported_and_no_server_is_left()
    {
        await using var folder = new ServerFolder();
        await folder.InitialiseAsync();
        await File.WriteAllTextAsync(Path.Combine(folder.DataFolder, "password"), "another");

        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() => folder.StartAsync());
        Assert.Contains("password", refusal.Message, StringComparison.Ordinal);
        Assert.Null(folder.PidFile);
    }

    [Fact]
    public async Task A_cluster_of_another_major_version_is_refused_with_the_ways_on()
    {
        await using var folder = new ServerFolder();
        await folder.InitialiseAsync();
        var versionFile = Path.Combine(folder.Cluster, "PG_VERSION");
        var installed = int.Parse(await File.ReadAllTextAsync(versionFile), CultureInfo.InvariantCulture);
        await File.WriteAllTextAsync(versionFile, "99\n");

        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() => folder.StartAsync());

        Assert.Contains("PostgreSQL 99", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"version {installed}", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("pg_upgrade", refusal.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(versionFile, $"{installed}\n");
        await folder.InitialiseAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("torn by a power failu")]
    public async Task A_torn_pid_file_does_not_stop_the_next_start(string text)
    {
        await using var folder = new ServerFolder();
        await folder.InitialiseAsync();
        await File.WriteAllTextAsync(Path.Combine(folder.Cluster, "postmaster.pid"), text);

        await using var server = await folder.StartAsync();
        Assert.Equal(1, await Sql.QueryAsync(server.ConnectionString, "select 1"));
    }
}
