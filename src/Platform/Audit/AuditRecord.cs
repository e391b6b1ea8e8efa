using System.Text.Json;

namespace ModularMonolith.Platform.Audit;

/// <summary>A change that was committed: who made it, when, from where, and what it concerned. It never holds what a resource holds.</summary>
/// <param name="Position">Its place in the chain, from 1 on without a gap.</param>
/// <param name="Id">Its id.</param>
/// <param name="RecordedAt">When, by the database's clock, shortly before the commit.</param>
/// <param name="Module">The module whose data was changed.</param>
/// <param name="Operation">The name of the command, of the subscription, or of what an operator did.</param>
/// <param name="Place">Where it came in: a method and a route, <c>subscription …</c>, <c>timer …</c>, <c>job …</c>, <c>command …</c> or <c>host</c>.</param>
/// <param name="Subject">On whose behalf; null for nobody known and for what the system does by itself.</param>
/// <param name="Client">The client that acted for the subject.</param>
/// <param name="Session">The session in which the subject had signed in.</param>
/// <param name="Authentication">The kind of credentials that were sent.</param>
/// <param name="Address">The network address of the request, behind the proxies that the host knows.</param>
/// <param name="UserAgent">What the client said of itself, the first 200 characters.</param>
/// <param name="TraceId">The trace in which it was done (W3C Trace Context).</param>
/// <param name="CorrelationId">Shared by everything that follows from one request.</param>
/// <param name="CausationId">The id of the event or timer that was handled.</param>
/// <param name="IdempotencyKey">The SHA-256 hash of caller, route and idempotency key.</param>
/// <param name="Reason">Why, where an operator was asked.</param>
/// <param name="ChangeCount">How many resources were changed.</param>
/// <param name="Changes">The first hundred of them: type, id, change, and for streams the events' names and the version.</param>
/// <param name="Writer">The database login that wrote it.</param>
/// <param name="Hash">SHA-256, in hexadecimal, over the hash before it and the entry.</param>
internal sealed record AuditRecord(
    long Position, Guid Id, DateTimeOffset RecordedAt, string Module, string Operation, string Place, string? Subject, string? Client, string? Session, string? Authentication, string? Address,
    string? UserAgent, string? TraceId, string? CorrelationId, string? CausationId, string? IdempotencyKey, string? Reason, long ChangeCount, IReadOnlyList<AuditedChange> Changes, string Writer,
    string Hash);

/// <summary>An entry with what its hash is computed from.</summary>
/// <param name="Record">The entry.</param>
/// <param name="PreviousHash">The hash of the entry before it; 64 zeros for the first one.</param>
/// <param name="Canonical">Its canonical form: the hash is SHA-256 over the 32 bytes of the previous hash and this text in UTF-8.</param>
internal sealed record AuditRecordDetails(AuditRecord Record, string PreviousHash, string Canonical);

/// <summary>The end of the chain. Kept elsewhere, it shows later that nothing before it was removed or written anew.</summary>
/// <param name="Position">The last entry's position; 0 while there is none.</param>
/// <param name="Hash">The last entry's hash.</param>
/// <param name="RemovedPosition">The last position that was removed because its time was over.</param>
/// <param name="RemovedHash">The hash that it had: the chain begins behind it.</param>
/// <param name="WaitingSeconds">For how many seconds the oldest entry has been waiting to be sealed; null when none is waiting.</param>
internal sealed record AuditHead(long Position, string Hash, long RemovedPosition, string RemovedHash, double? WaitingSeconds);

/// <summary>What a part of the chain's verification found.</summary>
/// <param name="IsIntact">Whether nothing wrong was found in this part.</param>
/// <param name="Checked">How many entries this part looked at.</param>
/// <param name="UpTo">The last position that was found right.</param>
/// <param name="BadPosition">The first position at which something is wrong.</param>
/// <param name="Finding">What is wrong there.</param>
/// <param name="Next">The cursor of the next part; null when the end was reached or something is wrong.</param>
internal sealed record AuditVerification(bool IsIntact, int Checked, long UpTo, long? BadPosition, string? Finding, string? Next);

/// <summary>A row of the chain, as it is stored.</summary>
internal sealed record StoredEntry(
    long Position, Guid Id, DateTime RecordedAt, string Writer, string Module, string Operation, string Place, string? Subject, string? Client, string? Session, string? Authentication,
    string? Address, string? UserAgent, string? TraceId, string? CorrelationId, string? CausationId, string? IdempotencyKey, string? Reason, long ChangeCount, string Changes, byte[] Hash)
{
    public const string Columns =
        "e.position, e.id, e.recorded_at, e.writer, e.module, e.operation, e.place, e.subject, e.client, e.session, e.authentication, e.address, e.user_agent, e.trace_id, e.correlation_id, "
        + "e.causation_id, e.idempotency_key, e.reason, e.change_count, e.changes, e.hash";

    public static StoredEntry Read(Npgsql.NpgsqlDataReader reader)
    {
        return new StoredEntry(
            reader.GetInt64(0), reader.GetGuid(1), reader.GetFieldValue<DateTime>(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), reader.GetString(6), Text(7), Text(8), Text(9),
            Text(10), Text(11), Text(12), Text(13), Text(14), Text(15), Text(16), Text(17), reader.GetInt64(18), reader.GetString(19), reader.GetFieldValue<byte[]>(20));

        string? Text(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    public AuditRecord ToRecord() => new(
        Position, Id, RecordedAt, Module, Operation, Place, Subject, Client, Session, Authentication, Address, UserAgent, TraceId, CorrelationId, CausationId, IdempotencyKey, Reason, ChangeCount,
        ReadChanges(), Writer, Convert.ToHexStringLower(Hash));

    // Somebody may have written over the row; it is shown all the same, and the verification finds it.
    private IReadOnlyList<AuditedChange> ReadChanges()
    {
        try
        {
            return JsonSerializer.Deserialize(Changes, AuditJson.Default.IReadOnlyListAuditedChange) ?? [];
        }
        catch (JsonException)
        {
            return [new AuditedChange("unreadable", "*", "unreadable")];
        }
    }
}
