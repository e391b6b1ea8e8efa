using JasperFx.Events;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Returns.Contracts;

namespace ModularMonolith.Returns.Requests;

/// <summary>A return to be changed.</summary>
/// <param name="Stream">Its stream, to which events are appended.</param>
/// <param name="Return">A copy that follows the events, so that what is answered is what will be stored; the stream's own is for its projection.</param>
internal sealed record OpenReturn(IEventStream<Return> Stream, Return Return)
{
    /// <summary>The return with what was done to it, and the version that it will have.</summary>
    public Versioned<ReturnView> View() => new(ReturnView.Of(Return), Return.Version + Stream.Events.Count);
}

/// <summary>Finds returns, and does to them what more than one use case does.</summary>
internal sealed class ReturnDesk(IModuleSession<IReturnsStore> session, Ownership ownership, ReturnsSettings settings, TimeProvider time)
{
    /// <summary>The return, as far as it exists for the caller.</summary>
    /// <exception cref="ProblemException">404.</exception>
    public async Task<OpenReturn> RequireAsync(Guid returnId, CancellationToken cancellationToken) =>
        await FindAsync(returnId, cancellationToken) is { } open && ownership.Require(open.Return, returnId, Ownership.ManageAll) is not null
            ? open
            : throw ProblemException.NotFound("return", returnId);

    /// <summary>The return, whoever asks; null when there is none.</summary>
    public async Task<OpenReturn?> FindAsync(Guid returnId, CancellationToken cancellationToken)
    {
        var stream = await session.Events.FetchForWriting<Return>(returnId, cancellationToken);
        return stream.Aggregate?.Copy() is { } found ? new OpenReturn(stream, found) : null;
    }

    /// <summary>How a return that was just requested, or waits for it, is approved.</summary>
    public ReturnApproved Approval(Guid returnId)
    {
        var now = time.GetUtcNow();
        var approved = new ReturnApproved(now, now + settings.ReceiptTime);
        session.Schedule(returnId, approved.ReceiveUntil, new ExpireReturn(returnId));
        return approved;
    }

    /// <summary>The goods of the return can be asked for again.</summary>
    public async Task GiveBackAsync(Return ended, CancellationToken cancellationToken) =>
        (await OrderReturns.LoadAsync(session.Documents, ended.OrderId, cancellationToken)).Write(session.Documents, ended.Id, []);

    /// <summary>All is settled.</summary>
    public void Settle(OpenReturn open, ReturnSettled settled)
    {
        open.Stream.AppendOne(settled);
        open.Return.Apply(settled);
        session.Publish(new ReturnCompleted(open.Return.Id, open.Return.OrderId, settled.CompletedAt));
    }
}
