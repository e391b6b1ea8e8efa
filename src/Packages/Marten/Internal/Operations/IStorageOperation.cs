using Npgsql;

namespace Marten.Internal.Operations;

/// <summary>What an operation does to its document; the change set is read from it.</summary>
internal enum OperationRole
{
    Upsert,
    Insert,
    Update,
    Delete,
    Events,
    Other,
}

/// <summary>One step of a unit of work.</summary>
internal interface IStorageOperation
{
    /// <summary>The document type, whose table is created before the unit of work is sent; typeof(IEvent) for events, null for SQL of the caller.</summary>
    Type? DocumentType { get; }

    OperationRole Role { get; }

    /// <summary>The document that is written, if any.</summary>
    object? Document { get; }

    /// <summary>The tenant whose rows the operation touches; null for that of the session that saves.</summary>
    string? TenantId => null;

    /// <summary>Adds one or more statements.</summary>
    void Configure(BatchBuilder builder);

    /// <summary>How many of the operation's statements return rows.</summary>
    int ResultSets => 0;

    /// <summary>
    /// Reads the rows of the operation's statements. The reader stands before the first row of its first result set;
    /// the operation moves between its own result sets and leaves the reader on its last. The transaction may be
    /// committed when this runs, so a check that must prevent the commit belongs into the SQL (see <see cref="SqlGuard"/>).
    /// </summary>
    Task ReadResultsAsync(NpgsqlDataReader reader, CancellationToken token) => Task.CompletedTask;

    /// <summary>The exception that a failure of one of the operation's statements means to the caller, or null for the general one.</summary>
    Exception? Translate(PostgresException exception) => null;

    /// <summary>Called when the unit of work is saved: sets versions on documents, for example.</summary>
    void Saved()
    {
    }
}

/// <summary>
/// Makes a statement fail inside the database when it touches no row, so that the whole batch rolls back without another
/// round trip. The failure is an invalid cast whose message carries a marker, which works in every database and needs no function.
/// </summary>
internal static class SqlGuard
{
    /// <summary>What the message of a failed guard begins with.</summary>
    public const string Marker = "mt_guard:";

    /// <summary>
    /// Wraps an insert, update or delete without a returning clause. The statement returns one row: the column
    /// <paramref name="returning"/> of the touched row, for an expression that is an integer.
    /// </summary>
    public static string RequireRow(string statement, string returning = "1") =>
        $"with mt_touched as ({statement} returning {returning} as touched) select case when count(*) = 0 then ('{Marker}' || count(*))::bigint else max(touched)::bigint end from mt_touched";

    /// <summary>Whether a guarded statement touched no row.</summary>
    public static bool Failed(PostgresException exception) =>
        exception.SqlState == PostgresErrorCodes.InvalidTextRepresentation && exception.MessageText.Contains(Marker, StringComparison.Ordinal);
}

/// <summary>One deletion, as listeners see it.</summary>
internal interface IDeletionOperation : IStorageOperation, IDeletion;
