using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Platform.Tests.Notes;
using Npgsql;

namespace ModularMonolith.Platform.Tests;

public sealed class IntegrationLogTests(NotesHost notes) : IClassFixture<NotesHost>
{
    private const string WriteUnseen =
        "insert into integration.message (id, name, version, key, payload, headers) values (gen_random_uuid(), 'notes.unseen', 1, 'unseen', '{}', '{}')";

    private readonly ModuleHost _host = notes.Host;

    [Fact]
    public async Task An_event_is_delivered_after_the_commit_of_its_command()
    {
        await _host.SendAsync(new WriteNote("delivered"));

        var seen = await Eventually.Async(() => SeenAsync("delivered"), found => found.Count > 0);
        Assert.Single(seen);
    }

    [Fact]
    public async Task A_command_that_fails_leaves_neither_data_nor_event()
    {
        await Assert.ThrowsAsync<InvalidOperationException>(() => _host.SendAsync(new WriteNote("rolled back", "handler")));

        Assert.DoesNotContain(await _host.PublishedAsync<NoteWritten>(), written => written.NoteKey == "rolled back");
        Assert.Equal(0L, await ScalarAsync("select count(*) from notes.note_audit where text = 'rolled back'"));
    }

    [Fact]
    public async Task Events_of_one_key_arrive_in_the_order_in_which_they_were_written()
    {
        for (var number = 1; number <= 50; number++)
        {
            await _host.PublishAsync(new NoteWritten("ordered", number));
        }

        var seen = await Eventually.Async(() => SeenAsync("ordered"), found => found.Count >= 50);
        Assert.Equal(Enumerable.Range(1, 50), seen.OrderBy(effect => effect.Position).Select(effect => effect.Number));
    }

    [Fact]
    public async Task A_position_that_commits_late_is_not_skipped()
    {
        await using var source = NpgsqlDataSource.Create(_host.ConnectionString);
        await using var connection = await source.OpenConnectionAsync();
        await using var late = await connection.BeginTransactionAsync();
        await using (var insert = new NpgsqlCommand(
            "insert into integration.message (id, name, version, key, payload, headers) values (gen_random_uuid(), 'notes.note-written', 1, 'late', '{\"noteKey\":\"late\",\"number\":1}', '{}')", connection))
        {
            await insert.ExecuteNonQueryAsync();
        }

        await _host.PublishAsync(new NoteWritten("early", 2));
        Assert.Empty(await SeenAsync("early"));
        await late.CommitAsync();

        await Eventually.Async(() => SeenAsync("early"), found => found.Count == 1);
        var before = Assert.Single(await Eventually.Async(() => SeenAsync("late"), found => found.Count == 1));
        Assert.True(before.Position < Assert.Single(await SeenAsync("early")).Position);
    }

    [Fact]
    public async Task An_event_whose_writer_rolled_back_holds_nothing_up()
    {
        await using var source = NpgsqlDataSource.Create(_host.ConnectionString);
        await using var connection = await source.OpenConnectionAsync();
        await using (var abandoned = await connection.BeginTransactionAsync())
        {
            await using var insert = new NpgsqlCommand("select integration.next_position()", connection);
            await insert.ExecuteNonQueryAsync();
            await abandoned.RollbackAsync();
        }

        await _host.PublishAsync(new NoteWritten("after gap", 1));

        await Eventually.Async(() => SeenAsync("after gap"), found => found.Count == 1);
    }

    [Fact]
    public async Task A_handler_that_fails_at_first_has_its_effect_once()
    {
        await _host.PublishAsync(new NoteWritten("flaky", 1));

        Assert.Single(await Eventually.Async(() => SeenAsync("flaky"), found => found.Count > 0));
    }

