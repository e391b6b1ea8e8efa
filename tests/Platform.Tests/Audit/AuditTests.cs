using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using MediatR;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Platform.Tests.Notes;
using Npgsql;

namespace ModularMonolith.Platform.Tests.Audit;

/// <summary>What a host writes into the audit log, and how it is asked.</summary>
public sealed class AuditTests(NotesHost notes) : IClassFixture<NotesHost>
{
    private static readonly AuthenticationHeaderValue Auditor = TestCredentials.Of("auditor", "audit:read");

    private ModuleHost Host => notes.Host;

    [Fact]
    public async Task A_change_says_who_made_it_when_from_where_and_what_it_concerned()
    {
        var session = Guid.NewGuid();
        var traceId = Guid.NewGuid().ToString("N");
        var agent = "Agent/1.0 " + new string('x', 300);
        using var answer = await WriteAsync("who and what", TestCredentials.InSession("ann", session), ("User-Agent", agent), ("traceparent", $"00-{traceId}-00f067aa0ba902b7-01"));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var note = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString()!;

        var entry = Assert.Single(await FindAsync($"resource={note}", 1));

        Assert.Equal("notes", Text(entry, "module"));
        Assert.Equal("WriteNote", Text(entry, "operation"));
        Assert.Equal("POST /api/notes/notes", Text(entry, "place"));
        Assert.Equal(("ann", session.ToString(), "Test"), (Text(entry, "subject"), Text(entry, "session"), Text(entry, "authentication")));
        Assert.Equal(agent[..200], Text(entry, "userAgent"));
        Assert.Equal((traceId, traceId), (Text(entry, "traceId"), Text(entry, "correlationId")));
        Assert.Matches("^[0-9a-f]{64}$", Text(entry, "idempotencyKey"));
        Assert.EndsWith("_notes", Text(entry, "writer"), StringComparison.Ordinal);
        Assert.InRange(entry.GetProperty("recordedAt").GetDateTimeOffset(), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        Assert.Equal($$"""[{"type":"note","id":"{{note}}","change":"stored","events":null,"version":null}]""", Changes(entry));
        Assert.Equal(1, entry.GetProperty("changeCount").GetInt32());
        Assert.DoesNotContain("who and what", entry.GetRawText(), StringComparison.Ordinal);

        var shown = await GetAsync($"entries/{Text(entry, "id")}");
        Assert.Equal(entry.GetRawText(), shown.GetProperty("record").GetRawText());
        Assert.Contains(note, Text(shown, "canonical"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_handler_of_an_event_changes_is_recorded_with_the_events_actor_and_the_subscription()
    {
        using var answer = await WriteAsync("handled for ben", TestCredentials.Of("ben"));

        var entries = await FindAsync("subject=ben&operation=remember-note", 1);

        var entry = Assert.Single(entries);
        Assert.Equal("subscription notes/remember-note", Text(entry, "place"));
        Assert.Contains($"\"type\":\"seen\",\"id\":\"{Text(entry, "causationId")}\"", Changes(entry), StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, entry.GetProperty("address").ValueKind);
        var cause = Assert.Single(await FindAsync("subject=ben&operation=WriteNote", 1));
        Assert.Equal(Text(cause, "correlationId"), Text(entry, "correlationId"));
    }

    [Fact]
    public async Task What_a_timer_does_is_recorded_with_its_name()
    {
        var id = Guid.NewGuid();
        await Host.SendAsync(new PlanReminder(id, Host.Time.GetUtcNow().AddSeconds(-1), "recorded reminder"));

        var entries = await FindAsync("operation=Remind", 1);

        Assert.Contains(entries, entry => Text(entry, "place") == "timer notes/remind" && Text(entry, "causationId") == id.ToString());
    }

    [Fact]
    public async Task Streams_are_named_with_their_events_and_versions_and_never_with_what_the_events_hold()
    {
        var diary = Guid.NewGuid();
        await Host.SendAsync(new WriteDiary(diary, Begins: true, Pages: 2));
        await Host.SendAsync(new WriteDiary(diary, Begins: false, Pages: 3));

        var entries = await FindAsync($"resource={diary}&type=stream", 2);

        Assert.Equal($$"""[{"type":"stream","id":"{{diary}}","change":"appended","events":["page_written"],"version":6}]""", Changes(entries[0]));
        Assert.Contains($$"""{"type":"stream","id":"{{diary}}","change":"started","events":["diary_begun","page_written"],"version":3}""", Changes(entries[1]), StringComparison.Ordinal);
        Assert.Contains("""{"type":"seen","id":"*","change":"deleted","events":null,"version":null}""", Changes(entries[1]), StringComparison.Ordinal);
        Assert.All(entries, static entry => Assert.DoesNotContain("secret words", entry.GetRawText(), StringComparison.Ordinal));
        Assert.All(entries, static entry => Assert.Equal("host", Text(entry, "place")));
    }

    [Fact]
    public async Task Of_many_changes_the_first_hundred_are_named_and_all_are_counted()
    {
        await Host.SendAsync(new WriteMany(250));

        var entry = Assert.Single(await FindAsync("operation=WriteMany", 1));

        Assert.Equal((100, 250), (entry.GetProperty("changes").GetArrayLength(), entry.GetProperty("changeCount").GetInt32()));
        Assert.Single(await FindAsync("resource=" + entry.GetProperty("changes")[99].GetProperty("id").GetString(), 1));
    }

    [Fact]
    public async Task What_was_not_committed_and_what_changed_nothing_leaves_no_entry()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => Host.SendAsync(new WriteNote("fails", Fault: "handler")));
        await Assert.ThrowsAsync<FluentValidation.ValidationException>(() => Host.SendAsync(new WriteNote(string.Empty)));
        await Host.SendAsync(new Ponder(Guid.NewGuid()));
        await using (var scope = Host.Services.CreateAsyncScope())
        {
            scope.ServiceProvider.GetRequiredService<DryRun>().IsOn = true;
            await scope.ServiceProvider.GetRequiredService<ISender>().Send(new WriteMany(3));
        }

        using var first = await WriteAsync("once", TestCredentials.Of("cleo"), ("Idempotency-Key", "the same"));
        using var replay = await WriteAsync("once", TestCredentials.Of("cleo"), ("Idempotency-Key", "the same"));
        Assert.True(replay.Headers.Contains("Idempotency-Replayed"));
        // What comes behind them is sealed behind them.
        await Host.SendAsync(new WriteDiary(Guid.NewGuid(), Begins: true, Pages: 0));
        await SealedAsync();

        Assert.Single(await FindAsync("operation=WriteNote&subject=cleo", 1));
        Assert.Empty(await FindAsync("operation=Ponder", 0));
        Assert.DoesNotContain(await FindAsync("operation=WriteMany", 0), static entry => entry.GetProperty("changeCount").GetInt32() == 3);
        Assert.DoesNotContain(await FindAsync("operation=WriteNote", 0), static entry => entry.GetProperty("changeCount").GetInt32() == 0);
    }

    [Fact]
    public async Task The_list_goes_over_all_pages_with_every_entry_once_and_knows_its_filters()
    {
        var from = DateTimeOffset.UtcNow.AddMinutes(-1);
        foreach (var number in Enumerable.Range(0, 7))
        {
            using var written = await WriteAsync("page " + number.ToString(CultureInfo.InvariantCulture), TestCredentials.Of("dora"));
        }

        var expected = (await FindAsync("subject=dora&operation=WriteNote&module=notes", 7)).Select(static entry => Text(entry, "id")).ToList();
        var seen = new List<string>();
        for (var query = "subject=dora&operation=WriteNote&limit=3"; query is not null;)
        {
            var page = await GetAsync("entries?" + query);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(static entry => Text(entry, "id")));
            query = page.GetProperty("next").GetString() is { } next ? "subject=dora&operation=WriteNote&limit=3&cursor=" + next : null;
        }

        Assert.Equal(expected, seen);
        Assert.Equal(7, seen.Distinct().Count());
        Assert.Equal(7, (await FindAsync("subject=dora&operation=WriteNote&from=" + Uri.EscapeDataString(from.ToString("O")), 7)).Count);
        Assert.Empty(await FindAsync("subject=dora&to=" + Uri.EscapeDataString(from.ToString("O")), 0));
        Assert.Empty(await FindAsync("subject=dora&module=other", 0));
        Assert.Empty(await FindAsync("subject=dora&resource=nothing", 0));
        foreach (var wrong in new[] { "entries?actor=ann", "entries?type=note", "entries?subject=", "entries?resource=a%00b", "entries?limit=0", "entries?from=yesterday", "entries?cursor=abc", "verification?head=1", "verification?head=x:" + new string('0', 64) })
        {
            using var refused = await SendAsync(wrong, Auditor);
            Assert.True(refused.StatusCode == HttpStatusCode.BadRequest, wrong);
        }

        using var unknown = await SendAsync("entries/" + Guid.NewGuid(), Auditor);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task The_chain_of_a_running_host_is_intact_and_contains_its_earlier_heads()
    {
        await Host.SendAsync(new WriteMany(1));
        await SealedAsync();
        var head = await GetAsync("head");
        var kept = $"{head.GetProperty("position").GetInt64()}:{Text(head, "hash")}";
        await Host.SendAsync(new WriteMany(1));
        await SealedAsync();

        var found = await GetAsync("verification?head=" + kept);

        Assert.True(found.GetProperty("isIntact").GetBoolean(), found.GetRawText());
        Assert.True(found.GetProperty("upTo").GetInt64() > head.GetProperty("position").GetInt64());
        var false_ = await GetAsync($"verification?head={kept[..^1]}{(kept[^1] == '0' ? '1' : '0')}");
        Assert.False(false_.GetProperty("isIntact").GetBoolean());
    }

    [Fact]
    public async Task What_operators_do_is_recorded_with_their_reason()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/log/subscriptions/notes/record-batch/rewind")
        {
            Content = JsonContent.Create(new { position = 1_000_000, reason = "because of a test" }),
            Headers = { Authorization = TestCredentials.Of("olga", "log:manage") },
        };
        using var answer = await Host.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var timer = Guid.NewGuid();
        await Host.SendAsync(new PlanReminder(timer, Host.Time.GetUtcNow().AddDays(1), "given up"));
        using var discard = new HttpRequestMessage(HttpMethod.Post, $"/api/log/timers/notes/{timer}/discard")
        {
            Content = JsonContent.Create(new { reason = "hopeless" }),
            Headers = { Authorization = TestCredentials.Of("olga", "log:manage") },
        };
        using var discarded = await Host.Client.SendAsync(discard);
        Assert.Equal(HttpStatusCode.OK, discarded.StatusCode);

        var entries = await FindAsync("subject=olga", 2);

        Assert.Equal(["DiscardTimer: hopeless", "RewindSubscription: because of a test"], entries.Select(static entry => $"{Text(entry, "operation")}: {Text(entry, "reason")}"));
        Assert.Contains(timer.ToString(), Changes(entries[0]), StringComparison.Ordinal);
        Assert.Contains("notes/record-batch", Changes(entries[1]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_says_that_entries_wait_to_be_sealed_and_that_they_do_not_any_more()
    {
        await using (var source = NpgsqlDataSource.Create(Host.ConnectionString))
        await using (var connection = await source.OpenConnectionAsync())
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using var block = new NpgsqlCommand("select from audit.chain for update", connection, transaction);
            await block.ExecuteNonQueryAsync();
            await using var old = source.CreateCommand("insert into audit.pending (id, recorded_at, entry) values (gen_random_uuid(), clock_timestamp() - interval '5 minutes', '{}')");
            await old.ExecuteNonQueryAsync();
            Assert.Contains("have been waiting for 300 s", await HealthAsync(), StringComparison.Ordinal);
        }

        await Eventually.Async(HealthAsync, static health => health.Contains("The audit log is sealed.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Bringing_the_database_up_to_date_is_recorded()
    {
        await Host.MigrateAsync();

        var entries = await FindAsync("operation=Migrate&module=platform", 1);

        Assert.DoesNotContain("_notes", Text(entries[0], "writer"), StringComparison.Ordinal);
        await using var source = NpgsqlDataSource.Create(Host.ConnectionString);
        await using var kept = source.CreateCommand("select keep_days from audit.chain");
        Assert.Equal(730, await kept.ExecuteScalarAsync());
    }

    private Task<JsonElement> SealedAsync() => Eventually.Async(() => GetAsync("head"), static head => head.GetProperty("waitingSeconds").ValueKind == JsonValueKind.Null);

    private async Task<List<JsonElement>> FindAsync(string filter, int least)
    {
        var page = await Eventually.Async(() => GetAsync("entries?limit=100&" + filter), found => found.GetProperty("items").GetArrayLength() >= least);
        return [.. page.GetProperty("items").EnumerateArray()];
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var answer = await SendAsync(path, Auditor);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<HttpResponseMessage> SendAsync(string path, AuthenticationHeaderValue credentials)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/audit/" + path) { Headers = { Authorization = credentials } };
        return await Host.Client.SendAsync(request);
    }

    private async Task<HttpResponseMessage> WriteAsync(string text, AuthenticationHeaderValue credentials, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/notes/notes") { Content = JsonContent.Create(new { text }), Headers = { Authorization = credentials } };
        foreach (var (name, value) in headers.Append(("Idempotency-Key", Guid.NewGuid().ToString())).DistinctBy(static header => header.Item1))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Host.Client.SendAsync(request);
    }

    private async Task<string> HealthAsync() => await Host.Client.GetStringAsync(new Uri("/health/ready", UriKind.Relative));

    private static string Text(JsonElement entry, string name) => entry.GetProperty(name).GetString()!;

    private static string Changes(JsonElement entry) => entry.GetProperty("changes").GetRawText();
}
