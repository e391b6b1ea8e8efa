using Marten;
using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Shipping.Contracts;
using ModularMonolith.Shipping.Rates;

namespace ModularMonolith.Shipping.SampleData;

/// <summary>A zone for the whole world with four methods, of which one brings goods to pickup points, and three such points.</summary>
internal sealed class SampleShipping(IModuleSession<IShippingStore> session, ISender sender) : ISampleData
{
    private const int Count = 8;

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
        var toPoint = Method("to-point", "To a pickup point", MethodKind.Pickup, 290, 5_000, 2, 4);
        await sender.Send(toPoint with { Content = toPoint.Content with { NeedsPickupPoint = true } }, cancellationToken);
        progress.Report((5, Count));
        await sender.Send(Point("shop", "The shop", "Hauptstraße 1", "Berlin", "10115", "Monday to Saturday, 9 to 18"), cancellationToken);
        await sender.Send(Point("kiosk-alexanderplatz", "Kiosk at Alexanderplatz", "Alexanderplatz 3", "Berlin", "10178", "Every day, 7 to 22"), cancellationToken);
        await sender.Send(Point("locker-altona", "Parcel locker at Altona station", "Paul-Nevermann-Platz 1", "Hamburg", "22765", "Always"), cancellationToken);
        progress.Report((Count, Count));
        return Count;
    }

    private static CreatePickupPoint Point(string code, string title, string line1, string city, string postalCode, string openingHours) =>
        new(code, new PickupPointContent(title, new PostalAddress(title, line1, city, "DE", postalCode), openingHours));

    private static CreateShippingMethod Method(string code, string title, MethodKind kind, long price, long? freeFrom, int earliest, int latest) => new(code, new MethodContent(
        title, kind, "everywhere", [new Rate(RateKind.Flat, new Money(price, "EUR"), null, freeFrom is { } from ? new Money(from, "EUR") : null)], true, earliest, latest));
}
