using JasperFx.Events;
using JasperFx.Events.Daemon;
using Marten.Internal.Sessions;
using Marten.Projections;
using Microsoft.Extensions.Logging;

namespace Marten.Events.Daemon;

/// <summary>Processes one page of one shard and saves effects and progress in one transaction.</summary>
internal sealed class PageExecution(DaemonContext context, ProjectionRegistration registration, ShardAgent agent)
{
    private readonly List<(long Sequence, Exception Failure)> deadLetters = [];
    private (Exception Failure, long? LastProcessed)? critical;

    public Task FailAsync(Exception exception, long? lastProcessed)
    {
        critical = (exception, lastProcessed);
        return Task.CompletedTask;
    }

    public void AddDeadLetter(long sequence, Exception exception) => deadLetters.Add((sequence, exception));

    /// <summary>Processes a page. An event at which the projection fails is left out, where the options say so, and the page begins anew without it.</summary>
    /// <exception cref="ApplyEventException">The projection failed at an event that may not be left out.</exception>
    /// <exception cref="ProgressionProgressOutOfOrderException">Another process advanced or reset the shard.</exception>
    public async Task RunAsync(EventPage page, CancellationToken token)
    {
        var left = page.Unreadable.ToList();
        var events = page.Events;
        while (true)
        {
            try
            {
                await AttemptAsync(page, events, left, token);
                return;
            }
            catch (ApplyEventException exception) when (agent.ErrorOptions.SkipApplyErrors)
            {
                context.Logger.LogWarning(exception, "Shard {Shard} of store {Store} passes over event {Sequence}.", agent.Name.Identity, context.Store.Options.StoreName, exception.Event.Sequence);
                var failed = exception.Event.Sequence;
                var others = events.FindAll(e => e.Sequence != failed);
                if (others.Count == events.Count)
                    throw;
                events = others;
                left.Add((failed, exception.InnerException ?? exception));
            }
        }
    }

    private async Task AttemptAsync(EventPage page, List<IEvent> events, List<(long Sequence, Exception Failure)> left, CancellationToken token)
    {
        deadLetters.Clear();
        critical = null;
        await using var session = context.OpenSession(registration.RemembersDocuments);
        var listeners = new List<IChangeListener>();
        var progress = new AdvanceProgress(context.Sql, agent.Name, page.Floor, page.Ceiling);
        session.QueueOperation(progress);
        foreach (var part in registration.Parts)
            session.QueueOperation(new RecordProgress(context.Sql, part.Shard, page.Ceiling));
        if (events.Count > 0)
            await registration.ApplyAsync(new PageContext(session, page.Floor, page.Ceiling, agent, listeners), events, token);
        if (critical is { } stopped)
            await ThrowAsync(session, progress, page, stopped, token);
        StoreDeadLetters(session, left.Concat(deadLetters));
        if (session.TakeMessages() is { } messages)
            listeners.Insert(0, messages);
        listeners.AddRange(context.Settings.AsyncListeners);
        await SaveAsync(session, listeners, token);
    }

    private async Task ThrowAsync(DocumentSession session, AdvanceProgress progress, EventPage page, (Exception Failure, long? LastProcessed) stopped, CancellationToken token)
    {
        if (stopped.LastProcessed is { } last && last > page.Floor)
        {
            session.UnitOfWork.RemoveAll(o => ReferenceEquals(o, progress));
            session.QueueOperation(new AdvanceProgress(context.Sql, agent.Name, page.Floor, Math.Min(last, page.Ceiling)));
            StoreDeadLetters(session, deadLetters.Where(d => d.Sequence <= last));
            await SaveAsync(session, [.. context.Settings.AsyncListeners], token);
        }

        throw new InvalidOperationException($"'{agent.Name}' reported a critical failure: {stopped.Failure.Message}", stopped.Failure);
    }

    private async Task SaveAsync(DocumentSession session, List<IChangeListener> listeners, CancellationToken token)
    {
        if (listeners.Count == 0)
        {
            await session.SaveChangesAsync(token);
            return;
        }

        var changes = session.UnitOfWork.Clone();
        foreach (var listener in listeners)
            await listener.BeforeCommitAsync(session, changes, token);
        changes = session.UnitOfWork.Clone();
        await session.SaveChangesAsync(token);
        foreach (var listener in listeners)
        {
            try
            {
                await listener.AfterCommitAsync(session, changes, token);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                context.Logger.LogError(exception, "A listener of shard {Shard} failed after the commit.", agent.Name.Identity);
            }
        }
    }

    private void StoreDeadLetters(DocumentSession session, IEnumerable<(long Sequence, Exception Failure)> failures)
    {
        foreach (var (sequence, failure) in failures)
        {
            session.Store(new DeadLetterEvent
            {
                Id = Guid.CreateVersion7(context.Clock.GetUtcNow()),
                ProjectionName = agent.Name.Name,
                ShardName = agent.Name.ShardKey,
                Timestamp = context.Clock.GetUtcNow(),
                ExceptionMessage = failure.Message,
                ExceptionType = failure.GetType().FullName ?? failure.GetType().Name,
                EventSequence = sequence,
            });
        }
    }
}
