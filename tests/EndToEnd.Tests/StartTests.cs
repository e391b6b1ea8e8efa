using ModularMonolith.Postgres.Testing;

namespace ModularMonolith.EndToEnd.Tests;

/// <summary>How a host starts, and how it says why it does not.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task A_second_host_on_one_data_folder_ends_and_names_the_first()
    {
        await using var folder = new DataFolder();
        await using var first = await HostProcess.StartAsync(HostSettings.In(folder));

        var (exitCode, output) = await HostProcess.RunToEndAsync(HostSettings.In(folder));

        Assert.Equal(1, exitCode);
        Assert.Contains($"already used by another host (process id {first.Id})", output, StringComparison.Ordinal);
        AssertReadable(output);
        Assert.Equal(0, await first.StopAsync());
    }

    [Fact]
    public async Task Without_PostgreSQL_the_host_ends_and_names_the_three_ways_out()
    {
        await using var folder = new DataFolder();

        var (exitCode, output) = await HostProcess.RunToEndAsync(HostSettings.In(folder).With("Postgres__BinariesPath", "/nonexistent"));

        Assert.Equal(1, exitCode);
        Assert.Contains("install PostgreSQL", output, StringComparison.Ordinal);
        Assert.Contains("Postgres:BinariesPath", output, StringComparison.Ordinal);
        Assert.Contains("ConnectionStrings:Default", output, StringComparison.Ordinal);
        AssertReadable(output);
    }

    [Fact]
    public async Task A_database_that_does_not_answer_ends_the_start_with_its_address()
    {
        var (exitCode, output) = await HostProcess.RunToEndAsync(HostSettings.On("Host=127.0.0.1;Port=1;Username=x;Password=secret-word;Database=shop"));

        Assert.Equal(1, exitCode);
        Assert.Contains("127.0.0.1:1", output, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-word", output, StringComparison.Ordinal);
        AssertReadable(output);
    }

    [Fact]
    public async Task A_module_that_another_one_needs_cannot_be_switched_off_alone()
    {
        var settings = HostSettings.On("Host=127.0.0.1;Port=1;Username=x;Password=x;Database=shop").With("Modules__catalog__Enabled", "false");

        var (exitCode, output) = await HostProcess.RunToEndAsync(settings);

        Assert.Equal(1, exitCode);
        Assert.Contains("needs module 'catalog', which is switched off", output, StringComparison.Ordinal);
        AssertReadable(output);
    }

    [Fact]
    public async Task A_module_that_nothing_needs_can_be_switched_off()
    {
        await using var host = await RunningHost.StartAsync(settings => settings.With("Modules__ordering__Enabled", "false"));

        (await host.Api.GetAsync("/api/ordering/orders/" + Guid.CreateVersion7())).ExpectProblem(404);
        (await host.Api.GetAsync("/api/baskets/unknown")).ExpectProblem(404);
        var document = (await host.Api.GetAsync("/openapi/v1.json")).Expect(200);
        Assert.DoesNotContain("/api/ordering", document.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Production_serves_after_a_migration_and_not_before()
    {
        var server = await TestServer.SharedAsync();
        await using var database = await server.CreateDatabaseAsync();
        var settings = HostSettings.On(database.ConnectionString).With("DOTNET_ENVIRONMENT", "Production").With("Http__RequireHttps", "false");

        await using (var early = await HostProcess.StartListeningAsync(settings))
        {
            using var api = early.Callers.Anonymous();
            (await api.GetAsync("/health/live")).Expect(200);
            var ready = (await api.GetAsync("/health/ready")).Expect(503);
            Assert.Contains("migrate", ready.Body, StringComparison.Ordinal);
            Assert.Equal(0, await CountSchemasAsync(database));
            Assert.Equal(0, await early.StopAsync());
        }

        var (exitCode, output) = await HostProcess.RunToEndAsync(settings, "migrate");
        Assert.True(exitCode == 0, output);
        Assert.Equal(5, await CountSchemasAsync(database));

        await using var host = await HostProcess.StartAsync(settings);
        using var anonymous = host.Callers.Anonymous();
        (await anonymous.GetAsync("/api/catalog/products")).Expect(200);
        var product = new { title = "Kettle", variants = new[] { new { price = new { amount = 2500, currency = "EUR" } } } };
        (await anonymous.PostAsync("/api/catalog/products", product)).ExpectProblem(401, "unauthenticated");
        using var admin = host.Callers.Admin();
        (await admin.PostAsync("/api/catalog/products", product)).Expect(201);
        Assert.Equal(0, await host.StopAsync());
    }

    [Fact]
    public async Task A_migration_that_cannot_be_done_ends_with_its_reason()
    {
        var settings = HostSettings.On("Host=127.0.0.1;Port=1;Username=x;Password=x;Database=shop").With("DOTNET_ENVIRONMENT", "Production");

        var (exitCode, output) = await HostProcess.RunToEndAsync(settings, "migrate");

        Assert.Equal(1, exitCode);
        Assert.Contains("migration failed", output, StringComparison.Ordinal);
        AssertReadable(output);
    }

    [Fact]
    public async Task Without_roles_per_module_the_host_works_and_says_so()
    {
        await using var host = await RunningHost.StartAsync(settings => settings.With("Database__Isolation", "Schema"));

        Assert.Contains("Database:Isolation is Schema", host.Process.Output, StringComparison.Ordinal);
        Assert.Contains("\"isolation\":\"Schema\"", (await host.Api.GetAsync("/health/ready")).Expect(200).Body, StringComparison.Ordinal);
        (await host.Api.GetAsync("/api/catalog/products")).Expect(200);
        (await host.Api.PostAsync("/api/baskets", new { })).Expect(201);
    }

    private static void AssertReadable(string output)
    {
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", output, StringComparison.Ordinal);
    }

    private static async Task<long> CountSchemasAsync(TestDatabase database)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand("select count(*) from information_schema.schemata where schema_name in ('catalog', 'inventory', 'baskets', 'ordering', 'identity')");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
