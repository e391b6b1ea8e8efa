using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ModularMonolith.Postgres.Testing;
using Npgsql;

namespace ModularMonolith.Postgres.Tests;

public sealed class TestServerTests
{
    [Fact]
    public async Task Each_test_database_is_empty_and_its_own()
    {
        var server = await TestServer.SharedAsync();
        await using var first = await server.CreateDatabaseAsync();
        await using var second = await server.CreateDatabaseAsync();
        await ExecuteAsync(first, "create table only_here (id int)");

        Assert.NotEqual(first.Name, second.Name);
        Assert.Equal(0L, await CountAsync(second, "select count(*) from pg_tables where tablename = 'only_here'"));
    }

    [Fact]
    public async Task A_disposed_database_is_gone_even_while_a_session_uses_it()
    {
        var server = await TestServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await database.DisposeAsync();

        await using var administration = new NpgsqlConnection(server.ConnectionString);
        await administration.OpenAsync();
        await using var count = new NpgsqlCommand("select count(*) from pg_database where datname = $1", administration);
        count.Parameters.Add(new NpgsqlParameter { Value = database.Name });
        Assert.Equal(0L, await count.ExecuteScalarAsync());
    }

    [Fact]
    public async Task Clones_of_one_template_build_it_once_and_share_nothing_afterwards()
    {
        var server = await TestServer.SharedAsync();
        var built = 0;
        async Task Build(string connectionString)
        {
            Interlocked.Increment(ref built);
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync();
            await using var command = new NpgsqlCommand("create table items (id int); insert into items values (1)", connection);
            await command.ExecuteNonQueryAsync();
        }

        var clones = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => server.CloneAsync("clones-share-nothing", Build)));
        await ExecuteAsync(clones[0], "delete from items");

        Assert.Equal(1, built);
        Assert.Equal(0L, await CountAsync(clones[0], "select count(*) from items"));
        foreach (var clone in clones[1..])
            Assert.Equal(1L, await CountAsync(clone, "select count(*) from items"));
        foreach (var clone in clones)
            await clone.DisposeAsync();
    }

    [Fact]
    public async Task A_template_whose_builder_failed_is_built_again_when_asked_for_again()
    {
        var server = await TestServer.SharedAsync();
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => server.CloneAsync("fails-once", _ => throw new InvalidOperationException("no schema today")));

        await using var clone = await server.CloneAsync("fails-once", _ => Task.CompletedTask);
        Assert.Equal(1L, await CountAsync(clone, "select count(*) from pg_database where datname = current_database()"));
    }

    [Fact]
    public async Task Whoever_waits_for_a_template_whose_builder_fails_builds_it()
    {
        var server = await TestServer.SharedAsync();
        var second = new TaskCompletionSource();
        var first = server.CloneAsync("fails-for-the-first", async _ =>
        {
            await second.Task;
            throw new InvalidOperationException("settings that cannot be");
        });
        var waiting = server.CloneAsync("fails-for-the-first", _ => Task.CompletedTask);
        second.SetResult();

        await Assert.ThrowsAsync<InvalidOperationException>(() => first);
        await using var clone = await waiting;
        Assert.Equal(1L, await CountAsync(clone, "select count(*) from pg_database where datname = current_database()"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_test_process_that_ends_or_is_killed_takes_its_server_and_its_folder_along(bool killed)
    {
        await using var process = await HostProcess.StartAsync("test-process");
        Assert.True(Directory.Exists(process.DataFolder));

        await (killed ? process.KillAsync() : process.EndAsync());

        var waited = Stopwatch.StartNew();
        while (Directory.Exists(process.DataFolder))
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), "waited 60 s for the removal of " + process.DataFolder);
        await AssertNobodyListensAsync(process.Port);
    }

    [Fact]
    public async Task What_a_killed_process_could_not_remove_is_removed_by_the_next_one()
    {
        var folder = TestFolders.NewFolder();
        await using var process = await HostProcess.StartAsync("host", folder);
        await TestFolders.SweepAsync(CancellationToken.None);
        Assert.True(Directory.Exists(folder), "the folder of a living process was swept");
        await process.KillAsync();

        await TestFolders.SweepAsync(CancellationToken.None);

        Assert.False(Directory.Exists(folder));
        await AssertNobodyListensAsync(process.Port);
    }

    [Fact]
    public async Task A_server_of_a_tests_own_can_be_configured_and_is_removed_with_its_folder()
    {
        string dataFolder;
        await using (var own = await TestServer.StartOwnAsync(new Dictionary<string, string> { ["max_prepared_transactions"] = "3" }))
        {
            dataFolder = own.Server.DataFolder;
            Assert.Equal("3", await Sql.QueryAsync(own.ConnectionString, "show max_prepared_transactions"));
            Assert.NotEqual((await TestServer.SharedAsync()).Server.Port, own.Server.Port);
        }

        Assert.False(Directory.Exists(dataFolder));
    }

    [Fact]
    public async Task A_server_that_its_test_stopped_to_start_it_again_is_left_alone_by_other_test_processes()
    {
        string dataFolder;
        await using (var own = await TestServer.StartOwnAsync())
        {
            dataFolder = own.Server.DataFolder;
            await own.Server.StopAsync();
            await TestFolders.SweepAsync(CancellationToken.None);
            Assert.True(Directory.Exists(dataFolder), "the folder was swept");
        }

        Assert.False(Directory.Exists(dataFolder));
    }

    private static async Task AssertNobodyListensAsync(int port)
    {
        using var client = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(IPAddress.Loopback, port));
    }

    private static async Task ExecuteAsync(TestDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<long> CountAsync(TestDatabase database, string sql)
    {
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
