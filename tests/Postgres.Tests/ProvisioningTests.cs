using Microsoft.Extensions.Logging.Abstractions;
using ModularMonolith.Postgres.Testing;
using Npgsql;

namespace ModularMonolith.Postgres.Tests;

public sealed class ProvisioningTests
{
    [Fact]
    public async Task The_second_start_finds_the_data_of_the_first()
    {
        await using var folder = new ServerFolder();
        await using (var first = await folder.StartAsync())
            await Sql.QueryAsync(first.ConnectionString, "create table kept as select 42 as answer");

        await using var second = await folder.StartAsync();
        Assert.Equal(42, await Sql.QueryAsync(second.ConnectionString, "select answer from kept"));
    }

    [Fact]
    public async Task The_server_listens_on_loopback_only_and_opens_no_socket_file()
    {
        var server = (await TestServer.SharedAsync()).Server;

        Assert.Equal("127.0.0.1", await Sql.QueryAsync(server.ConnectionString, "show listen_addresses"));
        Assert.Equal("", await Sql.QueryAsync(server.ConnectionString, "show unix_socket_directories"));
        Assert.Equal(server.Port, await Sql.QueryAsync(server.ConnectionString, "select inet_server_port()"));
    }

    [Fact]
    public async Task Nobody_enters_without_the_password_which_is_kept_by_scram_only()
    {
        var server = (await TestServer.SharedAsync()).Server;

        var wrong = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "guess" }.ConnectionString;
        var refusal = await Assert.ThrowsAsync<PostgresException>(() => Sql.QueryAsync(wrong, "select 1"));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refusal.SqlState);
        Assert.Equal(
            true,
            await Sql.QueryAsync(server.ConnectionString, "select bool_and(auth_method = 'scram-sha-256') from pg_hba_file_rules"));
        Assert.Equal(
            true,
            await Sql.QueryAsync(server.ConnectionString, "select rolpassword like 'SCRAM-SHA-256$%' from pg_authid where rolname = 'postgres'"));
    }

    [Fact]
    public async Task Two_folders_get_different_passwords_in_files_that_only_the_owner_can_read()
    {
        await using var one = new ServerFolder();
        await using var other = new ServerFolder();
        await Task.WhenAll(one.InitialiseAsync(), other.InitialiseAsync());

        var (first, second) = (Path.Combine(one.DataFolder, "password"), Path.Combine(other.DataFolder, "password"));
        Assert.NotEqual(await File.ReadAllTextAsync(first), await File.ReadAllTextAsync(second));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(first));
    }

    [Fact]
    public async Task Letters_beyond_ASCII_have_two_cases_while_text_sorts_by_code_point()
    {
        var server = (await TestServer.SharedAsync()).Server;

        Assert.Equal("école", await Sql.QueryAsync(server.ConnectionString, "select lower('ÉCOLE')"));
        Assert.Equal(true, await Sql.QueryAsync(server.ConnectionString, "select to_tsvector('simple', 'CAFÉ crème') @@ to_tsquery('simple', 'café')"));
        Assert.Equal(true, await Sql.QueryAsync(server.ConnectionString, "select 'Z' < 'a'"));
        Assert.Equal("UTF8", await Sql.QueryAsync(server.ConnectionString, "show server_encoding"));
    }

    [Theory]
    [InlineData(true, "on")]
    [InlineData(false, "off")]
    public async Task Durability_is_on_unless_it_is_switched_off(bool durable, string expected)
    {
        await using var folder = new ServerFolder();
        var options = new PostgresServerOptions { DataFolder = folder.DataFolder, Durable = durable };
        await using var server = await PostgresServer.StartAsync(options, NullLogger.Instance);

        foreach (var name in new[] { "fsync", "full_page_writes", "synchronous_commit" })
            Assert.Equal(expected, await Sql.QueryAsync(server.ConnectionString, "show " + name));
    }

    [Fact]
    public async Task Further_settings_reach_the_server_whatever_characters_they_hold()
    {
        await using var folder = new ServerFolder();
        var settings = new Dictionary<string, string> { ["work_mem"] = "7MB", ["shop.greeting"] = @"it's a \ 'quoted' one" };
        await using var server = await PostgresServer.StartAsync(folder.Options(settings: settings), NullLogger.Instance);

        Assert.Equal("7MB", await Sql.QueryAsync(server.ConnectionString, "show work_mem"));
        Assert.Equal(settings["shop.greeting"], await Sql.QueryAsync(server.ConnectionString, "show shop.greeting"));
        Assert.Equal("500", await Sql.QueryAsync(server.ConnectionString, "show max_connections"));
    }

    [Fact]
    public async Task A_folder_name_full_of_shell_characters_is_just_a_name()
    {
        await using var folder = new ServerFolder("data \"x\" 'y' $(touch pwned) `id` & ünïcode");
        await using var server = await folder.StartAsync();

        Assert.Equal(folder.Cluster, await Sql.QueryAsync(server.ConnectionString, "show data_directory"));
    }

    [Fact]
    public async Task The_folder_in_use_is_the_one_asked_for_and_a_relative_one_is_made_full()
    {
        await using var folder = new ServerFolder();
        var relative = Path.GetRelativePath(Environment.CurrentDirectory, folder.DataFolder);
        var options = new PostgresServerOptions { DataFolder = relative, Durable = false };
        await using var server = await PostgresServer.StartAsync(options, NullLogger.Instance);

        Assert.Equal(folder.DataFolder, server.DataFolder);
    }

    [Fact]
    public async Task What_a_killed_initdb_left_is_swept_and_the_start_succeeds()
    {
        await using var folder = new ServerFolder();
        var staging = Directory.CreateDirectory(Path.Combine(folder.DataFolder, "initialising-0123", "cluster")).Parent!;
        await File.WriteAllTextAsync(Path.Combine(staging.FullName, "cluster", "PG_VERSION"), "15\n");
        await File.WriteAllTextAsync(Path.Combine(folder.DataFolder, "password"), "of the killed attempt");

        await using var server = await folder.StartAsync();

        Assert.Equal(1, await Sql.QueryAsync(server.ConnectionString, "select 1"));
        Assert.False(Directory.Exists(staging.FullName));
    }

    [Fact]
    public async Task An_empty_cluster_folder_is_as_good_as_none()
    {
        await using var folder = new ServerFolder();
        Directory.CreateDirectory(folder.Cluster);

        await using var server = await folder.StartAsync();
        Assert.Equal(1, await Sql.QueryAsync(server.ConnectionString, "select 1"));
    }
}
