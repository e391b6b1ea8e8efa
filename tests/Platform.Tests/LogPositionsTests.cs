using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Platform.Tests.Notes;
using Npgsql;

namespace ModularMonolith.Platform.Tests;

public sealed class LogPositionsTests : IAsyncLifetime
{
    private ModuleHost _host = null!;
    private NpgsqlDataSource _source = null!;

    public async Task InitializeAsync()
    {
        _host = await ModuleHost.StartAsync(typeof(NotesModule).Assembly);
        _source = NpgsqlDataSource.Create(_host.ConnectionString);
        for (var number = 1; number <= 10; number++)
        {
            await _host.PublishAsync(new ProbeSent("before", number));
        }

        await Eventually.Async(() => ScalarAsync("select min(position) from notes.log_cursor where subscription = 'record-probe'"), static position => position >= 10);
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Where_cursors_are_ahead_of_the_log_the_health_says_so_and_the_next_host_that_starts_moves_the_log_forward()
    {
        await LoseTheEndOfTheLogAsync();
        using var sick = await _host.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, sick.StatusCode);
        var check = (await sick.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("checks").GetProperty("log");
        Assert.Equal("unhealthy", check.GetProperty("status").GetString());
        Assert.Contains("would skip new events", check.GetRawText(), StringComparison.Ordinal);

        await using var another = await _host.StartAnotherAsync();

        await Eventually.Async(() => ScalarAsync("select integration.overrun()"), static overrun => overrun == 0);
        await ANewEventIsHandledAsync();
        using var well = await _host.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.Equal(System.Net.HttpStatusCode.OK, well.StatusCode);
    }

    [Fact]
    public async Task Migrating_moves_the_log_forward_too_and_only_as_far_as_needed()
    {
        await LoseTheEndOfTheLogAsync();
        await ScalarAsync("with rewound as (update notes.log_cursor set replay_until = 50 where lane = 0 returning 1) select count(*) from rewound");

        await _host.Services.GetRequiredService<SchemaMigrator>().MigrateAsync(CancellationToken.None);

        Assert.Equal(51, await ScalarAsync("select nextval('integration.message_position')"));
        await _host.Services.GetRequiredService<SchemaMigrator>().MigrateAsync(CancellationToken.None);
        Assert.Equal(52, await ScalarAsync("select nextval('integration.message_position')"));
        await ANewEventIsHandledAsync();
    }

    [Fact]
    public async Task A_sequence_that_is_behind_the_log_itself_is_moved_too()
    {
        await ScalarAsync("select setval('integration.message_position', 1, false)");
        await ScalarAsync("with forgotten as (delete from notes.log_cursor returning 1) select count(*) from forgotten");
        var end = await ScalarAsync("select max(position) from integration.message");

        Assert.Equal(end, await ScalarAsync("select integration.keep_ahead()"));
        Assert.Equal(end + 1, await ScalarAsync("select nextval('integration.message_position')"));
    }

    // As when the log comes from an older backup than the module's schema.
    private async Task LoseTheEndOfTheLogAsync()
    {
        await ScalarAsync("with lost as (delete from integration.message where position > 3 returning 1) select count(*) from lost");
        await ScalarAsync("select setval('integration.message_position', 3)");
    }

    private async Task ANewEventIsHandledAsync()
    {
        await _host.PublishAsync(new ProbeSent("after", 1));
        await Eventually.Async(() => ScalarAsync("select count(*) from notes.probe_effect where key = 'after' and subscription = 'record-probe'"), static count => count == 1);
        Assert.Equal(10, await ScalarAsync("select count(*) from notes.probe_effect where key = 'before' and subscription = 'record-probe'"));
    }

    private async Task<long> ScalarAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return await command.ExecuteScalarAsync() is long value ? value : -1;
    }
}
