using System.Diagnostics;
using Marten;
using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Benchmarks.Log;

internal interface IPulseStore : IDocumentStore;

/// <summary>The smallest module that writes to the log and reads from it.</summary>
[Module("pulse", Owner = "platform", Purpose = "Measures the log.")]
internal sealed class PulseModule : IModule
{
    public void Configure(ModuleBuilder module) => module
        .UseStore<IPulseStore>(static _ => { })
        .AddSchemaScript("create table if not exists effect (message_id uuid not null, number integer not null)");
}

/// <summary>When events were committed and when their handlers began, by number, in ticks of <see cref="Stopwatch"/>.</summary>
internal sealed class Clock(int size)
{
    public long[] Committed { get; } = new long[size];

    public long[] Started { get; } = new long[size];

    private int _handled;

    public int Handled => Volatile.Read(ref _handled);

    public void Begin(int number)
    {
        Started[number] = Stopwatch.GetTimestamp();
        Interlocked.Increment(ref _handled);
    }
}

[EventName("pulse.beat")]
internal sealed record Beat(string Stream, int Number) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Stream;
}

[EventName("pulse.single")]
internal sealed record Single(string Stream, int Number) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Stream;
}

[EventName("pulse.many")]
internal sealed record Many(string Stream, int Number) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Stream;
}

internal sealed record SendBeat(int Number) : ICommand;

internal sealed class SendBeatHandler(IModuleSession<IPulseStore> session) : IRequestHandler<SendBeat, Unit>
{
    public Task<Unit> Handle(SendBeat request, CancellationToken cancellationToken)
    {
        session.Publish(new Beat("stream " + request.Number, request.Number));
        return Unit.Task;
    }
}

[Subscription("beat")]
internal sealed class WhenBeat(Clock clock) : IHandle<Beat>
{
    public Task HandleAsync(Beat integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        clock.Begin(integrationEvent.Number);
        return Task.CompletedTask;
    }
}

[Subscription("single", Parallelism = 16)]
internal sealed class WhenSingle(IModuleSession<IPulseStore> session) : IHandle<Single>
{
    public Task HandleAsync(Single integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        session.Documents.QueueSqlCommand("insert into effect (message_id, number) values (?, ?)", context.MessageId, integrationEvent.Number);
        return Task.CompletedTask;
    }
}

[Subscription("many", Parallelism = 1, BatchSize = 500)]
internal sealed class WhenMany(IModuleSession<IPulseStore> session) : IHandleBatch<Many>
{
    public Task HandleAsync(IReadOnlyList<Delivered<Many>> events, CancellationToken cancellationToken)
    {
        session.Documents.QueueSqlCommand(
            "insert into effect (message_id, number) select * from unnest(?::uuid[], ?::int[])",
            events.Select(static delivered => delivered.Context.MessageId).ToArray(),
            events.Select(static delivered => delivered.Event.Number).ToArray());
        return Task.CompletedTask;
    }
}
