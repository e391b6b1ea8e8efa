using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Platform.Tests.Notes;
using Npgsql;

namespace ModularMonolith.Platform.Tests;

public sealed class LogDeliveryTests(NotesHost notes) : IClassFixture<NotesHost>, IDisposable
{
    private readonly ModuleHost _host = notes.Host;
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(notes.Host.ConnectionString);

    private ProbeFaults Faults => _host.Services.GetRequiredService<ProbeFaults>();

    public void Dispose() => _source.Dispose();

    [Fact]
    public async Task Events_behind_a_failing_one_of_their_key_wait_for_it_and_other_keys_go_on()
    {
        Faults.ByKey["held"] = static number => number == 1 ? throw new InvalidOperationException("The first one fails.") : Task.CompletedTask;
        await SendAsync("held", 1, 2, 3);
        await SendAsync("free", 1);

        await Eventually.Async(() => EffectsAsync("record-probe", "free"), static found => found.Count == 1);
        await Eventually.Async(() => StatesAsync("held"), static found => found == "parked,held,held");
        Assert.Empty(await EffectsAsync("record-probe", "held"));

        Faults.ByKey.TryRemove("held", out _);
        await PostAsync("/failed/replay", new { key = "held", reason = "The cause is gone." });

        var effects = await Eventually.Async(() => EffectsAsync("record-probe", "held"), static found => found.Count == 3);
        Assert.Equal([1, 2, 3], effects.Select(static effect => effect.Number));
        Assert.Equal("settled,settled,settled", await StatesAsync("held"));

        await SendAsync("held", 4);
        await Eventually.Async(() => EffectsAsync("record-probe", "held"), static found => found.Count == 4);
    }

