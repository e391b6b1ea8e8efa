using Marten.Services;
using Npgsql;

namespace Marten;

/// <summary>Observes the sessions and schema changes of a store.</summary>
public interface IMartenLogger
{
    /// <summary>Called when a session is opened.</summary>
    IMartenSessionLogger StartSession(IQuerySession session);

    /// <summary>Called with the statements of each schema change.</summary>
    void SchemaChange(string sql);
}

/// <summary>Observes the commands of one session.</summary>
public interface IMartenSessionLogger
{
    /// <summary>A command succeeded.</summary>
    void LogSuccess(NpgsqlCommand command);

    /// <summary>A command failed.</summary>
    void LogFailure(NpgsqlCommand command, Exception ex);

    /// <summary>A batch succeeded.</summary>
    void LogSuccess(NpgsqlBatch batch);

    /// <summary>A batch failed.</summary>
    void LogFailure(NpgsqlBatch batch, Exception ex);

    /// <summary>Something else failed.</summary>
    void LogFailure(Exception ex, string message);

    /// <summary>A unit of work was committed.</summary>
    void RecordSavedChanges(IDocumentSession session, IChangeSet commit);

    /// <summary>A command is about to be sent.</summary>
    void OnBeforeExecute(NpgsqlCommand command);

    /// <summary>A batch is about to be sent.</summary>
    void OnBeforeExecute(NpgsqlBatch batch);
}

/// <summary>Ignores everything.</summary>
internal sealed class NulloMartenLogger : IMartenLogger, IMartenSessionLogger
{
    public static readonly NulloMartenLogger Instance = new();

    public IMartenSessionLogger StartSession(IQuerySession session) => this;

    public void SchemaChange(string sql)
    {
    }

    public void LogSuccess(NpgsqlCommand command)
    {
    }

    public void LogFailure(NpgsqlCommand command, Exception ex)
    {
    }

    public void LogSuccess(NpgsqlBatch batch)
    {
    }

    public void LogFailure(NpgsqlBatch batch, Exception ex)
    {
    }

    public void LogFailure(Exception ex, string message)
    {
    }

    public void RecordSavedChanges(IDocumentSession session, IChangeSet commit)
    {
    }

    public void OnBeforeExecute(NpgsqlCommand command)
    {
    }

    public void OnBeforeExecute(NpgsqlBatch batch)
    {
    }
}
