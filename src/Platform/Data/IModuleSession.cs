using Marten;
using Marten.Events;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Timers;
using Npgsql;

namespace ModularMonolith.Platform.Data;

/// <summary>
/// The current unit of work of one module: one Marten session, opened at first use, saved once by the pipeline after the
/// handler of a command or an event. Handlers never save themselves.
/// </summary>
/// <typeparam name="TStore">The module's internal store marker.</typeparam>
public interface IModuleSession<TStore>
    where TStore : class, IDocumentStore
{
    /// <summary>The session. Ask for it where it is used: after a conflict the command runs again on a new one.</summary>
    IDocumentSession Documents { get; }

    /// <summary>The session's event store.</summary>
    IEventStoreOperations Events { get; }

    /// <summary>The module's store, for work that needs its own transaction (bulk work, read-only streaming).</summary>
    TStore Store { get; }

    /// <summary>Writes an integration event in this unit of work's transaction.</summary>
    /// <param name="integrationEvent">What happened.</param>
    /// <exception cref="InvalidOperationException">Its class has no <see cref="EventNameAttribute"/>.</exception>
    void Publish(IIntegrationEvent integrationEvent);

    /// <summary>Writes an integration event with another session of the same store (one that shares a transaction, say). Call <see cref="NotifyCommitted"/> after its commit.</summary>
    /// <param name="session">The session that carries it.</param>
    /// <param name="integrationEvent">What happened.</param>
    void Publish(IDocumentSession session, IIntegrationEvent integrationEvent);

    /// <summary>
    /// Has a command sent at a time, once, in this unit of work's transaction: it is scheduled if, and only if, the unit of work is committed. The
    /// command's effects and the end of the timer are one transaction. An id that is scheduled already is set anew, also by the timer's own command.
    /// </summary>
    /// <param name="timerId">The timer's id, chosen by the caller, so that it can be cancelled.</param>
    /// <param name="at">When. A time that has passed is due at once.</param>
    /// <param name="command">What is sent; its class carries <see cref="TimerAttribute"/> and it answers nothing.</param>
    /// <exception cref="InvalidOperationException">Its class has no <see cref="TimerAttribute"/>.</exception>
    void Schedule(Guid timerId, DateTimeOffset at, ICommand command);

    /// <summary>Cancels a timer in this unit of work's transaction. One that has fired, or does not exist, makes no difference.</summary>
    /// <param name="timerId">The timer's id.</param>
    void Unschedule(Guid timerId);

    /// <summary>
    /// Has the audit entry of this unit of work name a resource that a statement of the module's own changes. Documents and streams are named without it. The entry never holds what
    /// a resource holds, so neither may the id.
    /// </summary>
    /// <param name="type">What it is, as the store names it: <c>session</c>.</param>
    /// <param name="id">Its id; <c>*</c> for all that meet a condition.</param>
    /// <param name="change"><c>inserted</c>, <c>stored</c> or <c>deleted</c>.</param>
    void RecordChange(string type, string id, string change);

    /// <summary>
    /// Has something done in this process right after the commit of this unit of work: waking a worker, say. It is no part of the transaction: a process that ends in between does not
    /// do it, and a dry run never does. It must be quick and must not throw.
    /// </summary>
    /// <param name="committed">What is done.</param>
    void AfterCommit(Action committed);

    /// <summary>
    /// What this host wrote last of a document that this unit of work is going to write under its revision, in place of reading it. Where another host has written it since, the commit meets
    /// a conflict, and then, as after any other failure of a command that has borrowed, the command runs again and finds nothing to borrow. Only commands with
    /// <see cref="RetryOnConflictAttribute"/> find something.
    /// </summary>
    /// <typeparam name="T">The document.</typeparam>
    /// <param name="id">Its id.</param>
    /// <returns>A copy for this unit of work alone; null when the document has to be read.</returns>
    T? Borrow<T>(object id)
        where T : class, ICopyable<T>;

    /// <summary>Has this host keep a copy of a document that this unit of work writes, for the next change of it. It is made after the commit, with the revision that the document has then.</summary>
    /// <typeparam name="T">The document.</typeparam>
    /// <param name="id">Its id.</param>
    /// <param name="document">The document.</param>
    void Keep<T>(object id, T document)
        where T : class, ICopyable<T>;

    /// <summary>Has something done in this process when this unit of work has ended, committed or not, and its locks are free: letting go of a turn, say. It must be quick and must not throw.</summary>
    /// <param name="ended">What is done, once.</param>
    void AtEnd(Action ended);

    /// <summary>Wakes the subscribers after a commit that was made outside the unit of work.</summary>
    void NotifyCommitted();

    /// <summary>On whose behalf this unit of work writes: kept with work that is done later, it is what <see cref="OnBehalfOf"/> wants then.</summary>
    EventHeaders Headers { get; }

    /// <summary>Has the unit of work continue earlier work, before it is used: its events, timers and audit entry belong to whoever asked for that; of several askers, to what they have in common.</summary>
    /// <param name="place">What continues it, for the audit log.</param>
    /// <param name="origins">The headers of the earlier work; at least one.</param>
    void Continue(string place, IReadOnlyCollection<EventHeaders> origins);

    /// <summary>Has what is published, scheduled and appended to streams until the answer is disposed belong to earlier work, with its correlation, cause and actor.</summary>
    /// <param name="origin">The headers of the earlier work.</param>
    IDisposable OnBehalfOf(EventHeaders origin);
}

/// <summary>What the pipeline needs of a module's unit of work.</summary>
internal interface IUnitOfWork
{
    IDocumentSession Documents { get; }

    bool IsOpen { get; }

    /// <summary>Whether documents may come from memory, because the command may run again.</summary>
    bool MayBorrow { set; }

    /// <summary>Whether a document came from memory.</summary>
    bool HasBorrowed { get; }

    /// <summary>Has the next session work in a transaction that somebody else will roll back.</summary>
    void Rehearse(NpgsqlTransaction transaction);

    /// <summary>Saves what was queued, if anything was, with its audit entry.</summary>
    /// <param name="operation">The stable name of what was done.</param>
    /// <param name="alsoWrite">Queues what belongs to the transaction and is no change of its own: a cursor's move, a stored answer.</param>
    /// <param name="cancellationToken">Stops it.</param>
    Task SaveAsync(string operation, Action<IDocumentSession>? alsoWrite, CancellationToken cancellationToken);

    ValueTask ResetAsync();
}
