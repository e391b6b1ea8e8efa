using JasperFx;
using Marten.Exceptions;
using Marten.Internal.Sessions;
using Marten.Internal.Storage;
using Npgsql;

namespace Marten.Internal.Operations;

/// <summary>How a document is written.</summary>
internal enum WriteKind
{
    /// <summary>Inserts or replaces, guarded when the type is.</summary>
    Upsert,

    /// <summary>Inserts; fails when the document exists.</summary>
    Insert,

    /// <summary>Replaces, guarded when the type is; fails when the document does not exist.</summary>
    Update,

    /// <summary>Inserts or replaces without a guard.</summary>
    Overwrite,

    /// <summary>
    /// Inserts or replaces a snapshot: mt_version becomes <see cref="DocumentWrite.Revision"/>, or, when that is 0, the
    /// version that the stream of the same identity has in this transaction.
    /// </summary>
    Snapshot,
}

/// <summary>Writes one document.</summary>
internal sealed class DocumentWrite : IStorageOperation
{
    private readonly DocumentStorage storage;
    private readonly DocumentSession session;
    private object? newVersion;

    public DocumentWrite(DocumentStorage storage, object document, object id, WriteKind kind, DocumentSession session)
    {
        this.storage = storage;
        this.session = session;
        Document = document;
        Id = id;
        Kind = kind;
    }

    public DocumentSession Session => session;

    public string? TenantId => session.TenantId;

    public object Document { get; }

    public object Id { get; }

    public WriteKind Kind { get; }

    public Type DocumentType => storage.DocumentType;

    /// <summary>The version identifier that the stored document must have; null when it must not exist.</summary>
    public Guid? ExpectedVersion { get; set; }

    /// <summary>The revision to write; 0 for one more than the stored one.</summary>
    public long Revision { get; set; }

    /// <summary>Whether a stale revision is ignored instead of failing.</summary>
    public bool IgnoreStale { get; set; }

    public OperationRole Role => Kind switch
    {
        WriteKind.Insert => OperationRole.Insert,
        WriteKind.Update => OperationRole.Update,
        _ => OperationRole.Upsert,
    };

    public int ResultSets => (storage.Sql.Writes.Statement(this).ReturnsVersion ? 1 : 0) + (storage.Sql.Moves is null ? 0 : 1);

    public void Configure(BatchBuilder builder)
    {
        var statement = storage.Sql.Writes.Statement(this);
        session.Describe(Document);
        storage.ShowWriter(Document, session);
        storage.Sql.Moves?.Lock(builder, this, session);
        storage.Sql.Moves?.Move(builder, this, session);
        var command = builder.Add(statement.Text);
        newVersion = storage.Sql.Writes.AddParameters(builder, command, statement, this, session);
        storage.Sql.Moves?.Sweep(builder, this, session);
    }

    public async Task ReadResultsAsync(NpgsqlDataReader reader, CancellationToken token)
    {
        if (storage.Sql.Moves is not null)
        {
            await reader.ReadAsync(token);
            if (!storage.Sql.Writes.Statement(this).ReturnsVersion)
                return;
            await reader.NextResultAsync(token);
        }

        if (await reader.ReadAsync(token) && !reader.IsDBNull(0) && storage.Mapping.HasRevisionColumn)
            newVersion = reader.GetInt64(0);
        else if (IgnoreStale)
            newVersion = null;
    }

    public Exception? Translate(PostgresException exception)
    {
        if (SqlGuard.Failed(exception) && Kind == WriteKind.Insert)
            return new DocumentAlreadyExistsException(exception, DocumentType, Id);
        if (SqlGuard.Failed(exception))
            return Kind == WriteKind.Update && !storage.Sql.Writes.IsGuarded(this) ? new NonExistentDocumentException(DocumentType, Id) : new ConcurrencyException(DocumentType, Id);
        if (exception.SqlState == PostgresErrorCodes.UniqueViolation && exception.ConstraintName == storage.Mapping.PrimaryKeyName)
            return new DocumentAlreadyExistsException(exception, DocumentType, Id);
        return null;
    }

    public void Saved()
    {
        if (newVersion is null)
            return;
        storage.SetVersion(Document, newVersion);
        session.RememberVersion(storage.RootType, Id, newVersion);
    }

    object? IStorageOperation.Document => Document;
}
