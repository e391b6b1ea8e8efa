using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Shipments;
using ModularMonolith.Platform.Processes;

namespace ModularMonolith.Ordering.Orders;

/// <summary>What fulfilling an order waits for.</summary>
internal sealed class OrderFulfilmentState : ProcessState
{
    public bool HasStock { get; set; }

    /// <summary>Whether the money is certain: authorised, or there already.</summary>
    public bool IsPaid { get; set; }

    /// <summary>From where the stock is taken.</summary>
    public IReadOnlyList<SourcedLine> Sources { get; set; } = [];

    /// <summary>What has to arrive before it can be packed.</summary>
    public IReadOnlyList<SourcedLine> Awaited { get; set; } = [];

    public bool IsReady => HasStock && IsPaid;

    /// <summary>Takes out what is given back, as Inventory does: what has not even come first, then from the last source.</summary>
    public void GiveBack(IReadOnlyList<StockLine> lines)
    {
        var back = lines.Select(static line => new SourcedLine(line.Sku, string.Empty, line.Quantity)).ToList();
        Awaited = Fulfilment.Without(Awaited, back);
        Sources = [.. Fulfilment.Without([.. Sources.Reverse().OrderByDescending(static source => source.IsBackordered)], back).Reverse()];
    }
}
