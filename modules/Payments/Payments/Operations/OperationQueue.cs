using System.Text.Json;
using System.Threading.Channels;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Payments.Operations;

/// <summary>An operation that this host may carry out until its lease ends.</summary>
/// <param name="Operation">What is to be done.</param>
/// <param name="LeasedUntil">From then on another host may take it.</param>
/// <param name="MayHaveArrived">Whether an earlier attempt may have had its effect.</param>
/// <param name="IsAbandoned">Nobody needs it any more, unless it may have had its effect.</param>
/// <param name="Attempts">How often it has been tried.</param>
internal sealed record LeasedOperation(ProviderOperation Operation, DateTimeOffset LeasedUntil, bool MayHaveArrived, bool IsAbandoned, int Attempts);

/// <summary>
/// Writes operations in the transaction that makes them necessary, and hands them to the worker of this process right after the commit, with a lease, so that they need not be claimed.
/// What a process does not get to, because it has too much to do or ends, is claimed from the table when the lease ends.
/// </summary>
internal sealed class OperationQueue(PaymentsSettings settings, TimeProvider time)
{
    private const int Capacity = 1_500;

    /// <summary>So many places are kept for units of work that have counted the room and not committed yet.</summary>
    private const int Reserve = 1_000;

    private const string Insert = """
        insert into provider_operation (id, payment_id, intent, body, state, error, next_attempt_at, is_leased, may_have_arrived, created_at) values (?, ?, ?, ?::jsonb, ?, ?, ?, ?, ?, ?)
        """;

    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(10);

    private readonly Channel<LeasedOperation> _inbox = Channel.CreateBounded<LeasedOperation>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.Wait });
    private TaskCompletionSource _woken = New();

    public ChannelReader<LeasedOperation> Inbox => _inbox.Reader;

    public int Room => Capacity - _inbox.Reader.Count;

    /// <summary>The next time that something may have become due. Take it before looking.</summary>
    public Task Woken => Volatile.Read(ref _woken).Task;

    public void Add(IModuleSession<IPaymentsStore> session, ProviderOperation operation)
    {
        var now = time.GetUtcNow();
        // Whoever waits for a customer, or a refund that was on its way just now, is not asked about at once. What this process has no room for is due at once for whichever host has, instead of waiting for the end of a lease.
        var isQuestion = operation.Kind == OperationKind.Check;
        var isLeft = operation.LeftBecause is not null;
        var isLeased = !isQuestion && !isLeft && Room > Reserve;
        var next = isLeased ? now + settings.Lease : isQuestion ? now + CheckInterval : now;
        session.Documents.QueueSqlCommand(
            Insert, operation.Id, operation.PaymentId, operation.Intent!, JsonSerializer.Serialize(operation, OperationTable.Json), isLeft ? "stuck" : "waiting", operation.LeftBecause ?? string.Empty, next,
            isLeased, isLeased, operation.CreatedAt);
        if (isLeased)
        {
            session.AfterCommit(() => TryGive(new LeasedOperation(operation, next, false, false, 0)));
        }
    }

    public bool TryGive(LeasedOperation leased) => _inbox.Writer.TryWrite(leased);

    /// <summary>Takes an operation away whose outcome somebody has found out; the unit of work fails where a host is carrying it out.</summary>
    public static void End(IModuleSession<IPaymentsStore> session, Guid operationId) => session.Documents.QueueSqlCommand("call end_operation(?)", operationId);

    public static void Remove(IModuleSession<IPaymentsStore> session, Guid operationId) => session.Documents.QueueSqlCommand("delete from provider_operation where id = ?", operationId);

    /// <summary>Has authorisations that were certainly never sent given up; those that may have been sent go on until their outcome is known.</summary>
    public void Abandon(IModuleSession<IPaymentsStore> session, Guid paymentId)
    {
        session.Documents.QueueSqlCommand(
            "update provider_operation set is_abandoned = true, next_attempt_at = case when is_leased then next_attempt_at else ? end where payment_id = ? and body ->> 'kind' = 'Authorise'",
            time.GetUtcNow(), paymentId);
        session.AfterCommit(Wake);
    }

    /// <summary>Looks at the table now instead of at the next poll.</summary>
    public void Wake() => Interlocked.Exchange(ref _woken, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
