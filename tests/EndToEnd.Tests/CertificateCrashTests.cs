using System.Text.Json.Nodes;
using ModularMonolith.Postgres.Testing;
using Npgsql;

namespace ModularMonolith.EndToEnd.Tests;

/// <summary>The host is killed in the middle of a certificate. What it had read by then counts for nothing.</summary>
public sealed class CertificateCrashTests
{
    private const string Certificates = "/api/inventory/certificates";

    [Fact]
    public async Task A_certificate_that_kill_9_interrupts_begins_again_says_so_and_vouches_for_nothing_before()
    {
        // Not on a server of the host's own: the next host would begin it anew, and with it end the transaction that stands in the way.
        await using var database = await (await TestServer.SharedAsync()).CreateDatabaseAsync();
        var settings = HostSettings.On(database.ConnectionString);
        var sku = Shop.NewSku();
        var host = await HostProcess.StartAsync(settings);
        try
        {
            using var api = host.Callers.Admin();
            await new Shop(api).SellAsync(5, sku);
            var before = await CompleteAsync(api, await RequestAsync(api));
            Assert.Equal("held", (string?)before["status"]);
            await using var server = NpgsqlDataSource.Create(database.ConnectionString);
            await using var obstacle = await server.OpenConnectionAsync();
            await ExecuteAsync(obstacle, "begin; lock table inventory.mt_doc_backorder in access exclusive mode");

            // All stock items are read before the first back-order, at which it stops.
            var interrupted = await RequestAsync(api);
            await Eventually.Async(() => WaitingAsync(server), static waiting => waiting == 1);
            AssertUnfinished(await GetAsync(api, interrupted), attempts: 1);
            AssertLatest(before, await GetAsync(api, Certificates + "/latest"));
            await host.KillAsync();
            await host.DisposeAsync();
            await using (var forgery = server.CreateCommand("update inventory.mt_doc_stock_item set data = jsonb_set(data, '{onHand}', '6') where id = 'main/' || $1"))
            {
                forgery.Parameters.AddWithValue(sku);
                Assert.Equal(1, await forgery.ExecuteNonQueryAsync());
            }

            // A migration would wait for the table as well.
            host = await HostProcess.StartAsync(settings.With("Database__MigrateOnStart", "false"));
            using var again = host.Callers.Admin();
            await Eventually.Async(() => GetAsync(again, interrupted), static certificate => (int?)certificate["attempts"] == 2);
            AssertUnfinished(await GetAsync(again, interrupted), attempts: 2);
            AssertLatest(before, await GetAsync(again, Certificates + "/latest"));

            await ExecuteAsync(obstacle, "rollback");
            var after = await CompleteAsync(again, interrupted);
            Assert.Equal(("broken", 2), ((string?)after["status"], (int?)after["attempts"]));
            Assert.Contains(after["findings"]!["differences"]!.AsArray(), difference => (string?)difference!["sku"] == sku);
            var latest = await GetAsync(again, Certificates + "/latest");
            Assert.Equal(((string?)after["id"], (string?)before["startedAt"]), ((string?)latest["id"], (string?)latest["lastHeldAt"]));
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    private static void AssertUnfinished(JsonNode certificate, int attempts)
    {
        Assert.Equal(("requested", attempts), ((string?)certificate["status"], (int?)certificate["attempts"]));
        Assert.NotNull(certificate["startedAt"]);
        Assert.Null(certificate["completedAt"]);
        Assert.Null(certificate["findings"]);
        Assert.Null(certificate["hash"]);
    }

    private static void AssertLatest(JsonNode expected, JsonNode latest) =>
        Assert.Equal(((string?)expected["id"], "held", (string?)expected["startedAt"]), ((string?)latest["id"], (string?)latest["status"], (string?)latest["lastHeldAt"]));

    private static async Task<string> RequestAsync(Api api) => (await api.PostAsync(Certificates, null)).Expect(202).Header("Location");

    private static async Task<JsonNode> GetAsync(Api api, string path) => (await api.GetAsync(path)).Expect(200).Json;

    private static Task<JsonNode> CompleteAsync(Api api, string path) =>
        Eventually.Async(() => GetAsync(api, path), static certificate => (string?)certificate["status"] != "requested", TimeSpan.FromSeconds(60));

    private static async Task<long> WaitingAsync(NpgsqlDataSource server)
    {
        await using var command = server.CreateCommand("select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%mt_doc_backorder%' and application_name like '%inventory%'");
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
