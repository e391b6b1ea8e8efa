using ModularMonolith.Postgres.Testing;

namespace ModularMonolith.EndToEnd.Tests;

/// <summary>How a host starts.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task A_module_that_nothing_needs_can_be_switched_off()
    {
        await using var host = await RunningHost.StartAsync(settings => settings.With("Modules__ledger__Enabled", "false"));

        (await host.Api.GetAsync("/api/ledger/entries/" + Guid.CreateVersion7())).ExpectProblem(404);
        (await host.Api.GetAsync("/api/baskets/unknown")).ExpectProblem(404);
        var document = (await host.Api.GetAsync("/openapi/v1.json")).Expect(200);
        Assert.DoesNotContain("/api/ledger", document.Body, StringComparison.Ordinal);
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
    public async Task Without_roles_per_module_the_host_works_and_says_so()
    {
        await using var host = await RunningHost.StartAsync(settings => settings.With("Database__Isolation", "Schema"));

        Assert.Contains("Database:Isolation is Schema", host.Process.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("\"isolation\":\"Schema\"", (await host.Api.GetAsync("/health/ready")).Expect(200).Body, StringComparison.Ordinal);
        (await host.Api.GetAsync("/api/catalog/products")).Expect(200);
        (await host.Api.PostAsync("/api/baskets", new { })).Expect(201);
    }

    private static async Task<long> CountSchemasAsync(TestDatabase database)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(database.ConnectionString);
        await using var command = source.CreateCommand("select count(*) from information_schema.schemata where schema_name in ('catalog', 'inventory', 'baskets', 'ordering', 'identity')");
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
