using ModularMonolith.Platform.Testing;
using ModularMonolith.Reliability.LogHost;
using Npgsql;

namespace ModularMonolith.Reliability.Tests;

/// <summary>
/// Cuts the host off from the database at each of the requests that the delivery of an event makes, before and after the server has done
/// what it was asked for. Whatever the host was in the middle of, each effect happens once.
/// </summary>
public sealed class FaultPointTests
{
    private const int Requests = 24;

    [Fact]
    public async Task A_connection_that_breaks_at_any_request_of_a_delivery_costs_no_effect_and_doubles_none()
    {
        var server = await Postgres.Testing.TestServer.SharedAsync();
        await using var proxy = new FaultProxy(new NpgsqlConnectionStringBuilder(server.ConnectionString).Port);
        await using var host = await ModuleHost.StartAsync(
            typeof(Happened).Assembly, settings: new Dictionary<string, string?> { ["Log:Listen"] = "false" }, address: connection => connection.Port = proxy.Port);
        var cuts = 0;
        for (var request = 1; request <= Requests; request++)
        {
            foreach (var afterwards in new[] { false, true })
            {
                var key = $"{request} {afterwards}";
                proxy.CutAt(request, afterwards);
                await host.PublishAsync(new Happened(key, 1, Fault: request % 3 == 0 ? 1 : 0));
                await host.PublishAsync(new Happened(key, 2));
                await Eventually.Async(() => CountAsync(host, key), static count => count >= 8);
                proxy.Disarm();
                cuts += proxy.HasCut ? 1 : 0;
            }
        }

        Assert.True(cuts > Requests, $"Only {cuts} cuts were made.");
        await using var source = NpgsqlDataSource.Create(host.ConnectionString);
        await using var command = source.CreateCommand("""
            select count(*) from (
                select 1 from flow.effect group by subscription, key
                having count(*) <> 2 or count(distinct message_id) <> 2 or (array_agg(number order by id)) <> '{1,2}') wrong
            """);
        Assert.Equal(0L, await command.ExecuteScalarAsync());
        Assert.Equal(Requests * 2 * 8L, await CountAsync(host, null));
    }

    private static async Task<long> CountAsync(ModuleHost host, string? key)
    {
        await using var source = NpgsqlDataSource.Create(host.ConnectionString);
        await using var command = source.CreateCommand("select count(*) from flow.effect where $1::text is null or key = $1");
        command.Parameters.AddWithValue((object?)key ?? DBNull.Value);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
