using JasperFx.Events;
using Marten;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Processes;

namespace ModularMonolith.Ordering.Orders;

/// <summary>Opens orders for units of work that change them, each with its process, in one round trip. One that is open is not opened again: it has what was decided so far.</summary>
internal sealed class OrderDesk(
    IModuleSession<IOrderingStore> session, IProcesses<IOrderingStore, OrderFulfilmentState> processes, OrderOutcomes outcomes, TimeProvider time)
{
    private readonly Dictionary<Guid, OrderChange> _open = [];
    private IDocumentSession? _openedBy;

    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The order; null when there is none.</summary>
    public async Task<OrderChange?> FindAsync(Guid orderId, CancellationToken cancellationToken) =>
        (await FindManyAsync([orderId], cancellationToken)).GetValueOrDefault(orderId);

    /// <summary>The order that an event of another module names; null when the reference is none of ours.</summary>
    public async Task<OrderChange?> FindAsync(string reference, CancellationToken cancellationToken) =>
        Guid.TryParse(reference, out var orderId) ? await FindAsync(orderId, cancellationToken) : null;

    /// <summary>The orders that events of another module name, without the references that are none of ours.</summary>
    public Task<IReadOnlyDictionary<Guid, OrderChange>> FindManyAsync(IEnumerable<string> references, CancellationToken cancellationToken) =>
        FindManyAsync([.. references.Select(static reference => Guid.TryParse(reference, out var orderId) ? orderId : Guid.Empty).Where(static id => id != Guid.Empty).Distinct()], cancellationToken);

    /// <summary>The order.</summary>
    /// <exception cref="ProblemException">404.</exception>
    public async Task<OrderChange> RequireAsync(Guid orderId, CancellationToken cancellationToken) =>
        await FindAsync(orderId, cancellationToken) ?? throw ProblemException.NotFound("order", orderId);

    private async Task<IReadOnlyDictionary<Guid, OrderChange>> FindManyAsync(IReadOnlyList<Guid> orderIds, CancellationToken cancellationToken)
    {
        // A unit of work that begins again has another session.
        if (_openedBy != session.Documents)
        {
            _open.Clear();
            _openedBy = session.Documents;
        }

        await OpenAsync([.. orderIds.Where(id => !_open.ContainsKey(id))], cancellationToken);
        return orderIds.Where(_open.ContainsKey).ToDictionary(static id => id, id => _open[id]);
    }

    private async Task OpenAsync(IReadOnlyList<Guid> orderIds, CancellationToken cancellationToken)
    {
        if (orderIds.Count == 0)
        {
            return;
        }

        var batch = session.Documents.CreateBatchQuery();
        var streams = orderIds.Select(id => batch.Events.FetchForWriting<Order>(id)).ToList();
        var states = batch.LoadMany<OrderFulfilmentState>().ByIdList(orderIds);
        await batch.Execute(cancellationToken);
        var stateById = (await states).ToDictionary(static state => state.Id);
        foreach (var fetching in streams)
        {
            var stream = await fetching;
            if (stream.Aggregate is { } order)
            {
                _open.Add(stream.Id, new OrderChange(stream, order, session, processes, stateById.GetValueOrDefault(stream.Id), outcomes));
            }
        }
    }
}

/// <summary>An order in the unit of work that changes it. What is appended is applied at once, so that each later decision sees it.</summary>
internal sealed class OrderChange(
    IEventStream<Order> stream, Order order, IModuleSession<IOrderingStore> session, IProcesses<IOrderingStore, OrderFulfilmentState> processes, OrderFulfilmentState? state,
    OrderOutcomes outcomes)
{
    private RunningProcess<OrderFulfilmentState>? _process;
    private bool _isContinued;
    private bool _isChanged;

    public Order Order { get; private set; } = order;

    public Versioned<OrderView> Answer => new(OrderView.Of(Order), Order.Version);

    public void Append(object orderEvent)
    {
        if (!_isChanged)
        {
            _isChanged = true;
            session.AfterCommit(() => outcomes.Tell(Order));
        }

        Order = OrderFold.After(Order, orderEvent) with { Version = Order.Version + 1 };
        stream.AppendOne(orderEvent);
    }

    public void Publish(IIntegrationEvent integrationEvent) => session.Publish(integrationEvent);

    /// <summary>The order's process, which is saved then; null when it has ended, or the order is of the time before there were processes.</summary>
    public RunningProcess<OrderFulfilmentState>? Process()
    {
        if (!_isContinued)
        {
            _process = processes.Continue(state);
            _isContinued = true;
        }

        return _process is { State.Status: ProcessStatus.Running } ? _process : null;
    }
}

/// <summary>What events make of an order, outside of the store.</summary>
internal static class OrderFold
{
    public static Order After(Order order, object orderEvent) => orderEvent switch
    {
        Paid paid => order.Apply(paid),
        Authorised authorised => order.Apply(authorised),
        ActionRequired required => order.Apply(required),
        Declined declined => order.Apply(declined),
        Voided voided => order.Apply(voided),
        Confirmed confirmed => order.Apply(confirmed),
        FulfilmentBegun begun => order.Apply(begun),
        Packed packed => order.Apply(packed),
        Captured captured => order.Apply(captured),
        Released released => order.Apply(released),
        Refused refused => order.Apply(refused),
        Dispatched dispatched => order.Apply(dispatched),
        Delivered delivered => order.Apply(delivered),
        Lost item => order.Apply(item),
        Found item => order.Apply(item),
        CameBack item => order.Apply(item),
        ReadyForPickup item => order.Apply(item),
        LeftPickupPoint item => order.Apply(item),
        NotCollected item => order.Apply(item),
        ParcelReceived item => order.Apply(item),
        ParcelRefunded item => order.Apply(item),
        ReplacementBegun item => order.Apply(item),
        ReplacementStocked item => order.Apply(item),
        ReplacementArrived item => order.Apply(item),
        ReplacementGivenUp item => order.Apply(item),
        ReplacementCalledOff item => order.Apply(item),
        RefundDeferred item => order.Apply(item),
        Shipped shipped => order.Apply(shipped),
        Completed completed => order.Apply(completed),
        LinesCancelled cancelled => order.Apply(cancelled),
        Cancelled cancelled => order.Apply(cancelled),
        Rejected rejected => order.Apply(rejected),
        Edited edited => order.Apply(edited),
        NoteAdded added => order.Apply(added),
        GoodsBack back => order.Apply(back),
        RefundBegun begun => order.Apply(begun),
        RefundRepeated repeated => order.Apply(repeated),
        Refunded refunded => order.Apply(refunded),
        RefundRefused refused => order.Apply(refused),
        RefundCameBack item => order.Apply(item),
        RefundSettled item => order.Apply(item),
        _ => throw new InvalidOperationException($"{orderEvent.GetType().Name} is no event of an order."),
    };

    /// <summary>The order after its first events; null before it was placed.</summary>
    public static Order? Of(Guid orderId, IEnumerable<IEvent> events)
    {
        Order? order = null;
        foreach (var item in events)
        {
            order = (order is null ? Order.Create((Placed)item.Data) : After(order, item.Data)) with { Id = orderId, Version = (int)item.Version };
        }

        return order;
    }
}
