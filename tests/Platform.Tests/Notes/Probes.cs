using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Platform.Tests.Notes;

/// <summary>What a test wants the probes' handlers to do, by key.</summary>
internal sealed class ProbeFaults
{
    public ConcurrentDictionary<string, Func<int, Task>> ByKey { get; } = new(StringComparer.Ordinal);

    public Task MeetAsync(string key, int number) => ByKey.TryGetValue(key, out var fault) ? fault(number) : Task.CompletedTask;
}

/// <summary>The probes' effects: one row for each time that one was committed.</summary>
internal static class ProbeEffect
{
    public const string Table = """
        create table if not exists probe_effect (
            id bigint generated always as identity primary key,
            subscription text not null, key text not null, number integer not null, position bigint not null, attempt integer not null, replay boolean not null, batch integer not null)
        """;

    public static void Record(IModuleSession<INotesStore> session, string subscription, string key, int number, EventContext context, int batch = 1) => session.Documents.QueueSqlCommand(
        "insert into probe_effect (subscription, key, number, position, attempt, replay, batch) values (?, ?, ?, ?, ?, ?, ?)",
        subscription, key, number, context.Position, context.Attempt, context.IsReplay, batch);
}

[EventName("notes.probe-sent")]
internal sealed record ProbeSent(string ProbeKey, int Number) : IIntegrationEvent
{
    string IIntegrationEvent.Key => ProbeKey;
}

[EventName("notes.batch-sent")]
internal sealed record BatchSent(string ProbeKey, int Number) : IIntegrationEvent
{
    string IIntegrationEvent.Key => ProbeKey;
}

[EventName("notes.mixed-sent")]
internal sealed record MixedSent(string ProbeKey, int Number) : IIntegrationEvent
{
    string IIntegrationEvent.Key => ProbeKey;
}

[EventName("notes.blended-sent")]
internal sealed record BlendedSent(string ProbeKey, int Number) : IIntegrationEvent
{
    string IIntegrationEvent.Key => ProbeKey;
}

[EventName("notes.lifted-sent", Version = 3)]
internal sealed record LiftedSent(string ProbeKey, int Amount, string Currency) : IIntegrationEvent
{
    string IIntegrationEvent.Key => ProbeKey;
}

internal sealed class LiftedFromFirst : IEventUpcaster<LiftedSent>
{
    public int FromVersion => 1;

    public JsonObject Upcast(JsonObject payload)
    {
        payload["amount"] = payload["euros"]!.GetValue<int>() * 100;
        payload.Remove("euros");
        return payload;
    }
}

internal sealed class LiftedFromSecond : IEventUpcaster<LiftedSent>
{
    public int FromVersion => 2;

    public JsonObject Upcast(JsonObject payload)
    {
        payload["currency"] = "EUR";
        return payload;
    }
}

[Subscription("record-probe", Parallelism = 4, Attempts = 3)]
internal sealed class WhenProbeSent(IModuleSession<INotesStore> session, ProbeFaults faults) : IHandle<ProbeSent>, IHandle<LiftedSent>
{
    public async Task HandleAsync(ProbeSent integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        ProbeEffect.Record(session, "record-probe", integrationEvent.ProbeKey, integrationEvent.Number, context);
        await faults.MeetAsync(integrationEvent.ProbeKey, integrationEvent.Number);
    }

    public Task HandleAsync(LiftedSent integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        ProbeEffect.Record(session, integrationEvent.Currency, integrationEvent.ProbeKey, integrationEvent.Amount, context);
        return Task.CompletedTask;
    }
}

[Subscription("record-probe-loosely", Attempts = 2, HoldKey = false, Start = SubscriptionStart.Now)]
internal sealed class WhenProbeSentLoosely(IModuleSession<INotesStore> session, ProbeFaults faults) : IHandle<ProbeSent>
{
    public async Task HandleAsync(ProbeSent integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        ProbeEffect.Record(session, "record-probe-loosely", integrationEvent.ProbeKey, integrationEvent.Number, context);
        await faults.MeetAsync(integrationEvent.ProbeKey, integrationEvent.Number);
    }
}

[Subscription("record-batch", Parallelism = 1, Attempts = 1, BatchSize = 50)]
internal sealed class WhenBatchSent(IModuleSession<INotesStore> session, ProbeFaults faults) : IHandleBatch<BatchSent>
{
    public async Task HandleAsync(IReadOnlyList<Delivered<BatchSent>> events, CancellationToken cancellationToken)
    {
        foreach (var (sent, context) in events)
        {
            ProbeEffect.Record(session, "record-batch", sent.ProbeKey, sent.Number, context, events.Count);
            await faults.MeetAsync(sent.ProbeKey, sent.Number);
        }
    }
}

[Subscription("record-mixed-batch", Parallelism = 1, Attempts = 1, MixesEvents = true)]
internal sealed class WhenAnySent(IModuleSession<INotesStore> session, ProbeFaults faults) : IHandleBatch<BlendedSent>, IHandleBatch<MixedSent>
{
    public Task HandleAsync(IReadOnlyList<Delivered<BlendedSent>> events, CancellationToken cancellationToken) =>
        RecordAsync(events.Select(static each => (each.Event.ProbeKey, each.Event.Number, each.Context)));

    public Task HandleAsync(IReadOnlyList<Delivered<MixedSent>> events, CancellationToken cancellationToken) =>
        RecordAsync(events.Select(static each => (each.Event.ProbeKey, each.Event.Number, each.Context)));

    private async Task RecordAsync(IEnumerable<(string Key, int Number, EventContext Context)> events)
    {
        foreach (var (key, number, context) in events)
        {
            // The transaction that writes the row.
            session.Documents.QueueSqlCommand(
                "insert into probe_effect (subscription, key, number, position, attempt, replay, batch) values ('record-mixed-batch', ?, ?, ?, 1, false, (txid_current() % 1000000000)::integer)",
                key, number, context.Position);
            await faults.MeetAsync(key, number);
        }
    }
}
