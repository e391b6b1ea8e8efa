using System.Text.Json;
using Marten;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Processes;

/// <summary>A kind of process that a module runs.</summary>
/// <param name="Module">The module.</param>
/// <param name="Name">The stable name, which is part of the table's.</param>
/// <param name="State">The state's class.</param>
/// <param name="Configure">Adds the state to the module's store.</param>
internal sealed record ModuleProcess(ModuleDescriptor Module, string Name, Type State, Action<StoreOptions> Configure)
{
    /// <summary>The table of the states.</summary>
    public string Table => "mt_doc_" + AliasOf(Name);

    public static string AliasOf(string name) => "process_" + name.Replace('-', '_');
}

internal sealed partial class Processes<TStore, TState>(
    ModuleSession<TStore> session, ProcessMetrics metrics, TimeProvider time, ILogger<Processes<TStore, TState>> logger) : IProcesses<TStore, TState>, IProcessOutput
    where TStore : class, IDocumentStore
    where TState : ProcessState, new()
{
    public DateTimeOffset Now => time.GetUtcNow();

    public RunningProcess<TState> Start(Guid id)
    {
        var state = new TState { Id = id, StartedAt = Now };
        session.BeforeSave(documents => documents.Insert(state));
        return new RunningProcess<TState>(state, true, this);
    }

    public async Task<RunningProcess<TState>?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        Continue(await session.Documents.LoadAsync<TState>(id, cancellationToken));

    public async Task<RunningProcess<TState>?> FindOrStartAsync(Guid id, CancellationToken cancellationToken) =>
        await session.Documents.LoadAsync<TState>(id, cancellationToken) is { } known ? Continue(known) : Start(id);

    public Compensation Store(string step, IIntegrationEvent undo)
    {
        var name = EventNames.Of(undo.GetType());
        using var payload = JsonDocument.Parse(EventPayload.Serialize(undo));
        return new Compensation(step, name.Name, name.Version, undo.Key, payload.RootElement.Clone());
    }

    public void Schedule(Guid timerId, DateTimeOffset at, ICommand command) => session.Schedule(timerId, at, command);

    public void Unschedule(Guid timerId) => session.Unschedule(timerId);

    public void Publish(Compensation compensation) =>
        session.Publish(new EventNameAttribute(compensation.Name) { Version = compensation.Version }, compensation.Key, compensation.Payload.GetRawText());

    public void Ended(ProcessState state)
    {
        // It has not ended before the commit.
        session.AfterCommit(() =>
        {
            metrics.Ended(typeof(TState).Name, state);
            if (state.Status == ProcessStatus.Failed)
            {
                LogFailed(typeof(TState).Name, state.Id, state.Reason!);
            }
        });
    }

    // Stored even where the handler only looks: what it decides on must be the state at the commit.
    public RunningProcess<TState>? Continue(TState? state)
    {
        if (state is not { Status: ProcessStatus.Running })
        {
            return null;
        }

        session.BeforeSave(documents => documents.UpdateRevision(state, state.Version + 1));
        return new RunningProcess<TState>(state, false, this);
    }

    [LoggerMessage(LogLevel.Information, "The process {Process} {Id} failed and was compensated: {Reason}")]
    private partial void LogFailed(string process, Guid id, string reason);
}
