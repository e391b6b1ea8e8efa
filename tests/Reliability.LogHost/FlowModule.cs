using Carter;
using Marten;
using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Reliability.LogHost;

internal interface IFlowStore : IDocumentStore;

/// <summary>A module that does nothing but react: every reaction is a row, so that a test can count how often each event had its effect.</summary>
[Module("flow", Owner = "platform", Purpose = "Stands for all modules in the tests of the log.")]
internal sealed class FlowModule : IModule
{
    public void Configure(ModuleBuilder module) => module
        .UseStore<IFlowStore>(static _ => { })
        .AddSchemaScript("""
            create table if not exists effect (
                id bigint generated always as identity primary key, subscription text not null, message_id uuid not null, key text not null, number integer not null, host integer not null)
            """);
}

/// <summary>Something happened outside.</summary>
/// <param name="Stream">What it happened to; the key.</param>
/// <param name="Number">Which it is of that key, rising from 1.</param>
/// <param name="Fault">How often its handlers fail before they succeed.</param>
[EventName("flow.happened")]
public sealed record Happened(string Stream, int Number, int Fault = 0) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Stream;
}

/// <summary>What the relay makes of it.</summary>
/// <param name="Stream">The key.</param>
/// <param name="Number">As in <see cref="Happened"/>.</param>
[EventName("flow.relayed")]
public sealed record Relayed(string Stream, int Number) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Stream;
}

/// <summary>Something that only subscriptions which do not begin at the beginning look at.</summary>
/// <param name="Stream">The key.</param>
/// <param name="Number">As in <see cref="Happened"/>.</param>
[EventName("flow.noted")]
public sealed record Noted(string Stream, int Number) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Stream;
}

internal static class Effect
{
    public static void Record(IModuleSession<IFlowStore> session, string subscription, EventContext context, string key, int number) => session.Documents.QueueSqlCommand(
        "insert into effect (subscription, message_id, key, number, host) values (?, ?, ?, ?, ?)", subscription, context.MessageId, key, number, Environment.ProcessId);

    public static void Meet(Happened happened, EventContext context)
    {
        if (context.Attempt <= happened.Fault)
        {
            throw new InvalidOperationException($"Attempt {context.Attempt} of {happened.Stream}/{happened.Number} fails as the test wants it.");
        }
    }
}

[Subscription("single", Parallelism = 8)]
internal sealed class WhenHappened(IModuleSession<IFlowStore> session) : IHandle<Happened>
{
    public Task HandleAsync(Happened integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        Effect.Record(session, "single", context, integrationEvent.Stream, integrationEvent.Number);
        Effect.Meet(integrationEvent, context);
        return Task.CompletedTask;
    }
}

[Subscription("batch", Parallelism = 1, BatchSize = 500)]
internal sealed class WhenManyHappened(IModuleSession<IFlowStore> session) : IHandleBatch<Happened>
{
    public Task HandleAsync(IReadOnlyList<Delivered<Happened>> events, CancellationToken cancellationToken)
    {
        session.Documents.QueueSqlCommand(
            "insert into effect (subscription, message_id, key, number, host) select 'batch', * , ? from unnest(?::uuid[], ?::text[], ?::int[])",
            Environment.ProcessId,
            events.Select(static delivered => delivered.Context.MessageId).ToArray(),
            events.Select(static delivered => delivered.Event.Stream).ToArray(),
            events.Select(static delivered => delivered.Event.Number).ToArray());
        foreach (var (happened, context) in events)
        {
            Effect.Meet(happened, context);
        }

        return Task.CompletedTask;
    }
}

[Subscription("relay", Parallelism = 4)]
internal sealed class WhenHappenedRelay(IModuleSession<IFlowStore> session) : IHandle<Happened>
{
    public Task HandleAsync(Happened integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        Effect.Record(session, "relay", context, integrationEvent.Stream, integrationEvent.Number);
        session.Publish(new Relayed(integrationEvent.Stream, integrationEvent.Number));
        return Task.CompletedTask;
    }
}

[Subscription("relayed", Parallelism = 4)]
internal sealed class WhenRelayed(IModuleSession<IFlowStore> session) : IHandle<Relayed>
{
    public Task HandleAsync(Relayed integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        Effect.Record(session, "relayed", context, integrationEvent.Stream, integrationEvent.Number);
        return Task.CompletedTask;
    }
}

[Subscription("from-now", Start = SubscriptionStart.Now)]
internal sealed class WhenNotedFromNow(IModuleSession<IFlowStore> session) : IHandle<Noted>
{
    public Task HandleAsync(Noted integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        Effect.Record(session, "from-now", context, integrationEvent.Stream, integrationEvent.Number);
        return Task.CompletedTask;
    }
}

[Subscription("from-time", StartTime = "2026-03-01T00:00:00Z")]
internal sealed class WhenNotedFromTime(IModuleSession<IFlowStore> session) : IHandle<Noted>
{
    public Task HandleAsync(Noted integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        Effect.Record(session, "from-time", context, integrationEvent.Stream, integrationEvent.Number);
        return Task.CompletedTask;
    }
}

internal sealed record Report(string Stream, int Number) : ICommand;

internal sealed class ReportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapPost("/happenings", static async (Report body, ISender sender, CancellationToken cancellationToken) =>
    {
        await sender.Send(body, cancellationToken);
        return Results.NoContent();
    }).AllowAnonymous();
}

internal sealed class ReportHandler(IModuleSession<IFlowStore> session) : IRequestHandler<Report, Unit>
{
    public Task<Unit> Handle(Report request, CancellationToken cancellationToken)
    {
        session.Publish(new Happened(request.Stream, request.Number));
        return Unit.Task;
    }
}

[Timer("mark")]
internal sealed record Mark(string Stream) : ICommand;

internal sealed class MarkHandler(IModuleSession<IFlowStore> session) : IRequestHandler<Mark, Unit>
{
    public Task<Unit> Handle(Mark request, CancellationToken cancellationToken)
    {
        session.Documents.QueueSqlCommand(
            "insert into effect (subscription, message_id, key, number, host) values ('timer', gen_random_uuid(), ?, 1, ?)", request.Stream, Environment.ProcessId);
        return Unit.Task;
    }
}
