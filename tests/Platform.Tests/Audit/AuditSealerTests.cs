using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Platform.Tests.Audit;

/// <summary>What the host that seals says of it.</summary>
public sealed class AuditSealerTests : IAsyncLifetime
{
    private readonly Notes _notes = new();
    private readonly AdjustableTime _time = new();
    private ChainDatabase _chain = null!;

    public async Task InitializeAsync() => _chain = await ChainDatabase.CreateAsync();

    public Task DisposeAsync() => _chain.DisposeAsync().AsTask();

    [Fact]
    public async Task The_chains_head_goes_to_the_hosts_log_now_and_then_and_only_when_it_has_moved()
    {
        await _chain.AppendAsync(2_500);
        await RunAsync(async () =>
        {
            await Eventually.Async(() => Task.FromResult(_notes.Heads.Count), static count => count == 1);
            Assert.Equal(await _chain.HeadAsync(), _notes.Heads.Last());
            Assert.StartsWith("2500:", _notes.Heads.Last(), StringComparison.Ordinal);

            await _chain.AppendAsync(1);
            await Eventually.Async(_chain.HeadAsync, static head => head.StartsWith("2501:", StringComparison.Ordinal));
            Assert.Single(_notes.Heads);
            _time.Advance(TimeSpan.FromMinutes(6));
            await Eventually.Async(() => Task.FromResult(_notes.Heads.Count), static count => count == 2);
            Assert.Equal(await _chain.HeadAsync(), _notes.Heads.Last());

            _time.Advance(TimeSpan.FromMinutes(6));
            await _chain.AppendAsync(1);
            await Eventually.Async(() => Task.FromResult(_notes.Heads.Count), static count => count == 3);
        });
    }

    [Fact]
    public async Task Entries_past_their_time_go_and_what_was_sealed_is_counted()
    {
        using var counted = new Counted();
        await _chain.RunAsync("update audit.chain set keep_days = 10; insert into audit.pending (id, recorded_at, entry) select gen_random_uuid(), clock_timestamp() - interval '11 days', '{}' from generate_series(1, 3)");
        await _chain.AppendAsync(2);

        await RunAsync(async () =>
        {
            await Eventually.Async(_chain.PositionsAsync, static positions => positions == "4Change,5Change");
            Assert.True(counted.Sealed >= 5);
        });

        Assert.Contains(7002, _notes.Events);
        Assert.True((await _chain.VerifyAsync()).IsIntact);
    }

    [Fact]
    public async Task A_database_that_cannot_seal_is_told_of_and_sealing_goes_on_when_it_can()
    {
        await _chain.RunAsync("alter table audit.entry rename to lost");
        await _chain.AppendAsync(1);

        await RunAsync(async () =>
        {
            await Eventually.Async(() => Task.FromResult(_notes.Events.Contains(7003)), static told => told);
            await _chain.RunAsync("alter table audit.lost rename to entry");
            await Eventually.Async(_chain.PositionsAsync, static positions => positions == "1Change");
        });
    }

    private async Task RunAsync(Func<Task> meanwhile)
    {
        using var metrics = new AuditMetrics();
        using var stop = new CancellationTokenSource();
        var running = new AuditSealer(_chain.Audit, metrics, Options.Create(new AuditOptions()), _time, _notes).RunAsync(stop.Token);
        await meanwhile();
        await stop.CancelAsync();
        await running;
    }

    private sealed class Notes : ILogger<AuditSealer>
    {
        public ConcurrentQueue<int> Events { get; } = new();

        public ConcurrentQueue<string> Heads { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            Events.Enqueue(eventId.Id);
            if (eventId.Id == 7001 && state is IReadOnlyList<KeyValuePair<string, object?>> values)
            {
                var named = values.ToDictionary(static pair => pair.Key, static pair => pair.Value);
                Heads.Enqueue($"{named["Position"]}:{named["Hash"]}");
            }
        }
    }

    private sealed class Counted : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _sealed;

        public Counted()
        {
            _listener.InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "modularmonolith.audit.sealed")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref _sealed, count));
            _listener.Start();
        }

        public long Sealed => Interlocked.Read(ref _sealed);

        public void Dispose() => _listener.Dispose();
    }
}