    [Fact]
    public async Task An_event_that_can_never_be_handled_is_parked_and_the_next_one_is_delivered()
    {
        await _host.PublishAsync(new NoteWritten("poison", 1));
        await _host.PublishAsync(new NoteWritten("after poison", 1));

        await Eventually.Async(() => SeenAsync("after poison"), found => found.Count == 1);
        await Eventually.Async(() => ScalarAsync("select count(*) from notes.log_dead_letter where key = 'poison' and state = 'parked'"), parked => parked is 1L);
        Assert.Equal(1L, await ScalarAsync("select count(*) from notes.log_dead_letter where key = 'poison' and state = 'parked' and attempts = 5 and jsonb_array_length(errors) = 5 and error like '%cannot be handled%'"));
        Assert.Empty(await SeenAsync("poison"));
    }

    [Fact]
    public async Task A_position_of_the_youngest_transaction_is_waited_for_too()
    {
        await using var source = NpgsqlDataSource.Create(_host.ConnectionString);
        await using var older = await source.OpenConnectionAsync();
        await using var younger = await source.OpenConnectionAsync();
        var watermark = new LogWatermark(new LogSignal(), TimeProvider.System);
        var before = (long)(await ScalarAsync("select coalesce(max(position), 0) from integration.message"))!;
        watermark.StartFrom(before);

        // The older transaction has the lower id and the higher position. When it has committed, its snapshot's xmax is the
        // younger one's id, so that the younger one does not seem to be running.
        await using var first = await older.BeginTransactionAsync();
        await ExecuteAsync(older, "select pg_current_xact_id()");
        await using var second = await younger.BeginTransactionAsync();
        await ExecuteAsync(younger, WriteUnseen);
        await ExecuteAsync(older, WriteUnseen);
        await first.CommitAsync();
        await watermark.AdvanceAsync(source, CancellationToken.None);
        await watermark.AdvanceAsync(source, CancellationToken.None);
        Assert.Equal(before, watermark.Settled);

        await second.CommitAsync();
        await watermark.AdvanceAsync(source, CancellationToken.None);
        Assert.Equal(before + 2, watermark.Settled);
    }

    [Fact]
    public async Task An_event_that_was_delivered_already_is_not_delivered_again_and_holds_nothing_up()
    {
        await _host.PublishAsync(new NoteWritten("delivered elsewhere", 1));
        await _host.PublishAsync(new NoteWritten("after elsewhere", 1));

        await Eventually.Async(() => SeenAsync("after elsewhere"), found => found.Count == 1);
        Assert.Empty(await SeenAsync("delivered elsewhere"));
    }

    [Fact]
    public async Task The_cursor_cannot_be_moved_twice_from_the_same_place()
    {
        await _host.SendAsync(new WriteNote("cursor"));
        await Eventually.Async(() => SeenAsync("cursor"), found => found.Count == 1);

        await using var source = NpgsqlDataSource.Create(_host.ConnectionString);
        await using var command = source.CreateCommand("call notes.move_log_cursor('remember-note', 0, 4, -1, 5)");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => command.ExecuteNonQueryAsync());

        Assert.Equal(LogSchema.Moved, refused.SqlState);
    }

    [Fact]
    public async Task The_database_names_the_producer_and_a_module_cannot_name_another()
    {
        await _host.SendAsync(new WriteNote("producer"));
        Assert.EndsWith("_notes", (string)(await ScalarAsync("select producer from integration.message where key = 'producer'"))!, StringComparison.Ordinal);

        var sources = _host.Services.GetRequiredService<ModuleDataSources>();
        var module = _host.Services.GetRequiredService<Modules.ModuleCatalog>().Modules[0];
        await using var forged = sources.For(module).CreateCommand(
            "insert into integration.message (id, producer, name, version, key, payload, headers) values (gen_random_uuid(), 'orders', 'x', 1, 'k', '{}', '{}')");
        var refused = await Assert.ThrowsAsync<PostgresException>(() => forged.ExecuteNonQueryAsync());
        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refused.SqlState);
    }

    private async Task<List<Seen>> SeenAsync(string key)
    {
        await using var scope = _host.Services.CreateAsyncScope();
        var store = scope.ServiceProvider.GetRequiredService<INotesStore>();
        await using var session = store.QuerySession();
        return [.. (await session.QueryAsync<Seen>("where data ->> 'key' = ?", key))!];
    }

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(_host.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