    [Fact]
    public async Task A_discarded_event_lets_those_behind_it_go_on_and_the_audit_says_why()
    {
        Faults.ByKey["discarded"] = static number => number == 1 ? throw new InvalidOperationException("It is poison.") : Task.CompletedTask;
        await SendAsync("discarded", 1, 2);
        await Eventually.Async(() => StatesAsync("discarded"), static found => found == "parked,held");
        using var health = await _host.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.Equal(System.Net.HttpStatusCode.OK, health.StatusCode);
        var check = (await health.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("checks").GetProperty("log");
        Assert.Equal("degraded", check.GetProperty("status").GetString());
        Assert.Contains("wait for an operator", check.GetProperty("data").GetProperty("notes/record-probe").GetString(), StringComparison.Ordinal);
        var position = (long)(await ScalarAsync("select min(position) from notes.log_dead_letter where key = 'discarded'"))!;

        await PostAsync($"/failed/{position}/discard", new { reason = "Nobody needs it." });

        var effect = Assert.Single(await Eventually.Async(() => EffectsAsync("record-probe", "discarded"), static found => found.Count == 1));
        Assert.Equal(2, effect.Number);
        var shown = await _host.Client.GetFromJsonAsync<JsonElement>($"/api/log/subscriptions/notes/record-probe/failed/{position}");
        Assert.Equal("discarded", shown.GetProperty("summary").GetProperty("state").GetString());
        Assert.Equal("Nobody needs it.", shown.GetProperty("audit")[0].GetProperty("reason").GetString());
        Assert.Equal(3, shown.GetProperty("errors").GetArrayLength());
        Assert.Contains("It is poison.", shown.GetProperty("errors")[0].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_the_order_does_not_count_later_events_do_not_wait()
    {
        Faults.ByKey["loose"] = static number => number == 1 ? throw new InvalidOperationException("The first one fails.") : Task.CompletedTask;
        await SendAsync("loose", 1, 2);

        var effect = Assert.Single(await Eventually.Async(() => EffectsAsync("record-probe-loosely", "loose"), static found => found.Count == 1));
        Assert.Equal(2, effect.Number);
    }

    [Fact]
    public async Task Keys_are_handled_side_by_side()
    {
        var keys = Enumerable.Range(0, 1_000).Select(static number => "side " + number).DistinctBy(static key => LogMessage.LaneOf(key, 4)).Take(4).ToList();
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var there = 0;
        foreach (var key in keys)
        {
            Faults.ByKey[key] = _ =>
            {
                if (Interlocked.Increment(ref there) == keys.Count)
                {
                    all.TrySetResult();
                }

                return all.Task.WaitAsync(TimeSpan.FromSeconds(60));
            };
        }

        foreach (var key in keys)
        {
            await SendAsync(key, 1);
        }

        foreach (var key in keys)
        {
            await Eventually.Async(() => EffectsAsync("record-probe", key), static found => found.Count == 1);
        }
    }

    [Fact]
    public async Task A_batch_is_one_transaction_and_falls_back_to_single_events_when_one_of_them_fails()
    {
        Faults.ByKey["rotten"] = static _ => throw new InvalidOperationException("One of the batch fails.");
        await using (var connection = await _source.OpenConnectionAsync())
        {
            await using var together = await connection.BeginTransactionAsync();
            for (var number = 1; number <= 40; number++)
            {
                await using var insert = new NpgsqlCommand(
                    "insert into integration.message (id, name, version, key, payload, headers) values (gen_random_uuid(), 'notes.batch-sent', 1, $1, jsonb_build_object('probeKey', $1, 'number', $2), '{}')", connection);
                insert.Parameters.AddWithValue(number == 20 ? "rotten" : "batch");
                insert.Parameters.AddWithValue(number);
                await insert.ExecuteNonQueryAsync();
            }

            await together.CommitAsync();
        }

        var effects = await Eventually.Async(() => EffectsAsync("record-batch", "batch"), static found => found.Count == 39);
        Assert.Equal(Enumerable.Range(1, 40).Where(static number => number != 20), effects.Select(static effect => effect.Number));
        Assert.Equal("parked", await StatesAsync("rotten"));

        for (var number = 1; number <= 30; number++)
        {
            await _host.PublishAsync(new BatchSent("sound", number));
        }

        await Eventually.Async(() => EffectsAsync("record-batch", "sound"), static found => found.Count == 30);
    }

    [Fact]
    public async Task Events_of_several_kinds_come_in_one_transaction_in_their_order_where_the_handler_wants_it()
    {
        Faults.ByKey["mixed-rotten"] = static _ => throw new InvalidOperationException("It cannot be handled.");
        await InsertMixedAsync(1, 40, 30);

        var effects = await Eventually.Async(() => EffectsAsync("record-mixed-batch", "mixed"), static found => found.Count == 39);
        Assert.Equal(Enumerable.Range(1, 40).Where(static number => number != 30), effects.Select(static effect => effect.Number));
        Assert.Equal("parked", await StatesAsync("mixed-rotten"));

        await InsertMixedAsync(41, 60, 0);
        await Eventually.Async(() => EffectsAsync("record-mixed-batch", "mixed"), static found => found.Count == 59);
        Assert.InRange((long)(await ScalarAsync("select count(distinct batch) from notes.probe_effect where subscription = 'record-mixed-batch' and number > 40"))!, 1, 19);
    }

    [Fact]
    public async Task Stored_events_of_older_versions_are_lifted_and_newer_ones_are_parked_at_once()
    {
        await InsertAsync("notes.lifted-sent", 1, "lifted", """{"probeKey":"lifted","euros":12}""");
        await InsertAsync("notes.lifted-sent", 3, "lifted", """{"probeKey":"lifted","amount":7,"currency":"JPY"}""");
        await InsertAsync("notes.lifted-sent", 4, "newer", """{"probeKey":"newer"}""");

        Assert.Equal(1_200, Assert.Single(await Eventually.Async(() => EffectsAsync("EUR", "lifted"), static found => found.Count == 1)).Number);
        Assert.Equal(7, Assert.Single(await Eventually.Async(() => EffectsAsync("JPY", "lifted"), static found => found.Count == 1)).Number);
        await Eventually.Async(() => StatesAsync("newer"), static state => state == "parked");
        Assert.Equal(1, await ScalarAsync("select attempts from notes.log_dead_letter where key = 'newer'"));
    }

    [Fact]
    public async Task A_rewound_subscription_has_its_events_again_and_is_told_so()
    {
        await SendAsync("again", 1, 2);
        var effects = await Eventually.Async(() => EffectsAsync("record-probe", "again"), static found => found.Count == 2);

        await PostAsync("/rewind", new { position = effects[0].Position - 1, reason = "The effects were lost." });

        var repeated = await Eventually.Async(() => EffectsAsync("record-probe", "again"), static found => found.Count == 4);
        Assert.Equal([(1, false), (2, false), (1, true), (2, true)], repeated.Select(static effect => (effect.Number, effect.IsReplay)));
        await SendAsync("again", 3);
        var last = await Eventually.Async(() => EffectsAsync("record-probe", "again"), static found => found.Count == 5);
        Assert.False(last[^1].IsReplay);
    }

    [Fact]
    public async Task The_operators_view_names_every_subscription_and_the_host_that_runs_it()
    {
        await SendAsync("listed", 1);
        await Eventually.Async(() => EffectsAsync("record-probe", "listed"), static found => found.Count == 1);

        // The lanes that had none of the events follow within a second or two.
        var found = await Eventually.Async(
            async () => (await _host.Client.GetFromJsonAsync<JsonElement>("/api/log/subscriptions")).EnumerateArray()
                .Single(static subscription => subscription.GetProperty("subscription").GetString() == "notes/record-probe"),
            static subscription => subscription.GetProperty("behind").GetInt64() == 0 && subscription.GetProperty("oldestWaiting").ValueKind == JsonValueKind.Null);

        Assert.Equal(4, found.GetProperty("lanes").GetInt32());
        Assert.NotNull(found.GetProperty("host").GetString());
        Assert.Equal(["notes.lifted-sent", "notes.probe-sent"], found.GetProperty("events").EnumerateArray().Select(static name => name.GetString()!));
        using var unknown = await _host.Client.GetAsync(new Uri("/api/log/subscriptions/notes/nobody/failed", UriKind.Relative));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, unknown.StatusCode);
    }

    private async Task SendAsync(string key, params int[] numbers)
    {
        foreach (var number in numbers)
        {
            await _host.PublishAsync(new ProbeSent(key, number));
        }
    }

    private Task<object?> InsertMixedAsync(int first, int last, int rotten) => ScalarAsync(
        """
        insert into integration.message (id, name, version, key, payload, headers)
        select gen_random_uuid(), case when number % 3 = 0 then 'notes.blended-sent' else 'notes.mixed-sent' end, 1, key, jsonb_build_object('probeKey', key, 'number', number), '{}'
        from (select number, case number when $3 then 'mixed-rotten' else 'mixed' end as key from generate_series($1, $2) number) numbered order by number
        """,
        first, last, rotten);

    private Task<object?> InsertAsync(string name, int version, string key, string payload) => ScalarAsync(
        "insert into integration.message (id, name, version, key, payload, headers) values (gen_random_uuid(), $1, $2, $3, $4::jsonb, '{}') returning position", name, version, key, payload);

    private async Task PostAsync(string path, object body)
    {
        using var response = await _host.Client.PostAsJsonAsync("/api/log/subscriptions/notes/record-probe" + path, body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<List<(int Number, long Position, bool IsReplay)>> EffectsAsync(string subscription, string key)
    {
        await using var command = _source.CreateCommand("select number, position, replay from notes.probe_effect where subscription = $1 and key = $2 order by id");
        command.Parameters.AddWithValue(subscription);
        command.Parameters.AddWithValue(key);
        await using var reader = await command.ExecuteReaderAsync();
        var effects = new List<(int, long, bool)>();
        while (await reader.ReadAsync())
        {
            effects.Add((reader.GetInt32(0), reader.GetInt64(1), reader.GetBoolean(2)));
        }

        return effects;
    }

    private async Task<string> StatesAsync(string key) =>
        (string)(await ScalarAsync("select coalesce(string_agg(state, ',' order by position), '') from notes.log_dead_letter where key = $1 and subscription <> 'record-probe-loosely'", key))!;

    private async Task<object?> ScalarAsync(string sql, params object[] values)
    {
        await using var command = _source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        return await command.ExecuteScalarAsync();
    }
}
