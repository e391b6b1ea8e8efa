using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using JasperFx.Events.Projections;
using JasperFx.OpenTelemetry;
using Marten;
using Marten.Exceptions;
using Marten.Services;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModularMonolith.Marten.Tests.Events;

namespace ModularMonolith.Marten.Tests.Observability;

public sealed class TelemetryTests
{
    [Fact]
    public async Task A_session_is_one_activity_with_its_commands_and_failures()
    {
        await using var test = await TestStore.CreateAsync(o => o.OpenTelemetry.TrackConnections = TrackLevel.Verbose);
        using var own = new Activity("test").Start();
        using var recorder = new Recorder(own.TraceId);
        var id = Guid.CreateVersion7();
        await using (var session = test.Session())
        {
            Assert.Same(own, Activity.Current);
            session.Events.StartStream(id, new MoneyDeposited(1));
            session.Store(new Account { Id = id });
            await session.SaveChangesAsync();
            await session.Events.FetchStreamAsync(id);
            session.Events.StartStream(id, new MoneyDeposited(1));
            await Assert.ThrowsAsync<ExistingStreamIdCollisionException>(() => session.SaveChangesAsync());
        }

        var activity = Assert.Single(recorder.Activities);
        Assert.Equal(("marten.connection", own.SpanId, "*DEFAULT*"), (activity.OperationName, activity.ParentSpanId, activity.GetTagItem("tenant.id")));
        var names = activity.Events.Select(e => e.Name).ToList();
        Assert.Equal(2, names.Count(n => n == "marten.batch.pages.execution.started"));
        Assert.Contains("marten.command.execution.started", names);
        Assert.Contains("marten.batch.execution.started", names);
        Assert.Contains("marten.operation.saved", names);
        Assert.Contains("marten.event.saved", names);
        Assert.Contains("exception", names);
        Assert.Equal(ActivityStatusCode.Error, activity.Status);
    }

    [Fact]
    public async Task Nothing_is_reported_unless_it_is_asked_for()
    {
        await using var test = await TestStore.CreateAsync();
        using var own = new Activity("test").Start();
        using var recorder = new Recorder(own.TraceId);
        await test.SaveAsync(s => s.Events.StartStream(new MoneyDeposited(1)));
        Assert.Empty(recorder.Activities);
    }

    [Fact]
    public async Task Appended_events_are_counted_by_type_and_tenant()
    {
        StoreOptions options = null!;
        await using var test = await TestStore.CreateAsync(o =>
        {
            options = o;
            o.Events.TenancyStyle = JasperFx.MultiTenancy.TenancyStyle.Conjoined;
            o.OpenTelemetry.TrackEventCounters();
            o.OpenTelemetry.ExportCounterOnChangeSets<int>("test.broken", "things", (_, _) => throw new InvalidOperationException("The recorder fails."));
            o.OpenTelemetry.ExportCounterOnChangeSets<int>("test.commits", "commits", (counter, _) => counter.Add(1));
        });
        var counted = new ConcurrentQueue<string>();
        using var listener = Listen(options, (instrument, value, tags) => counted.Enqueue($"{instrument}={value} {string.Join(' ', tags)}"));
        await using (var session = test.Store.LightweightSession("red"))
        {
            session.Events.StartStream(new MoneyDeposited(1), new MoneyWithdrawn(1));
            await session.SaveChangesAsync();
        }

        Assert.Equal(["marten.event.append=1 money_deposited red", "marten.event.append=1 money_withdrawn red", "test.commits=1 "], counted.Order());
    }

    [Fact]
    public async Task Events_that_a_decision_has_to_read_are_measured()
    {
        StoreOptions options = null!;
        await using var test = await TestStore.CreateAsync(o =>
        {
            options = o;
            o.Projections.Snapshot<Account>(SnapshotLifecycle.Inline);
            o.OpenTelemetry.TrackFetchForWritingMetrics();
        });
        var id = Guid.CreateVersion7();
        await test.SaveAsync(s => s.Events.StartStream<Account>(id, new AccountOpened("Ada", 1), new MoneyDeposited(2)));
        var measured = new ConcurrentQueue<string>();
        using var listener = Listen(options, (instrument, value, tags) => measured.Enqueue($"{instrument}={value} {string.Join(' ', tags)}"));
        await using var session = test.Session();
        await session.Events.FetchForWriting<Account>(id);
        await session.Events.FetchForWriting<Counting>(id);
        Assert.Equal(
            [$"marten.fetch_for_writing.events_replayed=0 {typeof(Account).FullName} Inline", $"marten.fetch_for_writing.events_replayed=2 {typeof(Counting).FullName} Live"],
            measured);
    }

    [Fact]
    public async Task Commands_are_logged_slow_ones_as_warnings_and_none_with_values()
    {
        var lines = new ConcurrentQueue<string>();
        var dataSource = await TestStore.SharedAsync();
        var services = new ServiceCollection();
        services.AddLogging(b => b.SetMinimumLevel(LogLevel.Debug).AddProvider(new Lines(lines)));
        services.AddMarten(o =>
        {
            o.Connection(dataSource);
            o.DatabaseSchemaName = TestStore.NewSchema();
            o.CommandTimeout = 5;
        });
        await using var provider = services.BuildServiceProvider();
        await using var session = provider.GetRequiredService<IDocumentStore>().LightweightSession();
        session.Events.StartStream(new SomethingElse("confidential"));
        await session.SaveChangesAsync();
        await session.QueryAsync<int>("select 1 from pg_sleep(1.05)");
        await using var hasty = session.DocumentStore.QuerySession(new SessionOptions { Timeout = 1 });
        await Assert.ThrowsAsync<MartenCommandException>(() => hasty.QueryAsync<int>("select 1 from pg_sleep(30)"));
        Assert.Contains(lines, l => l.Contains(" ms: ", StringComparison.Ordinal) && l.Contains("mt_events", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("Warning The command is slow", StringComparison.Ordinal) && l.Contains("pg_sleep(1.05)", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.StartsWith("Error The command failed", StringComparison.Ordinal) && l.Contains("pg_sleep(30)", StringComparison.Ordinal));
        Assert.Contains(lines, l => l == "Debug Saved 0 insertions, 0 updates, 0 deletions and 1 events");
        Assert.DoesNotContain(lines, l => l.Contains("confidential", StringComparison.Ordinal));
    }

    private static MeterListener Listen(StoreOptions options, Action<string, long, IEnumerable<object?>> record)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (ReferenceEquals(instrument.Meter, options.OpenTelemetry.Meter))
                    self.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => record(instrument.Name, value, tags.ToArray().Select(t => t.Value)));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => record(instrument.Name, value, tags.ToArray().Select(t => t.Value)));
        listener.Start();
        return listener;
    }

    internal sealed class Counting
    {
        public Guid Id { get; set; }

        public int Count { get; set; }

        public void Apply(MoneyDeposited deposited) => Count += deposited.Amount;
    }

    /// <summary>The activities of one trace.</summary>
    private sealed class Recorder : IDisposable
    {
        private readonly ActivityListener listener;

        public Recorder(ActivityTraceId trace)
        {
            listener = new ActivityListener
            {
                ShouldListenTo = source => source.Name == "Marten",
                Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
                ActivityStopped = activity =>
                {
                    if (activity.TraceId == trace)
                        Activities.Enqueue(activity);
                },
            };
            ActivitySource.AddActivityListener(listener);
        }

        public ConcurrentQueue<Activity> Activities { get; } = new();

        public void Dispose() => listener.Dispose();
    }

    private sealed class Lines(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel} {formatter(state, exception)}");

        public void Dispose()
        {
        }
    }
}
