using System.Runtime.Versioning;
using Microsoft.Extensions.Logging.Abstractions;
using ModularMonolith.Postgres.Provisioning;
using ModularMonolith.Postgres.Running;
using ModularMonolith.Postgres.Testing;

namespace ModularMonolith.Postgres.Tests;

[UnsupportedOSPlatform("windows")]
public sealed class RootTests
{
    [UnixFact]
    public async Task The_server_never_runs_as_root()
    {
        if (!OperatingSystem.IsLinux())
            return;
        var server = (await TestServer.SharedAsync()).Server;
        var postmaster = PostmasterPidFile.Read(Path.Combine(server.DataFolder, "cluster"))!.ProcessId;

        var owner = (await File.ReadAllLinesAsync($"/proc/{postmaster}/status")).Single(line => line.StartsWith("Uid:", StringComparison.Ordinal));
        Assert.All(owner.Split('\t')[1..], id => Assert.NotEqual("0", id));
    }

    [RootFact]
    public async Task Every_way_to_become_another_user_passes_arguments_on_unchanged()
    {
        var (userId, groupId) = (await OutputAsync("id", "-u", "nobody"), await OutputAsync("id", "-g", "nobody"));
        const string text = "a 'b' \"c\" $(id) `id` \\ --help ; *";
        foreach (var launcher in ServerAccount.Launchers("nobody", userId, groupId))
        {
            Assert.Equal(userId, await OutputAsync([.. launcher, "id", "-u"]));
            Assert.Equal(text, await OutputAsync([.. launcher, "printf", "%s", text]));
        }
    }

    [RootFact]
    public async Task A_folder_that_the_servers_user_cannot_reach_has_a_substitute_that_keeps_its_data()
    {
        await using var folder = new ServerFolder();
        File.SetUnixFileMode(Path.GetDirectoryName(folder.DataFolder)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var substitute = DataHome.SubstituteFor(folder.DataFolder);
        try
        {
            await using (var server = await folder.StartAsync())
            {
                Assert.Equal(substitute, server.DataFolder);
                await Sql.QueryAsync(server.ConnectionString, "create table kept as select 42 as answer");
            }

            await using var again = await folder.StartAsync();
            Assert.Equal(42, await Sql.QueryAsync(again.ConnectionString, "select answer from kept"));
        }
        finally
        {
            Directory.Delete(substitute, recursive: true);
        }
    }

    [RootFact]
    public async Task A_substitute_that_somebody_else_created_first_is_refused()
    {
        await using var folder = new ServerFolder();
        File.SetUnixFileMode(Path.GetDirectoryName(folder.DataFolder)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var substitute = DataHome.SubstituteFor(folder.DataFolder);
        Directory.CreateDirectory(substitute);
        try
        {
            await OutputAsync("chown", "nobody:", substitute);
            var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() => folder.StartAsync());
            Assert.Contains("created by another user", refusal.Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(substitute, recursive: true);
        }
    }

    [RootFact]
    public async Task A_database_that_an_ordinary_user_created_is_not_replaced_by_an_empty_one()
    {
        await using var folder = new ServerFolder();
        Directory.CreateDirectory(folder.DataFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Directory.CreateDirectory(folder.Cluster);

        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() => folder.StartAsync());
        Assert.Contains("Run the host as the user that created it", refusal.Message, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task Binaries_that_the_servers_user_cannot_reach_are_reported()
    {
        using var programs = new Programs();
        var binaries = await programs.AddPostgresAsync("bin", "17.1");
        File.SetUnixFileMode(programs.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await using var folder = new ServerFolder();
        var options = new PostgresServerOptions { DataFolder = folder.DataFolder, BinariesPath = binaries };

        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() => PostgresServer.StartAsync(options, NullLogger.Instance));
        Assert.Contains("cannot reach the binaries", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<string> OutputAsync(params string[] command)
    {
        var result = await new Command(command[0], command[1..]).RunAsync(CancellationToken.None);
        Assert.True(result.Succeeded, result.Output);
        return result.Output;
    }
}
