using System.Diagnostics;
using JasperFx.OpenTelemetry;
using Marten.Internal.Sessions;
using Marten.Services;
using Npgsql;

namespace Marten.Observability;

/// <summary>The activity of one session. It is not the ambient one, so that it may end after others that began within it.</summary>
internal sealed class SessionObserver : IDisposable
{
    private static readonly ActivitySource Source = new("Marten", typeof(SessionObserver).Assembly.GetName().Version?.ToString() ?? "");
    private readonly Activity activity;
    private readonly bool isVerbose;

    private SessionObserver(Activity activity, bool isVerbose)
    {
        this.activity = activity;
        this.isVerbose = isVerbose;
    }

    /// <summary>The observer of a session, or null when nobody asked for one.</summary>
    public static SessionObserver? For(StoreOptions options, string tenantId)
    {
        var level = options.OpenTelemetry.TrackConnections;
        if (level == TrackLevel.None || !Source.HasListeners())
            return null;
        var ambient = Activity.Current;
        var activity = Source.StartActivity("marten.connection", ActivityKind.Internal, ambient?.Context ?? default, [new("tenant.id", tenantId)]);
        Activity.Current = ambient;
        return activity is null ? null : new SessionObserver(activity, level == TrackLevel.Verbose);
    }

    public void CommandStarts() => activity.AddEvent(new ActivityEvent("marten.command.execution.started"));

    public void BatchStarts() => activity.AddEvent(new ActivityEvent("marten.batch.execution.started"));

    public void PagesStart() => activity.AddEvent(new ActivityEvent("marten.batch.pages.execution.started"));

    public void Failed(Exception exception)
    {
        activity.AddException(exception);
        activity.SetStatus(ActivityStatusCode.Error);
    }

    public void Saved(UnitOfWork saved)
    {
        if (!isVerbose)
            return;
        foreach (var operation in saved.Operations)
        {
            activity.AddEvent(new ActivityEvent("marten.operation.saved", tags: new ActivityTagsCollection
            {
                ["operation.role"] = operation.Role.ToString(),
                ["document.type"] = operation.DocumentType?.FullName,
            }));
        }

        foreach (var item in saved.GetEvents())
            activity.AddEvent(new ActivityEvent("marten.event.saved", tags: new ActivityTagsCollection { ["event.type"] = item.EventTypeName }));
    }

    public void Dispose() => activity.Dispose();
}

/// <summary>Tells the caller's logger and the session's activity about the commands of a session.</summary>
internal sealed class ObservedSessionLogger(IMartenSessionLogger inner, SessionObserver observer) : IMartenSessionLogger
{
    public void LogSuccess(NpgsqlCommand command) => inner.LogSuccess(command);

    public void LogFailure(NpgsqlCommand command, Exception ex)
    {
        observer.Failed(ex);
        inner.LogFailure(command, ex);
    }

    public void LogSuccess(NpgsqlBatch batch) => inner.LogSuccess(batch);

    public void LogFailure(NpgsqlBatch batch, Exception ex)
    {
        observer.Failed(ex);
        inner.LogFailure(batch, ex);
    }

    public void LogFailure(Exception ex, string message)
    {
        observer.Failed(ex);
        inner.LogFailure(ex, message);
    }

    public void RecordSavedChanges(IDocumentSession session, IChangeSet commit)
    {
        if (commit is UnitOfWork saved)
            observer.Saved(saved);
        inner.RecordSavedChanges(session, commit);
    }

    public void OnBeforeExecute(NpgsqlCommand command)
    {
        observer.CommandStarts();
        inner.OnBeforeExecute(command);
    }

    public void OnBeforeExecute(NpgsqlBatch batch)
    {
        observer.BatchStarts();
        inner.OnBeforeExecute(batch);
    }
}
