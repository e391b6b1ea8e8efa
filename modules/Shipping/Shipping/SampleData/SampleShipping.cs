using Marten;
using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Shipping.Contracts;
using ModularMonolith.Shipping.Rates;

namespace ModularMonolith.Shipping.SampleData;

/// <summary>A zone for the whole world with three methods, and one place to fetch goods.</summary>
internal sealed class SampleShipping(IModuleSession<IShippingStore> session, ISender sender) : ISampleData
{
    private const int Count = 5;

    public string Subject => "shipping";

    public async Task<int> FillAsync(IProgress<(int Done, int Total)> progress, CancellationToken cancellationToken)
    {
        await using (var query = session.Store.QuerySession())
        {
            if (await query.Query<Zone>().AnyAsync(cancellationToken))
            {
                return 0;
            }
        }

        await sender.Send(new CreateZone("everywhere", new ZoneContent("Everywhere", [new Area()])), cancellationToken);
        progress.Report((1, Count));
        await sender.Send(Method("standard", "Standard", MethodKind.Delivery, 490, 5_000, 2, 4), cancellationToken);
        await sender.Send(Method("express", "Express", MethodKind.Delivery, 1_190, null, 1, 1), cancellationToken);
        await sender.Send(Method("pickup", "Pickup in the shop", MethodKind.Pickup, 0, null, 0, 1), cancellationToken);
        var address = new PostalAddress("The shop", "Hauptstraße 1", "Berlin", "DE", "10115");
        await sender.Send(new CreatePickupPoint("shop", new PickupPointContent("The shop", address, "Monday to Saturday, 9 to 18")), cancellationToken);
        progress.Report((Count, Count));
        return Count;
    }

    private static CreateShippingMethod Method(string code, string title, MethodKind kind, long price, long? freeFrom, int earliest, int latest) => new(code, new MethodContent(
        title, kind, "everywhere", [new Rate(RateKind.Flat, new Money(price, "EUR"), null, freeFrom is { } from ? new Money(from, "EUR") : null)], true, earliest, latest));
}
