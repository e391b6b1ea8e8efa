using System.Diagnostics;
using System.Globalization;
using ModularMonolith.Postgres.Running;
using Npgsql;

namespace ModularMonolith.Postgres.Tests;

public sealed class CrashRecoveryTests
{
    [Fact]
    public async Task A_second_host_on_one_folder_is_refused_by_the_first_ones_process_id()
    {
        await using var folder = new ServerFolder();
        await using var first = await HostProcess.StartAsync("host", folder.DataFolder);

        var refusal = await Assert.ThrowsAsync<PostgresUnavailableException>(() => folder.StartAsync());

        Assert.Contains(folder.DataFolder, refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"(process id {first.Id})", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("Postgres:DataFolder", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_the_host_was_killed_the_next_start_takes_the_folder_over_with_its_data()
    {
        await using var folder = new ServerFolder();
        int orphan;
        await using (var host = await HostProcess.StartAsync("host", folder.DataFolder))
        {
            await Sql.QueryAsync(ConnectionString(folder, host), "create table kept as select 42 as answer");
            orphan = folder.PidFile!.ProcessId;
            await host.KillAsync();
        }

        await using var server = await folder.StartAsync();

        Assert.Equal(42, await Sql.QueryAsync(server.ConnectionString, "select answer from kept"));
        Assert.NotEqual(orphan, folder.PidFile!.ProcessId);
    }

    [Fact]
    public async Task A_host_that_exits_without_stopping_its_server_takes_it_along()
    {
        await using var folder = new ServerFolder();
        await using var host = await HostProcess.StartAsync("host-that-forgets-to-stop", folder.DataFolder);
        Assert.NotNull(folder.PidFile);

        await host.EndAsync();
        Assert.Null(folder.PidFile);
    }

    [Fact]
    public async Task After_the_server_was_killed_the_next_start_recovers_every_commit()
    {
        await using var folder = new ServerFolder();
        await using (var server = await folder.StartAsync())
        {
            await Sql.QueryAsync(server.ConnectionString, "create table kept (id int); checkpoint");
            await Sql.QueryAsync(server.ConnectionString, "set synchronous_commit = on; insert into kept select generate_series(1, 1000)");
            folder.KillPostmaster();
        }

        await using var again = await folder.StartAsync();
        Assert.Equal(1000L, await Sql.QueryAsync(again.ConnectionString, "select count(*) from kept"));
    }

    [Fact]
    public async Task A_backend_that_outlives_a_killed_server_is_waited_for()
    {
        await using var folder = new ServerFolder();
        Task busy;
        await using (var server = await folder.StartAsync())
        {
            var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false;Application Name=busy");
            await connection.OpenAsync();
            // A busy loop, unlike pg_sleep, does not notice that the postmaster is gone.
            busy = RunAsync(
                connection,
                "do $$ declare until timestamptz := clock_timestamp() + interval '60 s'; begin while clock_timestamp() < until and pg_stat_file('released', true) is null loop end loop; end $$");
            await WaitForAsync(server.ConnectionString, "select exists (select from pg_stat_activity where application_name = 'busy' and state = 'active')");
            folder.KillPostmaster();
        }

        var starting = folder.StartAsync();
        var waited = Stopwatch.StartNew();
        while (!(await File.ReadAllTextAsync(Path.Combine(folder.DataFolder, "log", "postgres.log"))).Contains("pre-existing shared memory block", StringComparison.Ordinal))
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), "waited 60 s for the start to meet the backend");
        await File.WriteAllTextAsync(Path.Combine(folder.Cluster, "released"), string.Empty);

        await using var again = await starting;
        Assert.Equal(1, await Sql.QueryAsync(again.ConnectionString, "select 1"));
        await busy;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pid_file_whose_number_belongs_to_another_program_is_not_believed(bool ownProgram)
    {
        await using var folder = new ServerFolder();
        await using (await folder.StartAsync())
        {
            folder.KillPostmaster();
        }

        var path = PostmasterPidFile.PathIn(folder.Cluster);
        var lines = await File.ReadAllLinesAsync(path);
        lines[0] = (ownProgram ? Environment.ProcessId : 1).ToString(CultureInfo.InvariantCulture);
        await File.WriteAllLinesAsync(path, lines);

        await using var server = await folder.StartAsync();
        Assert.Equal(1, await Sql.QueryAsync(server.ConnectionString, "select 1"));
    }

    [Fact]
    public async Task A_pid_file_that_names_the_server_of_another_folder_harms_neither()
    {
        await using var folder = new ServerFolder();
        await using var neighbour = new ServerFolder();
        await folder.InitialiseAsync();
        await using var neighbouring = await neighbour.StartAsync();
        File.Copy(PostmasterPidFile.PathIn(neighbour.Cluster), PostmasterPidFile.PathIn(folder.Cluster));

        await using var server = await folder.StartAsync();

        Assert.Equal(1, await Sql.QueryAsync(server.ConnectionString, "select 1"));
        Assert.Equal(1, await Sql.QueryAsync(neighbouring.ConnectionString, "select 1"));
    }

    private static string ConnectionString(ServerFolder folder, HostProcess host) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = "127.0.0.1",
            Port = host.Port,
            Username = "postgres",
            Password = File.ReadAllText(Path.Combine(folder.DataFolder, "password")),
        }.ConnectionString;

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using (connection)
        {
            await using var command = new NpgsqlCommand(sql, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task WaitForAsync(string connectionString, string condition)
    {
        var waited = Stopwatch.StartNew();
        while (await Sql.QueryAsync(connectionString, condition) is not true)
            Assert.True(waited.Elapsed < TimeSpan.FromSeconds(60), "waited 60 s for: " + condition);
    }
}
