using System.Collections.Concurrent;
using Marten;
using Marten.Services;
using Npgsql;

namespace ModularMonolith.Marten.Tests.Documents;

/// <summary>Records what a store reports.</summary>
internal sealed class SchemaLog : IMartenLogger, IMartenSessionLogger
{
    public ConcurrentQueue<string> Changes { get; } = [];

    public ConcurrentQueue<string> Events { get; } = [];

    public IMartenSessionLogger StartSession(IQuerySession session) => this;

    public void SchemaChange(string sql) => Changes.Enqueue(sql);

    public void LogSuccess(NpgsqlCommand command) => Events.Enqueue("command");

    public void LogFailure(NpgsqlCommand command, Exception ex) => Events.Enqueue("failed command");

    public void LogSuccess(NpgsqlBatch batch) => Events.Enqueue($"batch of {batch.BatchCommands.Count}");

    public void LogFailure(NpgsqlBatch batch, Exception ex) => Events.Enqueue("failed batch");

    public void LogFailure(Exception ex, string message) => Events.Enqueue(message);

    public void RecordSavedChanges(IDocumentSession session, IChangeSet commit) => Events.Enqueue($"saved {commit.Updated.Count()}");

    public void OnBeforeExecute(NpgsqlCommand command) => Events.Enqueue("before command");

    public void OnBeforeExecute(NpgsqlBatch batch) => Events.Enqueue("before batch");
}
