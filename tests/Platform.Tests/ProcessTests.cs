using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Processes;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Platform.Tests.Notes;
using Npgsql;

namespace ModularMonolith.Platform.Tests;

public sealed class ProcessTests(NotesHost notes) : IClassFixture<NotesHost>, IDisposable
{
    private readonly ModuleHost _host = notes.Host;
    private readonly NpgsqlDataSource _source = NpgsqlDataSource.Create(notes.Host.ConnectionString);

    public void Dispose() => _source.Dispose();

    [Fact]
    public async Task Events_of_one_process_that_come_at_the_same_moment_are_all_remembered()
    {
        var id = Guid.NewGuid();
        var places = Enumerable.Range(1, 20).Select(static number => "place " + number).ToList();

        await Task.WhenAll(places.Select(place => _host.PublishAsync(new PlaceReached(id, place))));

        var state = await Eventually.Async(() => StateAsync(id), static state => state?.Visited.Count >= 20);
        Assert.Equal(places.Order(StringComparer.Ordinal), state!.Visited.Order(StringComparer.Ordinal));
        Assert.Equal(20, state.Compensations.Count);
    }

    [Fact]
    public async Task A_process_that_fails_undoes_its_steps_the_last_one_first_and_once()
    {
        var id = Guid.NewGuid();
        await ReachAsync(id, "Athens", "Berlin", "Cairo");
        var visited = (await StateAsync(id))!.Visited;

        await _host.SendAsync(new EndJourney(id, Well: false));
        await _host.SendAsync(new EndJourney(id, Well: false));

        Assert.Equal(Enumerable.Reverse(visited), await LeftAsync(id));
        var state = (await StateAsync(id))!;
        Assert.Equal((ProcessStatus.Failed, "It rained.", 0), (state.Status, state.Reason, state.Compensations.Count));
    }

    [Fact]
    public async Task A_process_that_has_ended_is_neither_undone_nor_begun_anew_by_what_comes_late()
    {
        var id = Guid.NewGuid();
        await ReachAsync(id, "Dublin");
        await _host.SendAsync(new EndJourney(id, Well: true));

        await _host.PublishAsync(new PlaceReached(id, "Dublin"));
        var following = Guid.NewGuid();
        await ReachAsync(following, "Dublin");
        await _host.SendAsync(new EndJourney(id, Well: false));

        var state = (await StateAsync(id))!;
        Assert.Equal((ProcessStatus.Completed, 1), (state.Status, state.Visited.Count));
        Assert.NotNull(state.EndedAt);
        Assert.Empty(await LeftAsync(id));
    }

    [Fact]
    public async Task A_step_whose_transaction_fails_leaves_nothing_behind()
    {
        var (never, running) = (Guid.NewGuid(), Guid.NewGuid());
        await ReachAsync(running, "Essen");

        await Assert.ThrowsAsync<InvalidOperationException>(() => _host.SendAsync(new BeginJourney(never, Fails: true)));
        await Assert.ThrowsAsync<InvalidOperationException>(() => _host.SendAsync(new EndJourney(running, Well: false, Fails: true)));

        Assert.Null(await StateAsync(never));
        Assert.Equal(0L, await ScalarAsync($"select count(*) from notes.log_timer where payload->>'journeyId' = '{never}'"));
        Assert.Equal(ProcessStatus.Running, (await StateAsync(running))!.Status);
        Assert.Empty(await LeftAsync(running));
    }

    [Fact]
    public async Task A_process_begins_once()
    {
        var id = Guid.NewGuid();
        await _host.SendAsync(new BeginJourney(id));

        await Assert.ThrowsAsync<ProblemException>(() => _host.SendAsync(new BeginJourney(id)));

        Assert.Equal(1L, await ScalarAsync($"select count(*) from notes.log_timer where payload->>'journeyId' = '{id}'"));
        await _host.SendAsync(new EndJourney(id, Well: true));
        Assert.Equal(0L, await ScalarAsync($"select count(*) from notes.log_timer where payload->>'journeyId' = '{id}'"));
    }

    [Fact]
    public async Task Commands_that_end_one_process_at_the_same_moment_undo_it_once()
    {
        var id = Guid.NewGuid();
        await ReachAsync(id, "Faro");

        await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            try
            {
                await _host.SendAsync(new EndJourney(id, Well: false));
            }
            catch (ProblemException lost) when (lost.Type == ProblemTypes.ConcurrentChange)
            {
                Assert.NotNull(lost);
            }
        }));

        Assert.Equal("Faro", Assert.Single(await LeftAsync(id)));
    }

    private async Task ReachAsync(Guid id, params string[] places)
    {
        foreach (var place in places)
        {
            await _host.PublishAsync(new PlaceReached(id, place));
        }

        await Eventually.Async(() => StateAsync(id), state => state?.Visited.Count >= places.Length);
    }

    private async Task<JourneyState?> StateAsync(Guid id)
    {
        await using var session = _host.Services.GetRequiredService<INotesStore>().QuerySession();
        return await session.LoadAsync<JourneyState>(id);
    }

    private async Task<IReadOnlyList<string>> LeftAsync(Guid id) =>
        [.. (await _host.PublishedAsync<PlaceLeft>()).Where(left => left.JourneyId == id).Select(static left => left.Place)];

    private async Task<object?> ScalarAsync(string sql)
    {
        await using var command = _source.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }
}

/// <summary>On a host of its own, because the clock is set forward.</summary>
public sealed class ProcessTimeoutTests(NotesHost notes) : IClassFixture<NotesHost>
{
    [Fact]
    public async Task A_timeout_may_set_itself_again_and_may_end_its_process()
    {
        var id = Guid.NewGuid();
        await notes.Host.SendAsync(new BeginJourney(id));
        for (var reminders = 1; reminders <= 3; reminders++)
        {
            Assert.Equal(reminders - 1, (await StateAsync(id))!.Reminders);
            notes.Host.Time.Advance(TimeSpan.FromMinutes(61));
            await Eventually.Async(() => StateAsync(id), state => state!.Reminders == reminders);
        }

        var state = (await StateAsync(id))!;
        Assert.Equal((ProcessStatus.Failed, "Nobody answers."), (state.Status, state.Reason));
        await using var source = NpgsqlDataSource.Create(notes.Host.ConnectionString);
        await using var timers = source.CreateCommand("select count(*) from notes.log_timer");
        Assert.Equal(0L, await timers.ExecuteScalarAsync());
    }

    private async Task<JourneyState?> StateAsync(Guid id)
    {
        await using var session = notes.Host.Services.GetRequiredService<INotesStore>().QuerySession();
        return await session.LoadAsync<JourneyState>(id);
    }
}
