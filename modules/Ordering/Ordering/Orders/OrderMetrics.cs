using System.Diagnostics.Metrics;
using JasperFx.Events;
using Marten;
using Marten.Services;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Ordering.Orders;

/// <summary>What orders measure, under the meter <c>ModularMonolith.ordering</c>: what was committed, and nothing that was only tried.</summary>
internal sealed class OrderMetrics : DocumentSessionListenerBase, IDisposable
{
    private readonly Meter _meter = new("ModularMonolith.ordering");
    private readonly Counter<long> _placed;
    private readonly Counter<long> _confirmed;
    private readonly Counter<long> _cancelled;
    private readonly Counter<long> _refused;
    private readonly Counter<double> _revenue;
    private readonly Counter<double> _refunded;

    public OrderMetrics()
    {
        _placed = _meter.CreateCounter<long>("modularmonolith.ordering.orders.placed", "{order}", "Orders that were placed.");
        _confirmed = _meter.CreateCounter<long>("modularmonolith.ordering.orders.confirmed", "{order}", "Orders whose payment and stock were certain.");
        _cancelled = _meter.CreateCounter<long>("modularmonolith.ordering.orders.cancelled", "{order}", "Orders that were cancelled or rejected.");
        _refused = _meter.CreateCounter<long>("modularmonolith.ordering.parcels.refused", "{parcel}", "Parcels that must not leave, because they could not be paid or were not wanted any more.");
        _revenue = _meter.CreateCounter<double>("modularmonolith.ordering.revenue", "{major currency unit}", "What confirmed orders come to, by currency.");
        _refunded = _meter.CreateCounter<double>("modularmonolith.ordering.refunds", "{major currency unit}", "What was given back, by currency.");
    }

    public override Task AfterCommitAsync(IDocumentSession session, IChangeSet commit, CancellationToken token)
    {
        if (session.GetHeader(DryRunEndpoints.Header) is null)
        {
            foreach (var item in commit.GetEvents())
            {
                Count(item, commit);
            }
        }

        return Task.CompletedTask;
    }

    public void Dispose() => _meter.Dispose();

    private void Count(IEvent item, IChangeSet commit)
    {
        switch (item.Data)
        {
            case Placed:
                _placed.Add(1);
                break;
            case Confirmed:
                _confirmed.Add(1);
                if (commit.Updated.Concat(commit.Inserted).OfType<Order>().FirstOrDefault(order => order.Id == item.StreamId) is { } order)
                {
                    _revenue.Add((double)(order.Total - order.CancelledAmount()).ToMajor(), new KeyValuePair<string, object?>("currency", order.Total.Currency));
                }

                break;
            case Cancelled or Rejected:
                _cancelled.Add(1);
                break;
            case Refused:
                _refused.Add(1);
                break;
            case Refunded refunded:
                _refunded.Add((double)refunded.Amount.ToMajor(), new KeyValuePair<string, object?>("currency", refunded.Amount.Currency));
                break;
            case RefundSettled settled:
                _refunded.Add((double)settled.Amount.ToMajor(), new KeyValuePair<string, object?>("currency", settled.Amount.Currency));
                break;
            default:
                break;
        }
    }
}
